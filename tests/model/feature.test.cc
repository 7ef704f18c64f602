// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/feature.h"

#include <catch2/catch.hpp>

#include "base/fault.h"

using namespace qubes::mgmt;
using namespace std::string_literals;

namespace {

FaultKind refusal(const std::string& name, const std::string& value) {
  try {
    check_feature(FeatureName::parse(name), FeatureValue::parse(value));
  } catch (const Fault& fault) {
    return fault.kind();
  }
  FAIL(name << " accepted: " << value);
  return FaultKind::failed;
}

void accepted(const std::string& name, const std::string& value) {
  INFO(name << "=" << value);
  CHECK_NOTHROW(check_feature(FeatureName::parse(name), FeatureValue::parse(value)));
}

}  // namespace

TEST_CASE("names and values of features", "[feature]") {
  accepted("anything.at_all-1", "");
  accepted("0", std::string(60000, '~'));
  for (const std::string& name : {""s, "a b"s, "a/b"s, "caf\xc3\xa9"s, "a\n"s, "a\0b"s, "a+b"s})
    CHECK(refusal(name, "1") == FaultKind::malformed);
  for (const std::string& value : {"\x02\x03\xff"s, "\xc3\xb6"s, "a\n"s, "a\tb"s, "\x7f"s, "\0"s})
    CHECK(refusal("test", value) == FaultKind::malformed);
}

TEST_CASE("features with a meaning have rules", "[feature]") {
  accepted("service." + std::string(48, 'a'), "1");
  accepted("service.app-dispvm." + std::string(60, 'a'), "1");
  for (const std::string name : {"service.", "service..", "service...",
                                 "service.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    CHECK(refusal(name, "1") == FaultKind::bad_value);
  accepted("vm-config.a" + std::string(51, '1'), "x");
  CHECK(refusal("vm-config.1a", "x") == FaultKind::bad_value);
  CHECK(refusal("vm-config.", "x") == FaultKind::bad_value);
  CHECK(refusal("vm-config.a" + std::string(52, '1'), "x") == FaultKind::bad_value);
  accepted("custom-persist.home", "/home/user");
  accepted("custom-persist.k", "file:user:user:0644:/etc/x");
  accepted("custom-persist.k", "dir:root:root:755:/var/x");
  for (const std::string value : {"", "home", "file:/x", "file:a:b:9:/x", "file:a:b:644:x",
                                  "link:a:b:644:/x", "file::b:644:/x"})
    CHECK(refusal("custom-persist.k", value) == FaultKind::bad_value);
  CHECK(refusal("custom-persist." + std::string(55, 'a'), "/x") == FaultKind::bad_value);
  accepted("preload-dispvm-max", "3");
  CHECK(refusal("preload-dispvm-max", "-1") == FaultKind::bad_value);
  CHECK(refusal("preload-dispvm-max", "three") == FaultKind::bad_value);
  accepted("preload-dispvm-delay", "0.5");
  CHECK(refusal("preload-dispvm-delay", ".5.") == FaultKind::bad_value);
  accepted("net.fake-ip", "10.0.0.1");
  CHECK(refusal("net.fake-ip", "1.2.3.256") == FaultKind::bad_value);
}

TEST_CASE("what Qubes keeps for itself", "[feature]") {
  CHECK(is_internal_feature("preload-dispvm"));
  CHECK(is_internal_feature("deferred-netvm-original"));
  CHECK_FALSE(is_internal_feature("preload-dispvm-max"));
}
