// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/new_vm_options.h"

#include <optional>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

Fault refused(std::string_view option, std::string_view why) {
  return {FaultKind::malformed,
          concat("'", printable(option), "' ", why, "; expected ", NewVmOptions::kGrammar)};
}

template <class Parsed>
void set_once(std::optional<Parsed>& parsed, std::string_view option, std::string_view value) {
  if (parsed) throw refused(option, "is there twice");
  parsed = Parsed::parse(value);
}

}  // namespace

NewVmOptions NewVmOptions::parse(std::string_view untrusted) {
  std::optional<VmName> name;
  std::optional<LabelName> label;
  for (const std::string& option : split(untrusted, ' ')) {
    const std::size_t equals = option.find('=');
    const std::string_view key = std::string_view{option}.substr(0, equals);
    if (equals == option.npos) throw refused(option, "is no option");
    const std::string_view value = std::string_view{option}.substr(equals + 1);
    if (key == "name")
      set_once(name, option, value);
    else if (key == "label")
      set_once(label, option, value);
    else
      throw refused(option, "is not an option of this call");
  }
  if (!name) throw refused(untrusted, "gives no name");
  if (!label) throw refused(untrusted, "gives no label");
  return {*name, *label};
}

}  // namespace qubes::mgmt
