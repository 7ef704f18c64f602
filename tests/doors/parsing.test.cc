// SPDX-License-Identifier: GPL-2.0-or-later
// Whatever is sent is either refused by a line for people or becomes what its type promises.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <optional>

#include "base/fault.h"
#include "base/text.h"
#include "doors/generator.h"
#include "frame/qrexec.h"
#include "frame/request.h"
#include "frame/socket_request.h"
#include "model/names.h"
#include "model/new_vm_options.h"
#include "model/pending_updates.h"
#include "model/shutdown_words.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

constexpr std::string_view kOfNames =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

bool consists_of(std::string_view text, std::string_view letters) {
  return text.find_first_not_of(letters) == text.npos;
}

void require_fit_for_people(const Fault& fault) {
  const std::string_view said = fault.what();
  const bool is_printable = std::ranges::all_of(said, [](char c) { return c >= ' ' && c <= '~'; });
  if (said.empty() || said.size() > 1000 || !is_printable || fault.kind() == FaultKind::internal)
    FAIL("a refusal says " << printable(said));
}

/// What the type makes of it; nothing where it refuses.
template <class T>
std::optional<T> parsed(std::string_view untrusted) {
  try {
    return T::parse(untrusted);
  } catch (const Fault& fault) {
    require_fit_for_people(fault);
    return std::nullopt;
  }
}

template <class T>
void try_name(const std::string& text, std::size_t longest, std::string_view letters) {
  const auto name = parsed<T>(text);
  if (!name) return;
  if (name->text() != text || text.empty() || text.size() > longest || !consists_of(text, letters))
    FAIL("accepted as a name: " << printable(text));
}

void try_types(const std::string& text) {
  try_name<VmName>(text, 31, kOfNames);
  try_name<Tag>(text, 65536, kOfNames);
  try_name<LabelName>(text, 65536, kOfNames);
  const auto reference = parsed<VmReference>(text);
  if (reference && reference->text() != text && lower(text) != reference->text())
    FAIL("another VM than " << printable(text));
  if (const auto options = parsed<NewVmOptions>(text); options && options->name.text().size() > 31)
    FAIL("accepted as a new VM: " << printable(text));
  parsed<PropertyName>(text);
  parsed<ShutdownWords>(text);
  if (parsed<PendingUpdates>(text) && !consists_of(text, "0123456789 \t\r\n\v\f"))
    FAIL("accepted as a number: " << printable(text));
}

bool lies_within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void try_socket_request(const std::string& bytes) {
  const auto request = parse_socket_request(bytes);
  if (!request) return;
  const bool is_name = prefix_of(request->method) != nullptr &&
                       consists_of(request->method, kOfNames) &&
                       request->method.find("..") == std::string_view::npos;
  const bool is_source = !request->source.empty() && request->source.size() <= 64 &&
                         request->source.find_first_of("/ =\n") == std::string_view::npos;
  const bool are_inside =
      lies_within(request->argument, bytes) && lies_within(request->payload, bytes);
  const bool has_nul = request->argument.find('\0') != std::string_view::npos ||
                       request->target.find('\0') != std::string_view::npos;
  if (!is_name || !is_source || !are_inside || has_nul || request->target.empty())
    FAIL("accepted as a request: " << printable(bytes));
}

/// As an environment, which ends at a NUL.
void try_qrexec_request(const std::string& service, const std::string& target) {
  ::setenv("QREXEC_REMOTE_DOMAIN", "work", 1);
  ::setenv("QREXEC_SERVICE_FULL_NAME", service.c_str(), 1);
  ::setenv("QREXEC_REQUESTED_TARGET", target.c_str(), 1);
  const std::string named = service.c_str();
  const std::string called = named.find('+') == named.npos ? named + "+" : named;
  try {
    Request request = read_qrexec_request(0, nullptr);
    const bool is_whole = request.method + "+" + request.input.argument == called;
    if (!is_whole || request.method.find('+') != std::string::npos)
      FAIL("taken apart wrongly: " << printable(called));
    for (const Call* call : all_calls()) {
      if (!request.method.starts_with(call->text.name.substr(0, 4))) continue;
      resolve_method(*call, request);
      break;
    }
  } catch (const Fault& fault) {
    require_fit_for_people(fault);
  }
}

}  // namespace

TEST_CASE("no text gets past its type", "[parsing]") {
  Generator generator{1};
  const std::vector<std::string> methods{"mgmt.vm.List", "admin.vm.Create.AppVM", "mgmt1.vm.Create",
                                         "internal.GetSystemInfo"};
  const std::vector<std::string> kinds{" name ", " keyword ", " ", "name", " uuid "};
  for (int round = rounds(200'000, 5'000'000); round > 0; --round) {
    const std::string text = generator.text();
    try_types(text);
    const std::string method =
        generator.below(4) == 0 ? generator.text() : generator.one_of(methods);
    const std::string source = generator.below(2) == 0 ? "work" : generator.text();
    const std::string end = generator.below(8) == 0 ? "" : std::string(1, '\0');
    try_socket_request(method + "+" + text + " " + source + generator.one_of(kinds) +
                       generator.text() + end + text);
    try_qrexec_request(method + "+" + text, generator.text());
  }
  ::unsetenv("QREXEC_REMOTE_DOMAIN");
}

TEST_CASE("a request on a socket is taken apart", "[parsing]") {
  using namespace std::string_literals;
  const auto whole = "admin.vm.property.Set+label work name uuid:1\0some\0bytes"s;
  const auto request = parse_socket_request(whole);
  REQUIRE(request);
  CHECK(request->method == "admin.vm.property.Set");
  CHECK(request->argument == "label");
  CHECK(request->source == "work");
  CHECK(request->target == "uuid:1");
  CHECK(request->payload == "some\0bytes"s);
  CHECK(parse_socket_request("mgmt.vm.List dom0 keyword adminvm\0"s)->target == "dom0");
  CHECK(parse_socket_request("mgmt.vm.List++a+ dom0 name a b\0"s)->argument == "+a+");
  for (const std::string& malformed : {
           ""s,
           "\0"s,
           "mgmt.vm.List"s,
           "mgmt.vm.List dom0 name dom0"s,
           "mgmt.vm.List+\0"s,
           "mgmt.vm.List+ dom0\0"s,
           "mgmt.vm.List+ dom0 name\0"s,
           "mgmt.vm.List+ dom0 name \0"s,
           "mgmt.vm.List+ dom0 keyword dispvm\0"s,
           "mgmt.vm.List+ dom0 keyword default\0"s,
           "mgmt.vm.List+  name dom0\0"s,
           "+ dom0 name dom0\0"s,
           " dom0 name dom0\0"s,
           "mgmt.vm.List dom0/x name dom0\0"s,
           "dom0\0admin.vm.List\0dom0\0\0"s,
       })
    CHECK_FALSE(parse_socket_request(malformed));
  for (const std::string method :
       {"List", "mgmt", "mgmt.", "mgmt..List", "mgmt.vm.", "/bin/sh", "../mgmt.vm.List",
        "mgmt./bin/sh", "mgmt.vm/List", "mgmt-catalogue", "mgmt-socket-call", "Mgmt.vm.List",
        "qubes-mgmt-settle", "mgmt.vm.L\xc3\xa4st", "mgmt.vm.List\n"})
    CHECK_FALSE(parse_socket_request(method + "+ dom0 name dom0" + '\0'));
}

TEST_CASE("a request on a socket is no longer than a frame of qrexec", "[parsing]") {
  const std::string header = std::string{"mgmt.vm.List dom0 name dom0"} + '\0';
  CHECK(parse_socket_request(header + std::string(65536 - header.size(), 'x')));
  CHECK_FALSE(parse_socket_request(header + std::string(65537 - header.size(), 'x')));
}
