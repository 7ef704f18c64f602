// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "model/note.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// What people have noted about a VM; empty where nothing.
std::string note_of(const Context& context, const VmReference& reference);

/// Replaces it, within the open change; an empty text removes it.
void set_note(Context& context, const VmReference& reference, const NoteText& text);

}  // namespace qubes::mgmt
