// SPDX-License-Identifier: GPL-2.0-or-later
// Imports into a store, of files that were damaged.
#include "ops/import.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "base/fault.h"
#include "store/fresh_store.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

/// Nothing but the store is there.
struct NothingOutside : Outside {
  Domains* domains() override { return nullptr; }
  Hypervisor& hypervisor() override { throw Fault{FaultKind::no_xen, "none"}; }
  Attachments& attachments() override { throw Fault{FaultKind::no_xen, "none"}; }
  GuestStore& guest_store() override { throw Fault{FaultKind::no_xen, "none"}; }
  std::unique_ptr<PoolDriver> open_pool(const Pool& /*pool*/) override {
    throw Fault{FaultKind::pool_failed, "none"};
  }
  Progress& progress() override { throw Fault{FaultKind::internal, "none"}; }
  std::string program(std::string_view /*name*/) const override { return ""; }
};

struct Import : FreshStore {
  NothingOutside outside;
  std::filesystem::path file = scratch.at("/qubes.xml");

  /// Whether the file could be imported.
  bool import(std::string_view bytes, Rehearsal rehearsal = Rehearsal::no) {
    std::ofstream{file, std::ios::binary} << bytes;
    Context context{store, root, outside, {"dom0", "mgmt-import", "dom0", ""}, rehearsal};
    try {
      import_qubes_xml(context, file);
      return true;
    } catch (const Fault& fault) {
      INFO(fault.what());
      CHECK(fault.kind() == FaultKind::malformed);
      return false;
    }
  }

  /// What any store says of itself, whatever it holds.
  bool is_sound() const {
    return query("PRAGMA foreign_key_check").empty() &&
           query("PRAGMA integrity_check") == std::vector<std::string>{"ok"} &&
           query("SELECT 1 FROM vm WHERE qid = 0 AND name = 'dom0'").size() == 1;
  }

  void remove_vms() const {
    store.run_script(
        "BEGIN; PRAGMA defer_foreign_keys = ON; DELETE FROM volume; DELETE FROM vm_device_option; "
        "DELETE FROM vm_device; DELETE FROM vm_tag; DELETE FROM vm_feature; "
        "DELETE FROM vm_reference; DELETE FROM vm_property; DELETE FROM global_reference; "
        "DELETE FROM vm WHERE qid > 0; COMMIT");
  }
};

std::string real_file() {
  std::ifstream in{QUBES_TEST_DATA "/qubes-100.xml"};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// The file's beginning and end: every kind of VM, in a tenth of its size.
std::string small_file() {
  const std::string whole = real_file();
  return whole.substr(0, whole.find("<domain id=\"domain-17\"")) + "</domains></qubes>";
}

/// Bytes as an attacker or a bad disk would change them: another letter of the file's own.
std::string damaged(std::string text, std::mt19937& generator) {
  const std::size_t at = generator() % text.size();
  if (generator() % 2 == 0)
    text[at] = text[generator() % text.size()];
  else
    text[at] ^= static_cast<char>(1U << (generator() % 8));
  return text;
}

}  // namespace

TEST_CASE_METHOD(Import, "a damaged file is imported whole or not at all", "[import]") {
  const std::string whole = small_file();
  store.run_script("PRAGMA synchronous = OFF");  // it is not the disk that is tested
  REQUIRE(import(whole));
  remove_vms();
  std::mt19937 generator{2};  // NOLINT: the same damage each time
  int imported = 0;
  for (int i = 0; i < 2'000; ++i) {
    const auto before = query("SELECT count(*) FROM change");
    if (import(damaged(whole, generator))) {
      ++imported;
      if (i % 20 == 0) CHECK(is_sound());
      remove_vms();
    } else {
      CHECK(query("SELECT count(*) FROM change") == before);
      CHECK(query("SELECT count(*) FROM vm") == std::vector<std::string>{"1"});
    }
  }
  CHECK(imported > 100);
  CHECK(imported < 1'900);
  CHECK(is_sound());
}

TEST_CASE_METHOD(Import, "a file that was cut off imports nothing", "[import]") {
  const std::string whole = real_file();
  for (std::size_t part = 0; part < 200; ++part)
    CHECK_FALSE(import(whole.substr(0, whole.size() * part / 200)));
  CHECK(query("SELECT seq FROM change").empty());
  CHECK(query("SELECT name FROM vm") == std::vector<std::string>{"dom0"});
}

TEST_CASE_METHOD(Import, "a file of which too much cannot be taken is refused", "[import]") {
  std::string vms;
  for (int i = 0; i < 40; ++i) {
    vms += "<domain id=\"domain-1\" class=\"AdminVM\"><features>";
    for (int j = 0; j < 9'999; ++j) vms += "<feature name=\"f\"/>";
    vms += "</features></domain>";
  }
  std::string properties;
  for (int i = 0; i < 9'999; ++i) properties += "<property name=\"" + std::string(80, 'x') + "\"/>";
  CHECK_FALSE(import("<qubes><labels/><properties>" + properties + "</properties><domains>" + vms +
                     "</domains></qubes>"));
  CHECK(query("SELECT seq FROM change").empty());
}

TEST_CASE_METHOD(Import, "long chains of netvms and their loops end", "[import]") {
  std::string domains;
  for (int i = 1; i <= 9'999; ++i)
    domains += "<domain id=\"domain-" + std::to_string(i) +
               "\" class=\"StandaloneVM\"><properties><property name=\"name\">n" +
               std::to_string(i) +
               "</property><property name=\"provides_network\">True</property>" +
               "<property name=\"netvm\">n" + std::to_string(i % 9'999 + 1) +
               "</property></properties></domain>";
  CHECK(import("<qubes><labels/><domains>" + domains + "</domains></qubes>", Rehearsal::yes));
  CHECK(import("<qubes><labels/><domains>" + domains + "</domains></qubes>"));
  CHECK(query("SELECT count(*) FROM vm_reference WHERE target IS NULL") ==
        std::vector<std::string>{"1"});
  CHECK(query("SELECT count(*) FROM vm") == std::vector<std::string>{"10000"});
}
