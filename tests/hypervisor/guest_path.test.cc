// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/guest_path.h"

#include <catch2/catch.hpp>

#include "base/fault.h"

using namespace qubes::mgmt;

TEST_CASE("a key is a path below the domain's own folder", "[guest_path]") {
  CHECK(xen::guest_path(7, "/qubes-ip") == "/local/domain/7/qubes-ip");
  CHECK(xen::guest_path(7, "/qubes-block-devices/sda/desc") ==
        "/local/domain/7/qubes-block-devices/sda/desc");
  CHECK(xen::guest_path(7, "/A_b-9@c") == "/local/domain/7/A_b-9@c");
  CHECK(xen::guest_home(32000) == "/local/domain/32000");
}

TEST_CASE("nothing that leads elsewhere is a key", "[guest_path]") {
  const std::string key = GENERATE(as<std::string>{}, "", "/", "qubes-ip", "//a", "/a/", "/a//b",
                                   "/..", "/../8/x", "/a/../../8/x", "/.", "/a b", "/a\n", "/ä",
                                   std::string("/a\0b", 4), "/" + std::string(512, 'a'));
  try {
    xen::guest_path(7, key);
    FAIL("accepted: " << key);
  } catch (const Fault& fault) {
    CHECK(fault.kind() == FaultKind::bad_value);
  }
}

TEST_CASE("the longest key", "[guest_path]") {
  CHECK_NOTHROW(xen::guest_path(7, "/" + std::string(511, 'a')));
}
