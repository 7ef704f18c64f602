// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/config.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace qubes::mgmt;

namespace {

DomainSpec guest(VirtMode mode) {
  return {
      .name = "work",
      .uuid = Uuid::parse("8a1cdbb2-5c5c-4b53-9a2c-0f1de1c1a001"),
      .mode = mode,
      .memory_mib = 400,
      .max_memory_mib = 400,
      .vcpus = 2,
      .kernel = "/var/lib/qubes/vm-kernels/6.1/vmlinuz",
      .initramfs = "/var/lib/qubes/vm-kernels/6.1/initramfs",
      .kernelopts = "root=/dev/mapper/dmroot ro nomodeset console=hvc0",
      .disks = {},
      .block_script = "/usr/libexec/qubes-mgmt/qubes-mgmt-block",
  };
}

std::string json(const DomainSpec& spec) {
  xen::DomainConfig config;
  xen::describe(spec, *config.get());
  const Handle<char, std::free> text{libxl_domain_config_to_json(nullptr, config.get())};
  REQUIRE(text);
  return text.get();
}

/// Compares with the file kept for it, or replaces that file if QUBES_TEST_ACCEPT is set.
void check_golden(const std::string& name, const DomainSpec& spec) {
  const std::string path = std::string{QUBES_TEST_GOLDEN} + "/" + name + ".json";
  const std::string actual = json(spec);
  if (std::getenv("QUBES_TEST_ACCEPT") != nullptr) std::ofstream{path} << actual;
  std::ifstream file{path};
  CHECK(actual == std::string{std::istreambuf_iterator<char>{file}, {}});
}

}  // namespace

TEST_CASE("a PV guest", "[config]") { check_golden("pv", guest(VirtMode::pv)); }

TEST_CASE("a PVH guest", "[config]") { check_golden("pvh", guest(VirtMode::pvh)); }

TEST_CASE("an HVM guest that boots its root volume", "[config]") {
  DomainSpec spec = guest(VirtMode::hvm);
  spec.kernel = spec.initramfs = spec.kernelopts = "";
  spec.disks = {{"/dev/qubes_dom0/vm-work-root", "xvda", true}};
  check_golden("hvm", spec);
}

TEST_CASE("several disks, some read-only, in the order given", "[config]") {
  DomainSpec spec = guest(VirtMode::pvh);
  spec.disks = {{"/dev/qubes_dom0/vm-work-root-snap", "xvda", true},
                {"/dev/qubes_dom0/vm-work-private-snap", "xvdb", true},
                {"/dev/qubes_dom0/vm-work-volatile", "xvdc", true},
                {"/dev/loop3", "xvdd", false}};
  check_golden("disks", spec);
}

TEST_CASE("memory that may grow", "[config]") {
  DomainSpec spec = guest(VirtMode::pvh);
  spec.max_memory_mib = 4000;
  check_golden("balanced-memory", spec);
}

TEST_CASE("nine processors take two bytes of the bitmap", "[config]") {
  DomainSpec spec = guest(VirtMode::pv);
  spec.vcpus = 9;
  check_golden("nine-vcpus", spec);
}

TEST_CASE("a maximum below the memory is raised to it", "[config]") {
  DomainSpec spec = guest(VirtMode::pv);
  spec.max_memory_mib = 0;
  CHECK(json(spec) == json(guest(VirtMode::pv)));
}
