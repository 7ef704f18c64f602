// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/sqlite.h"

namespace qubes::mgmt {

/// Rights to copy a volume's content, which are used once and expire.
class TokenTable {
 public:
  explicit TokenTable(const sqlite::Database& store) : store_{store} {}

  /// Makes one for this volume, and forgets those that have expired. 32 letters and digits.
  std::string add(std::int64_t volume) const;

  /// The volume that an unexpired token is for. The token is used up.
  std::optional<std::int64_t> take(std::string_view token) const;

 private:
  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
