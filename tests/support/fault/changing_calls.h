// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace qubes::mgmt {

/// What decides whether a system call is a point.
enum class Rule {
  always,       // whatever its arguments are
  output,       // what it writes to is a file or a device
  sending,      // streams are counted too
  opening,      // its flags, behind the path, create or truncate
  opening_how,  // the same, but the flags are in memory
  mapping,      // it maps a file for shared writing
  request,      // it is a changing ioctl
  refused,      // it would change files where nobody sees it, so it never runs
};

/// Whether a call needs free space, and so fails on a disk that is full.
enum class Space { taken, kept };

/// A system call that may change a file, a directory, a device or a domain.
///
/// `arguments` has one letter an argument: `p` a path, `d` the folder of the path behind it,
/// `f` a descriptor, `o` the descriptor written to, `-` anything else.
struct ChangingCall {
  long number;
  std::string_view name;
  Rule rule;
  Space space;
  std::string_view arguments;
};

/// What is counted only on demand.
struct Extras {
  bool device_requests = false;  // every ioctl on the devices of Xen and ZFS
  bool streams = false;          // what is written to pipes and sockets
};

std::span<const ChangingCall> changing_calls();

/// The entry of a system call, or null for one that changes nothing.
const ChangingCall* find_changing_call(long number);

/// The ioctl requests that change a file, a disk, a loop or a mapped device.
std::span<const std::uint32_t> changing_requests();

/// The bits of open()'s flags that make or empty a file.
std::uint32_t changing_open_flags();

}  // namespace qubes::mgmt
