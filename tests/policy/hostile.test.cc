// SPDX-License-Identifier: GPL-2.0-or-later
// Files that somebody made to hurt whoever reads them: all is denied, soon, in one sentence.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <random>

#include "base/text.h"
#include "policy_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;
using namespace std::string_literals;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20U;

/// Without the privilege to read everything, for as long as it lives.
struct Nobody {
  Nobody() { REQUIRE((!is_root || seteuid(65534) == 0)); }
  ~Nobody() {
    if (is_root && seteuid(0) != 0) std::terminate();
  }
  Nobody(const Nobody&) = delete;
  Nobody& operator=(const Nobody&) = delete;
  const bool is_root = geteuid() == 0;
};

struct Hostile : PolicyWorld {
  Hostile() { write("10-first.policy", "* * * * allow\n"); }

  void check_denied(const std::string& sentence) const {
    const Policy policy = read();
    CHECK_THAT(policy.problem(), Contains(sentence));
    CHECK(policy.problem().size() < 400);
    CHECK(policy.rules().empty());
    CHECK(summary(PolicyView{policy, system, "work", "x"}.resolve("vault")) == "deny");
  }

  std::string repeated(std::size_t count, const std::string& line) const {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += line;
    return text;
  }
};

template <class Work>
void time(const char* what, const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  std::printf("%s: %.1f ms\n", what, taken.count());
}

}  // namespace

TEST_CASE_METHOD(Hostile, "bytes by chance are no policy", "[policy][hostile]") {
  std::mt19937 random{GENERATE(1U, 2U, 3U, 4U, 5U)};
  std::string bytes(4096, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  write("30-a.policy", bytes);
  check_denied("30-a.policy:");
}

TEST_CASE_METHOD(Hostile, "NULs end no word and no line", "[policy][hostile]") {
  const std::string line = GENERATE("* * work\0x * allow\n"s, "\0"s, "* * * * allow\0\n"s,
                                    "!include include/a\0b\n"s, "* * * * allow user=a\0b\n"s);
  write("include/a", "");
  write("30-a.policy", line);
  check_denied("30-a.policy:1: outside of comments only printable ASCII");
}

TEST_CASE_METHOD(Hostile, "a line may be very long", "[policy][hostile]") {
  write("30-a.policy", "# " + std::string(kMiB, 'x') + "\n");
  CHECK(read().problem().empty());
  const std::string line = GENERATE(
      std::string(kMiB, 'x'), std::string(kMiB, '!'), "!include " + std::string(kMiB, 'x'),
      "x * * * allow " + std::string(kMiB, 'x'), "x * * @" + std::string(kMiB, 'x') + " deny",
      "x * * * allow user=a" + std::string(kMiB, ' ') + "user=b");
  write("30-a.policy", line + "\n");
  check_denied("30-a.policy:1: ");
}

TEST_CASE_METHOD(Hostile, "a line may have very many words", "[policy][hostile]") {
  write("30-a.policy", "x * * * allow" + repeated(kMiB / 4, " a=b") + "\n");
  check_denied("30-a.policy:1: 'a=b' is no parameter");
}

TEST_CASE_METHOD(Hostile, "includes do not go round", "[policy][hostile]") {
  write("30-a.policy", "\n!include include/a\n");
  write("include/a",
        GENERATE("!include include/a\n", "!include-service x * include/b\n",
                 "!include 30-a.policy\n", "!include include/link\n", "!include-dir .\n"));
  write("include/b", "$include:include/c\n");
  write("include/c", "$include:include/b\n");
  fs::create_symlink("a", at("include/link"));
  check_denied(" includes itself");
}

TEST_CASE_METHOD(Hostile, "includes do not go on for ever", "[policy][hostile]") {
  for (int i = 0; i < 100; ++i)
    write(concat("include/", i), concat("!include include/", i + 1, "\n"));
  write("include/100", "");
  write("30-a.policy", "!include include/0\n");
  check_denied("deep");
  write("30-a.policy", "!include include/60\n");
  CHECK(read().problem().empty());
}

TEST_CASE_METHOD(Hostile, "a file that includes two that include two", "[policy][hostile]") {
  const std::string rule = GENERATE("", "x * * * deny\n", "# " + std::string(kMiB / 8, 'x') + "\n");
  for (int i = 0; i < 40; ++i)
    write(concat("include/", i), rule + repeated(2, concat("!include include/", i + 1, "\n")));
  write("include/40", rule);
  write("30-a.policy", "!include include/0\n");
  check_denied("more than");
}

TEST_CASE_METHOD(Hostile, "10,000 includes are many, but no harm", "[policy][hostile]") {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    write(concat("include/", i), "x * * * deny\n");
    text += concat("!include include/", i, "\n");
  }
  write("30-a.policy", text);
  time("10,000 includes", [&] { CHECK(read().rules().size() == 10'001); });
}

TEST_CASE_METHOD(Hostile, "a file without end", "[policy][hostile]") {
  write("30-a.policy", "");
  fs::resize_file(at("30-a.policy"), 65 * kMiB);
  check_denied("30-a.policy: more than 67108864 bytes");
}

TEST_CASE_METHOD(Hostile, "only regular files are read", "[policy][hostile]") {
  REQUIRE(::mkfifo(at("20-pipe.policy").c_str(), 0600) == 0);
  fs::create_symlink("/dev/zero", at("20-device.policy"));
  fs::create_symlink("nowhere", at("20-nowhere.policy"));
  fs::create_symlink("20-round.policy", at("20-round.policy"));
  CHECK(read().problem().empty());
  const std::string name = GENERATE("pipe", "device", "nowhere", "round");
  write("30-a.policy", concat("!include 20-", name, ".policy\n"));
  check_denied(concat("'/etc/qubes/policy.d/20-", name, ".policy' is not a file"));
}

TEST_CASE_METHOD(Hostile, "a link to a file is followed, as shipped", "[policy][hostile]") {
  write("/usr/share/rules", "* * mail * deny\n");
  fs::create_symlink(root.at("/usr/share/rules"), at("05-link.policy"));
  const Policy policy = read();
  CHECK(summary(PolicyView{policy, system, "mail", "x"}.resolve("vault")) ==
        "05-link.policy:1 deny");
}

TEST_CASE_METHOD(Hostile, "what cannot be read denies all", "[policy][hostile]") {
  const std::string name = GENERATE("10-first.policy", "include/a", "include", ".", "/run/qubes");
  write("include/a", "");
  write("30-a.policy", "!include include/a\n");
  fs::permissions(root.path(), fs::perms{0755});
  fs::permissions(at(name), fs::perms::none);
  {
    const Nobody nobody;
    check_denied("cannot be read: Permission denied");
    CHECK_THAT(read().problem(), !Contains(root.path().native()));
  }
  fs::permissions(at(name), fs::perms{0755});
  CHECK(read().problem().empty());
}

TEST_CASE_METHOD(Hostile, "100,000 lines", "[policy][hostile]") {
  std::string text;
  for (int i = 0; i < 100'000; ++i)
    text += concat("mgmt.vm.List * work vm", i, " ", i % 2 ? "deny" : "allow target=dom0", "\n");
  write("05-many.policy", text);
  for (int i = 0; i < 1000; ++i)
    system.vms.push_back({concat("vm", i), Uuid::random(), VmClass::AppVM, {"red"}, false, {}});
  Policy policy;
  time("reading 100,000 rules", [&] { policy = read(); });
  CHECK(policy.rules().size() == 100'001);
  std::optional<PolicyView> view;
  time("one caller's view", [&] { view.emplace(policy, system, "work", "mgmt.vm.List"); });
  int shown = 0;
  time("1,000 VMs", [&] {
    for (const PolicyVm& vm : system.vms) shown += view->allows(vm);
  });
  CHECK(shown == 8 + 500);
  write("05-many.policy", text + text + text);
  check_denied("more than 250000 rules");
}
