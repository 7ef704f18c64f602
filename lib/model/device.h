// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qubes::mgmt {

/// What kinds of devices VMs lend each other.
enum class DeviceClass { block, mic, pci, usb };

constexpr std::array kDeviceClasses{DeviceClass::block, DeviceClass::mic, DeviceClass::pci,
                                    DeviceClass::usb};

constexpr std::string_view text(DeviceClass device_class) {
  constexpr std::array<std::string_view, kDeviceClasses.size()> names{"block", "mic", "pci", "usb"};
  return names.at(static_cast<std::size_t>(device_class));
}

constexpr std::optional<DeviceClass> device_class_of(std::string_view name) {
  for (const DeviceClass device_class : kDeviceClasses)
    if (text(device_class) == name) return device_class;
  return std::nullopt;
}

inline std::vector<std::string_view> device_class_names() {
  std::vector<std::string_view> names;
  for (const DeviceClass device_class : kDeviceClasses) names.push_back(text(device_class));
  return names;
}

/// How a device of which no interface is known is described.
constexpr std::string_view kUnknownInterface = "?******";

/// A device that is there, and what is known of it. Whatever it says of itself has been through
/// the parsers of guest/ or of dom0's own hardware: its texts are printable, its lengths bounded.
struct Device {
  DeviceClass device_class;
  std::string backend;  ///< the name of the VM that offers it
  std::string port;     ///< where it is plugged in there
  std::string identity;
  std::string vendor = {};
  std::string product = {};
  std::string manufacturer = {};
  std::string name = {};
  std::string serial = {};
  /// Codes of seven characters, one after the other.
  std::string interfaces = std::string{kUnknownInterface};
  /// What it is a part of: a disk of which it is a partition, a USB device.
  struct Parent {
    DeviceClass device_class;
    std::string port;
  };
  std::optional<Parent> parent = {};
  /// The name of the VM that has it, if any.
  std::string attachment = {};
  /// Of block devices alone.
  struct Block {
    std::uint64_t size;
    bool writable;
  };
  std::optional<Block> block = {};
};

/// Words that a device says of itself, with `_` for what is neither letter, digit, blank nor one
/// of a few marks. Today's clients misread a value that ends in `=`, so none does.
std::string device_words(std::string_view untrusted);

/// The same as a part of an identity: letters, digits, `.` and `-`.
std::string identity_part(std::string_view untrusted);

/// Of a device that is a disk or a partition, by the identity of what it is a part of.
std::string block_identity(std::string_view parent, std::string_view port);

/// The one device that dom0 has of its class.
Device microphone();

}  // namespace qubes::mgmt
