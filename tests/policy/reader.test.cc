// SPDX-License-Identifier: GPL-2.0-or-later
// Which files are a policy, and in which order.
#include <catch2/catch.hpp>

#include "base/text.h"
#include "policy_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

/// Rules are told apart by their sources.
struct Files : PolicyWorld {
  // `PLACE source` of each rule, a line each; a problem instead, if there is one.
  std::string order() const {
    const Policy policy = read();
    if (!policy.problem().empty()) return policy.problem();
    std::vector<std::string> lines;
    for (const PolicyRule& rule : policy.rules())
      lines.push_back(concat(policy.place_of(rule), " ", rule.source.text));
    return join(lines, "\n");
  }

  // For which call and between whom each rule is, and what it says of it.
  std::string rules() const {
    std::vector<std::string> lines;
    const Policy policy = read();
    for (const PolicyRule& rule : policy.rules())
      lines.push_back(concat(rule.calls.service.value_or("*"), " ",
                             rule.calls.argument.value_or("*"), " ", rule.source.text, " ",
                             rule.target.text, " ", static_cast<int>(rule.verdict.action), " ",
                             rule.verdict.target ? rule.verdict.target->text : "-"));
    return policy.problem() + join(lines, "\n");
  }

  void rule(const fs::path& file, const std::string& source) const {
    write(file, concat("x * ", source, " * deny\n"));
  }
};

}  // namespace

TEST_CASE_METHOD(Files, "files come by name, from both folders", "[policy][reader]") {
  rule("30-b.policy", "third");
  rule("/run/qubes/policy.d/20-a.policy", "second");
  rule("/run/qubes/policy.d/40-a.policy", "last");
  rule("10.policy", "first");
  CHECK(order() ==
        "/etc/qubes/policy.d/10.policy:1 first\n/run/qubes/policy.d/20-a.policy:1 second\n"
        "/etc/qubes/policy.d/30-b.policy:1 third\n/run/qubes/policy.d/40-a.policy:1 last");
}

TEST_CASE_METHOD(Files, "a file in /run hides its namesake in /etc", "[policy][reader]") {
  rule("30-b.policy", "hidden");
  rule("/run/qubes/policy.d/30-b.policy", "shown");
  CHECK(order() == "/run/qubes/policy.d/30-b.policy:1 shown");
  write("30-b.policy", "not even read\n");
  CHECK(order() == "/run/qubes/policy.d/30-b.policy:1 shown");
}

TEST_CASE_METHOD(Files, "other files are no policy", "[policy][reader]") {
  for (const auto* name : {"30-a", "30-a.policy.rpmsave", "30-a.policy~", ".policy", ".30-a.policy",
                           "README", "!30-a.policy.tmp", "policy", "include/30-a.policy"})
    write(name, "no policy\n");
  fs::create_directories(at("Folder.policy"));
  CHECK(order().empty());
}

TEST_CASE_METHOD(Files, "a policy with a bad name denies all", "[policy][reader]") {
  const std::string name = GENERATE("30-A.policy", "30 a.policy", "30+a.policy", "!a.policy");
  rule("10-good.policy", "work");
  write(name, "");
  CHECK_THAT(order(), Contains(concat("'/etc/qubes/policy.d/", name, "' has a name")));
  fs::rename(at(name), root.at("/run/qubes/policy.d") / name);
  CHECK_THAT(order(), Contains(concat("'/run/qubes/policy.d/", name, "' has a name")));
}

TEST_CASE_METHOD(Files, "both folders must be there", "[policy][reader]") {
  const std::string folder = GENERATE("/run/qubes/policy.d", "/etc/qubes/policy.d");
  write("/run/qubes/policy.d/30-a.policy", "* * * * allow\n");
  write("30-b.policy", "* * * * allow\n");
  fs::remove_all(root.at(folder));
  CHECK(order() == concat("'", folder, "' cannot be read: No such file or directory"));
}

TEST_CASE_METHOD(Files, "!include stands for what is in the file", "[policy][reader]") {
  write("30-a.policy", "x * one * deny\n!include include/more\nx * four * deny\n");
  write("include/more", "# more\nx * two * deny\n!include include/yet-more\n");
  rule("include/yet-more", "three");
  CHECK(order() ==
        "/etc/qubes/policy.d/30-a.policy:1 one\n/etc/qubes/policy.d/include/more:2 two\n"
        "/etc/qubes/policy.d/include/yet-more:1 three\n/etc/qubes/policy.d/30-a.policy:3 four");
}

TEST_CASE_METHOD(Files, "includes are relative to the top file's folder", "[policy][reader]") {
  rule("include/same", "etc");
  rule("/run/qubes/policy.d/include/same", "run");
  write("30-a.policy", "!include include/same\n");
  write("/run/qubes/policy.d/30-b.policy", "!include include/same\n!include ./include//same\n");
  CHECK(order() ==
        "/etc/qubes/policy.d/include/same:1 etc\n/run/qubes/policy.d/include/same:1 run\n"
        "/run/qubes/policy.d/include/same:1 run");
  write("/run/qubes/policy.d/30-b.policy", "!include /etc/qubes/policy.d/include/same\n");
  CHECK(order() ==
        "/etc/qubes/policy.d/include/same:1 etc\n/etc/qubes/policy.d/include/same:1 etc");
}

TEST_CASE_METHOD(Files, "!include-dir takes the policies of a folder", "[policy][reader]") {
  write("30-a.policy", "!include-dir more\n");
  rule("more/20.policy", "second");
  write("more/10.policy", "x * first * deny\n!include include/part\n");
  rule("include/part", "part");
  write("more/README", "no policy");
  CHECK(order() ==
        "/etc/qubes/policy.d/more/10.policy:1 first\n/etc/qubes/policy.d/include/part:1 part\n"
        "/etc/qubes/policy.d/more/20.policy:1 second");
  write("more/Bad.policy", "");
  CHECK_THAT(order(), Contains("30-a.policy:1: '/etc/qubes/policy.d/more/Bad.policy' has a name"));
}

TEST_CASE_METHOD(Files, "!include-service reads the short syntax", "[policy][reader]") {
  write("30-a.policy",
        "!include-service x * include/a\n!include-service y +arg include/a\n"
        "!include-service * * include/b\n");
  write("include/a",
        "# comment, with $things\nwork @anyvm allow,target=dom0\n$tag:red $adminvm ask\n"
        "work $dispvm allow target=$dispvm,user=root\n");
  write("include/b", "$include:include/c\n!include include/c\n");
  write("include/c", "work,vault,deny\n");
  CHECK(rules() ==
        "x * work @anyvm 0 @adminvm\nx * @tag:red @adminvm 1 -\nx * work @dispvm 0 @dispvm\n"
        "y +arg work @anyvm 0 @adminvm\ny +arg @tag:red @adminvm 1 -\n"
        "y +arg work @dispvm 0 @dispvm\n* * work vault 2 -\n* * work vault 2 -");
}

TEST_CASE_METHOD(Files, "the short syntax has no other directives", "[policy][reader]") {
  const std::string line = GENERATE("!include-service x * include/b", "!include-dir include",
                                    "!compat-4.0", "!include", "$include:", "x * work work deny",
                                    "work vault", "work vault allow,nothing", "$include:../b");
  write("include/b", "");
  write("30-a.policy", "# one\n!include-service x * include/a\n");
  write("include/a", "work work deny\n" + line + "\n");
  CHECK(order().starts_with("/etc/qubes/policy.d/include/a:2: "));
}

TEST_CASE_METHOD(Files, "the shipped policy for our calls grants what it should",
                 "[policy][reader]") {
  write("90-mgmt-default.policy",
        "!include-service test.Service * include/mgmt-local-ro\n"
        "!include-service test.Other * include/mgmt-local-rwx\n");
  write("include/mgmt-local-ro",
        "!include include/mgmt-local-rwx\nmail @tag:red allow target=dom0");
  write("include/mgmt-local-rwx", "work @tag:office allow,target=dom0\n");
  const Policy policy = read();
  const auto place = [&](const char* source, const char* service, const char* target) {
    return summary(PolicyView{policy, system, source, service}.resolve(target));
  };
  CHECK(place("work", "test.Service", "mail") == "mgmt-local-rwx:1 allow dom0");
  CHECK(place("mail", "test.Service", "vault") == "mgmt-local-ro:2 allow dom0");
  CHECK(place("work", "test.Other", "mail") == "mgmt-local-rwx:1 allow dom0");
  CHECK(place("mail", "test.Other", "vault") == "deny");
}

TEST_CASE_METHOD(Files, "!compat-4.0 reads the policy of Qubes 4.0", "[policy][reader]") {
  const fs::path legacy = "/etc/qubes-rpc/policy";
  write("35-compat.policy", "x * before * deny\n!compat-4.0\n!include include/part\n");
  CHECK_THAT(order(), Contains("35-compat.policy:2: '/etc/qubes-rpc/policy' cannot be read"));
  write("include/part", "x * after * deny\n");
  write(legacy / "b.Service", "$anyvm $adminvm deny\n");
  write(legacy / "a.Service", "work $anyvm allow,target=dom0\n");
  write(legacy / "a.Service+z", "$include:include/part\n");
  write(legacy / "a.Service+b", "");
  write(legacy / "include/part", "vault $anyvm allow\n");
  write(legacy / "bad name", "no policy\n");
  write(legacy / "README~", "no policy\n");
  CHECK(rules() ==
        "x * before * 2 -\n"
        "a.Service +b @anyvm @anyvm 2 -\na.Service +b @anyvm @adminvm 2 -\n"
        "a.Service +z vault @anyvm 0 -\n"
        "a.Service +z @anyvm @anyvm 2 -\na.Service +z @anyvm @adminvm 2 -\n"
        "a.Service * work @anyvm 0 @adminvm\nb.Service * @anyvm @adminvm 2 -\nx * after * 2 -");
  CHECK_THAT(order(), Contains("/etc/qubes-rpc/policy/include/part:1 vault\n"
                               "/etc/qubes-rpc/policy/a.Service+z @anyvm\n"));
}

TEST_CASE_METHOD(Files, "a bad file of Qubes 4.0 denies all", "[policy][reader]") {
  write("35-compat.policy", "!compat-4.0\n");
  write("/etc/qubes-rpc/policy/x", "\n$anyvm $nothing allow\n");
  CHECK(order().starts_with("/etc/qubes-rpc/policy/x:2: '@nothing' cannot be a target"));
}
