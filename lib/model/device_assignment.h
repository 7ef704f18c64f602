// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace qubes::mgmt {

/// When a VM gets a device that it was assigned.
enum class DeviceMode {
  required,       ///< at its start, which is refused without the device
  auto_attach,    ///< at its start, or when the device appears
  ask_to_attach,  ///< the same, once a person has agreed
};

constexpr std::array kDeviceModes{DeviceMode::required, DeviceMode::auto_attach,
                                  DeviceMode::ask_to_attach};

constexpr std::string_view text(DeviceMode mode) {
  constexpr std::array<std::string_view, kDeviceModes.size()> names{"required", "auto-attach",
                                                                    "ask-to-attach"};
  return names.at(static_cast<std::size_t>(mode));
}

constexpr std::optional<DeviceMode> device_mode_of(std::string_view name) {
  for (const DeviceMode mode : kDeviceModes)
    if (text(mode) == name) return mode;
  return std::nullopt;
}

/// A device that a VM is to get whenever it can. What it is, backend, port and identity say
/// together; `*` in either of the last two stands for any.
struct DeviceAssignment {
  std::string device_class;  ///< block, mic, pci, usb
  std::string backend;       ///< the name of the VM that offers it, which need not exist
  std::string port;
  std::string identity = "*";
  DeviceMode mode = DeviceMode::required;
  std::map<std::string, std::string, std::less<>> options;
};

}  // namespace qubes::mgmt
