// SPDX-License-Identifier: GPL-2.0-or-later

// A start that is killed at any moment is as good as none: the next one works.

#include <algorithm>
#include <iostream>
#include <thread>

#include "base/text.h"
#include "life_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::chrono_literals;

namespace {

constexpr int kMoments = 12;

std::chrono::milliseconds time_of_a_start() {
  const auto time = LifeWorld::begin("Start", {"work"}).wait().time;
  LifeWorld::done("Kill", {"work"});
  return time;
}

}  // namespace

TEST_CASE_METHOD(LifeWorld, "a start killed at any moment", "[killed]") {
  make_vm("work");
  time_of_a_start();  // the first one has a cold cache
  const auto whole = time_of_a_start();
  int killed = 0;
  for (int moment = 0; moment < kMoments; ++moment) {
    const auto delay = whole * moment / kMoments;
    INFO("killed after " << delay.count() << " ms of " << whole.count());
    Program first = begin("Start", {"work"});
    std::this_thread::sleep_for(delay);
    first.kill();
    killed += first.wait().status == 128 + 9 ? 1 : 0;
    const std::string seen = listed("work");
    CHECK_THAT(seen, Catch::EndsWith("=Halted") || Catch::EndsWith("=Transient") ||
                         Catch::EndsWith("=Running") || Catch::EndsWith("=Dying"));
    done("Start", {"work"});
    CHECK(eventually([&] { return is_up("work"); }));
    CHECK(listed("work") == "class=AppVM state=Running");
    CHECK(number_of_domains() == 1);
    done("Kill", {"work"});
  }
  std::cout << "  " << killed << " of " << kMoments << " starts killed within " << whole.count()
            << " ms\n";
  CHECK(killed > kMoments / 2);
  check_state("work", "Halted");
  CHECK(left_running() == kNothing);
}

TEST_CASE_METHOD(LifeWorld, "a killed start, and what may come instead of another", "[killed]") {
  make_vm("work");
  time_of_a_start();
  const auto whole = time_of_a_start();
  const int part = GENERATE(2, 3, 4);
  Program first = begin("Start", {"work"});
  std::this_thread::sleep_for(whole * part / 5);
  first.kill();
  first.wait();
  INFO("killed after " << part << " fifths; seen: " << listed("work"));
  SECTION("a kill, done or refused") {
    const int status = begin("Kill", {"work"}).wait().status;
    CHECK((status == 0 || status == 1));
    check_state("work", "Halted");
  }
  SECTION("a removal") {
    if (begin("Remove", {"work"}).wait().status != 0) {
      done("Kill", {"work"});
      done("Remove", {"work"});
    }
    CHECK(listed("work") == "is not listed");
  }
  CHECK(left_running() == kNothing);
}
