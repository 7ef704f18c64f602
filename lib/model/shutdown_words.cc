// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/shutdown_words.h"

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {

ShutdownWords ShutdownWords::parse(std::string_view untrusted) {
  ShutdownWords words;
  for (const std::string& word : split(untrusted, '+')) {
    bool* chosen = word == "force" ? &words.force : word == "wait" ? &words.wait : nullptr;
    if (chosen == nullptr || *chosen)
      throw Fault{FaultKind::malformed,
                  concat("'", printable(untrusted), "' is not understood: expected ", kGrammar)};
    *chosen = true;
  }
  return words;
}

}  // namespace qubes::mgmt
