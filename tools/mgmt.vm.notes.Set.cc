// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/notes.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const VmReference& vm, const NoteText& text) {
  set_note(context, vm, text);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.notes.Set",
     .summary = "write the notes on a VM",
     .notes = "The text replaces what was there; an empty one removes it. Characters that are "
              "invisible, or change the order of others, become _.",
     .scope = Scope::local,
     .access = Access::write,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm},
     .example = "mgmt.vm.notes.Set work 'for the tax office'"},
    set,
    target("the VM"),
    long_payload("the text", NoteText::kLongest),
};

}  // namespace
}  // namespace qubes::mgmt
