// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/firewall_rule.h"
#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// The store as files of Qubes OS 4.x.
struct Export {
  std::string qubes_xml;

  struct Firewall {
    /// Where its file lies, from the folder of qubes.xml on.
    std::string file;
    /// None: the VM has no rules of its own, and so no such file.
    std::optional<std::vector<FirewallRule>> rules;
  };
  std::vector<Firewall> firewalls;

  /// What a qubes.xml cannot say, a line each.
  std::vector<std::string> left_out;
};

/// Where the firewall rules of a VM lie, from the folder of qubes.xml on.
std::string firewall_file(const Vm& vm);

/// All of one moment.
Export export_store(const Context& context);

/// Writes qubes.xml to this file, and the firewall rules of each VM beside it, in the places
/// where Qubes looks for them; the rules' files of VMs without rules of their own go. Each file
/// is durable under another name before it takes the place of an older one; qubes.xml comes
/// last. Faults: io_failed, denied.
void write_export(const Export& files, const std::filesystem::path& file);

}  // namespace qubes::mgmt
