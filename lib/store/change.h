// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/capture.h"
#include "store/sqlite.h"

namespace qubes::mgmt {

/// Who asked for a change, and by which call.
struct Origin {
  std::string source;
  /// The full name by which it was called: "mgmt.vm.Create.AppVM", "admin.vm.property.Set".
  std::string call;
  std::string target;
  std::string argument;

  /// Whether the caller knows the API as Qubes has shipped it.
  bool is_shipped() const { return call.starts_with("admin."); }
};

/// One column of one row, before and after. No old value: the row is new. No new one: gone.
struct ChangedValue {
  std::string table;
  std::string key;
  std::string column;
  std::optional<std::string> old_value;
  std::optional<std::string> new_value;
};

/// What history keeps of a change: each value before and after, or that it happened, where the
/// values are those of a file.
enum class Recorded { values, event };

/// A write transaction that becomes history: what the state tables say before and after it is
/// recorded in the same commit, and so are the events it causes. Rolled back unless committed.
class Change {
 public:
  Change(const sqlite::Database& store, Origin origin, Recorded recorded = Recorded::values);
  ~Change();
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;

  using Keys = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Says that something has happened to a VM, or to all of Qubes where the subject is empty.
  /// Names and keys are those of admin.Events.
  void event(std::string_view subject, std::string_view name, Keys keys = {});

  /// What has changed so far, for people to read; nothing where no values are recorded.
  std::vector<ChangedValue> preview() const;

  /// Nothing is recorded of a transaction that changed nothing and caused no event.
  void commit();

 private:
  struct Event {
    std::string subject;
    std::string name;
    std::string keys;
  };

  bool is_nothing() const;
  void record(std::int64_t now);
  void prune() const;

  const sqlite::Database& store_;
  Origin origin_;
  sqlite::Transaction transaction_;
  Capture session_;
  std::vector<Event> events_;
};

/// Microseconds since 1970, UTC: the form of all times in the store.
std::int64_t now_in_store();

}  // namespace qubes::mgmt
