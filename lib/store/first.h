// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "store/sqlite.h"

namespace qubes::mgmt {

/// Writes what a store holds before anybody has changed it: dom0, the labels 1 to 8, the pools
/// varlibqubes, with this driver, and linux-kernel. Within the transaction that makes the store.
void fill_first_store(const sqlite::Database& store, std::string_view driver);

}  // namespace qubes::mgmt
