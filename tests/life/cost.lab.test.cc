// SPDX-License-Identifier: GPL-2.0-or-later

// What a start costs beside libxl's own part of it, and what stays in memory. Prints figures
// and judges none; run on request: `tests/lab/lab run -- build/tests/life/life-lab-test [cost]`.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "life_world.h"
#include "storage/loop.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr int kRounds = 9;

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.at(values.size() / 2);
}

/// A domain like the one that a start makes, with nothing of ours around it: its three disks
/// are loop devices that are there already.
struct Bare {
  Bare() {
    for (const char* frontend : {"xvda", "xvdb", "xvdc"}) {
      const std::string path = concat("/tmp/bare-", frontend);
      const Descriptor image{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
      REQUIRE(::ftruncate(image.number(), 4 << 20) == 0);
      volumes.push_back(make_loop(image.number(), LoopAccess::read_write));
      spec.disks.push_back({volumes.back().device, frontend, true});
    }
    spec.name = "bare";
    spec.uuid = Uuid::random();
    spec.mode = VirtMode::pv;
    spec.memory_mib = spec.max_memory_mib = 16;
    spec.vcpus = 1;
    spec.kernel = "/var/lib/qubes/vm-kernels/test-guest-pv/vmlinuz";
    spec.block_script = LifeWorld::tools_folder() / "qubes-mgmt-block";
  }

  /// Milliseconds from before libxl is asked until the guest may run.
  double start() {
    const auto begun = Clock::now();
    const std::unique_ptr<Hypervisor> xen{qubes_mgmt_open_hypervisor()};
    const DomainId domain = xen->create(spec);
    xen->unpause(domain);
    const double time = Milliseconds{Clock::now() - begun}.count();
    xen->destroy(domain);
    return time;
  }

  std::vector<StartedVolume> volumes;
  DomainSpec spec{};
};

/// KiB that a process has for itself alone.
std::uint64_t private_memory(pid_t process) {
  std::uint64_t sum = 0;
  for (const std::string& line :
       split(*read_file(concat("/proc/", process, "/smaps_rollup")), '\n'))
    if (line.starts_with("Private_")) {
      const auto words = split(line, ' ');
      sum += to_number<std::uint64_t>(words.at(words.size() - 2)).value_or(0);
    }
  return sum;
}

}  // namespace

TEST_CASE_METHOD(LifeWorld, "what a start costs", "[.cost]") {
  make_vm("work");
  Bare bare;
  std::vector<double> ours;
  std::vector<double> libxl;
  std::uint64_t reaper = 0;
  for (int round = 0; round <= kRounds; ++round) {
    const auto whole = begin("Start", {"work"}).wait();
    REQUIRE(whole.status == 0);
    reaper = private_memory(processes("qubes-mgmt-reaper").at(0));
    done("Kill", {"work"});
    const double direct = bare.start();
    if (round == 0) continue;  // caches were cold
    ours.push_back(static_cast<double>(whole.time.count()));
    libxl.push_back(direct);
  }
  std::cout << "  Start, whole process: " << median(ours)
            << " ms; libxl's create and unpause alone: " << median(libxl) << " ms; ratio "
            << median(ours) / median(libxl) << "\n"
            << "  private memory of the reaper: " << reaper << " KiB\n";
}
