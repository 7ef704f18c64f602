// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace qubes::mgmt::test {

/// Makes a template `linux` and an AppVM on it that boots a real Linux. It mounts its private
/// volume as /rw.
void make_linux_vm(const std::string& name);

/// Runs a script of its shell as root, which has to succeed; gives what it prints.
std::string in_guest(const std::string& name, const std::string& script);

/// The size in bytes of a file of dom0.
std::string size_of(const std::string& file);

/// The image that the template is made of.
extern const char* const kLinuxImage;

}  // namespace qubes::mgmt::test
