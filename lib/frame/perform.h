// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "frame/call.h"
#include "frame/request.h"

namespace qubes::mgmt {

/// Refuses a request whose parts are not those that the call takes, in the order in which
/// Qubes' server does; reads a payload that is still on its stream. Throws malformed.
void check_parts(const Call& call, Request& request);

/// Runs the call's body within the transaction that its access asks for.
Reply perform(const Call& call, Context& context, const Input& input);

}  // namespace qubes::mgmt
