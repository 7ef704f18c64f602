// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <string>

#include "changing_calls.h"
#include "tracee.h"

namespace qubes::mgmt {

/// Whether the call, before which `process` is stopped, is a point: changes anything that lasts.
bool is_point(pid_t process, const ChangingCall& call, const CallEntry& entry,
              const Extras& extras);

/// Whether the call would fail on a full disk: it makes or extends a file.
bool takes_space(pid_t process, const ChangingCall& call, const CallEntry& entry);

/// The call's name and its paths, for people.
std::string described(pid_t process, const ChangingCall& call, const CallEntry& entry);

}  // namespace qubes::mgmt
