// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "model/uuid.h"

namespace qubes::mgmt {

/// A domain's number in Xen: a new one at each start.
using DomainId = std::uint32_t;

enum class DomainState {
  running,
  paused,
  /// Has ended by itself and waits for somebody to destroy it; holds its memory until then.
  ended,
  /// Is being destroyed; somebody still maps its pages.
  dying,
};

enum class EndReason { none, poweroff, reboot, suspend, crash, watchdog, soft_reset };

/// One domain as Xen shows it.
struct Domain {
  DomainId id;
  Uuid uuid;
  DomainState state;
  EndReason reason;
  std::uint64_t memory_kib;
  std::uint64_t max_memory_kib;
  std::uint64_t cpu_time_ns;
};

/// Whether the domain is to go on: it runs, or will when it is unpaused or resumed. One that has
/// ended otherwise only waits to be destroyed.
inline bool lives(const Domain& domain) {
  return domain.state == DomainState::running || domain.state == DomainState::paused ||
         (domain.state == DomainState::ended && domain.reason == EndReason::suspend);
}

/// Of two domains with one uuid, whether the first is the VM's: the newest, unless it is dying
/// and the other is not.
inline bool comes_before(const Domain& one, const Domain& other) {
  const auto rank = [](const Domain& domain) {
    return std::pair{domain.state != DomainState::dying, domain.id};
  };
  return rank(one) > rank(other);
}

/// Looks at Xen and changes nothing. Cheap: one hypercall by libxenctrl, no xenstore.
///
/// A configured machine is a VM; what Xen runs for it is its domain, found by the VM's uuid.
/// Faults of all: no_xen.
class Domains {
 public:
  virtual ~Domains() = default;

  virtual std::vector<Domain> list() const = 0;

  /// The domain of this uuid. One that is dying does not hide a newer one beside it.
  virtual std::optional<Domain> find(const Uuid& uuid) const = 0;

  /// Sleeps until some domain has ended or gone, or until the time has passed; says which:
  /// true for an end. An end since the last call, or since this object was made, counts.
  virtual bool wait_for_end(std::chrono::milliseconds time) = 0;
};

}  // namespace qubes::mgmt
