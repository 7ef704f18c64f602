// SPDX-License-Identifier: GPL-2.0-or-later
// What is no policy, and how it is said.
#include <catch2/catch.hpp>

#include "base/text.h"
#include "policy_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;

namespace {

struct Bad {
  std::string line, sentence;
};

struct BadLines : PolicyWorld {
  void check(const Bad& bad) const {
    INFO(bad.line);
    const std::string said = problem(concat("* * * * deny\n\n", bad.line, "\n* * * * deny\n"));
    CHECK(said.starts_with("/etc/qubes/policy.d/30-test.policy:3: "));
    CHECK_THAT(said, Contains(bad.sentence));
    CHECK(said.find('\n') == std::string::npos);
  }
};

}  // namespace

TEST_CASE_METHOD(BadLines, "a bad rule is named with its place", "[policy][syntax]") {
  const auto bad = GENERATE(values<Bad>({
      {"x", "a rule needs a service"},
      {"x *", "a rule needs a source, a target and an action"},
      {"x * work vault", "a rule needs a source, a target and an action"},
      {"x/y * * * deny", "'x/y' cannot be a service"},
      {"x+y * * * deny", "'x+y' cannot be a service"},
      {"x y * * deny", "'y' cannot be an argument"},
      {"x +y/z * * deny", "'+y/z' cannot be an argument"},
      {"x +* * * deny", "'+*' cannot be an argument"},
      {"* +y * * deny", "the service * takes no argument but *"},
      {"* + * * deny", "the service * takes no argument but *"},
      {"x * @default * deny", "'@default' cannot be a source"},
      {"x * @dispvm * deny", "'@dispvm' cannot be a source"},
      {"x * @nobody * deny", "'@nobody' cannot be a source; accepted are the name of a VM"},
      {"x * @tag: * deny", "'@tag:' cannot be a source"},
      {"x * @tag:@tag:a * deny", "'@tag:@tag:a' cannot be a source"},
      {"x * @type: * deny", "'@type:' cannot be a source"},
      {"x * * @dispvm: deny", "'@dispvm:' cannot be a target"},
      {"x * * @dispvm:@tag: deny", "'@dispvm:@tag:' cannot be a target"},
      {"x * * @dispvm:@type:AppVM deny", "'@dispvm:@type:AppVM' cannot be a target"},
      {"x * * @ deny", "'@' cannot be a target"},
      {"x * * @anyvmx deny", "'@anyvmx' cannot be a target"},
      {"x * uuid:1 * deny", "'1' is not a UUID"},
      {"x * * @dispvm:uuid:1 deny", "'1' is not a UUID"},
      {"x * w\xc3\xb6rk * deny", "only printable ASCII"},
      {"x * wo\x01rk * deny", "only printable ASCII"},
      {"x * work\xc2\xa0* deny", "only printable ASCII"},
      {"\xef\xbb\xbfx * * * deny", "only printable ASCII"},
      {"# caf\xe9", "this comment is not UTF-8"},
  }));
  check(bad);
}

TEST_CASE_METHOD(BadLines, "a bad action is named with its place", "[policy][syntax]") {
  const auto bad = GENERATE(values<Bad>({
      {"x * * * reject", "'reject' is no action; accepted are allow, ask and deny"},
      {"x * * * Allow", "'Allow' is no action"},
      {"x * * * allow,target=dom0", "'allow,target=dom0' is no action"},
      {"x * * * allow target", "'target' is no parameter of allow"},
      {"x * * * allow # why", "'#' is no parameter of allow"},
      {"x * * * allow default_target=work", "'default_target=work' is no parameter of allow"},
      {"x * * * allow target=a target=a", "target= is given twice"},
      {"x * * * allow target=", "'' cannot be a redirected target"},
      {"x * * * allow target=*", "'*' cannot be a redirected target"},
      {"x * * * allow target=@anyvm", "'@anyvm' cannot be a redirected target"},
      {"x * * * allow target=@default", "'@default' cannot be a redirected target"},
      {"x * * * ask default_target=@tag:a", "'@tag:a' cannot be a redirected target"},
      {"x * * * ask target=@dispvm:@tag:a", "'@dispvm:@tag:a' cannot be a redirected target"},
      {"x * * * deny target=a", "'target=a' is no parameter of deny; accepted are notify="},
      {"x * * * deny user=a", "'user=a' is no parameter of deny"},
      {"x * * * deny autostart=no", "'autostart=no' is no parameter of deny"},
      {"x * * * deny notify=maybe", "notify= takes yes or no, not 'maybe'"},
      {"x * * * allow autostart=No", "autostart= takes yes or no, not 'No'"},
      {"x * * @default allow", "allow for @default needs target="},
      {"x * * @default allow user=root", "allow for @default needs target="},
  }));
  check(bad);
}

TEST_CASE_METHOD(BadLines, "a bad directive is named with its place", "[policy][syntax]") {
  write("include/file", "");
  const auto bad = GENERATE(values<Bad>({
      {"!include", "!include takes 1 words behind it, not 0"},
      {"!include include/file x", "!include takes 1 words behind it, not 2"},
      {"!include-dir", "!include-dir takes 1 words"},
      {"!include-service x include/file", "!include-service takes 3 words behind it, not 2"},
      {"!include-service x/y * include/file", "'x/y' cannot be a service"},
      {"!include-service * +a include/file", "the service * takes no argument but *"},
      {"!compat-4.0 x", "!compat-4.0 takes 0 words"},
      {"!compat-4.1", "'!compat-4.1' is no directive"},
      {"! include include/file", "'!' is no directive"},
      {"!Include include/file", "'!Include' is no directive"},
      {"!include include/missing", "'/etc/qubes/policy.d/include/missing' is not a file"},
      {"!include include", "'/etc/qubes/policy.d/include' is not a file"},
      {"!include-dir include/missing", "'/etc/qubes/policy.d/include/missing' cannot be read"},
      {"!include-dir include/file", "cannot be read: Not a directory"},
      {"!include ../../shadow", "'../../shadow' leads out of the policy"},
      {"!include include/../include/file", "leads out of the policy"},
      {"!include-dir ..", "'..' leads out of the policy"},
      {"!include-service x * ../x", "'../x' leads out of the policy"},
  }));
  check(bad);
}

TEST_CASE_METHOD(PolicyWorld, "what a policy may hold besides rules", "[policy][syntax]") {
  const std::string text = GENERATE("", "\n\n", "# comment", "  \t# caf\xc3\xa9 \xf0\x9f\x98\x80\n",
                                    "#\n#\n", "\r\n\r\n", "\t x  *\twork \v vault \f deny \n",
                                    "x * * * deny", "x * * * deny\r\n", "x * * * deny\r");
  CHECK(problem(text).empty());
  CHECK(read().rules().size() == (text.find("deny") == text.npos ? 0 : 1));
}

TEST_CASE_METHOD(PolicyWorld, "nothing hides behind a lone CR", "[policy][syntax]") {
  CHECK(summary(resolve("# comment\r* * * * allow\r\n* * * * deny\n", "work", "vault")) ==
        "30-test.policy:2 allow vault");
  CHECK_THAT(problem("# one\r\r\nx\r"), Contains(":3: "));
}

TEST_CASE_METHOD(PolicyWorld, "one bad line denies all", "[policy][syntax]") {
  const std::string good = "* * * * allow\n";
  CHECK(summary(resolve(good, "work", "vault")) == "30-test.policy:1 allow vault");
  CHECK(summary(resolve(good + "x\n", "work", "vault")) == "deny");
  write("90-other.policy", "x\n");
  CHECK(summary(resolve(good, "work", "vault")) == "deny");
}
