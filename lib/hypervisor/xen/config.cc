// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/config.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>

#include "base/fault.h"
#include "base/text.h"

extern "C" {
#include <libxl_utils.h>
#include <libxl_uuid.h>
}

namespace qubes::mgmt::xen {
namespace {

constexpr std::uint64_t kKibPerMib = 1024;

/// libxl frees what it is given, texts and arrays alike, by free().
template <class T>
T* allocate(std::size_t count) {
  Handle<T, std::free> memory{static_cast<T*>(std::calloc(count, sizeof(T)))};
  if (!memory) throw std::bad_alloc{};
  return memory.release();
}

char* copy(const std::string& text) {
  char* const memory = allocate<char>(text.size() + 1);
  text.copy(memory, text.size());
  return memory;
}

/// No value at all is what libxl takes for "none".
char* copy_if_any(const std::string& text) { return text.empty() ? nullptr : copy(text); }

libxl_domain_type type_of(VirtMode mode) {
  switch (mode) {
    case VirtMode::pv:
      return LIBXL_DOMAIN_TYPE_PV;
    case VirtMode::pvh:
      return LIBXL_DOMAIN_TYPE_PVH;
    case VirtMode::hvm:
      return LIBXL_DOMAIN_TYPE_HVM;
  }
  return LIBXL_DOMAIN_TYPE_INVALID;
}

void set_identity(const DomainSpec& spec, libxl_domain_create_info& info) {
  info.type = type_of(spec.mode);
  info.name = copy(spec.name);
  // Left to libxl, this would be a random one: seconds in a dom0 that lacks entropy.
  const auto& uuid = spec.uuid.bytes();
  std::copy(uuid.begin(), uuid.end(), libxl_uuid_bytearray(&info.uuid));
}

void set_memory(const DomainSpec& spec, libxl_domain_build_info& info) {
  info.target_memkb = spec.memory_mib * kKibPerMib;
  info.max_memkb = std::max(spec.memory_mib, spec.max_memory_mib) * kKibPerMib;
}

void set_vcpus(const DomainSpec& spec, libxl_domain_build_info& info) {
  const unsigned count = std::max(spec.vcpus, 1U);
  info.max_vcpus = static_cast<int>(count);
  // libxl_cpu_bitmap_alloc() would need a context.
  info.avail_vcpus.size = (count + 7) / 8;
  info.avail_vcpus.map = allocate<std::uint8_t>(info.avail_vcpus.size);
  for (unsigned vcpu = 0; vcpu < count; ++vcpu)
    libxl_bitmap_set(&info.avail_vcpus, static_cast<int>(vcpu));
}

void set_boot(const DomainSpec& spec, libxl_domain_build_info& info) {
  info.kernel = copy_if_any(spec.kernel);
  info.ramdisk = copy_if_any(spec.initramfs);
  info.cmdline = copy_if_any(spec.kernelopts);
}

void set_processor(const DomainSpec& spec, libxl_domain_build_info& info) {
  if (spec.mode == VirtMode::hvm) {
    libxl_defbool_set(&info.nested_hvm, false);
    return;
  }
  // Guests with our kernels know Xen's clock, and a TSC that traps slows each of them down.
  info.tsc_mode = LIBXL_TSC_MODE_NATIVE;
  if (spec.mode == VirtMode::pvh) libxl_defbool_set(&info.nested_hvm, false);
}

/// What only a full virtual machine has: a BIOS that boots the first disk, no screen.
void set_machine(const DomainSpec& spec, libxl_domain_build_info& info) {
  if (spec.mode != VirtMode::hvm) return;
  auto& hvm = info.u.hvm;
  info.device_model_version = LIBXL_DEVICE_MODEL_VERSION_QEMU_XEN;
  hvm.boot = copy("c");
  hvm.serial = copy("pty");
  hvm.vga.kind = LIBXL_VGA_INTERFACE_TYPE_NONE;
  libxl_defbool_set(&hvm.nographic, true);
  libxl_defbool_set(&hvm.vnc.enable, false);
  libxl_defbool_set(&hvm.sdl.enable, false);
  libxl_defbool_set(&hvm.spice.enable, false);
}

void set_disks(const DomainSpec& spec, libxl_domain_config& config) {
  if (spec.disks.empty()) return;
  config.disks = allocate<libxl_device_disk>(spec.disks.size());
  for (const DiskSpec& disk : spec.disks) {
    libxl_device_disk& out = config.disks[config.num_disks++];
    libxl_device_disk_init(&out);
    describe(disk, spec.block_script, out);
  }
}

void set_pci(const DomainSpec& spec, libxl_domain_config& config) {
  if (spec.pci.empty()) return;
  config.pcidevs = allocate<libxl_device_pci>(spec.pci.size());
  for (const PciSpec& device : spec.pci) {
    libxl_device_pci& out = config.pcidevs[config.num_pcidevs++];
    libxl_device_pci_init(&out);
    describe(device, out);
  }
  // A guest that knows Xen finds its devices' memory where the host has it.
  if (spec.mode == VirtMode::pv) libxl_defbool_set(&config.b_info.u.pv.e820_host, true);
}

/// libxl acts on none of these: they say to others what becomes of a domain that has ended.
void set_ends(libxl_domain_config& config) {
  config.on_poweroff = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
  config.on_reboot = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
  config.on_watchdog = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
  config.on_crash = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
  config.on_soft_reset = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
}

}  // namespace

void describe(const DiskSpec& disk, const std::string& block_script, libxl_device_disk& config) {
  config.pdev_path = copy(disk.device);
  config.vdev = copy(disk.frontend);
  config.backend = LIBXL_DISK_BACKEND_PHY;
  config.format = LIBXL_DISK_FORMAT_RAW;
  config.readwrite = disk.writable ? 1 : 0;
  config.is_cdrom = disk.is_cdrom ? 1 : 0;
  config.removable = disk.is_cdrom ? 1 : 0;
  // In another VM its own agent does what the script does in dom0.
  if (disk.backend == 0)
    config.script = copy_if_any(block_script);
  else
    config.backend_domid = disk.backend;
}

void describe(const PciSpec& device, libxl_device_pci& config) {
  unsigned domain = 0;
  unsigned bus = 0;
  unsigned slot = 0;
  unsigned function = 0;
  if (std::sscanf(device.address.c_str(), "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
    throw Fault{FaultKind::internal, concat(device.address, " is no address of a PCI device")};
  config.domain = static_cast<int>(domain);
  config.bus = static_cast<std::uint8_t>(bus);
  config.dev = static_cast<std::uint8_t>(slot);
  config.func = static_cast<std::uint8_t>(function);
  config.permissive = device.permissive;
  config.seize = true;
}

void describe(const DomainSpec& spec, libxl_domain_config& config) {
  set_identity(spec, config.c_info);
  // Chooses the member of the union that the rest may fill.
  libxl_domain_build_info_init_type(&config.b_info, config.c_info.type);
  set_memory(spec, config.b_info);
  set_vcpus(spec, config.b_info);
  set_boot(spec, config.b_info);
  set_processor(spec, config.b_info);
  set_machine(spec, config.b_info);
  set_disks(spec, config);
  set_pci(spec, config);
  set_ends(config);
}

}  // namespace qubes::mgmt::xen
