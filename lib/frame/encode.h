// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "base/fault.h"
#include "frame/reply.h"
#include "frame/request.h"

namespace qubes::mgmt {

/// The bytes of an answer in a dialect; the shipped one's begin with `0 NUL`.
std::string encode(const Reply& reply, Dialect dialect);

/// The bytes of a refusal in the shipped dialect: none at all where Qubes' clients expect the
/// connection to be closed without a word.
std::string encode_shipped(const Fault& fault);

/// The answer for programs, one JSON value and a newline.
std::string encode_json(const Reply& reply);

}  // namespace qubes::mgmt
