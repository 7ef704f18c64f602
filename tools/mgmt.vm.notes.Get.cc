// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/notes.h"

namespace qubes::mgmt {
namespace {

Reply get(Context& context, const VmReference& vm) { return Reply::scalar(note_of(context, vm)); }

const Call call{
    {.name = "mgmt.vm.notes.Get",
     .summary = "print the notes on a VM",
     .notes = "Nothing where there are none.",
     .scope = Scope::local,
     .access = Access::read,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm},
     .reply = "the text",
     .example = "mgmt.vm.notes.Get work"},
    get,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
