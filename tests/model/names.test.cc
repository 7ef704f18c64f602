// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/names.h"

#include <catch2/catch.hpp>

#include "base/fault.h"
#include "model/new_vm_options.h"
#include "model/shutdown_words.h"
#include "model/uuid.h"

using namespace qubes::mgmt;
using namespace std::string_literals;

namespace {

/// The kind of fault with which a type refuses a text.
template <class Type>
FaultKind refusal(const std::string& text) {
  try {
    Type::parse(text);
  } catch (const Fault& fault) {
    return fault.kind();
  }
  FAIL("accepted: " << text);
  return FaultKind::failed;
}

}  // namespace

TEST_CASE("a VM's name", "[VmName]") {
  for (const std::string name : {"a", "work", "Work-2_x.y", "None", "Default", "domain-0", "disp1",
                                 "x-dm-", "dm", "abcdefghijklmnopqrstuvwxyz01234"})
    CHECK(VmName::parse(name).text() == name);
  for (const std::string& name :
       {""s, "none"s, "default"s, "Domain-0"s, "x-dm"s, "1a"s, "-a"s, "_a"s, ".a"s, "a b"s, "a/b"s,
        "a\0b"s, "a\n"s, "\xc3\xa9"s, "a@b"s, "abcdefghijklmnopqrstuvwxyz012345"s}) {
    INFO(name);
    CHECK(refusal<VmName>(name) == FaultKind::bad_value);
  }
}

TEST_CASE("a reference to a VM is its name or its uuid", "[VmReference]") {
  const std::string uuid = "uuid:0fae1b2c-3d4e-4f60-8123-456789abcdef";
  CHECK(VmReference::parse("work").text() == "work");
  CHECK(VmReference::parse(uuid).text() == uuid);
  CHECK(refusal<VmReference>("uuid:") == FaultKind::bad_uuid);
  CHECK(refusal<VmReference>("uuid:work") == FaultKind::bad_uuid);
  CHECK(refusal<VmReference>(":work") == FaultKind::bad_value);
}

TEST_CASE("a uuid", "[Uuid]") {
  CHECK(Uuid::parse("0FAE1B2C-3d4e-4f60-8123-456789abcdef").text() ==
        "0fae1b2c-3d4e-4f60-8123-456789abcdef");
  CHECK(Uuid{}.text() == "00000000-0000-0000-0000-000000000000");
  for (const std::string text :
       {"", "0fae1b2c3d4e4f608123456789abcdef", "0fae1b2c-3d4e-4f60-8123-456789abcdeg",
        "0fae1b2c-3d4e-4f60-8123-456789abcde", "0fae1b2c-3d4e-4f60-8123-456789abcdef0",
        "0fae1b2c03d4e-4f60-8123-456789abcdef", "{fae1b2c-3d4e-4f60-8123-456789abcde}",
        "-fae1b2c-3d4e-4f60-8123-456789abcdef"}) {
    INFO(text);
    CHECK(refusal<Uuid>(text) == FaultKind::bad_uuid);
  }
}

TEST_CASE("a random uuid is of version 4 and another each time", "[Uuid]") {
  const std::string text = Uuid::random().text();
  CHECK(text[14] == '4');
  CHECK("89ab"s.find(text[19]) != std::string::npos);
  CHECK(Uuid::parse(text).text() == text);
  CHECK(Uuid::random().text() != text);
}

TEST_CASE("labels, tags and names of properties", "[names]") {
  CHECK(LabelName::parse("dark-red.2").text() == "dark-red.2");
  for (const std::string name : {"", "7", "a b", "a/b", "a\n", "\xc3\xa9"})
    CHECK(refusal<LabelName>(name) == FaultKind::bad_label);
  CHECK(Tag::parse("created-by_1").text() == "created-by_1");
  for (const std::string name : {"", "a.b", "+", "a b"})
    CHECK(refusal<Tag>(name) == FaultKind::bad_tag);
  CHECK(PropertyName::parse("include_in_backups").text() == "include_in_backups");
  CHECK(refusal<PropertyName>("no-such") == FaultKind::no_such_property);
}

TEST_CASE("the options of a new VM", "[NewVmOptions]") {
  for (const std::string text : {"name=work label=red", "label=red name=work"}) {
    CHECK(NewVmOptions::parse(text).name.text() == "work");
    CHECK(NewVmOptions::parse(text).label.text() == "red");
  }
  for (const std::string text :
       {"", "name=work", "label=red", "name=work  label=red", "name=work label=red ",
        " name=work label=red", "name=work label=red name=work", "name=work label=red x=y",
        "name=work label=red pool=p", "name work", "=work label=red"}) {
    INFO(text);
    CHECK(refusal<NewVmOptions>(text) == FaultKind::malformed);
  }
  CHECK(refusal<NewVmOptions>("name=1st label=red") == FaultKind::bad_value);
  CHECK(refusal<NewVmOptions>("name=work label=red\n") == FaultKind::bad_label);
  CHECK(refusal<NewVmOptions>("name=work label=8") == FaultKind::bad_label);
  CHECK(refusal<NewVmOptions>("name=work label=") == FaultKind::bad_label);
  // Values are looked at as they come, so the name is refused before the label is missed.
  CHECK(refusal<NewVmOptions>("name=1st") == FaultKind::bad_value);
}

TEST_CASE("how a shutdown is wished for", "[ShutdownWords]") {
  for (const std::string text : {"force+wait", "wait+force"}) {
    CHECK(ShutdownWords::parse(text).force);
    CHECK(ShutdownWords::parse(text).wait);
  }
  CHECK(ShutdownWords::parse("force").force);
  CHECK_FALSE(ShutdownWords::parse("force").wait);
  CHECK_FALSE(ShutdownWords::parse("wait").force);
  for (const std::string text : {"forcewait", "force+", "+", "+wait", "now", "FORCE", "force wait"})
    CHECK(refusal<ShutdownWords>(text) == FaultKind::malformed);
}
