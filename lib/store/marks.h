// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/vm.h"
#include "store/sqlite.h"

namespace qubes::mgmt {

/// Free words on a VM.
class TagTable {
 public:
  explicit TagTable(const sqlite::Database& store) : store_{store} {}

  std::vector<std::string> of_vm(Qid vm) const;

  /// Says whether it was not there before.
  bool add(Qid vm, std::string_view tag) const;

  /// Says whether it was there.
  bool remove(Qid vm, std::string_view tag) const;

  /// Names of the VMs that have it.
  std::vector<std::string> vms_with(std::string_view tag) const;

 private:
  const sqlite::Database& store_;
};

/// Free text that people keep about a VM; none where it was never set, or emptied.
class NoteTable {
 public:
  explicit NoteTable(const sqlite::Database& store) : store_{store} {}

  std::string text(Qid vm) const;
  void set(Qid vm, std::string_view text) const;

 private:
  const sqlite::Database& store_;
};

/// Free keys and values on a VM. Absent and empty are two different things.
class FeatureTable {
 public:
  explicit FeatureTable(const sqlite::Database& store) : store_{store} {}

  /// In the order in which they were first set.
  std::vector<std::string> names(Qid vm) const;

  std::optional<std::string> value(Qid vm, std::string_view name) const;

  /// Names and values, in the order in which they were set.
  std::vector<std::pair<std::string, std::string>> of_vm(Qid vm) const;

  void set(Qid vm, std::string_view name, std::string_view value) const;

  /// Says whether it was there.
  bool remove(Qid vm, std::string_view name) const;

 private:
  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
