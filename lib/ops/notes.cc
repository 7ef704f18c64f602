// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/notes.h"

#include "ops/vms.h"
#include "store/marks.h"

namespace qubes::mgmt {

std::string note_of(const Context& context, const VmReference& reference) {
  return NoteTable{context.store}.text(find_vm(context, reference).qid);
}

void set_note(Context& context, const VmReference& reference, const NoteText& text) {
  NoteTable{context.store}.set(find_vm(context, reference).qid, text.text());
}

}  // namespace qubes::mgmt
