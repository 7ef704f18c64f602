// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "ops/found_volume.h"

namespace qubes::mgmt {

/// What CloneFrom hands out and CloneTo takes. Throws no_such_token for any other text.
class CloneToken : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "what mgmt.vm.volume.CloneFrom printed";
  static CloneToken parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// The right to copy this volume's committed content, once, within an hour. Within the open
/// change.
std::string give_clone_token(Context& context, const FoundVolume& found);

/// Copies the content that the token stands for; what was there becomes a snapshot. The token
/// is used up, whatever becomes of the copy. Throws no_such_token, not_halted.
void clone_volume(Context& context, const FoundVolume& target, const CloneToken& token);

}  // namespace qubes::mgmt
