// SPDX-License-Identifier: GPL-2.0-or-later
// Who is meant by each way to name a VM: one rule, and everybody in turn.
#include <catch2/catch.hpp>

#include "base/text.h"
#include "policy_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

const std::string kWork = "uuid:ab000000-0000-0000-0000-000000000001";
const std::string kDvm = "uuid:ab000000-0000-0000-0000-000000000004";
const std::string kDom0 = "uuid:00000000-0000-0000-0000-000000000000";

struct Meaning {
  std::string token;
  std::string who;  // all of the candidates for whom the token stands, in their order
};

struct Tokens : PolicyWorld {
  // Which of the candidates get through.
  template <class Call>
  std::string matched(const std::string& rule, const std::string& candidates, const Call& call) {
    write("30-test.policy", rule);
    const Policy policy = read();
    CHECK(policy.problem().empty());
    std::vector<std::string> found;
    for (const std::string& candidate : split(candidates, ' '))
      if (call(policy, candidate).action == PolicyAction::allow) found.push_back(candidate);
    return join(found, " ");
  }

  std::string sources(const std::string& token) {
    return matched(
        concat("test.Service +arg ", token, " * allow target=dom0\n"),
        "work mail vault dvm dvm-two debian sys work-dm stranger",
        [&](const Policy& policy, const std::string& source) {
          return PolicyView{policy, system, source, "test.Service", "arg"}.resolve("vault");
        });
  }

  std::string targets(const std::string& source, const std::string& token) {
    return matched(
        concat("test.Service +arg * ", token, " allow target=dom0\n"),
        "dom0 @adminvm work mail vault dvm debian sys stranger @default @dispvm @dispvm:dvm "
        "@dispvm:dvm-two",
        [&](const Policy& policy, const std::string& target) {
          return PolicyView{policy, system, source, "test.Service", "arg"}.resolve(target);
        });
  }
};

}  // namespace

TEST_CASE_METHOD(Tokens, "a source is named", "[policy][tokens]") {
  const auto meaning = GENERATE(values<Meaning>({
      {"*", "work mail vault dvm dvm-two debian sys work-dm stranger"},
      {"@anyvm", "work mail vault dvm dvm-two debian sys work-dm stranger"},
      {"work", "work"},
      {"stranger", "stranger"},
      {"work-dm", "work-dm"},
      {kWork, "work"},
      {"uuid:AB000000-0000-0000-0000-000000000001", "work"},
      {"uuid:ab000000-0000-0000-0000-0000000000ff", ""},
      {"dom0", ""},
      {"@adminvm", ""},
      {"@type:AppVM", "work mail vault dvm dvm-two"},
      {"@type:TemplateVM", "debian"},
      {"@type:AdminVM", ""},
      {"@type:NoClass", ""},
      {"@tag:red", "work vault dvm"},
      {"@tag:office", "work mail dvm-two"},
      {"@tag:boss", ""},
      {"@dispvm:dvm", ""},
      {"@dispvm:@tag:red", ""},
      {"Work", ""},
      {"$anyvm", ""},
  }));
  INFO(meaning.token);
  CHECK(sources(meaning.token) == meaning.who);
}

TEST_CASE_METHOD(Tokens, "a target is named", "[policy][tokens]") {
  const auto meaning = GENERATE(values<Meaning>({
      {"*",
       "dom0 @adminvm work mail vault dvm debian sys stranger @default @dispvm @dispvm:dvm "
       "@dispvm:dvm-two"},
      {"@anyvm",
       "work mail vault dvm debian sys stranger @default @dispvm @dispvm:dvm @dispvm:dvm-two"},
      {"dom0", "dom0 @adminvm"},
      {"@adminvm", "dom0 @adminvm"},
      {kDom0, "dom0 @adminvm"},
      {"mail", "mail"},
      {kWork, "work"},
      // A VM that does not exist is @default, whatever the rule calls it.
      {"stranger", ""},
      {"@default", "stranger @default"},
      {"@type:AppVM", "work mail vault dvm"},
      {"@type:StandaloneVM", "sys"},
      // dom0 is named in one way only.
      {"@type:AdminVM", ""},
      {"@tag:boss", ""},
      {"@tag:red", "work vault dvm"},
      {"@dispvm", "@dispvm"},
      // work's own choice is dvm.
      {"@dispvm:dvm", "@dispvm @dispvm:dvm"},
      {"@dispvm:" + kDvm, "@dispvm @dispvm:dvm"},
      {"@dispvm:dvm-two", "@dispvm:dvm-two"},
      {"@dispvm:vault", ""},
      {"@dispvm:@tag:red", "@dispvm @dispvm:dvm"},
      {"@dispvm:@tag:office", "@dispvm:dvm-two"},
  }));
  INFO(meaning.token);
  CHECK(targets("work", meaning.token) == meaning.who);
}

TEST_CASE_METHOD(Tokens, "@dispvm is another one for each source", "[policy][tokens]") {
  CHECK(targets("mail", "@dispvm:dvm") == "@dispvm:dvm");
  CHECK(targets("mail", "@dispvm:@tag:office") == "@dispvm @dispvm:dvm-two");
  CHECK(targets("vault", "@dispvm:@tag:red") == "@dispvm:dvm");
  CHECK(targets("stranger", "@dispvm:dvm") == "@dispvm:dvm");
  system.vms[1].default_dispvm = "vault";
  CHECK(targets("work", "@dispvm:vault") == "@dispvm");
  CHECK(targets("work", "@dispvm:@tag:red") == "@dispvm:dvm");
}

TEST_CASE_METHOD(Tokens, "a caller may write a target in several ways", "[policy][tokens]") {
  const std::string rule = "test.Service * work work allow target=@adminvm\n";
  CHECK(resolve(rule, "work", "work").action == PolicyAction::allow);
  CHECK(resolve(rule, "work", kWork).action == PolicyAction::allow);
  CHECK(resolve("* * * @adminvm allow", "work", kDom0).target == "dom0");
  CHECK(resolve("* * * @default allow target=sys", "work", "").target == "sys");
  CHECK(resolve("* * * @dispvm:dvm allow", "mail", "@dispvm:" + kDvm).target == "@dispvm:dvm");
}

TEST_CASE_METHOD(Tokens, "what is no target is refused, whatever the policy", "[policy][tokens]") {
  const std::string target =
      GENERATE("*", "@anyvm", "@tag:red", "@type:AppVM", "@dispvm:@tag:red", "@dispvm:", "@",
               "@dispvm:vault", "@dispvm:stranger", "uuid:", "uuid:x", "@DEFAULT", "@tag:");
  const Resolution resolution = resolve("* * * * allow target=dom0\n", "work", target);
  CHECK(summary(resolution) == "deny");
  CHECK_FALSE(resolution.reason.empty());
}

TEST_CASE_METHOD(Tokens, "no source passes for a keyword", "[policy][tokens]") {
  const std::string source = GENERATE("@tag:red", "@anyvm", "*", "", "uuid:x", "a b", "@adminvm");
  CHECK(summary(resolve("* * * * allow target=dom0\n", source, "vault")) == "deny");
}
