// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// The tag that names a VM, "created-by-work" say. None for a name with a dot, which a tag may
/// not hold: any other letter in its place could make it the tag of another VM.
std::optional<std::string> tag_naming(std::string_view prefix, std::string_view vm);

/// Tags a new VM as its creation calls for: by its creator, by what the creator's features
/// say, by its guivm and audiovm. Within the open change.
void tag_new_vm(Context& context, const Vm& vm);

}  // namespace qubes::mgmt
