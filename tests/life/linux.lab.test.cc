// SPDX-License-Identifier: GPL-2.0-or-later

// What an AppVM keeps and what it forgets, seen from within a real Linux guest.

#include "base/text.h"
#include "life_world.h"
#include "linux_guest.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

/// "SIZE-IN-BYTES READ-ONLY" of a disk of the guest.
std::string disk(const std::string& name) {
  return in_guest("job", concat("s=$(cat /sys/block/", name,
                                "/size); echo $((s * 512)) $(cat /sys/block/", name, "/ro)"));
}

}  // namespace

TEST_CASE_METHOD(LifeWorld, "an AppVM keeps its private volume and forgets its root", "[linux]") {
  make_linux_vm("job");
  done("Start", {"job"});
  CHECK(disk("xvda") == size_of(kLinuxImage) + " 0\n");
  CHECK(disk("xvdb") == "2147483648 0\n");
  CHECK(disk("xvdc") == "10737418240 0\n");
  CHECK(disk("xvdd") == size_of("/var/lib/qubes/vm-kernels/6.1/modules.img") + " 1\n");
  in_guest("job", "echo kept >/rw/note; echo forgotten >/etc/note; sync");
  CHECK(in_guest("job", "cat /rw/note /etc/note") == "kept\nforgotten\n");
  done("Shutdown", {"job", "wait"});
  check_state("job", "Halted");
  CHECK(left_running() == kNothing);

  done("Start", {"job"});
  CHECK(in_guest("job", "cat /rw/note; cat /etc/note 2>/dev/null || echo no note") ==
        "kept\nno note\n");
  done("Shutdown", {"job", "wait"});
  check_state("job", "Halted");
  CHECK(left_running() == kNothing);
  done("Remove", {"job"});
  done("Remove", {"linux"});
}
