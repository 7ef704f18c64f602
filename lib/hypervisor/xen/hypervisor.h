// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "hypervisor/hypervisor.h"
#include "hypervisor/xen/bounded.h"
#include "hypervisor/xen/session.h"

namespace qubes::mgmt::xen {

/// Domains by libxl. libxl's own deadlines end most waits; beyond them every method has a
/// limit of its own, throws no_xen at it, and is of no more use in this process. What a create
/// that was cut off has made is found by its uuid, paused and without any cpu time.
class XenHypervisor : public Hypervisor {
 public:
  XenHypervisor();

  DomainId create(const DomainSpec& spec) override;
  void unpause(DomainId domain) override;
  void pause(DomainId domain) override;
  void suspend(DomainId domain) override;
  void resume(DomainId domain) override;
  void destroy(DomainId domain) override;
  bool has_disk(DomainId domain, const std::string& frontend) override;
  void attach_disk(DomainId domain, const DiskSpec& disk, const std::string& block_script) override;
  void detach_disk(DomainId domain, const std::string& frontend) override;
  void attach_pci(DomainId domain, const PciSpec& device) override;
  void detach_pci(DomainId domain, const std::string& address) override;
  void release_pci(const std::string& address) override;
  std::uint64_t free_memory_mib() const override;

 private:
  Guarded<Session> session_;
};

}  // namespace qubes::mgmt::xen
