// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// Tells a domain that has not run yet who it is, by the keys that Qubes' agents read.
void tell_guest(const Context& context, const Vm& vm, DomainId domain);

}  // namespace qubes::mgmt
