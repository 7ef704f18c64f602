// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "guest/guest_store.h"

namespace qubes::mgmt::test {

/// The keys of one guest, by their paths, in memory.
struct GuestKeys : GuestStore {
  void write(DomainId /*domain*/, std::string_view key, std::string_view value,
             KeyOwner /*owner*/) override {
    keys[std::string{key}] = value;
  }
  std::optional<std::string> read(DomainId /*domain*/, std::string_view key) const override {
    const auto found = keys.find(std::string{key});
    return found == keys.end() ? std::nullopt : std::optional{found->second};
  }
  std::vector<std::string> list(DomainId /*domain*/, std::string_view key) const override {
    std::vector<std::string> names;
    const std::string folder = std::string{key} + "/";
    for (const auto& [path, value] : keys) {
      if (!path.starts_with(folder)) continue;
      const std::string name =
          path.substr(folder.size(), path.find('/', folder.size()) - folder.size());
      if (names.empty() || names.back() != name) names.push_back(name);
    }
    return names;
  }
  void remove(DomainId /*domain*/, std::string_view key) override { keys.erase(std::string{key}); }
  void request_shutdown(DomainId /*domain*/) override {}

  std::map<std::string, std::string> keys;
};

}  // namespace qubes::mgmt::test
