// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/intents.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/process.h"
#include "store/change.h"

namespace qubes::mgmt {
namespace {

constexpr std::array<std::string_view, 4> kKinds{"create", "start", "remove", "pause"};

IntentKind kind_of(std::string_view word) {
  const auto* found = std::ranges::find(kKinds, word);
  if (found == kKinds.end()) throw sqlite::damaged_store();
  return static_cast<IntentKind>(found - kKinds.begin());
}

// Of a row whose last columns are pid, pid_start and boot_id.
bool has_living_owner(const sqlite::Rows& intent) {
  return intent.text(6) == boot_id() &&
         process_start(static_cast<int>(intent.number(4))) == intent.text(5);
}

bool has_any_living_owner(sqlite::Rows intents) {
  while (intents.next())
    if (has_living_owner(intents)) return true;
  return false;
}

}  // namespace

std::int64_t IntentTable::add(IntentKind kind, std::optional<Qid> vm, std::string_view name,
                              const std::vector<VolumeId>& volumes) const {
  store_.execute(
      "INSERT INTO intent (kind, vm, name, pid, pid_start, boot_id, at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      kKinds.at(static_cast<std::size_t>(kind)), vm, name, ::getpid(), process_start(::getpid()),
      boot_id(), now_in_store());
  const std::int64_t id = store_.last_insert_id();
  for (const VolumeId& volume : volumes)
    store_.execute("INSERT INTO intent_volume (intent, pool, vid) VALUES (?, ?, ?)", id,
                   volume.pool, volume.vid);
  return id;
}

void IntentTable::drop(std::int64_t id) const {
  store_.execute("DELETE FROM intent_volume WHERE intent = ?", id);
  store_.execute("DELETE FROM intent WHERE id = ?", id);
}

std::vector<Intent> IntentTable::orphans(sqlite::Rows rows) const {
  std::vector<Intent> intents;
  while (rows.next()) {
    if (has_living_owner(rows)) continue;
    intents.push_back(
        {rows.number(0), kind_of(rows.text(1)), rows.optional_number(2), rows.text(3), {}});
    auto volumes =
        store_.query("SELECT pool, vid FROM intent_volume WHERE intent = ?", rows.number(0));
    while (volumes.next()) intents.back().volumes.push_back({volumes.number(0), volumes.text(1)});
  }
  return intents;
}

std::vector<Intent> IntentTable::orphans_of(Qid vm) const {
  return orphans(store_.query(
      "SELECT id, kind, vm, name, pid, pid_start, boot_id FROM intent WHERE vm = ?", vm));
}

std::vector<Intent> IntentTable::orphans_without_vm() const {
  return orphans(store_.query(
      "SELECT id, kind, vm, name, pid, pid_start, boot_id FROM intent WHERE vm IS NULL"));
}

bool IntentTable::is_empty() const { return !store_.query("SELECT 1 FROM intent").next(); }

bool IntentTable::is_being_created(std::string_view name) const {
  auto rows = store_.query("SELECT 1 FROM intent WHERE kind = 'create' AND name = ?", name);
  return rows.next();
}

bool IntentTable::is_being_made_now(std::string_view name) const {
  return has_any_living_owner(
      store_.query("SELECT id, kind, vm, name, pid, pid_start, boot_id FROM intent "
                   "WHERE kind = 'create' AND name = ?",
                   name));
}

bool IntentTable::is_being_started(Qid vm) const {
  return has_any_living_owner(
      store_.query("SELECT id, kind, vm, name, pid, pid_start, boot_id FROM intent "
                   "WHERE vm = ? AND kind = 'start'",
                   vm));
}

std::optional<Running> RunningTable::find(Qid vm) const {
  auto rows = store_.query(
      "SELECT domain, started_at, shutdown_requested, asleep, boot_id FROM running WHERE vm = ?",
      vm);
  if (!rows.next()) return std::nullopt;
  return Running{static_cast<std::uint32_t>(rows.number(0)), rows.number(1), rows.number(2) != 0,
                 rows.number(3) != 0, rows.text(4) == boot_id()};
}

void RunningTable::add(Qid vm, std::uint32_t domain) const {
  store_.execute(
      "INSERT OR REPLACE INTO running (vm, boot_id, domain, started_at, shutdown_requested) "
      "VALUES (?, ?, ?, ?, 0)",
      vm, boot_id(), domain, now_in_store());
}

void RunningTable::note_shutdown_request(Qid vm) const {
  store_.execute("UPDATE running SET shutdown_requested = 1 WHERE vm = ?", vm);
}

void RunningTable::note_asleep(Qid vm, bool asleep) const {
  store_.execute("UPDATE running SET asleep = ? WHERE vm = ?", std::int64_t{asleep}, vm);
}

void RunningTable::drop(Qid vm) const { store_.execute("DELETE FROM running WHERE vm = ?", vm); }

}  // namespace qubes::mgmt
