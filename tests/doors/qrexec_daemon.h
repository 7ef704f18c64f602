// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/program.h"

namespace qubes::mgmt::test {

/// A call of a VM: whom it is sent to, as the VM wrote it, and the service with its argument.
struct VmCall {
  std::string source = "dom0";
  std::string target = "dom0";
  std::string service;
  std::string input = {};
};

/// Stands in for qrexec-daemon of release 4.4 after the policy has allowed a call with
/// target=dom0: finds the service, surrounds it, starts or connects to it, and tells what the
/// caller would see. stderr, which qrexec keeps to itself, is told too.
class QrexecDaemon {
 public:
  /// Looks for services in these folders, in this order; gives them this environment besides.
  QrexecDaemon(std::vector<std::filesystem::path> folders,
               std::map<std::string, std::string> environment)
      : folders_{std::move(folders)}, environment_{std::move(environment)} {}

  Result call(const VmCall& call) const;

 private:
  std::optional<std::filesystem::path> find(const std::string& name) const;
  Result execute(const std::filesystem::path& service, const VmCall& call,
                 const std::string& descriptor) const;
  std::vector<std::string> environment(const VmCall& call, const std::string& descriptor) const;

  std::vector<std::filesystem::path> folders_;
  std::map<std::string, std::string> environment_;
};

}  // namespace qubes::mgmt::test
