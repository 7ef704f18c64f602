// SPDX-License-Identifier: GPL-2.0-or-later
// Firewall rules: their ids, the events and the history that changes of them leave.
#include "tools/world.h"

using namespace qubes::mgmt::test;

namespace {

using Texts = std::vector<std::string>;

const std::string kTwo = "action=accept dst4=10.0.0.1/32\naction=drop\n";

struct Firewalled : TwoVms {
  std::string rules() const { return shell({"mgmt.vm.firewall.Get", "work"}).out; }
  std::size_t changed_rows() const {
    return query(
               "SELECT DISTINCT tbl || key FROM change_row "
               "WHERE seq = (SELECT max(seq) FROM change)")
        .size();
  }
};

}  // namespace

TEST_CASE_METHOD(Firewalled, "what Get prints can be given back to Set", "[firewall]") {
  check_done(shell({"mgmt.vm.firewall.Set", "work"}, kTwo));
  CHECK(rules() == "r2 action=accept dst4=10.0.0.1/32\nr3 action=drop\n");
  for (const std::string method : {"mgmt.vm.firewall", "admin.vm.firewall"}) {
    const Result got = call({.method = method + ".Get", .target = "work"});
    const bool is_framed = method.starts_with("admin");
    call({.method = method + ".Set",
          .target = "work",
          .payload = got.out.substr(is_framed ? 2 : 0)});
    CHECK(rules() == "r2 action=accept dst4=10.0.0.1/32\nr3 action=drop\n");
  }
}

TEST_CASE_METHOD(Firewalled, "a rule more changes no other", "[firewall]") {
  std::string lines;
  for (int i = 1; i <= 3'000; ++i)
    lines += "action=accept dst4=10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250) +
             "/32\n";
  check_done(shell({"mgmt.vm.firewall.Set", "work"}, lines));
  check_done(shell({"mgmt.vm.firewall.InsertRule", "work", "1500", "action=drop"}), "r3002");
  CHECK(changed_rows() == 2);  // the rule, and the highest id
  check_done(shell({"mgmt.vm.firewall.Get", "work", "1500"}), "r3002 action=drop\n");
  check_done(shell({"mgmt.vm.firewall.Set", "work"}, "action=drop proto=icmp\n" + lines));
  CHECK(changed_rows() == 3);  // a rule less besides
  check_done(shell({"mgmt.vm.firewall.Get", "work", "0"}), "r3003 action=drop proto=icmp\n");
  check_done(shell({"mgmt.vm.firewall.Get", "work", "1"}), "r2 action=accept dst4=10.0.0.1/32\n");
}

TEST_CASE_METHOD(Firewalled, "each change says that the firewall has changed", "[firewall]") {
  const Texts expected{"work firewall-changed"};
  for (const Texts& words :
       {Texts{"mgmt.vm.firewall.Set", "work", "action=drop"},
        Texts{"mgmt.vm.firewall.InsertRule", "work", "0", "action=accept"},
        Texts{"mgmt.vm.firewall.RemoveRule", "work", "r2"}, Texts{"mgmt.vm.firewall.Flush", "work"},
        Texts{"mgmt.vm.firewall.Reload", "work"}}) {
    INFO(words.front());
    const std::size_t before = events().size();
    CHECK(shell(words).status == 0);
    const Texts all = events();
    CHECK(Texts{all.begin() + static_cast<std::ptrdiff_t>(before), all.end()} == expected);
  }
}

TEST_CASE_METHOD(Firewalled, "rules that many add at once are all there", "[firewall]") {
  constexpr int kAtOnce = 20;
  std::vector<Program> editors;
  for (int i = 0; i < kAtOnce; ++i)
    editors.push_back(shell_program({"mgmt.vm.firewall.InsertRule", "work", "0",
                                     "action=drop dst4=10.1.1." + std::to_string(i)}));
  for (const Result& result : run_at_once(editors)) CHECK(result.status == 0);
  CHECK(query("SELECT count(DISTINCT rule) FROM firewall_rule") == Texts{"21"});
  CHECK(query("SELECT max(id) FROM firewall_rule") == Texts{"21"});
}

TEST_CASE_METHOD(Firewalled, "a VM has 9,999 rules and no more", "[firewall]") {
  std::string lines;
  for (int i = 0; i < 9'999; ++i) lines += "action=drop comment=" + std::to_string(i) + "\n";
  check_done(shell({"mgmt.vm.firewall.Set", "work"}, lines));
  check_refused(shell({"mgmt.vm.firewall.InsertRule", "work", "0", "action=drop"}), 1,
                "mgmt.vm.firewall.InsertRule: work", "it can have no more");
  check_refused(shell({"mgmt.vm.firewall.Set", "work"}, lines + "action=drop\n"), 1,
                "mgmt.vm.firewall.Set", "more than 9999");
}
