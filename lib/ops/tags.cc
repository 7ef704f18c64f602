// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/tags.h"

#include <algorithm>
#include <array>

#include "base/fault.h"
#include "base/text.h"
#include "model/names.h"
#include "ops/facts.h"
#include "ops/features.h"
#include "ops/globals.h"
#include "ops/vms.h"
#include "store/marks.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

// Tags that name a VM and which Qubes itself sets or that policies rely on.
constexpr std::array<std::string_view, 5> kNaming{"created-by-", "managed-by-", "guivm-",
                                                  "audiovm-", "disp-created-by-"};

// Marks that a restore sets on what it restores, with no more than the right to tag.
constexpr std::array<std::string_view, 3> kOfRestore{
    "backup-restore-mgmt", "backup-restore-in-progress", "backup-restore-storage"};

void add_tag(Context& context, const Vm& vm, const std::optional<std::string>& tag) {
  if (tag && TagTable{context.store}.add(vm.qid, *tag))
    context.change().event(vm.name, concat("domain-tag-add:", *tag), {{"tag", *tag}});
}

bool drop_tag(Context& context, const Vm& vm, const std::optional<std::string>& tag) {
  if (!tag || !TagTable{context.store}.remove(vm.qid, *tag)) return false;
  context.change().event(vm.name, concat("domain-tag-delete:", *tag), {{"tag", *tag}});
  return true;
}

// Features are free texts, so one may hold what cannot be a tag.
std::string tag_wanted_by(const Vm& creator, const std::string& word) try {
  return Tag::parse(word).text();
} catch (const Fault& fault) {
  throw Fault{FaultKind::bad_value, concat("the feature tag-created-vm-with of '", creator.name,
                                           "' cannot be followed: ", fault.what())};
}

void require_power(const Context& context, const Tag& tag) {
  const std::string& text = tag.text();
  const bool is_protected =
      text.starts_with("created-by-") || text.starts_with("managed-by-") ||
      (text.starts_with("backup-") && std::ranges::find(kOfRestore, text) == kOfRestore.end());
  if (is_protected && !context.is_from_dom0())
    throw Fault{FaultKind::denied, concat("only dom0 may set or remove the tag ", text)};
}

void require_named_vm(const Context& context, const Tag& tag) {
  for (const std::string_view prefix : {"created-by-", "managed-by-"}) {
    if (!tag.text().starts_with(prefix)) continue;
    const std::string name = tag.text().substr(prefix.size());
    if (!VmTable{context.store}.find(VmName::parse(name)))
      throw Fault{FaultKind::bad_value,
                  concat("tag ", tag.text(), " cannot be set: no VM is ", "called '", name, "'")};
  }
}

}  // namespace

std::vector<std::string> tags_of(const Context& context, const VmReference& reference) {
  return TagTable{context.store}.of_vm(find_vm(context, reference).qid);
}

bool has_tag(const Context& context, const VmReference& reference, const Tag& tag) {
  const auto tags = tags_of(context, reference);
  return std::ranges::find(tags, tag.text()) != tags.end();
}

void set_tag(Context& context, const VmReference& reference, const Tag& tag) {
  const Vm vm = find_vm(context, reference);
  require_power(context, tag);
  require_named_vm(context, tag);
  add_tag(context, vm, tag.text());
}

void remove_tag(Context& context, const VmReference& reference, const Tag& tag) {
  const Vm vm = find_vm(context, reference);
  require_power(context, tag);
  if (drop_tag(context, vm, tag.text())) return;
  throw Fault{FaultKind::no_such_tag,
              concat("'", vm.name, "' has no tag '", tag.text(), "'",
                     suggestion(tag.text(), TagTable{context.store}.of_vm(vm.qid)))};
}

void follow_reference(Context& context, const Vm& vm, std::string_view property,
                      const std::string& old_vm, const std::string& new_vm) {
  if (old_vm == new_vm) return;
  const std::string prefix = concat(property, "-");
  if (!old_vm.empty()) drop_tag(context, vm, tag_naming(prefix, old_vm));
  if (!new_vm.empty()) add_tag(context, vm, tag_naming(prefix, new_vm));
}

void follow_rename(Context& context, const std::string& old_name, const std::string& new_name) {
  for (const std::string_view prefix : kNaming) {
    const auto tag = tag_naming(prefix, old_name);
    if (!tag) return;
    for (const std::string& name : TagTable{context.store}.vms_with(*tag)) {
      const Vm vm = find_vm(context, VmName::parse(name));
      drop_tag(context, vm, tag);
      add_tag(context, vm, tag_naming(prefix, new_name));
    }
  }
}

std::optional<std::string> tag_naming(std::string_view prefix, std::string_view vm) {
  if (vm.find('.') != vm.npos) return std::nullopt;
  return concat(prefix, vm);
}

void mark_new_vm(Context& context, const Vm& vm) {
  add_tag(context, vm, tag_naming("created-by-", context.origin.source));
  const auto creator = VmTable{context.store}.find(VmName::parse(context.origin.source));
  if (creator) {
    const FeatureTable features{context.store};
    for (const std::string& tag :
         split(features.value(creator->qid, "tag-created-vm-with").value_or(""), ' '))
      if (!tag.empty()) add_tag(context, vm, tag_wanted_by(*creator, tag));
    const auto guivm = features.value(creator->qid, "set-created-guivm");
    if (guivm && !guivm->empty())
      PropertyTable{context.store}.set_reference(vm.qid, "guivm",
                                                 find_vm(context, VmName::parse(*guivm)).qid);
  }
  if (global_value(context, "check_updates_vm") == "False")
    put_feature(context, vm, "check-updates", "");
  const StoreFacts facts{context, vm};
  for (const std::string_view property : {"guivm", "audiovm"})
    if (const std::string name = facts.value(property); !name.empty())
      add_tag(context, vm, tag_naming(concat(property, "-"), name));
}

}  // namespace qubes::mgmt
