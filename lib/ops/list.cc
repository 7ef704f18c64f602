// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/list.h"

#include <algorithm>

#include "base/text.h"
#include "ops/tags.h"
#include "store/marks.h"

namespace qubes::mgmt {
namespace {

bool is_visible(const Context& context, const Vm& vm) {
  if (context.is_from_dom0() || vm.qid == kDom0 || vm.name == context.origin.source) return true;
  const auto tag = tag_naming("created-by-", context.origin.source);
  const auto tags = TagTable{context.store}.of_vm(vm.qid);
  return tag && std::ranges::find(tags, *tag) != tags.end();
}

}  // namespace

std::vector<VmWithState> visible_vms(const Context& context, const VmReference& target) {
  const Vm asked = find_vm(context, target);
  if (asked.qid != kDom0) {
    if (!is_visible(context, asked)) return {};
    return {{asked, state_of(context, asked)}};
  }
  auto vms = vms_with_states(context);
  std::erase_if(vms, [&](const VmWithState& entry) { return !is_visible(context, entry.vm); });
  return vms;
}

}  // namespace qubes::mgmt
