// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/tags.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, const VmReference& vm, const std::optional<Tag>& tag) {
  auto tags = tags_of(context, vm);
  if (tag) std::erase_if(tags, [&](const std::string& name) { return name != tag->text(); });
  return {Reply::Names{std::move(tags)}};
}

const Call call{
    {.name = "mgmt.vm.tag.List",
     .summary = "list the tags of a VM",
     .notes = "With a tag named, only that one, if the VM has it.",
     .scope = Scope::local,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm},
     .reply = "TAG, a line for each",
     .example = "mgmt.vm.tag.List work"},
    list,
    target("the VM"),
    optional_argument("a tag"),
};

}  // namespace
}  // namespace qubes::mgmt
