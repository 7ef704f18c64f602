// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace qubes::mgmt {

/// Hears how far a long piece of work has come. Who draws it, and whether anybody does, is
/// the frame's business.
class Progress {
 public:
  virtual ~Progress() = default;

  /// So many bytes are done; out of how many, if that is known.
  virtual void advance(std::uint64_t bytes, std::optional<std::uint64_t> total) = 0;
};

}  // namespace qubes::mgmt
