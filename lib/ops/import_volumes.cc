// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <limits>
#include <map>
#include <memory>

#include "ops/import_plan.h"

namespace qubes::mgmt {
namespace {

Fault refused(std::string_view why) { return {FaultKind::pool_failed, std::string{why}}; }

/// A volume on its way into the plan, and what it is a snapshot of by name.
struct Candidate {
  Volume volume;
  std::string source;
  std::string called;
  /// The volume of whose content each start makes a copy: itself, unless it is a snapshot.
  const Candidate* origin = nullptr;
};

using Key = std::pair<std::int64_t, Vid>;

// What could lead out of a pool's folder is no vid of any driver.
void check_vid(const Vid& vid) {
  constexpr std::size_t kLongestVid = 512;
  const auto parts = split(vid, '/');
  const bool is_path = std::ranges::all_of(parts, [](const std::string& part) {
    return !part.empty() && consists_of(part, "._-+@") && part != "." && part != "..";
  });
  if (!is_path || vid.size() > kLongestVid)
    throw refused(concat("'", printable(vid), "' is no vid; names joined by '/' are"));
}

void check_numbers(const QubesXml::Volume& volume) {
  if (volume.size.value_or(0) > std::numeric_limits<std::int64_t>::max())
    throw refused(concat("its size, ", *volume.size, ", is too large"));
  if (volume.revisions_to_keep < -1 || volume.revisions_to_keep > std::numeric_limits<int>::max())
    throw refused(
        concat("its revisions_to_keep is ", volume.revisions_to_keep, ", -1 or more is accepted"));
  if (volume.snap_on_start && volume.save_on_stop)
    throw refused("it is a snapshot and saved, which cannot be both");
}

Candidate read_volume(const ImportPlan& plan, const Vm& vm, const QubesXml::Volume& volume) {
  const Pool* pool = plan.find_pool(volume.pool);
  if (pool == nullptr) throw refused(concat("there is no pool '", printable(volume.pool), "'"));
  if (volume.name.empty() || !consists_of(volume.name, "_-"))
    throw refused("its name is not accepted");
  check_numbers(volume);
  Candidate candidate;
  candidate.called = concat(vm.name, ": volume ", volume.name);
  Volume& own = candidate.volume;
  own.vm = vm.qid;
  own.name = volume.name;
  own.pool = pool->id;
  own.revisions_to_keep = static_cast<int>(volume.revisions_to_keep);
  own.ephemeral = volume.ephemeral;
  own.rw = false;
  // Which kernel it is, the VM's property says.
  if (pool->driver == "linux-kernel") return candidate;
  check_vid(volume.vid);
  own.vid = volume.vid;
  own.size = volume.size.value_or(0);
  own.rw = volume.rw;
  own.save_on_stop = volume.save_on_stop;
  own.snap_on_start = volume.snap_on_start;
  if (volume.snap_on_start) candidate.source = volume.source;
  return candidate;
}

/// All volumes of the file that can be kept, by what their pool calls them.
class Candidates {
 public:
  void add(Candidate candidate) {
    const Volume& volume = candidate.volume;
    if (!names_.emplace(*volume.vm, volume.name).second) throw refused("it is there twice");
    if (volume.vid && by_vid_.contains({volume.pool, *volume.vid}))
      throw refused(concat("another volume has its vid, ", *volume.vid));
    all_.push_back(std::make_unique<Candidate>(std::move(candidate)));
    const Volume& kept = all_.back()->volume;
    if (kept.vid) by_vid_.emplace(Key{kept.pool, *kept.vid}, all_.back().get());
  }

  /// Follows a snapshot to what is none. Through a snapshot of a snapshot, as a disposable's
  /// is, too. Throws where that leads nowhere.
  const Candidate& origin(const Candidate& snapshot) const {
    const Candidate* at = &snapshot;
    for (std::size_t steps = 0; at->volume.snap_on_start; ++steps) {
      const auto found = by_vid_.find({at->volume.pool, at->source});
      if (found == by_vid_.end() || steps > kDeepest)
        throw refused(
            concat("what it is a snapshot of, '", printable(at->source), "', is not there"));
      at = found->second;
    }
    return *at;
  }

  const std::vector<std::unique_ptr<Candidate>>& all() const { return all_; }

 private:
  static constexpr std::size_t kDeepest = 8;

  std::vector<std::unique_ptr<Candidate>> all_;
  std::map<Key, Candidate*> by_vid_;
  std::set<std::pair<Qid, std::string>> names_;
};

void resolve(ImportPlan& plan, const Candidates& candidates) {
  for (const auto& candidate : candidates.all())
    take(plan, candidate->called, [&] { candidate->origin = &candidates.origin(*candidate); });
}

}  // namespace

void plan_volumes(ImportPlan& plan) {
  Candidates candidates;
  for (const ImportPlan::PlannedVm& planned : plan.vms)
    for (const QubesXml::Volume& volume : planned.domain->volumes)
      take(plan, concat(planned.vm.name, ": volume ", printable(volume.name)),
           [&] { candidates.add(read_volume(plan, planned.vm, volume)); });
  resolve(plan, candidates);
  std::int64_t last = 0;
  for (const auto& candidate : candidates.all())
    if (candidate->origin != nullptr) candidate->volume.id = ++last;
  for (const auto& candidate : candidates.all()) {
    if (candidate->origin == nullptr) continue;
    if (candidate->volume.snap_on_start) {
      candidate->volume.source = candidate->origin->volume.id;
      if (candidate->volume.size == 0) candidate->volume.size = candidate->origin->volume.size;
    }
    plan.volumes.push_back(candidate->volume);
  }
}

}  // namespace qubes::mgmt
