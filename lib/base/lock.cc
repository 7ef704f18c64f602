// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLongestPause{50};

Fault failure(const std::filesystem::path& file) {
  return system_fault(concat("take the lock '", printable(file.filename().native()), "'"));
}

// Reading is all that flock() needs, so it does not matter whose umask the file was made with.
// A FIFO in its place would be waited for, without a deadline, were it not for O_NONBLOCK.
Descriptor open_lock(const std::filesystem::path& file) {
  Descriptor opened{
      open(file.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0660)};
  if (!opened) throw failure(file);
  return opened;
}

bool take(const Descriptor& opened, const std::filesystem::path& file) {
  while (flock(opened.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) throw failure(file);
  }
  return true;
}

}  // namespace

// flock() itself knows no deadline, and a timer's signal would be felt by the whole process.
FileLock FileLock::wait(const std::filesystem::path& file, milliseconds deadline,
                        std::string_view what) {
  Descriptor opened = open_lock(file);
  const auto end = steady_clock::now() + deadline;
  for (milliseconds pause{1}; !take(opened, file); pause = std::min(pause * 2, kLongestPause)) {
    if (steady_clock::now() >= end)
      throw Fault{FaultKind::busy,
                  concat("waited ", deadline.count(), " ms for ", what, "; try again")};
    std::this_thread::sleep_for(pause);
  }
  return FileLock{std::move(opened)};
}

std::optional<FileLock> FileLock::attempt(const std::filesystem::path& file) {
  Descriptor opened = open_lock(file);
  if (!take(opened, file)) return std::nullopt;
  return FileLock{std::move(opened)};
}

}  // namespace qubes::mgmt
