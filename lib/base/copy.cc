// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/copy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

// Whether what is skipped in it becomes a hole: a file of which nothing lies ahead.
bool takes_holes(int target) {
  struct stat found {};
  return ::fstat(target, &found) == 0 && S_ISREG(found.st_mode) &&
         ::lseek(target, 0, SEEK_CUR) == found.st_size &&
         (::fcntl(target, F_GETFL) & O_APPEND) == 0;
}

// Moves both over a hole of the source; gives how many bytes of data follow, 0 at the end.
std::uint64_t skip_hole(int source, int target, std::uint64_t& left) {
  const off_t at = ::lseek(source, 0, SEEK_CUR);
  off_t data = ::lseek(source, at, SEEK_DATA);
  if (data < 0 && errno != ENXIO) throw system_fault("look for holes");
  const auto hole = data < 0 ? left : std::min<std::uint64_t>(left, data - at);
  if (hole > 0 && ::lseek(target, static_cast<off_t>(hole), SEEK_CUR) < 0)
    throw system_fault("leave a hole");
  left -= hole;
  if (left == 0) return 0;
  const off_t end = ::lseek(source, data, SEEK_HOLE);
  if (end < 0 || ::lseek(source, data, SEEK_SET) < 0) throw system_fault("look for holes");
  return std::min<std::uint64_t>(left, end - data);
}

void copy_data(int source, int target, std::uint64_t bytes) {
  std::vector<char> buffer(1U << 20U);
  while (bytes > 0) {
    const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), bytes);
    const std::size_t got = read_full(source, {buffer.data(), wanted});
    if (got == 0) throw Fault{FaultKind::io_failed, concat(bytes, " bytes are missing at the end")};
    write_all(target, {buffer.data(), got});
    bytes -= got;
  }
}

}  // namespace

void copy_bytes(int source, int target, std::uint64_t bytes) {
  if (!takes_holes(target)) return copy_data(source, target, bytes);
  while (const std::uint64_t data = skip_hole(source, target, bytes)) {
    copy_data(source, target, data);
    bytes -= data;
  }
  // Where a hole is the last, the file does not end behind it by itself.
  if (::ftruncate(target, ::lseek(target, 0, SEEK_CUR)) != 0) throw system_fault("write the end");
}

}  // namespace qubes::mgmt
