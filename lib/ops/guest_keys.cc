// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/guest_keys.h"

#include "ops/facts.h"

namespace qubes::mgmt {
namespace {

std::string_view persistence_of(VmClass vm_class) {
  if (vm_class == VmClass::DispVM) return "none";
  return vm_class == VmClass::AppVM ? "rw-only" : "full";
}

}  // namespace

void tell_guest(const Context& context, const Vm& vm, DomainId domain) {
  const StoreFacts facts{context, vm};
  GuestStore& guest = context.outside.guest_store();
  const auto tell = [&](std::string_view key, std::string_view value) {
    guest.write(domain, key, value, KeyOwner::dom0);
  };
  // `name` itself is libxl's; agents look for this one.
  tell("/qubes-vm-name", vm.name);
  tell("/qubes-vm-type", text(vm.vm_class));
  tell("/qubes-vm-persistence", persistence_of(vm.vm_class));
  tell("/qubes-vm-updateable", facts.value("updateable"));
  tell("/qubes-debug-mode", facts.value("debug") == "True" ? "1" : "0");
  tell("/default-user", facts.value("default_user"));
  if (vm.template_qid) tell("/qubes-base-template", facts.value("template"));
  guest.write(domain, "/qubes-block-devices", "", KeyOwner::guest);
  guest.write(domain, "/qubes-usb-devices", "", KeyOwner::guest);
}

}  // namespace qubes::mgmt
