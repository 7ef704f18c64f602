// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "model/names.h"

namespace qubes::mgmt {

/// What a creation says of the VM that is to be made.
struct NewVmOptions {
  static constexpr std::string_view kGrammar = "name=NAME label=LABEL, with one blank between";

  static constexpr std::array kFaults{FaultKind::bad_value, FaultKind::bad_label};

  /// Throws malformed for what is no such list, bad_value and bad_label for what it says.
  static NewVmOptions parse(std::string_view untrusted);

  VmName name;
  LabelName label;
};

}  // namespace qubes::mgmt
