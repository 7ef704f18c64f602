// SPDX-License-Identifier: GPL-2.0-or-later

// Many at once, and one wanted by many.

#include <algorithm>
#include <iostream>

#include "base/text.h"
#include "life_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

std::vector<std::string> make_vms(int number) {
  std::vector<std::string> names;
  for (int i = 0; i < number; ++i) {
    names.push_back(concat("vm", i));
    LifeWorld::make_vm(names.back());
  }
  return names;
}

struct Wish {
  std::string call;
  std::vector<std::string> words;
};

/// All of them, each by a process of its own, at the same time.
void all_at_once(const std::vector<Wish>& wishes) {
  std::vector<Program> programs;
  for (const Wish& wish : wishes) programs.push_back(LifeWorld::begin(wish.call, wish.words));
  std::chrono::milliseconds longest{0};
  for (std::size_t i = 0; i < programs.size(); ++i) {
    const Outcome outcome = programs[i].wait();
    INFO(wishes[i].call << ' ' << join(wishes[i].words, " ") << ": " << outcome.errors);
    CHECK(outcome.status == 0);
    CHECK(outcome.errors == "");
    longest = std::max(longest, outcome.time);
  }
  std::cout << "  " << wishes.size() << " at once, " << wishes.front().call
            << " first: " << longest.count() << " ms\n";
}

}  // namespace

TEST_CASE_METHOD(LifeWorld, "ten VMs started at once, and ended at once", "[many]") {
  const auto names = make_vms(10);
  std::vector<Wish> starts;
  std::vector<Wish> ends;
  for (const std::string& name : names) {
    starts.push_back({"Start", {name}});
    if (ends.size() % 2 == 0)
      ends.push_back({"Shutdown", {name, "wait"}});
    else
      ends.push_back({"Kill", {name}});
  }
  all_at_once(starts);
  CHECK(number_of_domains() == 10);
  for (const std::string& name : names) {
    INFO(name);
    CHECK(listed(name) == "class=AppVM state=Running");
    CHECK(eventually([&] { return is_up(name); }));
  }
  CHECK(processes("qubes-mgmt-reaper").size() == 1);
  all_at_once(ends);
  for (const std::string& name : names) CHECK(listed(name) == "class=AppVM state=Halted");
  CHECK(left_running() == kNothing);
}

TEST_CASE_METHOD(LifeWorld, "one VM started by two at the same time", "[many]") {
  make_vm("work");
  all_at_once({{"Start", {"work"}}, {"Start", {"work"}}, {"Start", {"work"}}});
  CHECK(number_of_domains() == 1);
  CHECK(eventually([&] { return is_up("work"); }));
  const DomainId domain = domain_of("work").value().id;
  done("Start", {"work"});
  CHECK(domain_of("work").value().id == domain);
  CHECK(number_of_domains() == 1);
}
