// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/destination.h"

#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::string_view kUuidPrefix = "uuid:";

void add_template_texts(std::vector<std::string>& texts, const PolicyVm& vm) {
  texts.push_back(concat("@dispvm:", vm.name));
  texts.push_back(concat("@dispvm:", kUuidPrefix, vm.uuid.text()));
  if (!vm.is_template_for_dispvms) return;
  for (const std::string& tag : vm.tags) texts.push_back(concat("@dispvm:@tag:", tag));
}

}  // namespace

std::vector<std::string> texts_of(const PolicyVm& vm) {
  std::vector<std::string> texts{vm.name, concat(kUuidPrefix, vm.uuid.text()),
                                 concat("@type:", text(vm.vm_class)), "@anyvm", "*"};
  for (const std::string& tag : vm.tags) texts.push_back(concat("@tag:", tag));
  return texts;
}

const PolicyVm* named_vm(const Token& token, const SystemInfo& system) {
  const std::string_view name = token.value();
  if (!name.starts_with(kUuidPrefix)) return system.find(name);
  return system.find(Uuid::parse(name.substr(kUuidPrefix.size())));
}

Destination Destination::of(const PolicyVm& vm) {
  if (vm.vm_class == VmClass::AdminVM) return {TokenKind::admin_vm};
  return {TokenKind::vm, &vm};
}

std::optional<Destination> Destination::of(const Token& token, const SystemInfo& system) {
  if (token.kind != TokenKind::vm && token.kind != TokenKind::dispvm_template)
    return Destination{token.kind};
  const PolicyVm* vm = named_vm(token, system);
  if (token.kind == TokenKind::vm) return vm ? of(*vm) : Destination{TokenKind::default_vm};
  if (vm == nullptr || !vm->is_template_for_dispvms) return std::nullopt;
  return Destination{token.kind, vm};
}

std::string Destination::text() const {
  if (kind == TokenKind::vm) return vm->name;
  if (kind == TokenKind::dispvm_template) return concat("@dispvm:", vm->name);
  if (kind == TokenKind::admin_vm) return "dom0";
  return kind == TokenKind::dispvm ? "@dispvm" : "@default";
}

std::vector<std::string> Destination::target_texts(const PolicyVm* default_dispvm) const {
  if (kind == TokenKind::vm) return texts_of(*vm);
  if (kind == TokenKind::admin_vm) return {"@adminvm", "*"};
  std::vector<std::string> texts{"@anyvm", "*"};
  if (kind == TokenKind::dispvm_template) {
    add_template_texts(texts, *vm);
    return texts;
  }
  texts.push_back(text());
  if (kind == TokenKind::dispvm && default_dispvm != nullptr)
    add_template_texts(texts, *default_dispvm);
  return texts;
}

}  // namespace qubes::mgmt
