// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "hypervisor/domains.h"

namespace qubes::mgmt {

/// A disk that a domain has.
struct AttachedDisk {
  std::string frontend;  ///< what the guest calls it: "xvdi"
  DomainId backend;      ///< who serves it
  std::string device;    ///< the path of the block device there
  bool writable;
  bool is_cdrom;
};

/// Looks at which devices domains have, as libxl has noted it where no guest can write. Cheap:
/// xenstore alone, without libxl.
///
/// Faults of all: no_xen, also when xenstored does not answer.
class Attachments {
 public:
  virtual ~Attachments() = default;

  virtual std::vector<AttachedDisk> disks(DomainId domain) const = 0;

  /// Waits until the disk is served: libxl does not wait for a back end in another VM. Gives what
  /// the back end says is wrong, or that it has not answered; nothing where all is well.
  virtual std::string trouble_with(DomainId domain, const std::string& frontend,
                                   std::chrono::milliseconds limit) const = 0;

  /// Addresses of PCI devices, as sysfs writes them: "0000:00:1d.0".
  virtual std::vector<std::string> pci(DomainId domain) const = 0;
};

}  // namespace qubes::mgmt
