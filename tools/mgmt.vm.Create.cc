// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "model/new_vm_options.h"
#include "ops/create.h"

namespace qubes::mgmt {
namespace {

Reply create(Context& context, VmClass vm_class, const std::optional<VmName>& template_name,
             const NewVmOptions& options) {
  create_vm(context, {vm_class, options.name, options.label, template_name});
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.Create",
     .summary = "make a VM of the class at the end of the name",
     .notes = "Without a template an AppVM is based on the global default_template, a DispVM on "
              "the global default_dispvm. A StandaloneVM or TemplateVM has none. A "
              "RemoteVM has no volumes: it stands for a VM of another host, which its properties "
              "relayvm, transport_rpc and remote_name lead to.",
     .scope = Scope::global,
     .access = Access::execute,
     .needs = Needs::root,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_vm, FaultKind::vm_exists, FaultKind::bad_value,
                FaultKind::bad_property_value, FaultKind::no_such_label, FaultKind::pool_failed,
                FaultKind::failed},
     .variants = {"AppVM", "DispVM", "RemoteVM", "StandaloneVM", "TemplateVM"},
     .earlier_name = "mgmt1.vm.Create",
     .example = "mgmt.vm.Create.AppVM debian-12 name=work label=blue"},
    create,
    variant("the class"),
    optional_argument("the template"),
    payload("what it is called, and its label"),
};

}  // namespace
}  // namespace qubes::mgmt
