// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/device_lists.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"
#include "guest/devices.h"
#include "ops/facts.h"
#include "ops/vms.h"
#include "ops/volumes.h"
#include "store/devices.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

/// Every VM that has a domain, with its domain.
std::vector<std::pair<Vm, DomainId>> vms_with_domains(const Context& context) {
  std::vector<std::pair<Vm, DomainId>> found;
  Domains* xen = context.outside.domains();
  if (xen == nullptr) return found;
  const auto domains = xen->list();
  for (Vm& vm : VmTable{context.store}.all())
    for (const Domain& domain : domains)
      if (domain.uuid == vm.uuid && lives(domain)) found.emplace_back(std::move(vm), domain.id);
  return found;
}

std::optional<std::string> vm_of(const std::vector<std::pair<Vm, DomainId>>& running,
                                 DomainId domain) {
  const auto found = std::ranges::find(running, domain, &std::pair<Vm, DomainId>::second);
  if (found == running.end()) return std::nullopt;
  return found->first.name;
}

// Files of VMs lie below these, and are nobody else's disks.
std::vector<fs::path> pool_folders(const Context& context) {
  std::vector<fs::path> folders{context.root.at("/var/lib/qubes")};
  for (const Pool& pool : PoolTable{context.store}.all())
    if (const auto folder = pool.options.find("dir_path"); folder != pool.options.end())
      folders.push_back(context.root.at(folder->second));
  return folders;
}

Advertised advertised(const Context& context, const Vm& backend, DomainId domain,
                      DeviceClass device_class) {
  const GuestStore& guest = context.outside.guest_store();
  const Advertised usb = read_usb_devices(guest, domain, backend.name);
  if (device_class == DeviceClass::usb) return usb;
  return read_block_devices(guest, domain, backend.name, usb.devices);
}

OfferedDevices by_guest(const Context& context, const Vm& backend, DeviceClass device_class) {
  const auto domain = living_domain(context, backend);
  if (!domain) return {};
  Advertised found = advertised(context, backend, domain->id, device_class);
  std::vector<std::string> warnings;
  if (found.dropped > 0)
    warnings.push_back(concat("'", backend.name, "' advertises ", found.dropped, " ",
                              text(device_class), " devices besides that are malformed or too ",
                              "many, and are not shown"));
  // Whoever it says has one of its devices has to be there.
  for (Device& device : found.devices)
    if (!device.attachment.empty() &&
        !VmTable{context.store}.find(VmName::parse(device.attachment)))
      device.attachment.clear();
  return {std::move(found.devices), std::move(warnings)};
}

OfferedDevices of_class(const Context& context, const Vm& backend, DeviceClass device_class) {
  const bool is_dom0 = backend.qid == kDom0;
  switch (device_class) {
    case DeviceClass::mic:
      return is_dom0 ? OfferedDevices{{microphone()}} : OfferedDevices{};
    case DeviceClass::pci:
      return is_dom0 ? OfferedDevices{host_pci_devices(host_folders(context))} : OfferedDevices{};
    case DeviceClass::block:
      if (is_dom0) return {host_block_devices(host_folders(context), pool_folders(context))};
      return by_guest(context, backend, device_class);
    case DeviceClass::usb:
      return by_guest(context, backend, device_class);
  }
  return {};
}

/// Who has which device of one class, and how.
struct Holding {
  std::string vm;
  std::string backend;
  std::string port;
  std::map<std::string, std::string, std::less<>> options = {};
};

std::vector<Holding> block_holdings(const Context& context, const Vm& vm, DomainId domain) {
  std::vector<Holding> held;
  for (const auto& [backend, port, disk] : block_attachments(context, vm, domain)) {
    held.push_back({vm.name, backend, port, {}});
    auto& options = held.back().options;
    options.emplace("frontend-dev", disk.frontend);
    options.emplace("read-only", disk.writable ? "no" : "yes");
    if (disk.is_cdrom) options.emplace("devtype", "cdrom");
  }
  return held;
}

std::vector<Holding> pci_holdings(const Context& context, const Vm& vm, DomainId domain) {
  std::vector<Holding> held;
  for (const std::string& address : context.outside.attachments().pci(domain))
    if (auto port = pci_port(host_folders(context), address))
      held.push_back({vm.name, "dom0", *std::move(port), {}});
  return held;
}

// The state of its microphone is told to the VM that has the sound, under the VM's name.
std::vector<Holding> mic_holdings(const Context& context, const Vm& vm) {
  const std::string audio = StoreFacts{context, vm}.value("audiovm");
  const auto audiovm =
      audio.empty() ? std::nullopt : VmTable{context.store}.find(VmName::parse(audio));
  const auto domain = audiovm ? living_domain(context, *audiovm) : std::nullopt;
  if (!domain) return {};
  // A name may have a dot, which no key can.
  if (!consists_of(vm.name, "-_")) return {};
  const auto value =
      context.outside.guest_store().read(domain->id, concat("/audio-input-config/", vm.name));
  if (value != "1") return {};
  return {{vm.name, "dom0", "mic", {}}};
}

std::vector<Holding> usb_holdings(const Context& context, const Vm& vm) {
  std::vector<Holding> held;
  for (const auto& [backend, domain] : vms_with_domains(context))
    for (const Device& device :
         read_usb_devices(context.outside.guest_store(), domain, backend.name).devices)
      if (device.attachment == vm.name) held.push_back({vm.name, backend.name, device.port, {}});
  return held;
}

std::vector<Holding> holdings(const Context& context, const Vm& vm, DomainId domain,
                              DeviceClass device_class) {
  switch (device_class) {
    case DeviceClass::block:
      return block_holdings(context, vm, domain);
    case DeviceClass::pci:
      return pci_holdings(context, vm, domain);
    case DeviceClass::mic:
      return mic_holdings(context, vm);
    case DeviceClass::usb:
      return usb_holdings(context, vm);
  }
  return {};
}

// A USB device says so itself.
void say_who_has(const Context& context, DeviceClass device_class, std::vector<Device>& devices) {
  if (devices.empty() || device_class == DeviceClass::usb) return;
  for (const auto& [vm, domain] : vms_with_domains(context)) {
    if (vm.qid == kDom0) continue;
    for (const Holding& held : holdings(context, vm, domain, device_class))
      for (Device& device : devices)
        if (device.backend == held.backend && device.port == held.port) device.attachment = held.vm;
  }
}

// Of a device that is held, as its backend calls it now.
std::string identity_of(const Context& context, const Holding& held, DeviceClass device_class) {
  const auto backend = VmTable{context.store}.find(VmName::parse(held.backend));
  if (!backend) return "*";
  for (const Device& device : of_class(context, *backend, device_class).devices)
    if (device.port == held.port) return device.identity;
  return "*";
}

// The most telling assignment that fits: by port and identity, by identity, by port.
std::optional<DeviceMode> mode_of(const DeviceReference& device,
                                  const std::vector<HeldDevice>& assigned) {
  std::optional<DeviceMode> mode;
  int best = -1;
  for (const HeldDevice& candidate : assigned) {
    const auto& [backend, port, identity] = candidate.device;
    const bool fits = backend == device.backend && (port == "*" || port == device.port) &&
                      (identity == "*" || is_same_identity(identity, device.identity));
    const int rank = (identity != "*" ? 2 : 0) + (port != "*" ? 1 : 0);
    if (!fits || rank <= best) continue;
    best = rank;
    mode = candidate.mode;
  }
  return mode;
}

}  // namespace

HostFolders host_folders(const Context& context) {
  return {context.root.at("/sys"), context.root.at("/proc")};
}

std::vector<BlockAttachment> block_attachments(const Context& context, const Vm& vm,
                                               DomainId domain) {
  const auto own = frontends_of(VolumeTable{context.store}.of_vm(vm.qid));
  const auto running = vms_with_domains(context);
  std::vector<BlockAttachment> found;
  for (AttachedDisk& disk : context.outside.attachments().disks(domain)) {
    if (std::ranges::find(own, disk.frontend) != own.end()) continue;
    const auto backend = vm_of(running, disk.backend);
    const std::string port = fs::path{disk.device}.filename();
    if (backend) found.push_back({*backend, port, std::move(disk)});
  }
  return found;
}

OfferedDevices offered_devices(const Context& context, const Vm& backend,
                               DeviceClass device_class) {
  OfferedDevices offered = of_class(context, backend, device_class);
  say_who_has(context, device_class, offered.devices);
  std::ranges::sort(offered.devices, {}, &Device::port);
  return offered;
}

std::vector<HeldDevice> assigned_devices(const Context& context, const Vm& vm,
                                         DeviceClass device_class) {
  std::vector<HeldDevice> assigned;
  for (DeviceAssignment& device : DeviceTable{context.store}.of_vm(vm.qid))
    if (device.device_class == text(device_class))
      assigned.push_back(
          {{device.backend, device.port, device.identity}, device.mode, std::move(device.options)});
  std::ranges::sort(assigned, {}, [](const HeldDevice& held) { return held.device.text(); });
  return assigned;
}

void keep_only(std::vector<HeldDevice>& devices, const std::optional<DeviceReference>& wanted) {
  if (!wanted) return;
  std::erase_if(devices, [&](const HeldDevice& held) {
    return held.device.backend != wanted->backend || held.device.port != wanted->port ||
           (wanted->identity != "*" && !is_same_identity(wanted->identity, held.device.identity));
  });
  if (devices.size() > 1)
    throw Fault{FaultKind::no_such_device,
                concat("'", wanted->argument(), "' is not one device but ", devices.size(),
                       ": add + and the identity of one")};
}

std::vector<HeldDevice> attached_devices(const Context& context, const Vm& vm,
                                         DeviceClass device_class) {
  const auto domain = living_domain(context, vm);
  if (vm.qid == kDom0 || !domain) return {};
  const auto assigned = assigned_devices(context, vm, device_class);
  std::vector<HeldDevice> attached;
  for (Holding& held : holdings(context, vm, domain->id, device_class)) {
    DeviceReference device{held.backend, held.port, identity_of(context, held, device_class)};
    const auto mode = mode_of(device, assigned);
    attached.push_back({std::move(device), mode, std::move(held.options)});
  }
  std::ranges::sort(attached, {}, [](const HeldDevice& held) { return held.device.text(); });
  return attached;
}

}  // namespace qubes::mgmt
