// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/sweep.h"

#include "base/fault.h"
#include "base/lock.h"
#include "base/text.h"
#include "store/open.h"

namespace qubes::mgmt {
namespace {

bool is_still_there(const Context& context, std::int64_t intent) {
  for (const Intent& orphan : IntentTable{context.store}.orphans_without_vm())
    if (orphan.id == intent) return true;
  return false;
}

// Both a creation and a removal that broke off leave volumes that no VM has.
void sweep(Context& context, const Intent& orphan) {
  // Two that sweep the same would remove what a third has made anew in between.
  const auto lock = FileLock::attempt(lock_file(context.root, concat("intent-", orphan.id)));
  if (!lock || !is_still_there(context, orphan.id)) return;
  remove_volumes(context, orphan.volumes, orphan.id);
}

}  // namespace

void sweep_orphans(Context& context) {
  if (context.is_rehearsal()) return;
  for (const Intent& orphan : IntentTable{context.store}.orphans_without_vm()) {
    try {
      sweep(context, orphan);
    } catch (const Fault&) {
      // What cannot be swept, with its pool gone say, keeps its note and stops nobody else.
      context.roll_back();
    }
  }
}

void remove_volumes(Context& context, const std::vector<VolumeId>& volumes, std::int64_t intent) {
  for (const VolumeId& id : volumes)
    context.outside.open_pool(PoolTable{context.store}.get(id.pool))->remove(id.vid);
  context.begin();
  IntentTable{context.store}.drop(intent);
  context.commit();
}

void undo_volumes(Context& context, const std::vector<VolumeId>& volumes, std::int64_t intent) try {
  context.roll_back();
  remove_volumes(context, volumes, intent);
} catch (const Fault&) {
  context.roll_back();
}

}  // namespace qubes::mgmt
