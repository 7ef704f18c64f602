// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/root.h"
#include "store/sqlite.h"

namespace qubes::mgmt {

/// What a call wants of the store. Only one that writes brings it up to date.
enum class StoreAccess { read, write };

/// Prepares the pool of a store that is about to be made, and names its driver.
using FirstPool = std::string (*)(const Root& root);

/// Opens /var/lib/qubes-mgmt/store.db. The first program that is allowed to makes it, in one
/// step, with dom0, labels, pools and what Qubes sets at first; others at the same time wait.
/// Faults: denied, store_failed for a store of a newer version or a damaged one, busy for a
/// reader of an older version (the next call that writes brings it up to date).
sqlite::Database open_store(const Root& root, StoreAccess access, FirstPool first_pool);

/// The file of a lock, in a folder that is made where it is missing: below /run, so that no lock
/// outlives a boot. Faults: io_failed, denied.
std::filesystem::path lock_file(const Root& root, std::string_view name);

/// The newest schema that this library knows.
std::int64_t newest_schema();

}  // namespace qubes::mgmt
