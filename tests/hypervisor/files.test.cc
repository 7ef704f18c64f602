// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/files.h"

#include <catch2/catch.hpp>

#include "base/fault.h"

using namespace qubes::mgmt;

namespace {

DomainSpec guest(VirtMode mode) {
  return {"work", {}, mode, 16, 16, 1, "/proc/self/status", "", "", {}, {}, ""};
}

std::string refusal(const DomainSpec& spec) {
  try {
    xen::require_files(spec);
  } catch (const Fault& fault) {
    CHECK(fault.kind() == FaultKind::failed);
    return fault.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a kernel that is there", "[files]") {
  CHECK(refusal(guest(VirtMode::pv)).empty());
  DomainSpec spec = guest(VirtMode::hvm);
  spec.kernel = "";
  CHECK(refusal(spec).empty());
}

TEST_CASE("a kernel that is missing", "[files]") {
  DomainSpec spec = guest(VirtMode::pvh);
  spec.kernel = "/nonexistent/vmlinuz";
  CHECK(refusal(spec) == "kernel /nonexistent/vmlinuz cannot be read: No such file or directory");
  spec.kernel = "/proc";
  CHECK(refusal(spec) == "kernel /proc cannot be read: it is no file");
  spec.kernel = "";
  CHECK(refusal(spec) ==
        "a domain of mode pvh cannot boot from its root volume: it needs a kernel");
}

TEST_CASE("an initramfs that is missing", "[files]") {
  DomainSpec spec = guest(VirtMode::pv);
  spec.initramfs = "/nonexistent/initramfs";
  CHECK(refusal(spec) ==
        "initramfs /nonexistent/initramfs cannot be read: No such file or directory");
}

TEST_CASE("a disk that is no block device", "[files]") {
  DomainSpec spec = guest(VirtMode::pv);
  spec.disks = {{"/dev/null", "xvdb", true}};
  CHECK(refusal(spec) == "disk xvdb cannot be given: /dev/null: it is no block device");
  spec.disks = {{"/dev/nonexistent", "xvdb", false}};
  CHECK(refusal(spec) == "disk xvdb cannot be given: /dev/nonexistent: No such file or directory");
}
