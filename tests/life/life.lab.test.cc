// SPDX-License-Identifier: GPL-2.0-or-later

// A VM from its creation to its removal, with Xen's own view after each step.

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "base/text.h"
#include "life_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

/// What libxl lists of a domain.
struct Listed {
  std::string name;
  DomainId id = 0;
  std::string memory;
};

// All that it has: xl list counts those that the guest uses.
std::size_t vcpus_of(const std::string& name) {
  const std::string lines = run({"/usr/sbin/xl", "vcpu-list", name});
  return static_cast<std::size_t>(std::ranges::count(lines, '\n')) - 1;
}

Listed in_xl(const std::string& name) {
  std::istringstream lines{run({"/usr/sbin/xl", "list", name})};
  std::string titles;
  Listed listed;
  std::getline(lines, titles);
  lines >> listed.name >> listed.id >> listed.memory;
  return listed;
}

void check_domain(const LifeWorld& world, const std::string& name, const std::string& memory,
                  std::size_t vcpus) {
  const auto domain = world.domain_of(name);
  REQUIRE(domain);
  const Listed listed = in_xl(name);
  CHECK(listed.name == name);
  CHECK(listed.id == domain->id);
  CHECK(listed.memory == memory);
  CHECK(vcpus_of(name) == vcpus);
  CHECK(world.number_of_domains() == 1);
}

bool exists(const std::string& file) {
  return std::filesystem::exists("/var/lib/qubes/appvms/work/" + file);
}

}  // namespace

TEST_CASE_METHOD(LifeWorld, "a VM's life", "[life]") {
  const std::string mode = GENERATE("pv", "pvh");
  make_vm("work", mode, {{"memory", "40"}, {"vcpus", "2"}});
  check_state("work", "Halted");
  CHECK(exists("private.img"));
  CHECK(left_running() == kNothing);

  const DomainId first = start("work");
  check_state("work", "Running");
  check_domain(*this, "work", "40", 2);
  CHECK(exists("root-dirty.img"));
  CHECK(processes("qubes-mgmt-reaper").size() == 1);

  done("Pause", {"work"});
  check_state("work", "Paused");
  done("Unpause", {"work"});
  check_state("work", "Running");

  done("Shutdown", {"work", "wait"});
  check_state("work", "Halted");
  CHECK(exists("private.img"));
  CHECK_FALSE(exists("root-dirty.img"));
  CHECK_FALSE(exists("volatile-dirty.img"));
  CHECK(left_running() == kNothing);

  CHECK(start("work") > first);
  check_state("work", "Running");
  check_domain(*this, "work", "40", 2);
  done("Kill", {"work"});
  check_state("work", "Halted");
  CHECK(left_running() == kNothing);

  done("Remove", {"work"});
  CHECK(listed("work") == "is not listed");
  CHECK_FALSE(std::filesystem::exists("/var/lib/qubes/appvms/work"));
  done("Remove", {"tiny"});
  CHECK(image_files() == kNothing);
  CHECK(left_running() == kNothing);
}
