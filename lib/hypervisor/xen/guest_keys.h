// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guest/guest_store.h"
#include "hypervisor/xen/store.h"

namespace qubes::mgmt::xen {

/// The keys of guests in xenstore, below /local/domain/N. Beyond the faults of the
/// interface: bad_value for what is no key, not_running where the domain is gone, so that
/// no key is ever left behind by itself, failed where xenstored refuses.
class XenGuestStore : public GuestStore {
 public:
  void write(DomainId domain, std::string_view key, std::string_view value,
             KeyOwner owner) override;
  std::optional<std::string> read(DomainId domain, std::string_view key) const override;

  /// The names below a key; below "/" all those of the domain.
  std::vector<std::string> list(DomainId domain, std::string_view key) const override;
  void remove(DomainId domain, std::string_view key) override;
  void request_shutdown(DomainId domain) override;

 private:
  Store store_;
};

}  // namespace qubes::mgmt::xen
