// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/fault.h"
#include "base/text.h"
#include "exchange/qubes_xml.h"
#include "model/firewall_rule.h"
#include "model/vm.h"
#include "store/labels.h"
#include "store/volumes.h"

namespace qubes::mgmt {

/// What of a qubes.xml the store will hold: all of it fits together and can be written without
/// a look at anything else. Order and ids follow from the names in the file, not from the order
/// in which they stand there.
struct ImportPlan {
  struct PlannedVm {
    Vm vm;
    const QubesXml::Domain* domain;
    /// Properties as they are to be stored; those that name a VM hold its name, or nothing.
    std::map<std::string, std::string, std::less<>> values;
    std::map<std::string, std::string, std::less<>> references;
    std::vector<QubesXml::Named> features;
    std::set<std::string> tags;
    std::vector<DeviceAssignment> devices;
    /// What of features and devices is there already.
    std::set<std::string> seen;
    std::optional<std::vector<FirewallRule>> firewall;
  };

  std::vector<Label> labels;
  std::vector<Pool> pools;
  std::map<std::string, std::size_t, std::less<>> pool_places;
  /// dom0 first, then by name.
  std::vector<PlannedVm> vms;
  std::vector<Volume> volumes;
  std::map<std::string, std::string, std::less<>> global_values;
  std::map<std::string, std::string, std::less<>> global_references;
  /// What could not be taken and why, a line each.
  std::vector<std::string> left_out;

  const PlannedVm* find(std::string_view name) const;
  const Pool* find_pool(std::string_view name) const;
};

/// Plans an import of the file's content, which must outlive the plan. `builtin` are the labels
/// that a store has whatever a file says, unless the file gives their numbers to others.
ImportPlan plan_import(const QubesXml& content, const std::vector<Label>& builtin);

// Its parts, in their order.

/// Which VMs there will be: each has a class, name, qid and uuid of its own, and a template
/// where it needs one.
void plan_vms(const QubesXml& content, ImportPlan& plan);

/// Properties, features, tags and devices of the VMs, and those of all of Qubes.
void plan_settings(const QubesXml& content, ImportPlan& plan);

/// Leaves out what cannot be a netvm, and breaks loops among those that can.
void check_netvms(ImportPlan& plan);

/// Volumes, each after what it is a snapshot of is known to be there.
void plan_volumes(ImportPlan& plan);

/// Of how many things in a file it may be said why they cannot be taken.
constexpr std::size_t kMostLeftOut = 10'000;

/// Runs this and says whether it went through; else the fault's sentence is a line of what was
/// left out, after `what`. Throws malformed where there are too many of these.
template <class Work>
bool take(ImportPlan& plan, const std::string& what, const Work& work) {
  try {
    work();
    return true;
  } catch (const Fault& fault) {
    if (plan.left_out.size() >= kMostLeftOut)
      throw Fault{FaultKind::malformed,
                  concat("more than ", kMostLeftOut, " parts of the file cannot be taken")};
    plan.left_out.push_back(concat(what, ": ", fault.what()));
    return false;
  }
}

}  // namespace qubes::mgmt
