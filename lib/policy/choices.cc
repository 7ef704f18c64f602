// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/choices.h"

#include <algorithm>
#include <ranges>
#include <vector>

#include "base/text.h"

namespace qubes::mgmt {
namespace {

bool is_tagged(const PolicyVm& vm, std::string_view tag) {
  return std::ranges::find(vm.tags, tag) != vm.tags.end();
}

bool is_dom0(const PolicyVm& vm) { return vm.vm_class == VmClass::AdminVM; }

// Whether a token that stands for several VMs stands for this one.
bool covers(const Token& token, const PolicyVm& vm) {
  if (token.kind == TokenKind::wildcard) return true;
  if (token.kind == TokenKind::any_vm) return !is_dom0(vm);
  if (token.kind == TokenKind::type) return text(vm.vm_class) == token.value();
  return token.kind == TokenKind::tag && is_tagged(vm, token.value());
}

// The same for disposables of this VM.
bool covers_disposables(const Token& token, const PolicyVm& vm) {
  if (!vm.is_template_for_dispvms) return false;
  if (token.kind == TokenKind::dispvm_tag) return is_tagged(vm, token.value());
  return token.kind == TokenKind::wildcard || token.kind == TokenKind::any_vm;
}

std::vector<Destination> expanded(const Token& token, const SystemInfo& system) {
  std::vector<Destination> found;
  if (token.kind == TokenKind::vm || token.kind == TokenKind::dispvm_template ||
      token.kind == TokenKind::admin_vm || token.kind == TokenKind::dispvm) {
    const auto one = Destination::of(token, system);
    if (one && one->kind != TokenKind::default_vm) found.push_back(*one);
    return found;
  }
  for (const PolicyVm& vm : system.all()) {
    if (covers(token, vm)) found.push_back(Destination::of(vm));
    if (covers_disposables(token, vm)) found.push_back({TokenKind::dispvm_template, &vm});
  }
  if (token.kind == TokenKind::wildcard || token.kind == TokenKind::any_vm)
    found.push_back({TokenKind::dispvm});
  return found;
}

}  // namespace

std::map<std::string, Destination> choices_of(std::span<const PolicyRule* const> rules,
                                              const SystemInfo& system) {
  std::map<std::string, Destination> choices;
  // From the last to the first, so that the first has the last word.
  for (const PolicyRule* rule : std::views::reverse(rules)) {
    const Token& token = rule->verdict.target ? *rule->verdict.target : rule->target;
    for (const Destination& destination : expanded(token, system)) {
      if (rule->verdict.action == PolicyAction::deny)
        choices.erase(destination.text());
      else
        choices.emplace(destination.text(), destination);
    }
  }
  return choices;
}

}  // namespace qubes::mgmt
