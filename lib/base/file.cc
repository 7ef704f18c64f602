// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/fault.h"
#include "base/handle.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

using Path = std::filesystem::path;

constexpr mode_t kFileMode = 0600;
constexpr int kHold = O_PATH | O_DIRECTORY;

// Somebody else may remove an empty folder while we are about to use it.
constexpr int kAttempts = 200;

Fault failure(std::string_view doing, const Path& path) {
  const std::string quoted = concat(doing, " '", printable(path.native()), "'");
  if (errno != ELOOP) return system_fault(quoted);
  return {FaultKind::denied, concat("cannot ", quoted, ": a symbolic link is in its way")};
}

void check_relative(const Path& path) {
  const bool leaves =
      std::any_of(path.begin(), path.end(), [](auto& part) { return part == ".."; });
  const bool cut = path.native().find('\0') != std::string::npos;
  if (path.empty() || path.is_absolute() || leaves || cut)
    throw Fault{FaultKind::denied,
                concat("'", printable(path.native()), "' is not a name below a folder")};
}

// What openat2() does with RESOLVE_NO_SYMLINKS, for a kernel that lacks it.
int walk(int folder, const Path& path, int flags, mode_t mode) {
  Descriptor held;
  int at = folder;
  for (const Path& part : path.parent_path()) {
    Descriptor next{openat(at, part.c_str(), kHold | O_NOFOLLOW | O_CLOEXEC)};
    if (!next) return -1;
    held = std::move(next);
    at = held.number();
  }
  return openat(at, path.filename().c_str(), flags, mode);
}

int open_beneath(int folder, const Path& path, int flags, mode_t mode) {
  flags |= O_NOFOLLOW | O_CLOEXEC;
  open_how how{};
  how.flags = static_cast<unsigned>(flags);
  how.mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  const long opened = syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how);
  if (opened >= 0 || errno != ENOSYS) return static_cast<int>(opened);
  return walk(folder, path, flags, mode);
}

// A descriptor that somebody made non-blocking is waited for.
bool try_again(int descriptor, short event) {
  if (errno == EINTR) return true;
  if (errno != EAGAIN) return false;
  pollfd waited{descriptor, event, 0};
  return poll(&waited, 1, -1) >= 0 || errno == EINTR;
}

}  // namespace

void Descriptor::reset() {
  if (number_ >= 0) close(number_);
  number_ = -1;
}

Folder::Folder(const Path& path)
    : path_{path}, descriptor_{::open(path.c_str(), kHold | O_CLOEXEC)} {
  if (!descriptor_) throw failure("open the folder", path);
}

Folder::Folder(Path path, Descriptor descriptor)
    : path_{std::move(path)}, descriptor_{std::move(descriptor)} {}

int Folder::descend(const Path& relative, int flags, mode_t mode) const {
  check_relative(relative);
  return open_beneath(descriptor_.number(), relative, flags, mode);
}

std::optional<Descriptor> Folder::parent(const Path& relative, int flags) const {
  check_relative(relative);
  return open(relative.has_parent_path() ? relative.parent_path() : ".", flags);
}

std::optional<Descriptor> Folder::make_one(const Path& relative, mode_t mode) const {
  auto above = parent(relative, O_RDONLY | O_DIRECTORY);
  if (!above) return std::nullopt;
  const Path name = relative.filename();
  if (mkdirat(above->number(), name.c_str(), mode) != 0) {
    if (errno == EEXIST || errno == ENOENT) return std::nullopt;
    throw failure("make the folder", relative);
  }
  const auto made = open(relative, O_RDONLY | O_DIRECTORY);
  if (made && fchmod(made->number(), mode) != 0) throw failure("make the folder", relative);
  return above;
}

Folder Folder::make(const Path& relative, mode_t mode) const {
  check_relative(relative);
  std::vector<Descriptor> changed;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto found = open(relative, kHold);
    if (found) {
      for (const Descriptor& above : changed)
        if (fsync(above.number()) != 0) throw failure("save the folder of", relative);
      return {path_ / relative, std::move(*found)};
    }
    Path so_far;
    for (const Path& part : relative)
      if (auto above = make_one(so_far /= part, mode)) changed.push_back(std::move(*above));
  }
  errno = ENOENT;
  throw failure("make the folder", relative);
}

std::optional<Descriptor> Folder::open(const Path& relative, int flags) const {
  Descriptor opened{descend(relative, flags, kFileMode)};
  if (opened) return opened;
  // Not for ENOTDIR: that may be a link to a folder, and nothing behind it counts as missing.
  if (errno == ENOENT) return std::nullopt;
  throw failure("open", relative);
}

Descriptor Folder::create(const Path& relative, mode_t mode) const {
  Descriptor created{descend(relative, O_RDWR | O_CREAT | O_EXCL, mode)};
  if (!created || fchmod(created.number(), mode) != 0) throw failure("make", relative);
  return created;
}

bool Folder::exists(const Path& relative) const { return status(relative).has_value(); }

bool Folder::is_folder(const Path& relative) const {
  const auto found = status(relative);
  return found && S_ISDIR(found->st_mode);
}

std::optional<struct stat> Folder::status(const Path& relative) const {
  const auto found = open(relative, O_PATH);
  if (!found) return std::nullopt;
  struct stat status;
  if (fstat(found->number(), &status) != 0) throw failure("look at", relative);
  return status;
}

void Folder::rename(const Path& from, const Path& to) const {
  const auto source = parent(from, kHold);
  const auto target = parent(to, kHold);
  errno = ENOENT;
  if (!source || !target ||
      renameat(source->number(), from.filename().c_str(), target->number(),
               to.filename().c_str()) != 0)
    throw failure("rename", from);
}

bool Folder::link(const Path& from, const Path& to) const {
  const auto source = parent(from, kHold);
  const auto target = parent(to, kHold);
  errno = ENOENT;
  if (source && target &&
      linkat(source->number(), from.filename().c_str(), target->number(), to.filename().c_str(),
             0) == 0)
    return true;
  if (errno == EEXIST) return false;
  throw failure("make", to);
}

bool Folder::remove(const Path& relative) const {
  const auto above = parent(relative, kHold);
  if (!above) return false;
  const Path name = relative.filename();
  if (unlinkat(above->number(), name.c_str(), 0) == 0) return true;
  if (errno == EISDIR && unlinkat(above->number(), name.c_str(), AT_REMOVEDIR) == 0) return true;
  if (errno == ENOENT) return false;
  throw failure("remove", relative);
}

bool Folder::remove_empty(const Path& relative) const {
  const auto above = parent(relative, kHold);
  if (!above) return false;
  if (unlinkat(above->number(), relative.filename().c_str(), AT_REMOVEDIR) == 0) return true;
  if (errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST) return false;
  throw failure("remove the folder", relative);
}

std::vector<std::string> Folder::names(const Path& relative) const {
  std::vector<std::string> names;
  auto opened = open(relative, O_RDONLY | O_DIRECTORY);
  if (!opened) return names;
  const Handle<DIR, closedir> entries{fdopendir(opened->number())};
  if (!entries) throw failure("list", relative);
  opened->release();
  for (errno = 0; const dirent* entry = readdir(entries.get()); errno = 0) {
    const std::string_view name{entry->d_name};
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) throw failure("list", relative);
  std::sort(names.begin(), names.end());
  return names;
}

void Folder::sync_parent_of(const Path& relative) const {
  const auto above = parent(relative, O_RDONLY | O_DIRECTORY);
  errno = ENOENT;
  if (!above || fsync(above->number()) != 0) throw failure("save the folder of", relative);
}

std::size_t read_full(int descriptor, std::span<char> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t count = read(descriptor, buffer.data() + filled, buffer.size() - filled);
    if (count == 0) break;
    if (count > 0)
      filled += static_cast<std::size_t>(count);
    else if (!try_again(descriptor, POLLIN))
      throw system_fault("read");
  }
  return filled;
}

std::string read_all(int descriptor, std::size_t limit) {
  constexpr std::size_t kStep = 4096;
  std::string bytes;
  for (std::size_t filled = 0;;) {
    bytes.resize(std::min(filled + kStep, limit + 1));
    filled += read_full(descriptor, std::span{bytes}.subspan(filled));
    if (filled > limit) throw Fault{FaultKind::malformed, concat("more than ", limit, " bytes")};
    if (filled == bytes.size()) continue;
    bytes.resize(filled);
    return bytes;
  }
}

std::optional<std::string> read_file(const Path& path, std::size_t limit) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)};
  if (file) return read_all(file.number(), limit);
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw failure("read", path);
}

void write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor, bytes.data(), bytes.size());
    if (count >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(count));
    else if (!try_again(descriptor, POLLOUT))
      throw system_fault("write");
  }
}

}  // namespace qubes::mgmt
