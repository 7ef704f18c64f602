// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "hypervisor/host_devices.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDevices = "bus/pci/devices";
constexpr std::string_view kHex = "0123456789abcdef";

bool is_hex(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of(kHex) == text.npos;
}

// SSSS:BB:DD.F
bool is_address(std::string_view text) {
  return text.size() == 12 && is_hex(text.substr(0, 4), 4) && text[4] == ':' &&
         is_hex(text.substr(5, 2), 2) && text[7] == ':' && is_hex(text.substr(8, 2), 2) &&
         text[10] == '.' && is_hex(text.substr(11), 1);
}

std::string attribute(const fs::path& device, std::string_view name) {
  return std::string{trimmed(read_file(device / name).value_or(""))};
}

// The bus behind a bridge has a number that changes with what else is plugged in.
std::string port_at(const fs::path& place) {
  std::vector<std::string> steps;
  for (const fs::path& part : place) {
    const std::string address = part;
    if (!is_address(address)) continue;
    const bool is_first = steps.empty();
    const std::string segment = address.starts_with("0000") ? "" : address.substr(0, 4) + "_";
    steps.push_back(concat(is_first ? segment : "", is_first ? address.substr(5, 2) : "00", "_",
                           address.substr(8)));
  }
  return join(steps, "-");
}

std::vector<std::string> addresses(const HostFolders& host) {
  std::vector<std::string> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator{host.sys / kDevices, none})
    if (std::string name = entry.path().filename(); is_address(name))
      found.push_back(std::move(name));
  std::ranges::sort(found);
  return found;
}

Device describe(const fs::path& place, std::string port) {
  Device device{
      .device_class = DeviceClass::pci, .backend = "dom0", .port = std::move(port), .identity = {}};
  const std::string code = attribute(place, "class");
  if (code.size() == 8 && is_hex(code.substr(2), 6))
    device.interfaces = concat("p", code.substr(2));
  const std::string vendor = device_words(attribute(place, "vendor"));
  const std::string product = device_words(attribute(place, "device"));
  device.identity = concat(vendor, ":", product, "::", device.interfaces);
  device.vendor = vendor;
  device.product = product;
  return device;
}

}  // namespace

std::optional<std::string> pci_port(const HostFolders& host, const std::string& address) {
  std::error_code none;
  const fs::path place = fs::canonical(host.sys / kDevices / address, none);
  if (none || !is_address(address)) return std::nullopt;
  return port_at(place);
}

std::optional<std::string> pci_address(const HostFolders& host, const std::string& port) {
  for (const std::string& address : addresses(host))
    if (pci_port(host, address) == port) return address;
  return std::nullopt;
}

std::string pci_driver(const HostFolders& host, const std::string& address) {
  std::error_code none;
  return fs::read_symlink(host.sys / kDevices / address / "driver", none).filename();
}

std::vector<Device> host_pci_devices(const HostFolders& host) {
  std::vector<Device> devices;
  for (const std::string& address : addresses(host))
    if (auto port = pci_port(host, address))
      devices.push_back(describe(host.sys / kDevices / address, *std::move(port)));
  std::ranges::sort(devices, {}, &Device::port);
  return devices;
}

}  // namespace qubes::mgmt
