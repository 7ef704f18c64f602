// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/pci.h"

#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "hypervisor/xen/config.h"
#include "hypervisor/xen/operations.h"

extern "C" {
#include <xenstore.h>
}

namespace qubes::mgmt::xen {
namespace {

bool is_at(const libxl_device_pci& one, const libxl_device_pci& other) {
  return one.domain == other.domain && one.bus == other.bus && one.dev == other.dev &&
         one.func == other.func;
}

bool has(Session& session, DomainId domain, const libxl_device_pci& device) {
  int count = 0;
  libxl_device_pci* const list = libxl_device_pci_list(session.context(), domain, &count);
  bool found = false;
  for (int i = 0; i < count; ++i) found = found || is_at(list[i], device);
  libxl_device_pci_list_free(list, count);
  return found;
}

// libxl notes which driver of dom0 it has taken a device from.
bool has_former_driver(const libxl_device_pci& device) {
  constexpr std::size_t kLongest = 64;
  char path[kLongest];
  std::snprintf(path, sizeof path, "/libxl/pci/%04x-%02x-%02x-%01x/driver_path",
                static_cast<unsigned>(device.domain), device.bus, device.dev, device.func);
  const Handle<xs_handle, xs_close> store{xs_open(0)};
  if (!store) return false;
  unsigned length = 0;
  const Handle<void, std::free> driver{xs_read(store.get(), XBT_NULL, path, &length)};
  return driver != nullptr;
}

}  // namespace

void attach_pci(Session& session, DomainId domain, const PciSpec& device) {
  session.begin();
  require_there(session, domain);
  PciConfig config;
  describe(device, *config.get());
  session.check(libxl_device_pci_add(session.context(), domain, config.get(), nullptr),
                concat("give PCI device ", device.address, " to domain ", domain));
}

// With a guest that does not answer libxl waits, says that all is well, and leaves the device where
// it is.
void detach_pci(Session& session, DomainId domain, const std::string& address) {
  session.begin();
  PciConfig config;
  describe(PciSpec{address}, *config.get());
  if (!has(session, domain, *config.get())) return;
  const std::string doing = concat("take PCI device ", address, " from domain ", domain);
  session.check(libxl_device_pci_remove(session.context(), domain, config.get(), nullptr), doing);
  if (has(session, domain, *config.get()))
    throw Fault{FaultKind::failed, concat("cannot ", doing, ": its guest does not let go of it")};
}

void release_pci(Session& session, const std::string& address) {
  session.begin();
  PciConfig config;
  describe(PciSpec{address}, *config.get());
  if (!has_former_driver(*config.get())) return;
  session.check(libxl_device_pci_assignable_remove(session.context(), config.get(), 1),
                concat("give PCI device ", address, " back to dom0"));
}

}  // namespace qubes::mgmt::xen
