// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ops/context.h"

namespace qubes::mgmt {

/// Something that does not fit together.
struct Finding {
  std::string text;
  /// What mend() does, in a few words. Content that somebody may want is never removed.
  std::string remedy = {};
  /// Empty where only a person can help. Takes its own locks and commits; finding nothing to be
  /// mended any more is no fault.
  std::function<void(Context& context)> mend = {};
};

/// Looks everywhere and changes nothing: the store, what killed calls have left, VMs whose end
/// nobody has noticed, pools with all that lies in them.
std::vector<Finding> findings_of(Context& context);

/// The part of it that is about one pool.
std::vector<Finding> findings_in_pool(const Context& context, const Pool& pool);

}  // namespace qubes::mgmt
