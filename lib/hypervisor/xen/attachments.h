// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hypervisor/attachments.h"
#include "hypervisor/xen/store.h"

namespace qubes::mgmt::xen {

/// The number of the domain that a back end's path names: /local/domain/N/backend/…
std::optional<DomainId> backend_in(std::string_view path);

/// Devices by libxl's own notes, /libxl/N/device.
class XenAttachments : public Attachments {
 public:
  std::vector<AttachedDisk> disks(DomainId domain) const override;
  std::string trouble_with(DomainId domain, const std::string& frontend,
                           std::chrono::milliseconds limit) const override;
  std::vector<std::string> pci(DomainId domain) const override;

 private:
  std::string read(const std::string& path) const;
  std::string backend_of(DomainId domain, const std::string& frontend) const;

  Store store_;
};

}  // namespace qubes::mgmt::xen
