// SPDX-License-Identifier: GPL-2.0-or-later
// Names that no VM can have, wherever a caller may put one.
#include <array>

#include "tools/world.h"

using namespace qubes::mgmt::test;
using namespace std::string_literals;

namespace {

using Texts = std::vector<std::string>;

constexpr std::array kBadNames{"../x",
                               "..",
                               ".",
                               "/etc/passwd",
                               "a/b",
                               "a/../b",
                               "none",
                               "default",
                               "Domain-0",
                               "x-dm",
                               "-dm",
                               "a-dm",
                               "1a",
                               "_a",
                               "-a",
                               ".a",
                               "9",
                               "--help",
                               "a\nb",
                               "a\n",
                               "\n",
                               "\t",
                               "a\tb",
                               "a\rb",
                               "a\x01z",
                               "a\x7fz",
                               "a\xc3\xa9",
                               "\xc3\xa9",
                               "\xff",
                               "a\x80z",
                               "a\xe2\x80\xae"
                               "b",
                               "@adminvm",
                               "@dispvm:a",
                               "%s%n",
                               "$(id)"};

// None is empty, since that is "not given" in most places; see the single calls.
Texts bad_names() {
  Texts names{kBadNames.begin(), kBadNames.end()};
  for (const std::size_t length : {32, 33, 64, 255, 4096}) names.emplace_back(length, 'a');
  for (const char mark : "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~"s) names.push_back("a"s + mark + "b");
  return names;
}

Texts bad_names_with_nul() { return {"a\0b"s, "\0"s, "work\0"s, "\0work"s, "work\0-dm"s}; }

void check_refused_by_qrexec(const World& world, const Qrexec& call) {
  const Result result = world.call(call);
  INFO(call.method << " " << call.target << " " << call.argument << " " << call.payload << ": "
                   << result.status << " " << result.err);
  CHECK((result.status == 1 || result.status == 2));
  CHECK(is_one_line(result.err));
  // The caller gets the very line, as it never sees stderr.
  CHECK(result.out == result.err);
}

}  // namespace

TEST_CASE("there are 64 kinds of bad names and more", "[names]") {
  CHECK(bad_names().size() + bad_names_with_nul().size() + 1 >= 64);
}

TEST_CASE_METHOD(TwoVms, "no VM is made under a bad name", "[names]") {
  const std::string before = state();
  Texts names = bad_names();
  for (const std::string& name : bad_names_with_nul()) names.push_back(name);
  names.emplace_back();
  for (const std::string& name : names) {
    check_refused_by_qrexec(
        *this, {.method = "mgmt.vm.Create.StandaloneVM", .payload = "name=" + name + " label=red"});
    check_refused_by_qrexec(
        *this,
        {.method = "mgmt.vm.property.Set", .target = "work", .argument = "name", .payload = name});
    check_refused_by_qrexec(*this, {.method = "mgmt.vm.property.Set",
                                    .target = "work",
                                    .argument = "template",
                                    .payload = name});
  }
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "no template is made under a bad name, nor on one", "[names]") {
  const std::string before = state();
  for (const std::string& name : bad_names()) {
    check_refused_by_qrexec(
        *this, {.method = "mgmt.vm.CreateTemplate", .argument = name, .payload = some_image(512)});
    check_refused_by_qrexec(
        *this,
        {.method = "mgmt.vm.Create.AppVM", .argument = name, .payload = "name=new label=red"});
  }
  CHECK(call({.method = "mgmt.vm.CreateTemplate", .payload = some_image(512)}).status == 2);
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "no call is made on a bad name", "[names]") {
  const std::string before = state();
  const Texts methods{"mgmt.vm.List",          "mgmt.vm.Remove",       "mgmt.vm.Kill",
                      "mgmt.vm.property.List", "mgmt.vm.CurrentState", "mgmt.vm.Start"};
  for (const std::string& name : bad_names())
    for (const std::string& method : methods)
      check_refused_by_qrexec(*this, {.method = method, .target = name});
  for (const std::string& name : bad_names()) {
    check_refused_by_qrexec(
        *this, {.method = "mgmt.vm.property.Get", .target = name, .argument = "label"});
    check_refused_by_qrexec(
        *this,
        {.method = "mgmt.vm.property.Set", .target = name, .argument = "label", .payload = "red"});
  }
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "bad names are refused from the shell", "[names]") {
  const std::string before = state();
  for (const std::string& name : bad_names()) {
    for (const Result& result :
         {shell({"mgmt.vm.property.Get", "--", name, "label"}),
          shell({"mgmt.vm.Remove", "--", name}),
          shell({"mgmt.vm.List", "--as", "work", "--", name}),
          shell({"mgmt.vm.Create.StandaloneVM", "--", "name=" + name + " label=red"})}) {
      INFO(name << ": " << result.status << " " << result.err);
      CHECK((result.status == 1 || result.status == 2));
      CHECK(is_one_line(result.err));
      CHECK(result.out == "");
    }
  }
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "a bad caller is refused", "[names]") {
  for (const std::string& name : bad_names())
    for (const char* call : {"mgmt.vm.List", "mgmt.label.List"})
      CHECK(shell({call, "--as=" + name}).status == 2);
}
