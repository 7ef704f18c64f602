// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/root.h"

namespace qubes::mgmt {

/// A program that people type in dom0 and that is no call: qrexec does not run it.
struct TypedProgram {
  std::string_view name;
  /// What --help prints.
  std::string_view help;
  /// Options besides --help and --version, and where they go.
  std::map<std::string, bool*> flags = {};
  /// Where its one word goes; null where it takes none.
  std::string* word = nullptr;
  /// Does the work and returns the exit status. Faults and exceptions are answered outside.
  std::function<int(const Root& root)> work;
};

/// Its whole life, up to the exit status.
int run_typed_program(const TypedProgram& program, int argc, char** argv);

}  // namespace qubes::mgmt
