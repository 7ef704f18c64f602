// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite.h"

namespace qubes::mgmt {

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

  /// By index.
  std::vector<Label> all() const;
  std::vector<std::string> names() const;

  void add(const Label& label) const;

 private:
  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
