// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/drivers.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/fault.h"
#include "base/text.h"
#include "storage/file_pool.h"
#include "storage/kernel_pool.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFolderMode = 0770;

constexpr DriverOption kRevisions{"revisions_to_keep", OptionKind::number, false};
constexpr DriverOption kFolder{"dir_path", OptionKind::path, true};
constexpr DriverOption kSetupCheck{"setup_check", OptionKind::boolean, false};
constexpr DriverOption kEphemeral{"ephemeral_volatile", OptionKind::boolean, false};

constexpr std::array kOfFile{kRevisions, kFolder, kEphemeral};
constexpr std::array kOfReflink{kRevisions, kFolder, kSetupCheck, kEphemeral};
constexpr std::array kOfKernels{kFolder};
constexpr std::array kOfLvm{kRevisions, DriverOption{"volume_group", OptionKind::name, true},
                            DriverOption{"thin_pool", OptionKind::name, true}, kEphemeral};

template <CopyBy copy_by>
std::unique_ptr<PoolDriver> open_files(Folder folder) {
  return std::make_unique<FilePool>(std::move(folder), copy_by);
}

std::unique_ptr<PoolDriver> open_kernels(Folder folder) {
  return std::make_unique<KernelPool>(std::move(folder));
}

constexpr Driver kDrivers[] = {
    {"file-reflink", kOfReflink, open_files<CopyBy::reflink>},
    {"file", kOfFile, open_files<CopyBy::extents>},
    {"linux-kernel", kOfKernels, open_kernels},
    {"lvm_thin", kOfLvm, nullptr},
    // Qubes has these as well; their pools come along with an import.
    {"zfs", {}, nullptr},
    {"callback", {}, nullptr},
};

const Driver& find(std::string_view name) {
  const auto* found = std::find_if(std::begin(kDrivers), std::end(kDrivers),
                                   [&](const Driver& driver) { return driver.name == name; });
  if (found != std::end(kDrivers) && found->open != nullptr) return *found;
  const bool is_known = found != std::end(kDrivers);
  throw Fault{is_known ? FaultKind::not_implemented : FaultKind::pool_failed,
              concat("driver '", printable(name), "' is not available")};
}

void check_required(const Driver& driver, const PoolOptions& options) {
  std::vector<std::string> missing;
  for (const DriverOption& option : driver.options)
    if (option.is_required && !options.contains(option.name)) missing.emplace_back(option.name);
  if (!missing.empty())
    throw Fault{FaultKind::pool_failed,
                concat("missing required driver options: ", join(missing, ", "))};
}

fs::path folder_of(const PoolOptions& options) {
  const fs::path folder = options.find(kFolder.name)->second;
  const bool is_plain =
      std::none_of(folder.begin(), folder.end(), [](const fs::path& part) { return part == ".."; });
  if (folder.is_absolute() && is_plain) return (folder / "").lexically_normal().parent_path();
  throw Fault{FaultKind::bad_value, concat("dir_path '", printable(folder.native()),
                                           "' must be an absolute path without '..'")};
}

// Each of the words that Qubes has stored for it.
bool is_off(const PoolOptions& options, std::string_view option) {
  const auto found = options.find(option);
  if (found == options.end()) return false;
  const std::string word = lower(found->second);
  return word == "false" || word == "0" || word == "off" || word.empty();
}

fs::path nearest_folder(const fs::path& folder) {
  std::error_code ignored;
  fs::path at = folder;
  while (!fs::is_directory(at, ignored) && at != at.parent_path()) at = at.parent_path();
  return at;
}

bool shares_blocks(const fs::path& folder) {
  const Descriptor opened{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return opened && can_reflink(opened.number());
}

}  // namespace

std::span<const Driver> drivers() { return kDrivers; }

std::unique_ptr<PoolDriver> open_pool(std::string_view driver, const fs::path& folder) {
  const Driver& known = find(driver);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    throw Fault{FaultKind::pool_failed,
                concat("the folder '", printable(folder.native()), "' of the pool is missing")};
  return known.open(Folder{folder});
}

void set_up_pool(const Root& root, std::string_view driver, const PoolOptions& options) {
  const Driver& known = find(driver);
  check_required(known, options);
  const fs::path named = folder_of(options);
  const fs::path folder = root.at(named);
  const fs::path above = nearest_folder(folder);
  if (known.name == "file-reflink" && !is_off(options, kSetupCheck.name) && !shares_blocks(above))
    throw Fault{FaultKind::pool_failed,
                concat("the file system of '", printable(named.native()),
                       "' cannot share blocks between files; use driver 'file', or setup_check=off "
                       "for real copies")};
  if (above != folder) Folder{above}.make(folder.lexically_relative(above), kFolderMode);
}

std::string_view best_file_driver(const fs::path& folder) {
  return shares_blocks(nearest_folder(folder)) ? "file-reflink" : "file";
}

}  // namespace qubes::mgmt
