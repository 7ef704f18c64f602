// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "hypervisor/domains.h"

namespace qubes::mgmt::xen {

/// The folder of xenstore that holds all keys of a domain.
std::string guest_home(DomainId domain);

/// The path of key "/x/y" of a domain. Throws bad_value unless each part is made of letters,
/// digits, "-", "_" and "@", which is all that xenstored knows: no key leads elsewhere.
std::string guest_path(DomainId domain, std::string_view key);

}  // namespace qubes::mgmt::xen
