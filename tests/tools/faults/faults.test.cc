// SPDX-License-Identifier: GPL-2.0-or-later
// Each call is killed, and fails for want of space or by an I/O error, at the system calls by
// which it changes something.
#include "tools/faults/campaign.h"

using namespace qubes::mgmt::test;

namespace {

using Words = std::vector<std::string>;

bool has_vm(const World& world, const std::string& name) {
  return !world.query("SELECT 1 FROM vm WHERE name = '" + name + "'").empty();
}

void make_template(const World& world) {
  check_done(world.shell({"mgmt.vm.CreateTemplate", "deb"}, some_image(4096)));
}

void make_two_vms(const World& world) {
  make_template(world);
  check_done(world.shell({"mgmt.vm.Create.AppVM", "deb", "name=work", "label=red"}));
}

auto shell(Words words, std::string input = {}) {
  return [=](const World& world) { return world.shell_program(words, input); };
}

const Campaign kCreate{"Create.AppVM", 1, make_template,
                       shell({"mgmt.vm.Create.AppVM", "deb", "name=work", "label=red"}),
                       [](const World& world) { return has_vm(world, "work"); }};

const Campaign kCreateTemplate{"CreateTemplate", 1, make_template,
                               shell({"mgmt.vm.CreateTemplate", "new"}, some_image(300'000)),
                               [](const World& world) { return has_vm(world, "new"); }};

const Campaign kRemove{"Remove", 3, make_two_vms, shell({"mgmt.vm.Remove", "work"}),
                       [](const World& world) { return !has_vm(world, "work"); }};

const Campaign kSet{
    "property.Set", 0, make_two_vms, shell({"mgmt.vm.property.Set", "work", "memory", "800"}),
    [](const World& world) {
      return world.query("SELECT value FROM vm_property WHERE vm = 2") == Words{"800"};
    }};

const Campaign kFirstCall{"the first call", 0, [](const World& /*world*/) {},
                          shell({"mgmt.vm.List"}),
                          [](const World& world) { return has_vm(world, "dom0"); }};

}  // namespace

TEST_CASE("a call that breaks off leaves nothing half done", "[faults]") {
  const Campaign& campaign =
      *GENERATE(values({&kCreate, &kCreateTemplate, &kRemove, &kSet, &kFirstCall}));
  const Blow blow = GENERATE(Blow::kill, Blow::no_space, Blow::io_error);
  run_campaign(campaign, blow);
}
