// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/volume_changes.h"

#include <algorithm>
#include <functional>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "ops/vms.h"
#include "ops/volume_reads.h"
#include "store/intents.h"
#include "store/vms.h"

namespace qubes::mgmt {

const std::string_view kNoEncryption =
    "encrypting what a volume holds while its VM runs is not available";

namespace {

void require_kept(const FoundVolume& found, std::string_view doing) {
  if (found.kept.volume.save_on_stop) return;
  const std::string_view hint =
      found.kept.volume.snap_on_start ? ": it is made anew of its template's at each start" : "";
  throw Fault{FaultKind::pool_failed, concat("cannot ", doing, " ", found.text(),
                                             ", which keeps no content of its own", hint)};
}

/// Holds a guest still, as far as it runs. Should this process be killed meanwhile, the next call
/// that works on the VM lets it go on.
class Stillness {
 public:
  Stillness(Context& context, const LockedVolume& locked) : context_{context} {
    if (!locked.domain || locked.domain->state != DomainState::running) return;
    const Vm& vm = *locked.found.vm;
    context_.begin();
    intent_ = IntentTable{context_.store}.add(IntentKind::pause, vm.qid, vm.name, {});
    context_.commit();
    paused_ = locked.domain->id;
    context_.outside.hypervisor().pause(*paused_);
  }
  ~Stillness() {
    if (!paused_) return;
    try {
      context_.roll_back();
      context_.outside.hypervisor().unpause(*paused_);
      context_.begin();
      IntentTable{context_.store}.drop(intent_);
      context_.commit();
    } catch (const Fault&) {
      // The domain is gone, or the intent has the next call let it go on.
      context_.roll_back();
    }
  }
  Stillness(const Stillness&) = delete;
  Stillness& operator=(const Stillness&) = delete;

 private:
  Context& context_;
  std::int64_t intent_ = 0;
  std::optional<DomainId> paused_;
};

bool is_called(const SnapshotListing& snapshot, const SnapshotName& name) {
  return snapshot.id == name.text() ||
         std::ranges::find(snapshot.names, name.text()) != snapshot.names.end();
}

void require_free_name(const Context& context, const FoundVolume& found, const SnapshotName& name) {
  if (name.text().find_first_not_of("0123456789") == std::string::npos)
    throw Fault{
        FaultKind::bad_value,
        concat("'", name.text(), "' could be the id of a snapshot: ", "a name has a letter in it")};
  for (const SnapshotListing& snapshot : snapshots_of(context, found))
    if (is_called(snapshot, name))
      throw Fault{FaultKind::failed, concat(found.text(), " has a snapshot '", name.text(),
                                            "' already: choose another name")};
}

std::string revision_called(const Context& context, const FoundVolume& found,
                            const SnapshotName& wanted) {
  std::vector<std::string> known;
  for (const SnapshotListing& snapshot : snapshots_of(context, found)) {
    if (is_called(snapshot, wanted)) return snapshot.id;
    known.push_back(snapshot.names.empty() ? snapshot.id : snapshot.names.front());
  }
  throw Fault{FaultKind::no_such_revision,
              concat(found.text(), " has no snapshot '", wanted.text(), "'",
                     known.empty() ? "" : concat("; there are ", listed(known)))};
}

void tell(Context& context, const FoundVolume& found, std::string_view event, Change::Keys keys) {
  if (!found.vm) return;
  context.begin().event(found.vm->name, event, keys);
  context.commit();
}

// That its end could not be told must not hide how the work ended.
void with_end_told(Context& context, const FoundVolume& found, const std::function<void()>& work) {
  const auto tell_end = [&](std::string_view success) {
    tell(context, found, "domain-volume-import-end",
         {{"volume", found.kept.volume.name}, {"success", success}});
  };
  try {
    work();
  } catch (const Fault& fault) {
    context.roll_back();
    try {
      tell_end("False");
    } catch (const Fault&) {
      context.roll_back();
    }
    throw Fault{fault};
  }
  tell_end("True");
}

void require_no_running_disposables(const Context& context, const Vm& vm) {
  for (const Vm& child : VmTable{context.store}.based_on(vm.qid))
    if (child.vm_class == VmClass::DispVM)
      require_halted(context, child, "change revisions_to_keep to or from -1");
}

}  // namespace

void record_size(Context& context, const FoundVolume& found) {
  const VolumeTable table{context.store};
  const std::int64_t id = found.kept.volume.id;
  const std::uint64_t size = found.kept.driver->size(found.kept.spec);
  context.begin();
  table.set_size(id, size);
  for (const Volume& snapshot : table.made_of(id)) table.set_size(snapshot.id, size);
  context.commit();
}

std::string snapshot_volume(Context& context, const FoundVolume& asked,
                            const std::optional<SnapshotName>& name) {
  require_kept(asked, "make a snapshot of");
  const LockedVolume locked = lock_volume(context, asked);
  const FoundVolume& found = locked.found;
  if (name) require_free_name(context, found, *name);
  context.before_effect(concat("make a snapshot of ", found.text()));
  std::string id;
  {
    const Stillness stillness{context, locked};
    id = found.kept.driver->snapshot(found.kept.spec);
  }
  if (!name) return id;
  context.begin();
  VolumeTable{context.store}.name_snapshot(found.kept.volume.id, {id, name->text()});
  context.commit();
  return id;
}

void revert_volume(Context& context, const FoundVolume& asked, const SnapshotName& wanted) {
  require_kept(asked, "revert");
  const LockedVolume locked = lock_volume(context, asked);
  const FoundVolume& found = locked.found;
  require_at_rest(locked, "revert");
  const std::string revision = revision_called(context, found, wanted);
  context.before_effect(concat("revert ", found.text(), " to its snapshot ", revision));
  found.kept.driver->revert(found.kept.spec, revision);
  record_size(context, found);
}

std::uint64_t resize_volume(Context& context, const FoundVolume& asked, ByteCount size,
                            Shrinking shrinking) {
  require_kept(asked, "resize");
  const LockedVolume locked = lock_volume(context, asked);
  const FoundVolume& found = locked.found;
  const std::uint64_t present = found.kept.driver->size(found.kept.spec);
  const auto refused = [&](std::string_view why) {
    return Fault{FaultKind::bad_value, concat(found.text(), " has ", present,
                                              " bytes and cannot get ", size.bytes, ": ", why)};
  };
  if (size.bytes == 0) throw refused("it would be empty");
  if (size.bytes < present && shrinking == Shrinking::refused)
    throw refused("it can only grow; what is in it would be cut off");
  if (size.bytes < present) require_at_rest(locked, "shrink");
  context.before_effect(concat("resize ", found.text(), " to ", size.bytes, " bytes"));
  if (size.bytes < present) found.kept.driver->snapshot(found.kept.spec);
  if (size.bytes != present) found.kept.driver->resize(found.kept.spec, size.bytes);
  record_size(context, found);
  return found.kept.driver->size(found.kept.spec);
}

ByteCount read_size_line(int stream) {
  constexpr std::size_t kLongest = 21;
  std::string line;
  for (char c = 0; line.size() < kLongest;) {
    if (read_full(stream, {&c, 1}) == 0 || c == '\n') break;
    line += c;
  }
  return ByteCount::parse(line);
}

void import_volume(Context& context, const FoundVolume& asked, int stream,
                   std::optional<ByteCount> size) {
  require_kept(asked, "import into");
  const LockedVolume locked = lock_volume(context, asked);
  const FoundVolume& found = locked.found;
  require_at_rest(locked, "import into");
  const std::uint64_t expected = size ? size->bytes : found.kept.driver->size(found.kept.spec);
  if (expected == 0) throw Fault{FaultKind::bad_value, "a volume cannot be empty"};
  context.before_effect(concat("import ", expected, " bytes into ", found.text()));
  tell(context, found, "domain-volume-import-begin",
       {{"volume", found.kept.volume.name}, {"size", std::to_string(expected)}});
  with_end_told(context, found, [&] {
    found.kept.driver->replace(found.kept.spec, stream, expected, context.outside.progress());
    record_size(context, found);
  });
}

void clear_volume(Context& context, const FoundVolume& asked) {
  require_kept(asked, "clear");
  const LockedVolume locked = lock_volume(context, asked);
  const FoundVolume& found = locked.found;
  require_at_rest(locked, "clear");
  context.before_effect(concat("clear ", found.text()));
  const std::string size = std::to_string(found.kept.driver->size(found.kept.spec));
  tell(context, found, "domain-volume-import-begin",
       {{"volume", found.kept.volume.name}, {"size", size}});
  with_end_told(context, found, [&] { found.kept.driver->clear(found.kept.spec); });
}

void set_revisions_to_keep(Context& context, const FoundVolume& asked, RevisionCount number) {
  const LockedVolume locked = lock_volume(context, asked);
  const Volume& volume = locked.found.kept.volume;
  const bool changes_way = (number.number == -1) != (volume.revisions_to_keep == -1);
  if (changes_way) {
    require_at_rest(locked, "change the revisions_to_keep of");
    if (locked.found.vm) require_no_running_disposables(context, *locked.found.vm);
  }
  context.begin();
  VolumeTable{context.store}.set_revisions_to_keep(volume.id, number.number);
  context.commit();
}

void set_writable(Context& context, const FoundVolume& asked, Switch writable) {
  const LockedVolume locked = lock_volume(context, asked);
  require_at_rest(locked, "change the rw of");
  const Volume& volume = locked.found.kept.volume;
  if (!volume.vid)
    throw Fault{FaultKind::bad_value, concat(locked.found.text(), " is read-only, as kernels are")};
  context.begin();
  VolumeTable{context.store}.set_rw(volume.id, writable.is_on);
  context.commit();
}

void set_ephemeral(Context& context, const FoundVolume& asked, Switch ephemeral) {
  const LockedVolume locked = lock_volume(context, asked);
  const Volume& volume = locked.found.kept.volume;
  if (ephemeral.is_on && (volume.save_on_stop || volume.snap_on_start || !volume.rw))
    throw Fault{FaultKind::bad_value,
                concat(locked.found.text(), " cannot be ephemeral: only a volume that can be ",
                       "written and is emptied at each start can")};
  if (ephemeral.is_on) throw Fault{FaultKind::not_implemented, std::string{kNoEncryption}};
  context.begin();
  VolumeTable{context.store}.set_ephemeral(volume.id, ephemeral.is_on);
  context.commit();
}

}  // namespace qubes::mgmt
