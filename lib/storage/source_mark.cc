// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/source_mark.h"

#include <sys/xattr.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

// Among those that only root can see and set, which every file system of a pool has.
constexpr const char* kName = "trusted.qubes-mgmt.source";

// The number of a removed image is soon another's; with the times of its content it is not.
std::string mark_of(const struct stat& source) {
  return concat(source.st_ino, ":", source.st_mtim.tv_sec, ".", source.st_mtim.tv_nsec);
}

}  // namespace

void mark_source(int snapshot, const struct stat& source) {
  const std::string mark = mark_of(source);
  if (fsetxattr(snapshot, kName, mark.data(), mark.size(), 0) != 0 && errno != EOPNOTSUPP)
    throw system_fault("mark a snapshot with its source");
}

bool has_other_source(int snapshot, const struct stat& source) {
  std::array<char, 128> mark{};
  const ssize_t length = fgetxattr(snapshot, kName, mark.data(), mark.size());
  return length > 0 &&
         std::string_view{mark.data(), static_cast<std::size_t>(length)} != mark_of(source);
}

}  // namespace qubes::mgmt
