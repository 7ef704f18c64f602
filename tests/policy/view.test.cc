// SPDX-License-Identifier: GPL-2.0-or-later
// Whom List and Events show to a caller.
#include "policy/view.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "policy_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

struct Shown : PolicyWorld {
  std::string shown(const std::string& rules, const std::string& source,
                    const std::string& argument = "") {
    write("30-test.policy", rules);
    const Policy policy = read();
    const PolicyView view{policy, system, source, "mgmt.vm.List", argument};
    std::vector<std::string> names;
    for (const PolicyVm& vm : system.vms)
      if (view.allows(vm)) names.push_back(vm.name);
    return join(names, " ");
  }
};

}  // namespace

TEST_CASE_METHOD(Shown, "a caller sees what it may ask about", "[policy][view]") {
  CHECK(shown("mgmt.vm.List * work @tag:red allow target=dom0\n", "work") == "work vault dvm");
  CHECK(shown("mgmt.vm.List * work @adminvm allow target=dom0\n", "work") == "dom0");
  CHECK(shown("mgmt.vm.List * work @anyvm allow target=dom0\n", "work") ==
        "work mail vault dvm dvm-two debian sys");
  CHECK(shown("mgmt.vm.List * work vault deny\nmgmt.vm.List * * * allow target=dom0\n", "work") ==
        "dom0 work mail dvm dvm-two debian sys");
  CHECK(shown("mgmt.vm.List * work @tag:red allow target=dom0\n", "mail").empty());
  CHECK(shown("mgmt.vm.Start * work @tag:red allow target=dom0\n", "work").empty());
}

TEST_CASE_METHOD(Shown, "it sees itself only if it may", "[policy][view]") {
  CHECK(shown("* * work @anyvm allow\n", "work").starts_with("work "));
  CHECK(shown("* * work mail allow\n", "work") == "mail");
}

TEST_CASE_METHOD(Shown, "what would have to be asked for stays hidden", "[policy][view]") {
  CHECK(shown("* * work vault ask\n* * work * allow\n", "work") ==
        "dom0 work mail dvm dvm-two debian sys");
}

TEST_CASE_METHOD(Shown, "what could not be delivered stays hidden", "[policy][view]") {
  CHECK(shown("* * work * allow target=stranger\n", "work").empty());
  CHECK(shown("* * vault * allow target=@dispvm\n", "vault").empty());
  CHECK(shown("* * work * allow autostart=no\n", "work") == "dom0 sys");
}

TEST_CASE_METHOD(Shown, "each argument has its own view", "[policy][view]") {
  const std::string rules = "* * vault * deny\nmgmt.vm.List +a work mail allow\n";
  CHECK(shown(rules, "work", "a") == "mail");
  CHECK(shown(rules, "work", "b").empty());
  CHECK(shown(rules, "work").empty());
}

TEST_CASE_METHOD(Shown, "without a policy only dom0 sees anything", "[policy][view]") {
  const std::string rules = GENERATE("", "broken\n", "* * * * allow\nbroken\n");
  CHECK(shown(rules, "work").empty());
  CHECK(shown(rules, "") == "");
  CHECK(shown(rules, "dom0") == "dom0 work mail vault dvm dvm-two debian sys");
}

TEST_CASE_METHOD(Shown, "it agrees with what becomes of the call", "[policy][view]") {
  write("30-test.policy",
        "* * work vault ask\n* * @tag:red @tag:office allow target=dom0\n* * mail sys allow\n"
        "* * * debian allow target=@dispvm\n* * @anyvm dom0 allow autostart=no\n");
  const Policy policy = read();
  for (const PolicyVm& source : system.vms) {
    const PolicyView view{policy, system, source.name, "x"};
    for (const PolicyVm& target : system.vms)
      CHECK(view.allows(target) == (view.resolve(target.name).action == PolicyAction::allow));
  }
}
