// SPDX-License-Identifier: GPL-2.0-or-later
#include <fstream>

#include "tools/world.h"

using namespace qubes::mgmt::test;
using namespace std::string_literals;
namespace fs = std::filesystem;

namespace {

constexpr const char* kDom0 = "dom0 class=AdminVM state=Running";
constexpr const char* kDeb = "deb class=TemplateVM state=Halted";
constexpr const char* kWork = "work class=AppVM state=Halted";

std::string lines(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + "\n";
  return all;
}

}  // namespace

TEST_CASE_METHOD(World, "the first call lists dom0", "[mgmt.vm.List]") {
  check_done(shell({"mgmt.vm.List"}), lines({kDom0}));
}

TEST_CASE_METHOD(TwoVms, "lists dom0 first, then by name", "[mgmt.vm.List]") {
  check_done(shell({"mgmt.vm.Create.AppVM", "deb", "name=Alpha", "label=red"}));
  const std::string all = lines({kDom0, "Alpha class=AppVM state=Halted", kDeb, kWork});
  check_done(shell({"mgmt.vm.List"}), all);
  check_done(shell({"mgmt1.vm.List"}), all);
  check_done(shell({"mgmt.vm.List", "dom0"}), all);
  check_done(call({"mgmt.vm.List"}), all);
}

TEST_CASE_METHOD(TwoVms, "lists one VM, by name and by uuid", "[mgmt.vm.List]") {
  const std::string uuid = query("SELECT uuid FROM vm WHERE name = 'work'").front();
  check_done(shell({"mgmt.vm.List", "work"}), lines({kWork}));
  check_done(call({.method = "mgmt.vm.List", .target = "work"}), lines({kWork}));
  check_done(call({.method = "mgmt.vm.List", .target = "uuid:" + uuid}), lines({kWork}));
}

TEST_CASE_METHOD(TwoVms, "tells today's clients the uuids", "[mgmt.vm.List]") {
  std::string all = "0\0"s + kDom0 + " uuid=00000000-0000-0000-0000-000000000000\n";
  for (const std::string name : {"deb", "work"})
    all += name + (name == "deb" ? " class=TemplateVM" : " class=AppVM") + " state=Halted uuid=" +
           query("SELECT uuid FROM vm WHERE name = '" + name + "'").front() + "\n";
  check_done(call({"admin.vm.List"}), all);
  check_done(shell({"admin.vm.List"}), all);
}

TEST_CASE_METHOD(TwoVms, "refuses what it does not take", "[mgmt.vm.List]") {
  const std::string before = state();
  check_refused(shell({"mgmt.vm.List", "nobody"}), 3, "mgmt.vm.List: nobody", "'nobody'");
  check_refused(shell({"mgmt.vm.List", "work", "more"}), 2, "mgmt.vm.List", "'more'");
  check_refused(shell({"mgmt.vm.List", ".work"}), 1, "mgmt.vm.List: .work", "letter");
  check_refused(shell({"mgmt.vm.List", "uuid:"}), 2, "mgmt.vm.List: uuid:", "UUID");
  CHECK(call({.method = "admin.vm.List", .target = ".work"})
            .out.starts_with("2\0QubesValueError\0\0%s\0"s));
  CHECK(call({.method = "admin.vm.List", .target = "uuid:x"})
            .out.starts_with("2\0QubesVMInvalidUUIDError\0\0%s\0"s));
  CHECK(call({.method = "mgmt.vm.List", .argument = "x"}).status == 2);
  CHECK(call({.method = "mgmt.vm.List", .payload = "x"}).status == 2);
  // A malformed request gets no bytes at all from what answers as today's qubesd.
  check_done(call({.method = "admin.vm.List", .argument = "x"}).out.empty() ? Result{0, "", ""}
                                                                            : Result{1, "", ""});
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "suggests a name only to dom0", "[mgmt.vm.List]") {
  check_refused(shell({"mgmt.vm.List", "wrok"}), 3, "mgmt.vm.List: wrok", "did you mean 'work'?");
  const Result other = call({.method = "mgmt.vm.List", .target = "wrok", .source = "deb"});
  CHECK(other.status == 3);
  CHECK(other.out == "mgmt.vm.List: wrok: no VM is called 'wrok'\n");
  CHECK(shell({"mgmt.vm.List", "wrok", "--as", "deb"}).err.find("mean") == std::string::npos);
}

TEST_CASE_METHOD(TwoVms, "another caller sees what the policy lets it list", "[mgmt.vm.List]") {
  check_done(call({.method = "mgmt.vm.Create.AppVM",
                   .argument = "deb",
                   .payload = "name=made label=red",
                   .source = "work"}));
  const auto listed_by = [&](const char* source) {
    return call({.method = "mgmt.vm.List", .source = source});
  };
  check_done(listed_by("work"), "");  // no policy at all allows nothing
  fs::create_directories(root.at("/etc/qubes/policy.d"));
  fs::create_directories(root.at("/run/qubes/policy.d"));
  std::ofstream{root.at("/etc/qubes/policy.d/50-test.policy")}
      << "mgmt.vm.List * work @adminvm allow\n"
         "mgmt.vm.List * work @tag:created-by-work allow target=dom0\n"
         "mgmt.vm.List * work work allow target=dom0\n"
         "mgmt.vm.List * work deb ask target=dom0\n"
         "admin.vm.List * deb @anyvm allow target=dom0\n";
  const std::string seen = lines({kDom0, "made class=AppVM state=Halted", kWork});
  check_done(listed_by("work"), seen);
  check_done(shell({"mgmt.vm.List", "--as", "work"}), seen);
  check_done(call({.method = "mgmt.vm.List", .target = "deb", .source = "work"}), "");
  check_done(call({.method = "mgmt.vm.List", .target = "made", .source = "work"}),
             "made class=AppVM state=Halted\n");
  check_done(listed_by("deb"), "");
  CHECK(call({.method = "admin.vm.List", .source = "deb"}).out.find("work ") != std::string::npos);
}
