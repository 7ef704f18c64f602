// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/fault.h"
#include "frame/reply.h"
#include "frame/request.h"

namespace qubes::mgmt {

/// The bytes of an answer in a dialect, without a frame.
std::string encode(const Reply& reply, Dialect dialect);

/// The same in the frame of qubesd's protocol, by which a client tells an answer from a refusal.
std::string framed(std::string_view answer);

/// A refusal in that frame: no bytes at all where Qubes' clients expect the connection to be
/// closed without a word.
std::string framed(const Fault& fault);

/// The answer for programs, one JSON value and a newline.
std::string encode_json(const Reply& reply);

}  // namespace qubes::mgmt
