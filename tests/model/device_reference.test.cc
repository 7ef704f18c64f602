// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/device_reference.h"

#include <catch2/catch.hpp>

#include "model/device.h"

using namespace qubes::mgmt;

namespace {

DeviceReference parse(std::string_view text) { return DeviceReference::parse(text); }

FaultKind refusal(std::string_view text) {
  try {
    parse(text);
  } catch (const Fault& fault) {
    return fault.kind();
  }
  return FaultKind::internal;
}

Device disk(const std::string& identity) {
  return {.device_class = DeviceClass::block,
          .backend = "sys-usb",
          .port = "sda",
          .identity = identity};
}

}  // namespace

TEST_CASE("a device is named as clients name it", "[device]") {
  CHECK(parse("sys-usb+sda").text() == "sys-usb:sda:*");
  CHECK(parse("sys-usb+sda+_").text() == "sys-usb:sda:*");
  CHECK(parse("sys-usb+_+dead").text() == "sys-usb:*:dead");
  CHECK(parse("sys-usb+_+_").text() == "sys-usb:*:*");
  CHECK(parse("sys-net+sda+0781+5581+4C53+u08006").text() == "sys-net:sda:0781:5581:4C53:u08006");
  CHECK(parse("dom0+mic+dom0+mic++m000000").text() == "dom0:mic:dom0:mic::m000000");
  CHECK(parse("dom0+loop0++0").text() == "dom0:loop0::0");
  CHECK(parse("work+1-1.4+0000+0000++_______").text() == "work:1-1.4:0000:0000::?******");
  CHECK(parse("work+1-1+1+2++u03____").text() == "work:1-1:1:2::u03****");
}

TEST_CASE("what is no device is refused", "[device]") {
  for (const auto* text : {"", "sys-usb", "sys-usb:sda", "sys-usb+", "sys-usb+a b", "sys-usb+../x",
                           "sys-usb+sda+a/b", "sys-usb+sda+a'b"}) {
    INFO(text);
    CHECK(refusal(text) == FaultKind::malformed);
  }
  CHECK(refusal("+sda") == FaultKind::bad_value);
  CHECK(refusal("-usb+sda") == FaultKind::bad_value);
  CHECK(refusal("sys-usb+" + std::string(129, 'x')) == FaultKind::malformed);
  CHECK(refusal("sys-usb+sda+" + std::string(513, 'x')) == FaultKind::malformed);
}

TEST_CASE("what a device is called names it again", "[device]") {
  for (const auto* text :
       {"sys-usb+sda", "sys-usb+_+dead", "sys-usb+sda++0", "sys-net+sda+0781+5581+4C53+u08006"})
    CHECK(parse(text).argument() == text);
  CHECK(parse("sys-usb+sda+_").argument() == "sys-usb+sda");
}

TEST_CASE("a device is known by port and identity, as far as they are said", "[device]") {
  CHECK(parse("sys-usb+sda").matches(disk("a:b:0")));
  CHECK(parse("sys-usb+_+a+b+0").matches(disk("a:b:0")));
  CHECK(parse("sys-usb+sda+a+b+0").matches(disk("a:b:0")));
  CHECK_FALSE(parse("sys-usb+sda+a+c+0").matches(disk("a:b:0")));
  CHECK_FALSE(parse("sys-usb+sdb").matches(disk("a:b:0")));
  CHECK_FALSE(parse("work+sda").matches(disk("a:b:0")));
  // A service's name has `_` for each mark that it cannot have.
  CHECK(parse("sys-usb+sda+a+b______").matches(disk("a:b******")));
}

TEST_CASE("words of a device are harmless", "[device]") {
  CHECK(device_words("Disk (1,2) a=b/c") == "Disk (1,2) a=b/c");
  CHECK(device_words("a'b\\c\ne\x7f\xff") == "a_b_c_e__");
  CHECK(device_words("ends in =") == "ends in _");
  CHECK(identity_part("A b:c+d") == "A_b_c_d");
}

TEST_CASE("a disk's identity is that of its parent and its own number", "[device]") {
  CHECK(block_identity("", "loop0") == ":0");
  CHECK(block_identity("", "sda") == ":0");
  CHECK(block_identity(":0", "sda12") == ":0:12");
  CHECK(block_identity("", "7") == ":7");
}
