// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>

#include "guest/guest_store.h"

namespace qubes::mgmt {

/// What a guest says of itself, by name. Names are letters, digits, ".", "_" and "-"; values
/// have "," "=" and blanks too. All of it is still only what the guest claims.
using GuestReport = std::map<std::string, std::string, std::less<>>;

/// What it asks for below /features-request. Throws malformed for a name or a value of other
/// letters, or too long, and for too many.
GuestReport read_features_request(const GuestStore& store, DomainId domain);

/// What Qubes' tools for Windows put below /qubes-tools in its place. Throws malformed.
GuestReport read_tools_report(const GuestStore& store, DomainId domain);

}  // namespace qubes::mgmt
