// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/vm.h"
#include "store/sqlite.h"

namespace qubes::mgmt {

/// A VM that a property names. Nothing at all is stored where the default holds; a stored
/// reference without a target says "none".
struct StoredReference {
  std::optional<Qid> target;
};

/// A property, or a device, that names some VM: of another VM, or of all of Qubes where `vm` is
/// empty.
struct ReferenceUse {
  std::string vm;
  std::string property;
};

/// The values that differ from their defaults, VMs' and global ones.
class PropertyTable {
 public:
  explicit PropertyTable(const sqlite::Database& store) : store_{store} {}

  std::optional<std::string> value(Qid vm, std::string_view name) const;
  std::optional<StoredReference> reference(Qid vm, std::string_view name) const;
  void set_value(Qid vm, std::string_view name, std::string_view value) const;
  void set_reference(Qid vm, std::string_view name, std::optional<Qid> target) const;

  /// The values that VMs have stored under this name.
  std::set<std::string> values(std::string_view name) const;

  /// Forgets value or reference, so that the default holds again.
  void clear(Qid vm, std::string_view name) const;

  std::optional<std::string> global_value(std::string_view name) const;
  std::optional<StoredReference> global_reference(std::string_view name) const;
  void set_global_value(std::string_view name, std::string_view value) const;
  void set_global_reference(std::string_view name, std::optional<Qid> target) const;
  void clear_global(std::string_view name) const;

  /// Everything that is stored of a VM, or of all of Qubes, by name; a reference as the name of
  /// the VM, empty for none.
  std::map<std::string, std::string, std::less<>> all_of(Qid vm) const;
  std::map<std::string, std::string, std::less<>> all_global() const;

  /// Every property that names this VM, its use as a template and as the backend of a device
  /// too.
  std::vector<ReferenceUse> uses(Qid target) const;

  /// Names of the VMs whose stored property `name` is this VM.
  std::vector<std::string> users(Qid target, std::string_view name) const;

 private:
  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
