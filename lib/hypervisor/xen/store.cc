// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/store.h"

#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "hypervisor/xen/presence.h"

namespace qubes::mgmt::xen {

Fault store_fault(std::string_view doing) {
  const int error = errno;
  switch (error) {
    case E2BIG:
      return Fault{FaultKind::failed, concat("xenstored refuses ", doing, ": it is too long")};
    case ENOSPC:
    case EACCES:
    case EPERM:
      return Fault{FaultKind::failed,
                   concat("xenstored refuses ", doing, ": ", std::strerror(error))};
    default:
      return Fault{FaultKind::no_xen,
                   concat("xenstored failed at ", doing, ": ", std::strerror(error))};
  }
}

StoreTransaction::StoreTransaction(xs_handle* store)
    : store_{store}, id_{xs_transaction_start(store)} {
  if (id_ == XBT_NULL) throw store_fault("beginning a transaction");
}

StoreTransaction::~StoreTransaction() {
  if (id_ != XBT_NULL) xs_transaction_end(store_, id_, true);
}

bool StoreTransaction::commit() {
  const xs_transaction_t id = std::exchange(id_, xs_transaction_t{XBT_NULL});
  if (xs_transaction_end(store_, id, false)) return true;
  if (errno != EAGAIN) throw store_fault("ending a transaction");
  return false;
}

Store::Connection::Connection() {
  require_xenstored();
  handle.reset(xs_open(0));
  if (!handle) throw store_fault("opening a connection");
}

Store::Store() : connection_{kLimit, "connecting to xenstored"} {}

}  // namespace qubes::mgmt::xen
