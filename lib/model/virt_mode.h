// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace qubes::mgmt {

/// How a guest sees its machine.
enum class VirtMode { pv, pvh, hvm };

constexpr std::string_view text(VirtMode mode) {
  switch (mode) {
    case VirtMode::pv:
      return "pv";
    case VirtMode::pvh:
      return "pvh";
    case VirtMode::hvm:
      return "hvm";
  }
  return "";
}

}  // namespace qubes::mgmt
