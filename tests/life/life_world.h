// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hypervisor/xen/entry.h"
#include "leftovers.h"
#include "program.h"
#include "support/eventually.h"

namespace qubes::mgmt::test {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// A dom0 on a real Xen as its user has it: everything is done by our programs. There is a
/// template `tiny` with a root volume of a few MiB; after each test nothing is left.
struct LifeWorld {
  LifeWorld();
  ~LifeWorld();

  /// Begins `mgmt.vm.CALL WORD…`.
  static Program begin(const std::string& call, const std::vector<std::string>& words,
                       const std::string& input = "/dev/null");

  /// Runs it; it has to succeed without a word of complaint. Gives what it prints.
  static std::string done(const std::string& call, const std::vector<std::string>& words,
                          const std::string& input = "/dev/null");

  /// Runs it; it has to be refused with this status by one line, which begins with its name
  /// and the target's. Gives the line behind that.
  static std::string refused(int status, const std::string& call,
                             const std::vector<std::string>& words);

  /// An AppVM that boots a test guest, with these properties set.
  static void make_vm(const std::string& name, const std::string& mode = "pv",
                      const Settings& settings = {});

  /// Starts it and waits until the guest says that it is up. Gives the number of its domain.
  DomainId start(const std::string& name) const;

  bool is_up(const std::string& name) const;

  /// Whether the List, CurrentState and Xen all say that the VM is in this state: Running,
  /// Paused or Halted.
  void check_state(const std::string& name, const std::string& state) const;

  /// Where our programs are.
  static std::filesystem::path tools_folder();

  /// The line of mgmt.vm.List, without the name.
  static std::string listed(const std::string& name);

  static Uuid uuid_of(const std::string& name);
  std::optional<Domain> domain_of(const std::string& name) const;
  std::size_t number_of_domains() const { return domains->list().size() - 1; }

  /// Waits until nothing is held for running VMs any more; gives what still is then.
  std::vector<std::string> left_running() const;

  /// Ends and removes all VMs, whatever state they are in.
  void remove_all() const;

  std::unique_ptr<Domains> domains{qubes_mgmt_open_domains()};
  std::unique_ptr<GuestStore> keys{qubes_mgmt_open_guest_store()};
};

/// The pids of dom0's processes of this name.
std::vector<pid_t> processes(const std::string& name);

const std::vector<std::string> kNothing;

}  // namespace qubes::mgmt::test
