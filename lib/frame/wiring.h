// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

#include "base/root.h"
#include "frame/progress_bar.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// The real things outside the store, made when first asked for: Xen's two parts are shared
/// objects of their own, which a call that needs no Xen never loads.
class RealOutside : public Outside {
 public:
  explicit RealOutside(const Root& root) : root_{root} {}

  Domains* domains() override;
  Hypervisor& hypervisor() override;
  Attachments& attachments() override;
  GuestStore& guest_store() override;
  std::unique_ptr<PoolDriver> open_pool(const Pool& pool) override;
  Progress& progress() override { return progress_; }
  std::string program(std::string_view name) const override;

 private:
  const Root& root_;
  ProgressBar progress_;
  std::unique_ptr<Domains> domains_;
  std::unique_ptr<Hypervisor> hypervisor_;
  std::unique_ptr<Attachments> attachments_;
  std::unique_ptr<GuestStore> guest_store_;
};

/// Makes the folders of the first store's pools; tells the driver that suits them.
std::string make_first_pool(const Root& root);

}  // namespace qubes::mgmt
