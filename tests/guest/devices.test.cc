// SPDX-License-Identifier: GPL-2.0-or-later

// What guests say of their devices: shown as far as it can be true, dropped and counted otherwise.

#include "guest/devices.h"

#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "base/text.h"
#include "guest_keys.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

struct Backend : GuestKeys {
  void disk(const std::string& name, const std::string& desc = "Disk (x)",
            const std::string& size = "1024", const std::string& mode = "w") {
    const std::string folder = "/qubes-block-devices/" + name;
    keys[folder + "/desc"] = desc;
    keys[folder + "/size"] = size;
    keys[folder + "/mode"] = mode;
  }
  void parent(const std::string& name, const std::string& of) {
    keys["/qubes-block-devices/" + name + "/parent"] = of;
  }
  void usb(const std::string& port, const std::string& desc, const std::string& interfaces = {},
           const std::string& user = {}) {
    const std::string folder = "/qubes-usb-devices/" + port;
    keys[folder + "/desc"] = desc;
    if (!interfaces.empty()) keys[folder + "/interfaces"] = interfaces;
    if (!user.empty()) keys[folder + "/connected-to"] = user;
  }

  Advertised all_usb() const { return read_usb_devices(*this, 7, "sys-usb"); }
  Advertised disks() const { return read_block_devices(*this, 7, "sys-usb", all_usb().devices); }
};

// One random tree of keys: names, values and paths from what hurts parsers.
std::map<std::string, std::string> hostile_tree(std::mt19937& random) {
  static const std::vector<std::string> names{
      "sda",  "sda1",   "SDA", "..",    "a.b", std::string(13, 'a'),   "1-1",  "1-1_4", "1--1",
      "1-1_", "9999-1", "-1",  "1-1.4", "",    std::string(3000, 'x'), "a\nb", "a b"};
  static const std::vector<std::string> leaves{"desc",   "size",       "mode",
                                               "parent", "interfaces", "connected-to"};
  static const std::vector<std::string> values{"",
                                               "x='y' z='w'",
                                               "1234:5678 a b c=",
                                               "a\\x27\\x3d\\x0a",
                                               std::string(513, 'z'),
                                               "1024",
                                               "-1",
                                               "18446744073709551616",
                                               "w",
                                               "r",
                                               "rw",
                                               "sda",
                                               "sda1",
                                               "1-1:1.0",
                                               "1-1.4:../..",
                                               ":030101:08066z:",
                                               std::string("a\0b", 3),
                                               "\xff\xfe",
                                               "1234:5678 \\x \\xg0 \\",
                                               "work",
                                               "-rf",
                                               ":" + std::string(6 * 40, '0')};
  const auto pick = [&](const auto& from) { return from[random() % from.size()]; };
  std::map<std::string, std::string> keys;
  for (std::size_t i = random() % 40; i > 0; --i) {
    const std::string folder = random() % 2 == 0 ? "/qubes-block-devices/" : "/qubes-usb-devices/";
    keys[folder + pick(names) + "/" + pick(leaves)] = pick(values);
  }
  return keys;
}

bool is_harmless(const std::string& text) {
  return text.size() <= 2048 && is_printable(text) &&
         text.find_first_of("'\"\\") == std::string::npos && !text.ends_with('=');
}

void check_harmless(const Device& device) {
  for (const std::string& text : {device.port, device.identity, device.name, device.serial,
                                  device.manufacturer, device.interfaces, device.attachment}) {
    INFO(text);
    CHECK(is_harmless(text));
  }
  CHECK(device.backend == "sys-usb");
  CHECK(consists_of(device.port, ".-"));
  CHECK(device.interfaces.size() % 7 == 0);
  CHECK(device.identity.find(' ') == std::string::npos);
}

}  // namespace

TEST_CASE_METHOD(Backend, "a disk is what its keys say", "[guest-devices]") {
  disk("sda", "Flash_Disk (STICK)", "2048", "r");
  const auto found = disks();
  REQUIRE(found.devices.size() == 1);
  const Device& device = found.devices[0];
  CHECK(device.port == "sda");
  CHECK(device.identity == ":0");
  CHECK(device.name == "Flash_Disk (STICK)");
  CHECK(device.block.value().size == 2048);
  CHECK_FALSE(device.block.value().writable);
  CHECK(device.interfaces == "b******");
  CHECK(found.dropped == 0);
}

TEST_CASE_METHOD(Backend, "a partition is known by what it is a part of", "[guest-devices]") {
  usb("1-1_4", "0781:5581 SanDisk Ultra\\x20Fit 4C53", ":080650:");
  disk("sda");
  parent("sda", "1-1.4:1.0");
  disk("sda1");
  parent("sda1", "sda");
  const auto found = disks().devices;
  REQUIRE(found.size() == 2);
  CHECK(found[0].identity == "1-1.4:0781:5581:4C53:u080650:1.0");
  CHECK(found[0].parent.value().port == "1-1.4");
  CHECK(found[0].parent.value().device_class == DeviceClass::usb);
  CHECK(found[1].identity == "1-1.4:0781:5581:4C53:u080650:1.0:1");
}

TEST_CASE_METHOD(Backend, "a USB device is what it says of itself", "[guest-devices]") {
  usb("1-1_4", "0781:5581 SanDisk Ultra\\x20Fit 4C53", ":080650:030102:", "work");
  usb("2-1", "no four fields");
  const auto found = all_usb();
  REQUIRE(found.devices.size() == 2);
  const Device& stick = found.devices[0];
  CHECK(stick.port == "1-1.4");
  CHECK(stick.identity == "0781:5581:4C53:u080650u030102");
  CHECK(stick.manufacturer == "SanDisk");
  CHECK(stick.name == "Ultra Fit");
  CHECK(stick.serial == "4C53");
  CHECK(stick.attachment == "work");
  CHECK(found.devices[1].name == "no four fields");
  CHECK(found.devices[1].identity == "0000:0000::?******");
  CHECK(found.dropped == 0);
}

TEST_CASE_METHOD(Backend, "entries that cannot be true are dropped and counted",
                 "[guest-devices]") {
  disk("sda");
  disk("SDB");
  disk("sdc", "d", "12x");
  disk("sdd", "d", "1", "rw");
  disk("sde", std::string(513, 'd'));
  disk("sdf", "d", "99999999999999999999");
  disk("abcdefghijklm");
  disk("sdg");
  parent("sdg", "1-1/..:1.0");
  keys["/qubes-block-devices/sdh/size"] = "1";
  CHECK(disks().devices.size() == 1);
  CHECK(disks().dropped == 8);
  usb("x-1", "d");
  usb("1-1", "d", {}, "../dom0");
  usb("1-2", "d", {}, "no VM");
  keys["/qubes-usb-devices/1-3/interfaces"] = ":080650:";
  CHECK(all_usb().devices.empty());
  CHECK(all_usb().dropped == 4);
}

TEST_CASE_METHOD(Backend, "nobody has more devices than can be looked through", "[guest-devices]") {
  for (int i = 0; i < 300; ++i) disk("d" + std::to_string(i));
  CHECK(disks().devices.size() == kMostDevices);
  CHECK(disks().dropped == 300 - kMostDevices);
}

TEST_CASE_METHOD(Backend, "disks that are parts of each other come to an end", "[guest-devices]") {
  disk("sda");
  disk("sdb");
  parent("sda", "sdb");
  parent("sdb", "sda");
  const auto found = disks().devices;
  REQUIRE(found.size() == 2);
  CHECK(found[0].identity != "");
}

TEST_CASE("no tree of keys gets anything but harmless words into a listing", "[guest-devices]") {
  std::mt19937 random{1};
  std::size_t shown = 0;
  std::size_t dropped = 0;
  for (int i = 0; i < 10000; ++i) {
    Backend backend;
    backend.keys = hostile_tree(random);
    for (const Advertised& found : {backend.all_usb(), backend.disks()}) {
      shown += found.devices.size();
      dropped += found.dropped;
      for (const Device& device : found.devices) check_harmless(device);
    }
  }
  CHECK(shown > 1000);
  CHECK(dropped > 1000);
}
