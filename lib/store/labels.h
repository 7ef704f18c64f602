// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite.h"

namespace qubes::mgmt {

/// Labels up to this index are built in: they stay as they are.
constexpr std::int64_t kLastBuiltInLabel = 8;

struct Label {
  std::int64_t id;
  std::string name;
  std::string color;  ///< 0xRRGGBB
};

class LabelTable {
 public:
  explicit LabelTable(const sqlite::Database& store) : store_{store} {}

  std::optional<Label> find(std::string_view name) const;
  std::optional<Label> find(std::int64_t id) const;

  /// One that something refers to, so that it is there. Throws store_failed.
  Label get(std::int64_t id) const;

  /// By index.
  std::vector<Label> all() const;
  std::vector<std::string> names() const;

  /// Names of the VMs that have it.
  std::vector<std::string> users(std::int64_t id) const;

  /// Gives it the next index.
  void add(std::string_view name, std::string_view color) const;
  void remove(std::int64_t id) const;
  /// With the index that it says.
  void add(const Label& label) const;

 private:
  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
