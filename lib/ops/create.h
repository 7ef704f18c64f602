// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "model/names.h"
#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

struct NewVm {
  VmClass vm_class;
  VmName name;
  std::optional<LabelName> label;
  /// What it is based on; none: the default of its class.
  std::optional<VmName> template_name;
};

/// Makes a VM with its volumes. Either all of it is there at the end, or nothing.
void create_vm(Context& context, const NewVm& wanted);

/// Makes a template out of a raw image of its root volume, which is read to its end.
void create_template(Context& context, const VmName& name, int image);

}  // namespace qubes::mgmt
