// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/import.h"

#include <fcntl.h>

#include <algorithm>

#include "exchange/firewall_xml.h"
#include "ops/export.h"
#include "ops/import_plan.h"
#include "ops/sweep.h"
#include "storage/drivers.h"
#include "store/devices.h"
#include "store/firewall.h"
#include "store/intents.h"
#include "store/marks.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

using Lines = std::vector<std::string>;

QubesXml read(const fs::path& file) {
  const auto bytes = read_file(file, kLongestQubesXml);
  if (!bytes)
    throw Fault{FaultKind::io_failed, concat("there is no file '", printable(file.native()), "'")};
  try {
    return read_qubes_xml(*bytes);
  } catch (const Fault& fault) {
    throw Fault{fault.kind(),
                concat("'", printable(file.native()), "' is no qubes.xml: ", fault.what())};
  }
}

// A rule that is left out could let through what it was to drop, so that rules which cannot be
// read drop everything.
std::vector<FirewallRule> read_firewall(int descriptor, const std::string& vm, Lines& notes) {
  try {
    return read_firewall_xml(read_all(descriptor, kLongestFirewallXml));
  } catch (const Fault& fault) {
    if (fault.kind() != FaultKind::malformed && fault.kind() != FaultKind::bad_value) throw;
    notes.push_back(concat(vm, ": firewall.xml: ", fault.what(),
                           "; until its rules are set anew, all its traffic is dropped"));
    return {};
  }
}

void read_firewalls(const fs::path& file, ImportPlan& plan) {
  const Folder beside{file.has_parent_path() ? file.parent_path() : "."};
  for (auto& planned : plan.vms) {
    if (planned.vm.qid == kDom0) continue;  // what leaves dom0 passes no netvm
    const auto opened = beside.open(firewall_file(planned.vm), O_RDONLY);
    if (opened) planned.firewall = read_firewall(opened->number(), planned.vm.name, plan.left_out);
  }
}

std::vector<Label> builtin_labels(const sqlite::Database& store) {
  constexpr std::int64_t kLastBuiltin = 8;
  auto labels = LabelTable{store}.all();
  std::erase_if(labels, [](const Label& label) { return label.id > kLastBuiltin; });
  return labels;
}

void require_empty(const Context& context) {
  if (!IntentTable{context.store}.is_empty())
    throw Fault{FaultKind::busy, "another call is making or removing a VM; try again"};
  const std::size_t vms = VmTable{context.store}.all().size() - 1;
  if (vms > 0)
    throw Fault{FaultKind::failed,
                concat("the store has ", vms, " VMs besides dom0; an import needs one without")};
  if (VolumeTable{context.store}.number_without_vm() > 0)
    throw Fault{FaultKind::failed, "the store has volumes that no VM owns; remove them first"};
}

// Only dom0 itself stays. References are checked when all is there.
void clear(const sqlite::Database& store) {
  store.run_script(
      "PRAGMA defer_foreign_keys = ON; DELETE FROM vm_property; DELETE FROM vm_reference; "
      "DELETE FROM vm_feature; DELETE FROM vm_tag; DELETE FROM vm_device_option; "
      "DELETE FROM vm_device; DELETE FROM firewall_rule; DELETE FROM firewall; "
      "DELETE FROM global_property; DELETE FROM global_reference; DELETE FROM volume; "
      "DELETE FROM pool_option; DELETE FROM pool; DELETE FROM label; DELETE FROM vm");
}

std::optional<Qid> qid_of(const ImportPlan& plan, const std::string& name) {
  if (name.empty()) return std::nullopt;
  return plan.find(name)->vm.qid;
}

void write_settings(const sqlite::Database& store, const ImportPlan& plan,
                    const ImportPlan::PlannedVm& planned) {
  const PropertyTable properties{store};
  const Qid qid = planned.vm.qid;
  for (const auto& [name, value] : planned.values) properties.set_value(qid, name, value);
  for (const auto& [name, target] : planned.references)
    properties.set_reference(qid, name, qid_of(plan, target));
  for (const QubesXml::Named& feature : planned.features)
    FeatureTable{store}.set(qid, feature.name, feature.value);
  for (const std::string& tag : planned.tags) TagTable{store}.add(qid, tag);
  for (const DeviceAssignment& device : planned.devices) DeviceTable{store}.add(qid, device);
  if (planned.firewall) {
    std::vector<FirewallLine> lines;
    for (const FirewallRule& rule : *planned.firewall) lines.push_back({std::nullopt, rule});
    FirewallTable{store}.put(qid, lines);
  }
}

void write(const sqlite::Database& store, const ImportPlan& plan) {
  clear(store);
  for (const Label& label : plan.labels) LabelTable{store}.add(label);
  for (const Pool& pool : plan.pools) PoolTable{store}.add(pool);
  for (const auto& planned : plan.vms) VmTable{store}.add(planned.vm);
  for (const auto& planned : plan.vms) write_settings(store, plan, planned);
  for (const Volume& volume : plan.volumes) VolumeTable{store}.add(volume);
  const PropertyTable properties{store};
  for (const auto& [name, value] : plan.global_values) properties.set_global_value(name, value);
  for (const auto& [name, target] : plan.global_references)
    properties.set_global_reference(name, qid_of(plan, target));
}

std::vector<std::pair<std::size_t, std::string>> counts(const ImportPlan& plan) {
  std::size_t properties = 0;
  std::size_t features = 0;
  std::size_t tags = 0;
  std::size_t devices = 0;
  std::size_t rules = 0;
  for (const auto& planned : plan.vms) {
    properties += planned.values.size() + planned.references.size();
    features += planned.features.size();
    tags += planned.tags.size();
    devices += planned.devices.size();
    rules += planned.firewall ? planned.firewall->size() : 0;
  }
  return {{plan.vms.size() - 1, "VMs"},
          {properties, "properties"},
          {features, "features"},
          {tags, "tags"},
          {devices, "devices"},
          {rules, "firewall rules"},
          {plan.volumes.size(), "volumes"},
          {plan.labels.size(), "labels"},
          {plan.pools.size(), "pools"},
          {plan.global_values.size() + plan.global_references.size(), "global properties"}};
}

void find_missing(Context& context, const ImportPlan& plan, const Pool& pool, Lines& missing) {
  const auto driver = context.outside.open_pool(pool);
  for (const Volume& volume : plan.volumes) {
    if (volume.pool != pool.id || !volume.save_on_stop) continue;
    try {
      driver->verify({.vid = volume.vid.value(),
                      .kind = VolumeKind::persistent,
                      .size = volume.size,
                      .source = std::nullopt,
                      .revisions_to_keep = volume.revisions_to_keep});
    } catch (const Fault& fault) {
      missing.push_back(concat("pool ", pool.name, ": ", fault.what()));
    }
  }
}

Lines missing_volumes(Context& context, const ImportPlan& plan) {
  Lines missing;
  for (const Pool& pool : plan.pools) {
    try {
      find_missing(context, plan, pool, missing);
    } catch (const Fault& fault) {
      missing.push_back(concat("pool ", pool.name, ": ", fault.what()));
    }
  }
  return missing;
}

}  // namespace

ImportReport import_qubes_xml(Context& context, const fs::path& file) {
  const QubesXml content = read(file);
  ImportPlan plan = plan_import(content, builtin_labels(context.store));
  // All that waits for a disk comes before the store is locked.
  read_firewalls(file, plan);
  sweep_orphans(context);
  context.begin(Recorded::event);
  require_empty(context);
  write(context.store, plan);
  // Whoever follows events reads everything anew, as at the beginning of a connection.
  context.change().event("", "connection-established");
  if (context.is_rehearsal())
    context.roll_back();
  else
    context.commit();
  return {counts(plan), plan.left_out, missing_volumes(context, plan)};
}

}  // namespace qubes::mgmt
