// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "model/names.h"
#include "ops/context.h"
#include "store/labels.h"

namespace qubes::mgmt {

/// By name, by index, or by `label-` and the index. Throws no_such_label, naming all there are.
Label find_label(const Context& context, std::string_view untrusted);

/// By index.
std::vector<std::string> label_names(const Context& context);

/// Both within the open change. Throws label_in_use: for a name that is taken; for a label
/// that VMs have.
void create_label(Context& context, const LabelName& name, const LabelColor& color);

/// Throws no_such_label; malformed for one that is built in.
void remove_label(Context& context, const LabelName& name);

}  // namespace qubes::mgmt
