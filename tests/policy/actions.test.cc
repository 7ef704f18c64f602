// SPDX-License-Identifier: GPL-2.0-or-later
// What a rule that matches makes of the call.
#include <catch2/catch.hpp>

#include "base/text.h"
#include "policy_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;

namespace {

struct Case {
  std::string rules, source, target, outcome;
};

// A rule for test.Service that is told apart by its line.
std::string policy_of(const std::string& rules) {
  std::string text;
  for (const std::string& rule : split(rules, ';')) text += concat("test.Service * ", rule, "\n");
  return text;
}

}  // namespace

TEST_CASE_METHOD(PolicyWorld, "allow sends the call where it says", "[policy][actions]") {
  const auto given = GENERATE(values<Case>({
      {"* * allow", "work", "vault", "30-test.policy:1 allow vault"},
      {"* * allow", "work", "dom0", "30-test.policy:1 allow dom0"},
      {"* * allow", "work", "@adminvm", "30-test.policy:1 allow dom0"},
      {"* * allow", "work", "work", "30-test.policy:1 allow work"},
      {"* * allow target=dom0", "work", "vault", "30-test.policy:1 allow dom0"},
      {"* * allow target=@adminvm", "work", "@default", "30-test.policy:1 allow dom0"},
      {"* * allow target=sys", "work", "dom0", "30-test.policy:1 allow sys"},
      {"* * allow target=uuid:AB000000-0000-0000-0000-000000000007", "work", "dom0",
       "30-test.policy:1 allow sys"},
      {"* * allow", "work", "uuid:ab000000-0000-0000-0000-000000000007",
       "30-test.policy:1 allow sys"},
      {"* * allow", "work", "@dispvm", "30-test.policy:1 allow @dispvm:dvm"},
      {"* * allow", "mail", "@dispvm", "30-test.policy:1 allow @dispvm:dvm-two"},
      {"* * allow", "vault", "@dispvm", "30-test.policy:1 deny"},
      {"* * allow target=@dispvm", "work", "vault", "30-test.policy:1 allow @dispvm:dvm"},
      {"* * allow target=@dispvm:dvm-two", "work", "vault",
       "30-test.policy:1 allow @dispvm:dvm-two"},
      {"* * allow target=@dispvm:vault", "work", "sys", "30-test.policy:1 deny"},
      {"* * allow target=stranger", "work", "sys", "30-test.policy:1 deny"},
      {"* * allow", "work", "@default", "30-test.policy:1 deny"},
      {"* * allow", "work", "stranger", "30-test.policy:1 deny"},
      {"* * allow", "work", "", "30-test.policy:1 deny"},
      {"* * deny", "work", "vault", "30-test.policy:1 deny"},
      {"vault * allow", "work", "vault", "deny"},
  }));
  INFO(given.rules << " for " << given.source << " to " << given.target);
  CHECK(summary(resolve(policy_of(given.rules), given.source, given.target)) == given.outcome);
}

TEST_CASE_METHOD(PolicyWorld, "the first rule that matches decides", "[policy][actions]") {
  const auto given = GENERATE(values<Case>({
      {"work vault deny;* * allow", "work", "vault", "30-test.policy:1 deny"},
      {"work vault deny;* * allow", "work", "sys", "30-test.policy:2 allow sys"},
      {"* @tag:red allow;* vault deny", "work", "vault", "30-test.policy:1 allow vault"},
      {"mail * allow;@type:AppVM vault deny;* * allow", "work", "vault", "30-test.policy:2 deny"},
      {"* @anyvm deny;* * allow", "work", "dom0", "30-test.policy:2 allow dom0"},
      // What it comes to decides nothing: a failed allow is a refusal.
      {"* vault allow target=stranger;* * allow", "work", "vault", "30-test.policy:1 deny"},
  }));
  INFO(given.rules << " for " << given.source << " to " << given.target);
  CHECK(summary(resolve(policy_of(given.rules), given.source, given.target)) == given.outcome);
}

TEST_CASE_METHOD(PolicyWorld, "a rule is for a service and an argument", "[policy][actions]") {
  write("30-test.policy",
        "test.One +a work * allow target=dom0\n"
        "test.One + work * allow target=sys\n"
        "test.One +a+b work * allow target=vault\n"
        "test.Two * work * allow target=mail\n"
        "* * work * allow target=dvm\n");
  const Policy policy = read();
  const auto target = [&](std::string_view service, std::string_view argument) {
    return PolicyView{policy, system, "work", service, argument}.resolve("@default").target;
  };
  CHECK(target("test.One", "a") == "dom0");
  CHECK(target("test.One", "") == "sys");
  CHECK(target("test.One", "a+b") == "vault");
  CHECK(target("test.One", "b") == "dvm");
  CHECK(target("test.Two", "") == "mail");
  CHECK(target("test.Two", "anything") == "mail");
  CHECK(target("test.one", "a") == "dvm");
}

TEST_CASE_METHOD(PolicyWorld, "ask names the choices", "[policy][actions]") {
  const auto given = GENERATE(values<Case>({
      {"* * ask target=sys", "work", "vault", "30-test.policy:1 ask sys"},
      {"* * ask target=dom0", "work", "vault", "30-test.policy:1 ask dom0"},
      {"* * ask target=@dispvm", "work", "vault", "30-test.policy:1 ask @dispvm:dvm"},
      {"* * ask target=@dispvm", "vault", "sys", "30-test.policy:1 deny"},
      {"* * ask target=stranger", "work", "vault", "30-test.policy:1 deny"},
      {"* * ask target=@dispvm:vault", "work", "vault", "30-test.policy:1 deny"},
      {"* @default ask", "work", "", "30-test.policy:1 deny"},
      // Choices are what all rules for this caller leave, not only the one that asked.
      {"* @default ask;* vault allow;* mail ask", "work", "", "30-test.policy:1 ask mail vault"},
      {"* @default ask;* vault deny;* @tag:red allow", "work", "", "30-test.policy:1 ask dvm"},
      {"* @default ask;* @tag:red allow;* vault deny", "work", "",
       "30-test.policy:1 ask dvm vault"},
      {"* @default ask;vault sys allow;* mail allow", "work", "", "30-test.policy:1 ask mail"},
      {"* @default ask;* mail allow target=sys", "work", "", "30-test.policy:1 ask sys"},
      {"* @default ask;* @adminvm allow", "work", "", "30-test.policy:1 ask dom0"},
      {"* @default ask;* @tag:boss allow", "work", "", "30-test.policy:1 ask dom0"},
      {"* @default ask;* @type:AppVM allow", "work", "",
       "30-test.policy:1 ask dvm dvm-two mail vault"},
      {"* @default ask;* @dispvm:@tag:red allow", "work", "", "30-test.policy:1 ask @dispvm:dvm"},
      {"* @default ask;* @dispvm:vault allow", "work", "", "30-test.policy:1 deny"},
      {"* @default ask;* @dispvm allow", "mail", "", "30-test.policy:1 ask @dispvm:dvm-two"},
      {"* @default ask;* stranger allow;* sys allow", "work", "", "30-test.policy:1 ask sys"},
      {"* @anyvm ask", "work", "vault",
       "30-test.policy:1 ask @dispvm:dvm @dispvm:dvm-two debian dvm dvm-two mail sys vault"},
      {"* * ask", "work", "dom0",
       "30-test.policy:1 ask @dispvm:dvm @dispvm:dvm-two debian dom0 dvm dvm-two mail sys vault"},
      {"* @default ask;* @type:AppVM deny;* @anyvm allow", "vault", "",
       "30-test.policy:1 ask @dispvm:dvm @dispvm:dvm-two debian sys"},
  }));
  INFO(given.rules << " for " << given.source << " to " << given.target);
  CHECK(summary(resolve(policy_of(given.rules), given.source, given.target)) == given.outcome);
}

TEST_CASE_METHOD(PolicyWorld, "ask offers one choice first", "[policy][actions]") {
  const auto given = GENERATE(values<Case>({
      {"* @tag:red ask default_target=vault", "work", "vault",
       "30-test.policy:1 ask dvm vault (vault)"},
      {"* @tag:red ask default_target=sys", "work", "vault", "30-test.policy:1 deny"},
      {"* @tag:red ask default_target=stranger", "work", "vault", "30-test.policy:1 deny"},
      {"* @adminvm ask default_target=dom0", "work", "dom0", "30-test.policy:1 ask dom0 (dom0)"},
      {"* @dispvm ask default_target=@dispvm", "work", "@dispvm",
       "30-test.policy:1 ask @dispvm:dvm (@dispvm:dvm)"},
      {"* sys ask default_target=@dispvm", "vault", "sys", "30-test.policy:1 ask sys"},
      {"* sys ask default_target=@dispvm", "work", "sys", "30-test.policy:1 deny"},
  }));
  INFO(given.rules << " for " << given.source << " to " << given.target);
  CHECK(summary(resolve(policy_of(given.rules), given.source, given.target)) == given.outcome);
}

TEST_CASE_METHOD(PolicyWorld, "autostart=no wants a target that runs", "[policy][actions]") {
  const auto given = GENERATE(values<Case>({
      {"* * allow autostart=no", "work", "sys", "30-test.policy:1 allow sys"},
      {"* * allow autostart=no", "work", "vault", "30-test.policy:1 deny"},
      {"* * allow autostart=yes", "work", "vault", "30-test.policy:1 allow vault"},
      {"* * allow autostart=no target=sys", "work", "vault", "30-test.policy:1 allow sys"},
      {"* * allow autostart=no", "work", "dom0", "30-test.policy:1 allow dom0"},
      {"* * allow autostart=no", "work", "@dispvm", "30-test.policy:1 deny"},
      {"* @anyvm ask autostart=no", "work", "vault", "30-test.policy:1 ask sys"},
      {"* @tag:red ask autostart=no", "work", "vault", "30-test.policy:1 deny"},
  }));
  INFO(given.rules << " for " << given.source << " to " << given.target);
  const Resolution resolution = resolve(policy_of(given.rules), given.source, given.target);
  CHECK(summary(resolution) == given.outcome);
  if (resolution.action != PolicyAction::deny)
    CHECK(resolution.autostart == (given.rules.find("autostart=no") == std::string::npos));
}

TEST_CASE_METHOD(PolicyWorld, "user and notify are handed on", "[policy][actions]") {
  const auto outcome = [&](const std::string& rule) {
    const Resolution resolution = resolve(policy_of("* * " + rule), "work", "vault");
    return concat(resolution.user, resolution.notify ? " told" : " untold");
  };
  CHECK(outcome("allow") == " untold");
  CHECK(outcome("allow user=root notify=yes") == "root told");
  CHECK(outcome("allow user=a=b") == "a=b untold");
  CHECK(outcome("ask user=root target=sys") == "root untold");
  CHECK(outcome("ask notify=yes") == " told");
  CHECK(outcome("deny") == " told");
  CHECK(outcome("deny notify=no") == " untold");
  CHECK(outcome("deny notify=yes") == " told");
}

TEST_CASE_METHOD(PolicyWorld, "dom0 does not meet the policy", "[policy][actions]") {
  CHECK(summary(resolve("* * * * deny", "dom0", "vault")) == "allow vault");
  CHECK(summary(resolve("broken", "dom0", "vault")) == "allow vault");
}

TEST_CASE_METHOD(PolicyWorld, "a refusal says why", "[policy][actions]") {
  CHECK_THAT(resolve("", "work", "sys").reason, Contains("no rule matches"));
  CHECK_THAT(resolve("broken", "work", "sys").reason,
             Contains("/etc/qubes/policy.d/30-test.policy:1: a rule needs"));
  CHECK_THAT(resolve("* * * * allow autostart=no", "work", "vault").reason,
             Contains("vault is not running"));
  CHECK_THAT(resolve("* * * * deny", "work", "@dispvm:vault").reason,
             Contains("'vault' is no template"));
}
