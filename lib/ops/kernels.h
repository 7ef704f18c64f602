// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ops/context.h"

namespace qubes::mgmt {

/// The files of one installed kernel, as paths in dom0.
struct KernelFiles {
  std::string kernel;
  std::string initramfs;  ///< empty where it has none
};

/// Names of the installed kernels, oldest version first.
std::vector<std::string> installed_kernels(const Context& context);

/// The newest of those that are called by a version, or empty; others are there for a purpose
/// of their own.
std::string newest_kernel(const Context& context);

/// The options that a kernel brings for VMs without PCI devices, if it brings any.
std::optional<std::string> kernel_options(const Context& context, std::string_view name);

/// Throws bad_property_value for a kernel that is not installed, naming those that are.
KernelFiles kernel_files(const Context& context, std::string_view name);

}  // namespace qubes::mgmt
