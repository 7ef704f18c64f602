// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/create.h"

#include <algorithm>
#include <functional>
#include <random>

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/globals.h"
#include "ops/labels.h"
#include "ops/sweep.h"
#include "ops/tags.h"
#include "ops/vms.h"
#include "ops/volumes.h"
#include "store/intents.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

constexpr std::int64_t kBlackLabel = 8;

/// A VM on its way into the store.
struct Plan {
  Vm vm;
  std::optional<Vm> template_vm;
  std::vector<Volume> volumes;
  std::int64_t intent;
};

void require_no_vm_called(const Context& context, const VmName& name) {
  if (VmTable{context.store}.find(name))
    throw Fault{FaultKind::vm_exists, concat("a VM called '", name.text(), "' exists already")};
}

void require_free_name(const Context& context, const VmName& name) {
  require_no_vm_called(context, name);
  if (IntentTable{context.store}.is_being_created(name.text()))
    throw Fault{FaultKind::vm_exists, concat("a VM called '", name.text(),
                                             "' is being made by another call, or waits "
                                             "for the leftovers of one that was killed to be "
                                             "swept")};
}

std::int64_t label_for(const Context& context, const NewVm& wanted) {
  return wanted.label ? find_label(context, wanted.label->text()).id : kBlackLabel;
}

Vm default_template(const Context& context, VmClass vm_class) {
  const std::string_view property =
      vm_class == VmClass::DispVM ? "default_dispvm" : "default_template";
  const std::string name = global_value(context, property);
  if (!name.empty()) return find_vm(context, VmName::parse(name));
  throw Fault{FaultKind::bad_value,
              concat("name a template: there is no ", property, " to be used instead")};
}

void require_fit(const Context& context, VmClass vm_class, const Vm& chosen) {
  const bool is_disposable = vm_class == VmClass::DispVM;
  if (is_disposable && StoreFacts{context, chosen}.value("template_for_dispvms") != "True")
    throw Fault{FaultKind::bad_value, concat("'", chosen.name, "' cannot be the template of a ",
                                             "DispVM: its template_for_dispvms is not True")};
  if (!is_disposable && chosen.vm_class != VmClass::TemplateVM)
    throw Fault{FaultKind::bad_property_value,
                concat("'", chosen.name, "' cannot be the template of an AppVM: it is of class ",
                       text(chosen.vm_class), ", a TemplateVM is needed")};
}

std::optional<Vm> template_for(const Context& context, const NewVm& wanted) {
  if (!is_based_on_template(wanted.vm_class)) {
    if (!wanted.template_name) return std::nullopt;
    throw Fault{FaultKind::malformed,
                concat("a ", text(wanted.vm_class), " is not based on a template: name none")};
  }
  const Vm chosen = wanted.template_name ? find_vm(context, *wanted.template_name)
                                         : default_template(context, wanted.vm_class);
  require_fit(context, wanted.vm_class, chosen);
  return chosen;
}

std::vector<VolumeId> made_on_disk(const std::vector<Volume>& volumes) {
  std::vector<VolumeId> ids;
  for (const Volume& volume : volumes)
    if (volume.save_on_stop) ids.push_back({volume.pool, volume.vid.value()});
  return ids;
}

// What it will be, as far as can be told without keeping others from the store: ids of volumes
// are looked for on disk as well.
Plan plan_for(const Context& context, const NewVm& wanted) {
  const auto chosen = template_for(context, wanted);
  Plan plan{{.qid = 0,
             .uuid = Uuid::random(),
             .name = wanted.name.text(),
             .vm_class = wanted.vm_class,
             .label = label_for(context, wanted),
             .template_qid = chosen ? std::optional{chosen->qid} : std::nullopt},
            chosen,
            {},
            0};
  require_free_name(context, wanted.name);
  plan.volumes = volumes_for(context, wanted.vm_class, plan.vm.name, chosen);
  return plan;
}

bool is_any_taken(const Context& context, const Plan& plan) {
  return std::ranges::any_of(plan.volumes, [&](const Volume& volume) {
    return volume.vid && VolumeTable{context.store}.is_taken(volume.pool, *volume.vid);
  });
}

// First step: everything is checked and reserved, nothing is to be seen yet. A rehearsal
// reserves nothing, and goes on to show what would appear.
Plan reserve(Context& context, const NewVm& wanted) {
  Plan plan = plan_for(context, wanted);
  context.begin();
  // Another call may have been faster.
  require_free_name(context, wanted.name);
  if (is_any_taken(context, plan)) {
    context.roll_back();
    return reserve(context, wanted);
  }
  plan.intent = IntentTable{context.store}.add(IntentKind::create, std::nullopt, plan.vm.name,
                                               made_on_disk(plan.volumes));
  if (context.is_rehearsal())
    context.roll_back();
  else
    context.commit();
  return plan;
}

// Random, so that the address of a disposable does not lead to one that was there before.
Qid free_dispid(const Context& context) {
  const auto taken = PropertyTable{context.store}.values("dispid");
  const Qid first = static_cast<Qid>(std::random_device{}() % kLargestQid) + 1;
  for (Qid dispid = first;;) {
    if (!taken.contains(std::to_string(dispid))) return dispid;
    dispid = dispid % kLargestQid + 1;
    if (dispid == first) throw Fault{FaultKind::failed, "there are 9999 disposables already"};
  }
}

// What the plan was made on may have changed since: its template and its label may be gone or
// others, and another VM may have been given its name.
void check_again(const Context& context, const NewVm& wanted, Plan& plan) {
  require_no_vm_called(context, wanted.name);
  plan.vm.label = label_for(context, wanted);
  if (!plan.template_vm) return;
  const auto now = VmTable{context.store}.find(VmReference{plan.template_vm->uuid});
  if (!now)
    throw Fault{FaultKind::no_such_vm,
                concat("the template '", plan.template_vm->name, "' has been removed meanwhile")};
  require_fit(context, wanted.vm_class, *now);
  if (now->template_qid != plan.template_vm->template_qid)
    throw Fault{FaultKind::busy, concat("'", now->name, "' has got another template meanwhile, ",
                                        "from which its disposables are made: try again")};
}

// Last step: the VM appears, whole.
void appear(Context& context, const NewVm& wanted, Plan& plan) {
  Change& change = context.begin();
  check_again(context, wanted, plan);
  plan.vm.qid = VmTable{context.store}.smallest_free_qid();
  VmTable{context.store}.add(plan.vm);
  if (plan.vm.vm_class == VmClass::DispVM)
    PropertyTable{context.store}.set_value(plan.vm.qid, "dispid",
                                           std::to_string(free_dispid(context)));
  for (Volume& volume : plan.volumes) {
    volume.vm = plan.vm.qid;
    VolumeTable{context.store}.add(volume);
  }
  change.event("", "domain-add", {{"vm", plan.vm.name}});
  mark_new_vm(context, plan.vm);
  change.event(plan.vm.name, "domain-create-on-disk");
  IntentTable{context.store}.drop(plan.intent);
  context.commit();
}

using FillVolume = std::function<void(Volume& volume, PoolDriver& driver)>;

void create_with(Context& context, const NewVm& wanted, const FillVolume& fill) {
  sweep_orphans(context);
  Plan plan = reserve(context, wanted);
  if (context.is_rehearsal()) return appear(context, wanted, plan);
  try {
    for (Volume& volume : plan.volumes)
      if (volume.save_on_stop)
        fill(volume, *context.outside.open_pool(PoolTable{context.store}.get(volume.pool)));
    appear(context, wanted, plan);
  } catch (...) {
    undo_volumes(context, made_on_disk(plan.volumes), plan.intent);
    throw;
  }
}

}  // namespace

void create_vm(Context& context, const NewVm& wanted) {
  if (wanted.vm_class == VmClass::AdminVM)
    throw Fault{FaultKind::bad_property_value, "there is one AdminVM, dom0, and no other"};
  create_with(context, wanted, [](Volume& volume, PoolDriver& driver) {
    driver.create(volume.vid.value(), volume.size);
  });
}

void create_template(Context& context, const VmName& name, int image) {
  const NewVm wanted{VmClass::TemplateVM, name, std::nullopt, std::nullopt};
  create_with(context, wanted, [&](Volume& volume, PoolDriver& driver) {
    if (volume.name == "root")
      volume.size = driver.import(volume.vid.value(), image, context.outside.progress());
    else
      driver.create(volume.vid.value(), volume.size);
  });
}

}  // namespace qubes::mgmt
