// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/kernels.h"

#include <string.h>  // strverscmp

#include <algorithm>
#include <filesystem>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "ops/globals.h"
#include "store/volumes.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

fs::path kernel_folder(const Context& context) {
  const auto pool = PoolTable{context.store}.find(global_value(context, "default_pool_kernel"));
  const auto dir = pool ? pool->options.find("dir_path") : decltype(pool->options.end()){};
  if (!pool || dir == pool->options.end()) return context.root.at("/var/lib/qubes/vm-kernels");
  return context.root.at(dir->second);
}

}  // namespace

std::vector<std::string> installed_kernels(const Context& context) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator{kernel_folder(context), none})
    if (fs::exists(entry.path() / "vmlinuz", none)) names.push_back(entry.path().filename());
  std::ranges::sort(names, [](const std::string& left, const std::string& right) {
    return ::strverscmp(left.c_str(), right.c_str()) < 0;
  });
  return names;
}

std::string newest_kernel(const Context& context) {
  auto kernels = installed_kernels(context);
  std::erase_if(kernels, [](const std::string& name) { return name[0] < '0' || name[0] > '9'; });
  return kernels.empty() ? "" : kernels.back();
}

std::optional<std::string> kernel_options(const Context& context, std::string_view name) {
  auto options = read_file(kernel_folder(context) / name / "default-kernelopts-nopci.txt");
  while (options && options->ends_with('\n')) options->pop_back();
  return options;
}

KernelFiles kernel_files(const Context& context, std::string_view name) {
  const fs::path folder = kernel_folder(context) / name;
  std::error_code none;
  if (!fs::exists(folder / "vmlinuz", none)) {
    const auto known = installed_kernels(context);
    throw Fault{FaultKind::bad_property_value,
                concat("kernel '", printable(name), "' is not installed; ",
                       known.empty() ? "there is none in /var/lib/qubes/vm-kernels"
                                     : concat("installed: ", listed(known)))};
  }
  const fs::path initramfs = folder / "initramfs";
  return {folder / "vmlinuz", fs::exists(initramfs, none) ? initramfs.string() : ""};
}

}  // namespace qubes::mgmt
