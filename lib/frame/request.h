// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frame/call.h"
#include "frame/prefixes.h"

namespace qubes::mgmt {

/// Where a request came in.
enum class Door { qrexec, shell };

/// One request, taken apart but not yet checked.
struct Request {
  Door door;
  Dialect dialect;
  /// The full name by which it was called, prefix and class included.
  std::string method;
  /// Who calls. From qrexec, which knows it; from a shell, dom0.
  std::string caller;
  Input input;
  /// Whether the payload is still to be read from the input's stream.
  bool payload_is_on_stream = true;
};

/// What a program's name, `mgmt.vm.Create.AppVM` say, means.
struct MethodName {
  Dialect dialect;
  /// In the form that the call declares: `mgmt.vm.Create`.
  std::string call;
  std::string variant;
  /// The earlier draft's form, in which argument and target are used otherwise.
  bool is_earlier;
};

/// Throws malformed for a name that is none of this call's.
MethodName parse_method(const Call& call, std::string_view untrusted);

/// Every name of a call that begins with one of the kPrefixes.
std::vector<std::string> names_of(const Call& call, std::string_view prefix);

/// Fills in class and dialect by the method's name, and brings the earlier draft's form of
/// Create into the later one's.
void resolve_method(const Call& call, Request& request);

}  // namespace qubes::mgmt
