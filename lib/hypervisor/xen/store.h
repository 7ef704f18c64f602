// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/fault.h"
#include "base/handle.h"
#include "hypervisor/xen/bounded.h"

extern "C" {
#include <xenstore.h>
}

namespace qubes::mgmt::xen {

/// The fault for a request to xenstored that has just failed with errno.
Fault store_fault(std::string_view doing);

/// A transaction of xenstored; given up at the end of its scope unless it was committed.
class StoreTransaction {
 public:
  explicit StoreTransaction(xs_handle* store);
  ~StoreTransaction();
  StoreTransaction(const StoreTransaction&) = delete;
  StoreTransaction& operator=(const StoreTransaction&) = delete;

  xs_transaction_t id() const { return id_; }

  /// False where somebody else changed the same keys first: all is to be done again.
  bool commit();

 private:
  xs_handle* store_;
  xs_transaction_t id_;
};

/// Does `work(transaction id)` until a transaction of it comes through. Throws busy after
/// many attempts.
template <class Work>
void in_transaction(xs_handle* store, Work work) {
  constexpr int kAttempts = 50;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    StoreTransaction transaction{store};
    work(transaction.id());
    if (transaction.commit()) return;
  }
  throw Fault{FaultKind::busy, "xenstored's keys change too fast; try again"};
}

/// A connection to xenstored. No use of it hangs: all throw no_xen after ten seconds.
class Store {
 public:
  Store();

  /// What `work(handle)` returns; it runs on another thread and owns what it captures.
  template <class Work>
  auto use(std::string_view doing, Work work) const {
    return connection_.use(kLimit, doing, [work = std::move(work)](Connection& connection) mutable {
      return work(connection.handle.get());
    });
  }

 private:
  struct Connection {
    Connection();
    Handle<xs_handle, xs_close> handle;
  };

  static constexpr std::chrono::seconds kLimit{10};

  Guarded<Connection> connection_;
};

}  // namespace qubes::mgmt::xen
