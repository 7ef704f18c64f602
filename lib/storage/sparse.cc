// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/sparse.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "storage/shared_extents.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kBlock = 4096;
constexpr std::size_t kBuffer = std::size_t{1} << 20;
constexpr std::uint64_t kLargest = std::numeric_limits<off_t>::max();

using Buffer = std::unique_ptr<char[]>;

Buffer make_buffer() { return std::make_unique_for_overwrite<char[]>(kBuffer); }

// Compared with itself one byte on, which the C library does faster than any loop of ours.
bool is_zero(std::span<const char> bytes) {
  return bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

void write_at(int file, std::span<const char> bytes, off_t at) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(file, bytes.data(), bytes.size(), at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_fault("write the image");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    at += count;
  }
}

// A run of blocks with data is written at once; blocks of zeros are left out.
void write_data(int file, std::span<const char> bytes, off_t at) {
  std::size_t from = 0;
  for (std::size_t block = 0; block < bytes.size(); block += kBlock) {
    const std::size_t length = std::min(kBlock, bytes.size() - block);
    if (!is_zero(bytes.subspan(block, length))) continue;
    write_at(file, bytes.subspan(from, block - from), at + static_cast<off_t>(from));
    from = block + length;
  }
  write_at(file, bytes.subspan(from), at + static_cast<off_t>(from));
}

std::size_t read_at(int file, std::span<char> bytes, off_t at) {
  for (;;) {
    const ssize_t count = pread(file, bytes.data(), bytes.size(), at);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw system_fault("read an image");
  }
}

// Where the next data begins, at or after `at`; `end` where there is none. What cannot tell
// its holes is all data.
off_t next_data(int file, off_t at, off_t end) {
  const off_t found = lseek(file, at, SEEK_DATA);
  if (found >= 0) return std::min(found, end);
  return errno == ENXIO ? end : at;
}

off_t end_of_data(int file, off_t at, off_t end) {
  const off_t found = lseek(file, at, SEEK_HOLE);
  return found > at ? std::min(found, end) : end;
}

// The kernel copies an extent several times faster than we could, and shares it if it can. Over
// a hole it would write zeros, so it is never given one.
bool copy_extent(int source, int target, off_t from, off_t end) {
  off_t at = from;
  for (off_t to = from; at < end;) {
    const auto wanted = static_cast<std::size_t>(end - at);
    const ssize_t count = copy_file_range(source, &at, target, &to, wanted, 0);
    if (count == 0) return true;
    if (count > 0 || errno == EINTR) continue;
    if (errno == EXDEV || errno == EOPNOTSUPP || errno == EINVAL || errno == ENOSYS) return false;
    throw system_fault("copy the image");
  }
  return true;
}

void read_and_write(int source, int target, off_t from, off_t end, std::span<char> buffer) {
  for (off_t at = from; at < end;) {
    const auto wanted = std::min(buffer.size(), static_cast<std::size_t>(end - at));
    const std::size_t count = read_at(source, buffer.first(wanted), at);
    if (count == 0) return;
    write_data(target, buffer.first(count), at);
    at += static_cast<off_t>(count);
  }
}

bool reflink(int source, int target) {
  if (ioctl(target, FICLONE, source) == 0) return true;
  const bool unsupported =
      errno == EOPNOTSUPP || errno == EXDEV || errno == EINVAL || errno == EBADF || errno == ENOTTY;
  if (!unsupported) throw system_fault("share the blocks of an image");
  return false;
}

struct Span {
  off_t from;
  off_t end;
};

// What a regular file has to give from where it is read next.
std::optional<Span> rest_of(int source, std::uint64_t limit) {
  const struct stat status = status_of(source);
  const off_t from = S_ISREG(status.st_mode) ? lseek(source, 0, SEEK_CUR) : -1;
  if (from < 0) return std::nullopt;
  const auto rest = static_cast<std::uint64_t>(std::max<off_t>(status.st_size - from, 0));
  return Span{from, from + static_cast<off_t>(std::min(rest, limit))};
}

// A hole need not be read to know what is in it.
std::uint64_t skip_hole(int source, const Span& span, std::uint64_t done) {
  const off_t at = span.from + static_cast<off_t>(done);
  if (at >= span.end) return done;
  const off_t data = next_data(source, at, span.end);
  if (lseek(source, data, SEEK_SET) < 0) throw system_fault("read an image");
  return static_cast<std::uint64_t>(data - span.from);
}

bool is_same_at(int one, int other, off_t at, std::span<char> a, std::span<char> b) {
  const std::size_t count = read_at(one, a, at);
  return count == a.size() && read_at(other, b, at) == count &&
         std::memcmp(a.data(), b.data(), count) == 0;
}

void copy_extents(int source, int target, off_t size) {
  const Buffer buffer = make_buffer();
  for (off_t at = next_data(source, 0, size); at < size; at = next_data(source, at, size)) {
    const off_t end = end_of_data(source, at, size);
    if (!copy_extent(source, target, at, end))
      read_and_write(source, target, at, end, {buffer.get(), kBuffer});
    at = end;
  }
}

}  // namespace

struct stat status_of(int image) {
  struct stat status;
  if (fstat(image, &status) != 0) throw system_fault("look at an image");
  return status;
}

std::uint64_t size_of(int image) { return static_cast<std::uint64_t>(status_of(image).st_size); }

std::uint64_t whole_sectors(std::uint64_t size) {
  constexpr std::uint64_t kSector = 512;
  if (size > kLargest) return size;  // too large for any file, which set_size() says
  return (size + kSector - 1) / kSector * kSector;
}

void set_size(int image, std::uint64_t size) {
  if (size > kLargest)
    throw Fault{FaultKind::pool_failed, concat("a volume of ", size, " bytes is too large")};
  if (ftruncate(image, static_cast<off_t>(size)) != 0)
    throw system_fault(concat("make a volume of ", size, " bytes"));
}

void copy_image(int source, int target, CopyBy by) {
  copy_image(source, target, size_of(source), by);
}

void copy_image(int source, int target, std::uint64_t size, CopyBy by) {
  if (by == CopyBy::extents || !reflink(source, target))
    copy_extents(source, target, static_cast<off_t>(std::min(size, kLargest)));
  set_size(target, size);
}

std::uint64_t fill_image(int source, int target, std::uint64_t limit, Progress& progress) {
  const std::optional<Span> known = rest_of(source, limit);
  std::optional<std::uint64_t> total;
  if (known) total = static_cast<std::uint64_t>(known->end - known->from);
  const Buffer buffer = make_buffer();
  std::uint64_t done = 0;
  for (std::size_t count = kBuffer; count == kBuffer;) {
    if (known) done = skip_hole(source, *known, done);
    count = read_full(source, {buffer.get(), std::min<std::size_t>(kBuffer, limit - done)});
    write_data(target, {buffer.get(), count}, static_cast<off_t>(done));
    done += count;
    progress.advance(done, total);
  }
  set_size(target, done);
  return done;
}

bool is_same_content(int one, int other) {
  const off_t size = status_of(one).st_size;
  if (status_of(other).st_size != size) return false;
  const Buffer a = make_buffer();
  const Buffer b = make_buffer();
  for (off_t at = 0; at < size;) {
    at = std::min(next_data(one, at, size), next_data(other, at, size));
    if (at == size) break;
    if (const off_t known = shared_until(one, other, at); known > at) {
      at = known;
      continue;
    }
    const auto length = static_cast<std::size_t>(std::min<off_t>(size - at, kBuffer));
    if (!is_same_at(one, other, at, {a.get(), length}, {b.get(), length})) return false;
    at += static_cast<off_t>(length);
  }
  return true;
}

bool can_reflink(int folder) {
  const Descriptor source{openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
  const Descriptor target{openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
  return source && target && ioctl(target.number(), FICLONE, source.number()) == 0;
}

}  // namespace qubes::mgmt
