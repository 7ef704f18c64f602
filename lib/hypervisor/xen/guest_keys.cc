// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/guest_keys.h"

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "base/text.h"
#include "hypervisor/xen/guest_path.h"

namespace qubes::mgmt::xen {
namespace {

using Value = Handle<char, std::free>;
using Names = Handle<char*, std::free>;
using Permissions = std::vector<xs_permissions>;

constexpr unsigned kDom0 = 0;

/// The first entry names the owner, who may do all, and what all others may.
Permissions permissions_of(DomainId domain, KeyOwner owner) {
  if (owner == KeyOwner::guest) return {{domain, XS_PERM_NONE}};
  return {{kDom0, XS_PERM_NONE}, {domain, XS_PERM_READ}};
}

/// Throws not_running unless xenstore knows the domain; within a transaction it stays so.
void require_home(xs_handle* store, xs_transaction_t transaction, DomainId domain) {
  unsigned length = 0;
  const Value home{
      static_cast<char*>(xs_read(store, transaction, guest_home(domain).c_str(), &length))};
  if (home) return;
  if (errno != ENOENT) throw store_fault("reading a domain's keys");
  throw Fault{FaultKind::not_running, concat("domain ", domain, " is gone")};
}

void put(xs_handle* store, xs_transaction_t transaction, const std::string& path,
         const std::string& value) {
  if (!xs_write(store, transaction, path.c_str(), value.data(),
                static_cast<unsigned>(value.size())))
    throw store_fault(concat("writing ", path));
}

}  // namespace

void XenGuestStore::write(DomainId domain, std::string_view key, std::string_view value,
                          KeyOwner owner) {
  const std::string path = guest_path(domain, key);
  store_.use(concat("writing ", path), [=, value = std::string{value}](xs_handle* store) {
    Permissions permissions = permissions_of(domain, owner);
    in_transaction(store, [&](xs_transaction_t transaction) {
      require_home(store, transaction, domain);
      put(store, transaction, path, value);
      if (!xs_set_permissions(store, transaction, path.c_str(), permissions.data(),
                              static_cast<unsigned>(permissions.size())))
        throw store_fault(concat("setting who may use ", path));
    });
  });
}

std::optional<std::string> XenGuestStore::read(DomainId domain, std::string_view key) const {
  const std::string path = guest_path(domain, key);
  return store_.use(concat("reading ", path), [=](xs_handle* store) -> std::optional<std::string> {
    unsigned length = 0;
    const Value value{static_cast<char*>(xs_read(store, XBT_NULL, path.c_str(), &length))};
    if (value) return std::string{value.get(), length};
    if (errno != ENOENT) throw store_fault(concat("reading ", path));
    return std::nullopt;
  });
}

std::vector<std::string> XenGuestStore::list(DomainId domain, std::string_view key) const {
  const std::string path = key == "/" ? guest_home(domain) : guest_path(domain, key);
  return store_.use(concat("listing ", path), [=](xs_handle* store) {
    unsigned count = 0;
    const Names names{xs_directory(store, XBT_NULL, path.c_str(), &count)};
    if (!names && errno != ENOENT) throw store_fault(concat("listing ", path));
    return names ? std::vector<std::string>{names.get(), names.get() + count}
                 : std::vector<std::string>{};
  });
}

void XenGuestStore::remove(DomainId domain, std::string_view key) {
  const std::string path = guest_path(domain, key);
  store_.use(concat("removing ", path), [=](xs_handle* store) {
    if (!xs_rm(store, XBT_NULL, path.c_str()) && errno != ENOENT)
      throw store_fault(concat("removing ", path));
  });
}

void XenGuestStore::request_shutdown(DomainId domain) {
  const std::string path = guest_path(domain, "/control/shutdown");
  store_.use(concat("writing ", path), [=](xs_handle* store) {
    in_transaction(store, [&](xs_transaction_t transaction) {
      require_home(store, transaction, domain);
      put(store, transaction, path, "poweroff");
    });
  });
}

}  // namespace qubes::mgmt::xen
