// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/property.h"

// What single properties accept, and what holds where no value is stored. Pure: each works on
// the value and on the facts that it is given.

namespace qubes::mgmt::accepts {

std::string positive(std::string_view value);
std::string not_negative(std::string_view value);
std::string virt_mode(std::string_view value);
std::string kernel(std::string_view value);
std::string kernelopts(std::string_view value);
std::string user_name(std::string_view value);
std::string mac(std::string_view value);
std::string ip(std::string_view value);
std::string ip6(std::string_view value);
std::string keyboard_layout(std::string_view value);
std::string devices_denied(std::string_view value);

}  // namespace qubes::mgmt::accepts

namespace qubes::mgmt::defaults {

std::string none(const PropertyFacts& facts);
std::string no(const PropertyFacts& facts);
std::string yes(const PropertyFacts& facts);
std::string klass(const PropertyFacts& facts);
std::string icon(const PropertyFacts& facts);
std::string memory(const PropertyFacts& facts);
std::string maxmem(const PropertyFacts& facts);
std::string vcpus(const PropertyFacts& facts);
std::string virt_mode(const PropertyFacts& facts);
std::string kernel(const PropertyFacts& facts);
std::string kernelopts(const PropertyFacts& facts);
std::string default_user(const PropertyFacts& facts);
std::string qrexec_timeout(const PropertyFacts& facts);
std::string shutdown_timeout(const PropertyFacts& facts);
std::string include_in_backups(const PropertyFacts& facts);
std::string updateable(const PropertyFacts& facts);
std::string netvm(const PropertyFacts& facts);
std::string default_dispvm(const PropertyFacts& facts);
std::string management_dispvm(const PropertyFacts& facts);
std::string guivm(const PropertyFacts& facts);
std::string audiovm(const PropertyFacts& facts);
std::string ip(const PropertyFacts& facts);
std::string mac(const PropertyFacts& facts);
std::string keyboard_layout(const PropertyFacts& facts);
std::string bootmode(const PropertyFacts& facts);
std::string gateway(const PropertyFacts& facts);
std::string dns(const PropertyFacts& facts);
std::string xid(const PropertyFacts& facts);
std::string start_time(const PropertyFacts& facts);

}  // namespace qubes::mgmt::defaults
