// SPDX-License-Identifier: GPL-2.0-or-later
#include "guest/devices.h"

#include <algorithm>
#include <functional>
#include <map>

#include "base/text.h"
#include "model/names.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kLongestText = 512;
constexpr std::size_t kMostInterfaces = 32;
constexpr std::string_view kHex = "0123456789abcdef";

bool is_all(std::string_view text, std::string_view of) {
  return text.find_first_not_of(of) == text.npos;
}

bool is_number(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && is_all(text, "0123456789");
}

/// The keys of one device, as far as they are no longer than such a text may be.
class Keys {
 public:
  Keys(const GuestStore& store, DomainId domain, std::string folder)
      : store_{store}, domain_{domain}, folder_{std::move(folder)} {}

  std::optional<std::string> untrusted(std::string_view name) {
    auto value = store_.read(domain_, concat(folder_, "/", name));
    if (value && value->size() > kLongestText) {
      is_too_long_ = true;
      return std::nullopt;
    }
    return value;
  }

  bool is_too_long() const { return is_too_long_; }

 private:
  const GuestStore& store_;
  DomainId domain_;
  std::string folder_;
  bool is_too_long_ = false;
};

using Reader = std::function<std::optional<Device>(const std::string& name, Keys& keys)>;

Advertised read_folder(const GuestStore& store, DomainId domain, const std::string& folder,
                       const Reader& read) {
  Advertised found;
  std::vector<std::string> names = store.list(domain, folder);
  std::ranges::sort(names);
  if (names.size() > kMostDevices) {
    found.dropped = names.size() - kMostDevices;
    names.resize(kMostDevices);
  }
  for (const std::string& name : names) {
    // What xenstore would not take as a key, QubesDB would.
    const bool is_key = !name.empty() && name.size() <= 64 && consists_of(name, "-_");
    Keys keys{store, domain, concat(folder, "/", name)};
    auto device = is_key ? read(name, keys) : std::nullopt;
    if (device && !keys.is_too_long())
      found.devices.push_back(*std::move(device));
    else
      ++found.dropped;
  }
  return found;
}

// BUS-PORT, with the ports of hubs behind: 2-1, 1-1_4.
bool is_usb_port(std::string_view name) {
  const std::size_t dash = name.find('-');
  if (dash == name.npos || !is_number(name.substr(0, dash), 3)) return false;
  const auto ports = split(name.substr(dash + 1), '_');
  return ports.size() <= 7 &&
         std::ranges::all_of(ports, [](const std::string& port) { return is_number(port, 3); });
}

// A field has `\x20` for a blank.
std::string unescaped(std::string_view field) {
  std::string out;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const auto code = field.substr(i, 4);
    if (code.size() == 4 && code.starts_with("\\x") && is_all(lower(code.substr(2)), kHex)) {
      const std::string digits = lower(code.substr(2));
      out += static_cast<char>(kHex.find(digits[0]) * 16 + kHex.find(digits[1]));
      i += 3;
    } else {
      out += field[i];
    }
  }
  return out;
}

bool is_id_pair(std::string_view text) {
  return text.size() == 9 && text[4] == ':' && is_all(text.substr(0, 4), kHex) &&
         is_all(text.substr(5), kHex);
}

std::string usb_interfaces(std::string_view untrusted) {
  std::string out;
  std::size_t count = 0;
  for (const std::string& code : split(untrusted, ':')) {
    if (code.empty()) continue;
    if (code.size() != 6 || !is_all(code, kHex) || ++count > kMostInterfaces)
      return std::string{kUnknownInterface};
    out += concat("u", code);
  }
  return out.empty() ? std::string{kUnknownInterface} : out;
}

void describe_usb(Device& device, const std::string& untrusted) {
  const auto fields = split(untrusted, ' ');
  std::string ids = "0000:0000";
  std::string serial;
  if (fields.size() == 4 && is_id_pair(lower(fields[0]))) {
    ids = lower(fields[0]);
    device.manufacturer = device_words(unescaped(fields[1]));
    device.name = device_words(unescaped(fields[2]));
    device.serial = device_words(unescaped(fields[3]));
    serial = identity_part(unescaped(fields[3]));
  } else {
    device.name = device_words(unescaped(untrusted));
  }
  device.identity = concat(ids, ":", serial, ":", device.interfaces);
}

std::string vm_named(std::string_view untrusted) try {
  return VmName::parse(untrusted).text();
} catch (const Fault&) {
  return "";
}

std::optional<Device> read_usb(const std::string& backend, const std::string& name, Keys& keys) {
  const auto description = keys.untrusted("desc");
  if (!is_usb_port(name) || !description) return std::nullopt;
  Device device{.device_class = DeviceClass::usb, .backend = backend, .port = name, .identity = {}};
  std::ranges::replace(device.port, '_', '.');
  device.interfaces = usb_interfaces(lower(keys.untrusted("interfaces").value_or("")));
  describe_usb(device, *description);
  if (const auto user = keys.untrusted("connected-to"); user && !user->empty()) {
    device.attachment = vm_named(*user);
    if (device.attachment.empty()) return std::nullopt;
  }
  return device;
}

bool is_block_port(std::string_view name) {
  return !name.empty() && name.size() <= 12 &&
         is_all(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

std::optional<Device> read_block(const std::string& backend, const std::string& name, Keys& keys) {
  if (!is_block_port(name)) return std::nullopt;
  const auto description = keys.untrusted("desc");
  const std::string size = keys.untrusted("size").value_or("0");
  const std::string mode = keys.untrusted("mode").value_or("w");
  const auto bytes = to_number<std::uint64_t>(size);
  if (!description || !is_number(size, 19) || !bytes || (mode != "r" && mode != "w"))
    return std::nullopt;
  Device device{
      .device_class = DeviceClass::block, .backend = backend, .port = name, .identity = {}};
  device.name = device_words(*description);
  device.interfaces = "b******";
  device.block = Device::Block{*bytes, mode == "w"};
  return device;
}

/// What a disk says it is a part of: `sda`, or `1-1.4:1.0`, a USB device and its interface.
struct ParentKey {
  Device::Parent parent;
  std::string interface = {};
};

std::optional<ParentKey> parent_of(const std::string& untrusted) {
  const std::size_t colon = untrusted.find(':');
  std::string port = untrusted.substr(0, colon);
  if (colon == untrusted.npos) {
    if (!is_block_port(port)) return std::nullopt;
    return ParentKey{{DeviceClass::block, port}};
  }
  std::string key = port;
  std::ranges::replace(key, '.', '_');
  const std::string interface = identity_part(untrusted.substr(colon + 1));
  if (!is_usb_port(key) || interface.size() > 16) return std::nullopt;
  return ParentKey{{DeviceClass::usb, port}, interface};
}

/// Gives each disk its identity, by what it is a part of.
class Identities {
 public:
  Identities(std::vector<Device>& disks, const std::vector<Device>& usb,
             std::map<std::string, ParentKey> parents)
      : disks_{disks}, usb_{usb}, parents_{std::move(parents)} {}

  void set_all() {
    for (Device& disk : disks_) disk.identity = of(disk.port, 0);
  }

 private:
  // A guest may claim that a disk is a part of itself.
  static constexpr int kDeepest = 4;

  std::string of(const std::string& port, int depth) const {
    const auto known = parents_.find(port);
    if (known == parents_.end() || depth == kDeepest) return block_identity("", port);
    const auto& [parent, interface] = known->second;
    if (parent.device_class == DeviceClass::block)
      return block_identity(of(parent.port, depth + 1), port);
    const std::string whole = concat(parent.port, ":", usb_identity(parent.port));
    return interface.empty() ? block_identity(whole, port) : concat(whole, ":", interface);
  }

  std::string usb_identity(const std::string& port) const {
    const auto found = std::ranges::find(usb_, port, &Device::port);
    return found == usb_.end() ? concat("0000:0000::", kUnknownInterface) : found->identity;
  }

  std::vector<Device>& disks_;
  const std::vector<Device>& usb_;
  std::map<std::string, ParentKey> parents_;
};

}  // namespace

Advertised read_usb_devices(const GuestStore& store, DomainId domain, const std::string& backend) {
  return read_folder(store, domain, "/qubes-usb-devices", [&](const std::string& name, Keys& keys) {
    return read_usb(backend, name, keys);
  });
}

Advertised read_block_devices(const GuestStore& store, DomainId domain, const std::string& backend,
                              const std::vector<Device>& usb) {
  std::map<std::string, ParentKey> parents;
  const auto read = [&](const std::string& name, Keys& keys) {
    auto device = read_block(backend, name, keys);
    const auto claimed = device ? keys.untrusted("parent") : std::nullopt;
    if (!claimed || claimed->empty()) return device;
    const auto parent = parent_of(*claimed);
    if (!parent) return std::optional<Device>{};
    device->parent = parent->parent;
    parents.emplace(name, *parent);
    return device;
  };
  Advertised found = read_folder(store, domain, "/qubes-block-devices", read);
  Identities{found.devices, usb, std::move(parents)}.set_all();
  return found;
}

}  // namespace qubes::mgmt
