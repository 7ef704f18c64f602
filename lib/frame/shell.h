// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <variant>

#include "frame/request.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// What a person at a shell asked for.
struct ShellRequest {
  Request request;
  bool as_json = false;
  bool as_exit_code = false;
  Rehearsal rehearsal = Rehearsal::no;
  bool is_verbose = false;
};

/// A text to be printed instead of doing anything: --help, --version.
struct ShellText {
  std::string text;
};

/// Reads a command line. Throws malformed for wrong options or too few words.
std::variant<ShellRequest, ShellText> read_command_line(const Call& call, int argc, char** argv);

}  // namespace qubes::mgmt
