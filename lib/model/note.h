// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "model/names.h"

namespace qubes::mgmt {

/// Free text about a VM, which people read on a screen: characters that could change how the
/// rest of it looks become `_`. Throws malformed.
class NoteText : public CheckedText {
 public:
  static constexpr std::size_t kLongest = 256'000;  ///< bytes
  static constexpr std::string_view kGrammar = "UTF-8, at most 256000 bytes";
  static NoteText parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

}  // namespace qubes::mgmt
