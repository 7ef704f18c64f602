// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/names.h"
#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// The tag that names a VM, "created-by-work" say. None for a name with a dot, which a tag may
/// not hold: any other letter in its place could make it the tag of another VM.
std::optional<std::string> tag_naming(std::string_view prefix, std::string_view vm);

/// By name, byte by byte.
std::vector<std::string> tags_of(const Context& context, const VmReference& reference);

/// Whether the VM has the tag.
bool has_tag(const Context& context, const VmReference& reference, const Tag& tag);

/// All within the open change. Setting a tag that is there is no fault, removing one that is
/// not throws no_such_tag. Tags that give power over a VM, created-by-…, managed-by-… and
/// backup-…, are dom0's to set and to remove: throws denied; for dom0 bad_value where the VM
/// that the tag names does not exist.
void set_tag(Context& context, const VmReference& reference, const Tag& tag);
void remove_tag(Context& context, const VmReference& reference, const Tag& tag);

/// Moves the tag that names the old value of a property, "guivm-dom0" say, to the new one.
void follow_reference(Context& context, const Vm& vm, std::string_view property,
                      const std::string& old_vm, const std::string& new_vm);

/// Tags that name a VM go along with its name, so that nobody else gets its power by being
/// called so later.
void follow_rename(Context& context, const std::string& old_name, const std::string& new_name);

/// Marks a new VM as its creation calls for: tags name its creator, its guivm and audiovm, and
/// what the creator's features say; a feature keeps it from looking for updates, if new VMs
/// shall not. Within the open change.
void mark_new_vm(Context& context, const Vm& vm);

}  // namespace qubes::mgmt
