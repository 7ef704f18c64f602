// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hypervisor/domains.h"
#include "model/uuid.h"
#include "model/virt_mode.h"

namespace qubes::mgmt {

/// A block device as a guest is to see it.
struct DiskSpec {
  std::string device;    ///< path of the block device where it is
  std::string frontend;  ///< what the guest calls it: "xvda"
  bool writable;
  DomainId backend = 0;  ///< whose device it is: mostly dom0's
  bool is_cdrom = false;
};

/// A PCI device of dom0, to be given away.
struct PciSpec {
  std::string address;  ///< as sysfs writes it: "0000:00:1d.0"
  /// Whether the guest may write all of its configuration.
  bool permissive = false;
};

/// All that Xen is told about a new domain.
struct DomainSpec {
  std::string name;
  Uuid uuid;
  VirtMode mode;
  std::uint64_t memory_mib;
  /// What it may grow to; equal to memory_mib where the guest's memory is not balanced.
  std::uint64_t max_memory_mib;
  unsigned vcpus;
  std::string kernel;     ///< path in dom0; empty: what the root volume boots
  std::string initramfs;  ///< path in dom0, or empty
  std::string kernelopts;
  std::vector<DiskSpec> disks;
  std::vector<PciSpec> pci = {};
  /// The program that tells the block back end which device a disk is.
  std::string block_script;
};

/// Changes domains, through libxl. Every method does all of its work or throws and leaves
/// Xen as it was; none waits for longer than two minutes. One that is cut off then, as
/// xenstored does not answer, throws no_xen, and what a create has made until then stays:
/// paused, without any cpu time, to be found by its uuid and destroyed.
/// Faults of all: no_xen, failed with libxl's own first words.
class Hypervisor {
 public:
  virtual ~Hypervisor() = default;

  /// Makes the domain, paused. Throws no_memory, with the figures, when there is too little;
  /// not_halted where a domain of this uuid is there, ended ones included. One that is dying
  /// is in nobody's way.
  virtual DomainId create(const DomainSpec& spec) = 0;

  /// These two throw not_running where the domain is gone.
  virtual void unpause(DomainId domain) = 0;
  virtual void pause(DomainId domain) = 0;

  /// Has the guest put its devices to sleep and stop itself, and wakes it. Throw not_running where
  /// the domain is gone; a guest that does not know how to is given up after a minute: failed.
  virtual void suspend(DomainId domain) = 0;
  virtual void resume(DomainId domain) = 0;

  /// Ends a domain at once, in whatever state it is, half-built too, and takes away all that
  /// Xen, xenstore and dom0 hold of it. One that is gone already is no fault.
  virtual void destroy(DomainId domain) = 0;

  /// Whether the domain has a disk of this name, as the guest calls it.
  virtual bool has_disk(DomainId domain, const std::string& frontend) = 0;

  /// Gives a domain one disk more, which it has then while it lives. Throws not_running where the
  /// domain is gone.
  virtual void attach_disk(DomainId domain, const DiskSpec& disk,
                           const std::string& block_script) = 0;

  /// Gives a domain a PCI device, taken from its driver in dom0 if need be. Xen lets only a domain
  /// have one that had one from its start. Throws not_running where the domain is gone.
  virtual void attach_pci(DomainId domain, const PciSpec& device) = 0;
  virtual void detach_pci(DomainId domain, const std::string& address) = 0;

  /// Gives a PCI device that no domain has back to the driver that it was taken from. One that had
  /// none stays where it is.
  virtual void release_pci(const std::string& address) = 0;

  /// Takes a disk away by its name in the guest, which is asked to let go of it and loses it
  /// after ten seconds all the same. One that it does not have is no fault.
  virtual void detach_disk(DomainId domain, const std::string& frontend) = 0;

  /// What Xen has to give to new domains.
  virtual std::uint64_t free_memory_mib() const = 0;
};

}  // namespace qubes::mgmt
