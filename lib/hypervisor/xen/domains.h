// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/handle.h"
#include "hypervisor/domains.h"
#include "hypervisor/xen/log.h"
#include "hypervisor/xen/store.h"

struct xc_interface_core;

namespace qubes::mgmt::xen {

/// Whether some domain came to its end between two looks at all of them.
bool any_ended(const std::vector<Domain>& before, const std::vector<Domain>& now);

/// The domain of this uuid among these; the newest that is not dying before all others.
std::optional<Domain> pick(const std::vector<Domain>& domains, const Uuid& uuid);

/// Xen's domains by libxenctrl. Xenstored is not asked before wait_for_end() is called, so
/// that the rest answers while it is dead.
class XenDomains : public Domains {
 public:
  XenDomains();

  std::vector<Domain> list() const override;
  std::optional<Domain> find(const Uuid& uuid) const override;
  bool wait_for_end(std::chrono::milliseconds time) override;

 private:
  static void close(xc_interface_core* xen);
  void watch();
  void sleep_until(std::chrono::steady_clock::time_point end) const;

  Log log_;  // before xen_, which points to it and may log while it closes
  Handle<xc_interface_core, close> xen_;
  std::vector<Domain> seen_;
  std::optional<Store> store_;
  int wakeup_ = -1;
};

}  // namespace qubes::mgmt::xen
