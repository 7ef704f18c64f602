// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/hypervisor.h"

#include <cassert>

#include "base/text.h"
#include "hypervisor/xen/files.h"
#include "hypervisor/xen/operations.h"
#include "hypervisor/xen/pci.h"

namespace qubes::mgmt::xen {
namespace {

using namespace std::chrono_literals;

// libxl gives a script 40 s, a device 10 s, a device model 60 s; some of these in a row.
constexpr auto kChange = 120s;
constexpr auto kSwitch = 30s;
constexpr auto kQuestion = 10s;

}  // namespace

XenHypervisor::XenHypervisor() : session_{kQuestion, "opening libxl"} {}

DomainId XenHypervisor::create(const DomainSpec& spec) {
  require_files(spec);
  return session_.use(kChange, concat("making a domain for ", spec.name),
                      [spec](Session& session) { return create_domain(session, spec); });
}

void XenHypervisor::unpause(DomainId domain) {
  session_.use(kSwitch, concat("unpausing domain ", domain),
               [domain](Session& session) { unpause_domain(session, domain); });
}

void XenHypervisor::pause(DomainId domain) {
  assert(domain != 0);
  session_.use(kSwitch, concat("pausing domain ", domain),
               [domain](Session& session) { pause_domain(session, domain); });
}

void XenHypervisor::suspend(DomainId domain) {
  assert(domain != 0);
  session_.use(kChange, concat("suspending domain ", domain),
               [domain](Session& session) { suspend_domain(session, domain); });
}

void XenHypervisor::resume(DomainId domain) {
  assert(domain != 0);
  session_.use(kSwitch, concat("resuming domain ", domain),
               [domain](Session& session) { resume_domain(session, domain); });
}

void XenHypervisor::destroy(DomainId domain) {
  assert(domain != 0);
  session_.use(kChange, concat("destroying domain ", domain),
               [domain](Session& session) { destroy_domain(session, domain); });
}

bool XenHypervisor::has_disk(DomainId domain, const std::string& frontend) {
  return session_.use(kSwitch, concat("looking for a disk of domain ", domain),
                      [=](Session& session) { return xen::has_disk(session, domain, frontend); });
}

void XenHypervisor::attach_disk(DomainId domain, const DiskSpec& disk,
                                const std::string& block_script) {
  assert(domain != 0);
  // A device of another VM is looked at there.
  if (disk.backend == 0) require_block_device(disk);
  session_.use(kChange, concat("attaching a disk to domain ", domain),
               [=](Session& session) { xen::attach_disk(session, domain, disk, block_script); });
}

void XenHypervisor::detach_disk(DomainId domain, const std::string& frontend) {
  assert(domain != 0);
  session_.use(kChange, concat("detaching a disk from domain ", domain),
               [=](Session& session) { xen::detach_disk(session, domain, frontend); });
}

void XenHypervisor::attach_pci(DomainId domain, const PciSpec& device) {
  assert(domain != 0);
  session_.use(kChange, concat("giving PCI device ", device.address, " to domain ", domain),
               [=](Session& session) { xen::attach_pci(session, domain, device); });
}

void XenHypervisor::detach_pci(DomainId domain, const std::string& address) {
  assert(domain != 0);
  session_.use(kChange, concat("taking PCI device ", address, " from domain ", domain),
               [=](Session& session) { xen::detach_pci(session, domain, address); });
}

void XenHypervisor::release_pci(const std::string& address) {
  session_.use(kSwitch, concat("giving PCI device ", address, " back to dom0"),
               [=](Session& session) { xen::release_pci(session, address); });
}

std::uint64_t XenHypervisor::free_memory_mib() const {
  return session_.use(kQuestion, "asking for free memory", [](Session& session) {
    session.begin();
    return free_memory_kib(session) / 1024;
  });
}

}  // namespace qubes::mgmt::xen
