// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/qrexec.h"

#include <cstdlib>
#include <string_view>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  return value;
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// What the caller asked for, in the forms that qrexec and today's clients in dom0 give it. A
// target that does not exist arrives as the keyword `default`, which must not become dom0.
std::string requested_target(const std::string& caller) {
  if (auto target = variable("QREXEC_REQUESTED_TARGET"); target && !target->empty()) return *target;
  const std::string keyword = variable("QREXEC_REQUESTED_TARGET_KEYWORD").value_or("");
  if (keyword == "adminvm") return "dom0";
  if (keyword.empty() && caller == "dom0") return "dom0";
  throw Fault{FaultKind::malformed, concat("the target '", printable(keyword), "' is no VM")};
}

}  // namespace

bool is_called_by_qrexec() { return std::getenv("QREXEC_REMOTE_DOMAIN") != nullptr; }

Request read_qrexec_request(int argc, char** argv) {
  Request request{
      .door = Door::qrexec, .dialect = Dialect::draft, .method = {}, .caller = {}, .input = {}};
  request.caller = variable("QREXEC_REMOTE_DOMAIN").value_or("");
  const auto full_name = variable("QREXEC_SERVICE_FULL_NAME");
  const std::string name = full_name.value_or(argc > 0 ? argv[0] : "");
  // A link may be called by its name and argument, in a folder that may have a plus in its own.
  // Callers in dom0 pass on any argument, one with a slash too.
  const std::size_t folder_end = full_name ? name.npos : name.rfind('/');
  const std::size_t plus = name.find('+', folder_end == name.npos ? 0 : folder_end);
  if (plus != name.npos)
    request.input.argument = name.substr(plus + 1);
  else if (auto argument = variable("QREXEC_SERVICE_ARGUMENT"))
    request.input.argument = *argument;
  else if (argc > 1)
    request.input.argument = argv[1];
  request.method = last_part(name.substr(0, plus));
  request.input.target = requested_target(request.caller);
  return request;
}

}  // namespace qubes::mgmt
