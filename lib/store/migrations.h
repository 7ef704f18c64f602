// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace qubes::mgmt {

/// The numbered scripts of schema/, in order: the n-th makes schema n out of schema n-1.
std::span<const std::string_view> migrations();

}  // namespace qubes::mgmt
