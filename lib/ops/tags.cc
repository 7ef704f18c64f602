// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/tags.h"

#include "base/text.h"
#include "model/names.h"
#include "ops/facts.h"
#include "ops/vms.h"
#include "store/marks.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

void add_tag(Context& context, const Vm& vm, const std::optional<std::string>& tag) {
  if (tag && TagTable{context.store}.add(vm.qid, *tag))
    context.change().event(vm.name, concat("domain-tag-add:", *tag), {{"tag", *tag}});
}

}  // namespace

std::optional<std::string> tag_naming(std::string_view prefix, std::string_view vm) {
  if (vm.find('.') != vm.npos) return std::nullopt;
  return concat(prefix, vm);
}

void tag_new_vm(Context& context, const Vm& vm) {
  add_tag(context, vm, tag_naming("created-by-", context.origin.source));
  const auto creator = VmTable{context.store}.find(VmName::parse(context.origin.source));
  if (creator) {
    const FeatureTable features{context.store};
    for (const std::string& tag :
         split(features.value(creator->qid, "tag-created-vm-with").value_or(""), ' '))
      if (!tag.empty()) add_tag(context, vm, Tag::parse(tag).text());
    const auto guivm = features.value(creator->qid, "set-created-guivm");
    if (guivm && !guivm->empty())
      PropertyTable{context.store}.set_reference(vm.qid, "guivm",
                                                 find_vm(context, VmName::parse(*guivm)).qid);
  }
  const StoreFacts facts{context, vm};
  for (const std::string_view property : {"guivm", "audiovm"})
    if (const std::string name = facts.value(property); !name.empty())
      add_tag(context, vm, tag_naming(concat(property, "-"), name));
}

}  // namespace qubes::mgmt
