// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "hypervisor/host_devices.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSector = 512;

std::string attribute(const fs::path& device, std::string_view name) {
  return std::string{trimmed(read_file(device / name).value_or(""))};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator{folder, none})
    names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

// Numbers, major:minor, of what is mounted, and names of what is swapped to.
std::set<std::string> used_directly(const HostFolders& host) {
  constexpr std::size_t kLongestTable = std::size_t{4} << 20;
  std::set<std::string> used;
  const auto mounts = read_file(host.proc / "self/mountinfo", kLongestTable).value_or("");
  for (const std::string& line : split(mounts, '\n'))
    if (const auto words = split(line, ' '); words.size() > 2) used.insert(words[2]);
  for (const std::string& line : split(read_file(host.proc / "swaps").value_or(""), '\n'))
    if (line.starts_with("/dev/")) used.insert(fs::path{line.substr(0, line.find(' '))}.filename());
  return used;
}

bool is_below(const fs::path& file, const fs::path& folder) {
  const auto [rest, end] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return rest == folder.end();
}

/// One look at all of dom0's block devices.
class Look {
 public:
  Look(const HostFolders& host, const std::vector<fs::path>& hidden)
      : hidden_{hidden}, used_{used_directly(host)} {}

  void take_disk(const fs::path& disk) {
    const std::string name = disk.filename();
    const std::string file = attribute(disk, "loop/backing_file");
    const bool is_ours = is_hidden(file) || attribute(disk, "dm/uuid").starts_with("LVM-");
    const bool is_no_disk = name.starts_with("ram") || name.starts_with("zram");
    if (is_ours || is_no_disk || (name.starts_with("loop") && file.empty())) return;
    std::vector<std::string> parts;
    for (const std::string& part : names_in(disk))
      if (fs::exists(disk / part / "partition")) parts.push_back(part);
    // A disk of which dom0 uses a part is not to be written by somebody else.
    const bool is_free =
        !is_used(disk) &&
        std::ranges::none_of(parts, [&](const std::string& part) { return is_used(disk / part); });
    if (is_free) add(disk, file.empty() ? attribute(disk, "device/model") : file, std::nullopt);
    for (const std::string& part : parts)
      if (!is_used(disk / part) && !is_used(disk))
        add(disk / part, attribute(disk, "device/model"), Device::Parent{DeviceClass::block, name});
  }

  std::vector<Device> devices = {};

 private:
  bool is_hidden(const std::string& file) const {
    return std::ranges::any_of(hidden_,
                               [&](const fs::path& folder) { return is_below(file, folder); });
  }

  bool is_used(const fs::path& device) const {
    return used_.contains(attribute(device, "dev")) || used_.contains(device.filename()) ||
           !names_in(device / "holders").empty();
  }

  void add(const fs::path& place, const std::string& words, std::optional<Device::Parent> parent) {
    const std::string port = place.filename();
    const auto sectors = to_number<std::uint64_t>(attribute(place, "size")).value_or(0);
    // Nothing is in the drive.
    if (sectors == 0 || !consists_of(port, "-")) return;
    Device device{
        .device_class = DeviceClass::block, .backend = "dom0", .port = port, .identity = {}};
    device.identity = block_identity(parent ? block_identity("", parent->port) : "", port);
    device.parent = std::move(parent);
    device.interfaces = "b******";
    device.name = device_words(words);
    device.block = Device::Block{sectors * kSector, attribute(place, "ro") != "1"};
    devices.push_back(std::move(device));
  }

  const std::vector<fs::path>& hidden_;
  std::set<std::string> used_;
};

}  // namespace

std::vector<Device> host_block_devices(const HostFolders& host,
                                       const std::vector<fs::path>& hidden) {
  Look look{host, hidden};
  for (const std::string& name : names_in(host.sys / "block"))
    look.take_disk(host.sys / "block" / name);
  std::ranges::sort(look.devices, {}, &Device::port);
  return look.devices;
}

}  // namespace qubes::mgmt
