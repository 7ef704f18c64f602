// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/create.h"

#include <functional>

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/features.h"
#include "ops/globals.h"
#include "ops/labels.h"
#include "ops/tags.h"
#include "ops/vms.h"
#include "ops/volumes.h"
#include "store/intents.h"
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

void require_free_name(const Context& context, const VmName& name) {
  if (VmTable{context.store}.find(name))
    throw Fault{FaultKind::vm_exists, concat("a VM called '", name.text(), "' exists already")};
  if (IntentTable{context.store}.is_being_created(name.text()))
    throw Fault{FaultKind::vm_exists,
                concat("a VM called '", name.text(), "' is being made by another call")};
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

// First step: everything is checked and reserved, nothing is to be seen yet. A rehearsal
// reserves nothing, and goes on to show what would appear.
Plan reserve(Context& context, const NewVm& wanted) {
  context.begin();
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
  plan.intent = IntentTable{context.store}.add(IntentKind::create, std::nullopt, plan.vm.name,
                                               made_on_disk(plan.volumes));
  if (context.is_rehearsal())
    context.roll_back();
  else
    context.commit();
  return plan;
}

// Last step: the VM appears, whole.
void appear(Context& context, Plan& plan) {
  Change& change = context.begin();
  // The template may have been removed since.
  if (plan.template_vm) find_vm(context, VmReference{plan.template_vm->uuid});
  plan.vm.qid = VmTable{context.store}.smallest_free_qid();
  VmTable{context.store}.add(plan.vm);
  for (Volume& volume : plan.volumes) {
    volume.vm = plan.vm.qid;
    VolumeTable{context.store}.add(volume);
  }
  change.event("", "domain-add", {{"vm", plan.vm.name}});
  tag_new_vm(context, plan.vm);
  if (global_value(context, "check_updates_vm") == "False")
    put_feature(context, plan.vm, "check-updates", "");
  change.event(plan.vm.name, "domain-create-on-disk");
  IntentTable{context.store}.drop(plan.intent);
  context.commit();
}

// A failure here must not hide the first; what is left then has an intent that names it.
void undo(Context& context, const Plan& plan) {
  context.roll_back();
  try {
    for (const VolumeId& id : made_on_disk(plan.volumes))
      context.outside.open_pool(PoolTable{context.store}.get(id.pool))->remove(id.vid);
    context.begin();
    IntentTable{context.store}.drop(plan.intent);
    context.commit();
  } catch (const Fault&) {
    context.roll_back();
  }
}

using FillVolume = std::function<void(Volume& volume, PoolDriver& driver)>;

void create_with(Context& context, const NewVm& wanted, const FillVolume& fill) {
  sweep_orphans(context);
  Plan plan = reserve(context, wanted);
  if (context.is_rehearsal()) return appear(context, plan);
  try {
    for (Volume& volume : plan.volumes)
      if (volume.save_on_stop)
        fill(volume, *context.outside.open_pool(PoolTable{context.store}.get(volume.pool)));
    appear(context, plan);
  } catch (...) {
    undo(context, plan);
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
