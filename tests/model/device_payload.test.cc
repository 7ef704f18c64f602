// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/device_payload.h"

#include <catch2/catch.hpp>

#include "model/device_options.h"

using namespace qubes::mgmt;

namespace {

template <class Work>
FaultKind refusal(Work work) {
  try {
    work();
  } catch (const Fault& fault) {
    INFO(fault.what());
    CHECK(std::string_view{fault.what()}.find('\n') == std::string_view::npos);
    return fault.kind();
  }
  return FaultKind::internal;
}

FaultKind refused(std::string_view payload) {
  return refusal([&] { DevicePayload::parse(payload); });
}

Device with_interfaces(const std::string& interfaces) {
  Device device{
      .device_class = DeviceClass::usb, .backend = "sys-usb", .port = "1-1", .identity = "x"};
  device.interfaces = interfaces;
  return device;
}

}  // namespace

TEST_CASE("a payload is read as clients and as people write it", "[device]") {
  const auto payload = DevicePayload::parse(
      " mode='required'  _read-only='yes' "
      "frontend-dev=xvdk\t_note='it\\'s = \"a b\"'\n");
  CHECK(payload.said("mode") == "required");
  CHECK_FALSE(payload.said("devclass"));
  CHECK(payload.options() ==
        DeviceOptions{{"read-only", "yes"}, {"frontend-dev", "xvdk"}, {"note", "it's = \"a b\""}});
  CHECK(DevicePayload::parse("").options().empty());
  CHECK(DevicePayload::parse("_a=''").options().at("a").empty());
}

TEST_CASE("what is no payload is refused", "[device]") {
  for (const auto* payload : {"mode", "=x", "'a'='b'", "a='b", "a='b\\'", "a='b'c='d'", "a=b'c",
                              "a='b=", "a=b=", "a='b='", "a='\x01'", "a='\xc3\xb6'", "a b='c'",
                              "_='x'", "a=1 a=2", "_a=1 a=2", "mode=x mode=y", "a/b=c"})
    CHECK(refused(payload) == FaultKind::malformed);
  CHECK(refused("a=" + std::string(256, 'x')) == FaultKind::malformed);
  CHECK(refused(std::string(65, 'k') + "=x") == FaultKind::malformed);
  std::string many;
  for (int i = 0; i < 33; ++i) many += "o" + std::to_string(i) + "=1 ";
  CHECK(refused(many) == FaultKind::malformed);
}

TEST_CASE("a payload may say again what the argument says, and nothing else", "[device]") {
  const auto agreed = [](std::string_view payload, const std::string& argument = "net+sda") {
    return agreed_device(DeviceReference::parse(argument), DeviceClass::block, "work",
                         DevicePayload::parse(payload))
        .text();
  };
  CHECK(agreed("") == "net:sda:*");
  CHECK(agreed("backend_domain='net' port_id='sda' devclass='block' "
               "frontend_domain='work'") == "net:sda:*");
  CHECK(agreed("device_id='0781:5581::u08****'") == "net:sda:0781:5581::u08****");
  CHECK(agreed("device_id='0781:5581::u08****'", "net+sda+0781+5581++u08____") ==
        "net:sda:0781:5581::u08****");
  for (const auto* payload :
       {"backend_domain=work", "port_id=sdb", "devclass=usb", "frontend_domain=net"})
    CHECK(refusal([&] { agreed(payload); }) == FaultKind::malformed);
  CHECK(refusal([&] { agreed("device_id=b", "net+sda+a"); }) == FaultKind::malformed);
}

TEST_CASE("options are those of the class", "[device]") {
  const auto block =
      BlockOptions::parse({{"frontend-dev", "xvdk"}, {"read-only", "YES"}, {"devtype", "cdrom"}});
  CHECK(block.frontend == "xvdk");
  CHECK(block.read_only == true);
  CHECK(block.is_cdrom);
  CHECK_FALSE(BlockOptions::parse({}).read_only);
  CHECK(PciOptions::parse({{"permissive", "1"}, {"no-strict-reset", "off"}}).permissive);
  const auto of_class = [](DeviceClass device_class, const DeviceOptions& options) {
    return refusal([&] { check_options(device_class, options); });
  };
  CHECK(of_class(DeviceClass::block, {{"permissive", "1"}}) == FaultKind::bad_value);
  CHECK(of_class(DeviceClass::pci, {{"read-only", "1"}}) == FaultKind::bad_value);
  CHECK(of_class(DeviceClass::pci, {{"no-strict-reset", "?"}}) == FaultKind::bad_value);
  CHECK(of_class(DeviceClass::usb, {{"x", "1"}}) == FaultKind::failed);
  CHECK(of_class(DeviceClass::mic, {{"x", "1"}}) == FaultKind::failed);
  for (const auto* name : {"", "vda", "xvd", "xvd1", "xvdi1x", "xvdi123", "xvd/i", "sd", "sdA"})
    CHECK(of_class(DeviceClass::block, {{"frontend-dev", name}}) == FaultKind::bad_value);
}

TEST_CASE("a disk gets the first name that is free", "[device]") {
  CHECK(free_disk_name({}, false) == "xvdi");
  CHECK(free_disk_name({"xvda", "xvdi", "xvdj"}, false) == "xvdk");
  CHECK(free_disk_name({"xvda"}, true) == "xvdd");
  CHECK(free_disk_name({"xvdd"}, true) == "xvdi");
  std::vector<std::string> all;
  for (char letter = 'i'; letter <= 'z'; ++letter) all.push_back(std::string{"xvd"} + letter);
  CHECK(free_disk_name(all, false) == "xvda");
  for (char letter = 'a'; letter < 'i'; ++letter) all.push_back(std::string{"xvd"} + letter);
  CHECK(refusal([&] { free_disk_name(all, false); }) == FaultKind::failed);
}

TEST_CASE("an interface is denied by a code that fits it", "[device]") {
  const Device stick = with_interfaces("u080650u030101");
  CHECK(denying_code("u080650", stick) == "u080650");
  CHECK(denying_code("b******u03****", stick) == "u03****");
  CHECK(denying_code("*******", stick) == "*******");
  CHECK_FALSE(denying_code("", stick));
  CHECK_FALSE(denying_code("u0806**b******p080650", with_interfaces("u030101")));
  CHECK(denying_code("*******", with_interfaces("?******")));
  // Only part of an unknown interface can be told.
  CHECK_FALSE(denying_code("u08****", with_interfaces("?******")));
}
