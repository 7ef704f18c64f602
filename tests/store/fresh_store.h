// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/root.h"
#include "store/change.h"
#include "store/open.h"
#include "support/scratch_root.h"

namespace qubes::mgmt::test {

/// A store as the first call makes it, on a root of its own.
struct FreshStore {
  FreshStore();

  /// One more connection, as another process would have.
  sqlite::Database open(StoreAccess access = StoreAccess::write) const;

  /// Runs these statements as one change by `dom0`.
  void change(std::string_view sql) const;

  std::vector<std::string> query(std::string_view sql) const;

  std::filesystem::path file() const { return scratch.at("/var/lib/qubes-mgmt/store.db"); }

  ScratchRoot scratch;
  Root root;
  sqlite::Database store;
};

/// A statement that adds a StandaloneVM.
std::string add_vm(int qid, const std::string& name);

}  // namespace qubes::mgmt::test
