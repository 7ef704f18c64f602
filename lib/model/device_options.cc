// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/device_options.h"

#include <algorithm>

#include "base/text.h"
#include "model/amounts.h"

namespace qubes::mgmt {
namespace {

Fault refused(std::string_view name, std::string_view value, std::string_view expected) {
  return {FaultKind::bad_value, concat("option ", name, " cannot be '", printable(value),
                                       "': ", expected, " is accepted")};
}

Fault unknown(DeviceClass device_class, std::string_view name, std::string_view known) {
  return {FaultKind::bad_value, concat("unsupported option '", printable(name), "': a ",
                                       text(device_class), " device has ", known)};
}

bool is_on(std::string_view name, std::string_view value) try {
  return Switch::parse(value).is_on;
} catch (const Fault&) {
  throw refused(name, value, "yes or no");
}

// xvda to xvdz, sda to sdz, or a partition of one.
bool is_disk_name(std::string_view name) {
  if (name.starts_with("xvd"))
    name.remove_prefix(3);
  else if (name.starts_with("sd"))
    name.remove_prefix(2);
  else
    return false;
  return !name.empty() && name.size() <= 3 && name[0] >= 'a' && name[0] <= 'z' &&
         name.substr(1).find_first_not_of("0123456789") == name.npos;
}

}  // namespace

BlockOptions BlockOptions::parse(const DeviceOptions& options) {
  BlockOptions parsed;
  for (const auto& [name, value] : options) {
    if (name == "frontend-dev") {
      if (!is_disk_name(value)) throw refused(name, value, "a name such as xvdi or sdb");
      parsed.frontend = value;
    } else if (name == "read-only") {
      parsed.read_only = is_on(name, value);
    } else if (name == "devtype") {
      if (value != "disk" && value != "cdrom") throw refused(name, value, "disk or cdrom");
      parsed.is_cdrom = value == "cdrom";
    } else {
      throw unknown(DeviceClass::block, name, "frontend-dev, read-only and devtype");
    }
  }
  return parsed;
}

PciOptions PciOptions::parse(const DeviceOptions& options) {
  PciOptions parsed;
  for (const auto& [name, value] : options) {
    // Xen as it is upstream never insists on a reset.
    if (name == "no-strict-reset")
      is_on(name, value);
    else if (name == "permissive")
      parsed.permissive = is_on(name, value);
    else
      throw unknown(DeviceClass::pci, name, "permissive and no-strict-reset");
  }
  return parsed;
}

void check_options(DeviceClass device_class, const DeviceOptions& options) {
  if (device_class == DeviceClass::block) {
    BlockOptions::parse(options);
  } else if (device_class == DeviceClass::pci) {
    PciOptions::parse(options);
  } else if (!options.empty()) {
    throw Fault{FaultKind::failed, concat("unsupported option '", printable(options.begin()->first),
                                          "': a ", text(device_class), " device has none")};
  }
}

std::string free_disk_name(const std::vector<std::string>& taken, bool is_cdrom) {
  const auto is_free = [&](const std::string& name) {
    return std::ranges::find(taken, name) == taken.end();
  };
  // Of a virtual machine's disks only the first four can be booted from.
  if (is_cdrom && is_free("xvdd")) return "xvdd";
  constexpr std::string_view kLetters = "ijklmnopqrstuvwxyzabcdefgh";
  for (const char letter : kLetters)
    if (std::string name = concat("xvd", std::string_view{&letter, 1}); is_free(name)) return name;
  throw Fault{FaultKind::failed, "the VM has as many disks as it can have, xvda to xvdz"};
}

}  // namespace qubes::mgmt
