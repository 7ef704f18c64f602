// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/doctor.h"

#include "base/fault.h"
#include "base/text.h"
#include "ops/settle.h"
#include "ops/sweep.h"
#include "ops/vms.h"
#include "store/intents.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

using Findings = std::vector<Finding>;

void look_at_store(const Context& context, Findings& found) {
  auto check = context.store.query("PRAGMA quick_check(10)");
  while (check.next())
    if (const std::string said = check.text(0); said != "ok")
      found.push_back({concat("the store is damaged: ", said)});
  auto strays = context.store.query("PRAGMA foreign_key_check");
  while (strays.next())
    found.push_back({concat("the store is damaged: a row of ", strays.text(0), " refers to one of ",
                            strays.text(2), " that is not there")});
}

void sweep(Context& context, std::int64_t id) {
  sweep_orphans(context);
  for (const Intent& orphan : IntentTable{context.store}.orphans_without_vm())
    if (orphan.id == id)
      throw Fault{FaultKind::failed,
                  concat("the volumes of '", orphan.name, "' cannot be removed; ",
                         "the findings about their pool may say why")};
}

void look_at_intents(const Context& context, Findings& found) {
  for (const Intent& orphan : IntentTable{context.store}.orphans_without_vm()) {
    const std::string_view doing = orphan.kind == IntentKind::remove ? "removed" : "made";
    found.push_back({concat("a call was killed while it ", doing, " '", orphan.name, "'"),
                     "its volumes are removed",
                     [id = orphan.id](Context& mending) { sweep(mending, id); }});
  }
}

void settle(Context& context, const Vm& vm) {
  const FileLock lock = lock_vm(context, vm);
  if (VmTable{context.store}.find(VmReference{vm.uuid})) settle_vm(context, vm);
}

void look_at_vms(const Context& context, Findings& found) {
  for (const auto& [vm, state] : vms_with_states(context)) {
    if (state == VmState::Paused && !IntentTable{context.store}.orphans_of(vm.qid).empty())
      found.push_back({concat("'", vm.name, "' was paused for a moment by a call that was killed"),
                       "it goes on", [vm = vm](Context& mending) { settle(mending, vm); }});
    if (state != VmState::Halted) continue;
    const bool has_ended = RunningTable{context.store}.find(vm.qid).has_value();
    if (!has_ended && IntentTable{context.store}.orphans_of(vm.qid).empty()) continue;
    found.push_back({concat("'", vm.name, "' has halted, and ",
                            has_ended ? "its end is not recorded" : "its start was killed"),
                     "its volumes are stopped in order",
                     [vm = vm](Context& mending) { settle(mending, vm); }});
  }
}

}  // namespace

std::vector<Finding> findings_of(Context& context) {
  Findings found;
  look_at_store(context, found);
  if (!found.empty()) return found;  // nothing that is read from it can be relied on
  look_at_intents(context, found);
  look_at_vms(context, found);
  for (const Pool& pool : PoolTable{context.store}.all())
    for (Finding& finding : findings_in_pool(context, pool)) found.push_back(std::move(finding));
  return found;
}

}  // namespace qubes::mgmt
