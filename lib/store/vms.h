// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/names.h"
#include "model/vm.h"
#include "store/sqlite.h"

namespace qubes::mgmt {

/// The configured machines.
class VmTable {
 public:
  explicit VmTable(const sqlite::Database& store) : store_{store} {}

  std::optional<Vm> find(const VmReference& reference) const;
  std::optional<Vm> find(const VmName& name) const;

  /// The VM of this qid, which is known to be there.
  Vm get(Qid qid) const;

  /// dom0 first, then by name, byte by byte.
  std::vector<Vm> all() const;

  std::vector<std::string> names() const;

  /// Those whose template it is, by name.
  std::vector<Vm> based_on(Qid qid) const;

  /// Throws failed when all are taken.
  Qid smallest_free_qid() const;

  void add(const Vm& vm) const;

  /// Takes the VM away with its properties, features, tags, devices, firewall and volumes' rows.
  void remove(Qid qid) const;

  void set_name(Qid qid, const VmName& name) const;
  void set_label(Qid qid, std::int64_t label) const;
  void set_template(Qid qid, Qid template_qid) const;

 private:
  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
