// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hypervisor/domains.h"

namespace qubes::mgmt {

/// Who may write a key of a guest. The guest may read all of its own; no other guest any.
enum class KeyOwner { dom0, guest };

/// What a running guest is told, and what it tells: a tree of keys for each domain.
///
/// Key `/x` of domain N is `/local/domain/N/x` in xenstore. Whatever is read from here was
/// perhaps written by the guest and is hostile until parsed. Parts of a key are letters,
/// digits, "-", "_" and "@": xenstore knows no others.
/// Faults of all: no_xen, also when xenstored does not answer; none of them hangs. bad_value
/// for what is no key; not_running for a write where the domain is gone.
class GuestStore {
 public:
  virtual ~GuestStore() = default;

  virtual void write(DomainId domain, std::string_view key, std::string_view value,
                     KeyOwner owner) = 0;
  virtual std::optional<std::string> read(DomainId domain, std::string_view key) const = 0;
  virtual std::vector<std::string> list(DomainId domain, std::string_view key) const = 0;
  virtual void remove(DomainId domain, std::string_view key) = 0;

  /// Asks the guest's kernel to power off, and does not wait for its answer.
  virtual void request_shutdown(DomainId domain) = 0;
};

}  // namespace qubes::mgmt
