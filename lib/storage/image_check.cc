// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/image_check.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::uint64_t kSector = 512;

/// What the image says of itself: how many bytes of it there are, at least.
struct Claim {
  std::string what;
  std::uint64_t bytes;
};

using Claimed = std::optional<Claim>;

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<std::uint64_t>::max() : result;
}

std::uint64_t sum(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? std::numeric_limits<std::uint64_t>::max() : result;
}

/// A piece of the image; what lies behind its end reads as zero.
class Piece {
 public:
  Piece(int image, std::uint64_t at, std::size_t length) : bytes_(length) {
    if (at > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max()) - length) return;
    for (std::size_t filled = 0; filled < length;) {
      const ssize_t count =
          pread(image, bytes_.data() + filled, length - filled, static_cast<off_t>(at + filled));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw system_fault("read the image");
      if (count == 0) return;
      filled += static_cast<std::size_t>(count);
    }
  }

  bool has(std::size_t at, std::string_view text) const {
    return std::equal(text.begin(), text.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
  }

  std::uint64_t little(std::size_t at, std::size_t length) const {
    std::uint64_t number = 0;
    while (length-- > 0) number = number << 8 | bytes_.at(at + length);
    return number;
  }

  std::uint64_t big(std::size_t at, std::size_t length) const {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < length; ++i) number = number << 8 | bytes_.at(at + i);
    return number;
  }

 private:
  std::vector<unsigned char> bytes_;
};

Claim partition_claim(std::uint64_t number, std::uint64_t end) {
  return {concat("partition ", number), end};
}

// Only where partitions end counts, not where the second GPT should be: disks are copied
// without their unused rest on purpose.
Claimed gpt_claim(int image, std::uint64_t sector) {
  constexpr std::uint64_t kMostEntries = 1024;
  constexpr std::uint64_t kLongestEntry = 4096;
  const Piece header{image, sector, kSector};
  if (!header.has(0, "EFI PART")) return std::nullopt;
  const std::uint64_t entries = std::min(header.little(80, 4), kMostEntries);
  const std::uint64_t length = header.little(84, 4);
  if (length < 128 || length > kLongestEntry) return std::nullopt;
  const Piece table{image, product(header.little(72, 8), sector), entries * length};
  Claim last = partition_claim(0, 0);
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::uint64_t at = i * length;
    const bool unused = table.little(at, 8) == 0 && table.little(at + 8, 8) == 0;
    const std::uint64_t end = product(sum(table.little(at + 40, 8), 1), sector);
    if (!unused && end > last.bytes) last = partition_claim(i + 1, end);
  }
  return last;
}

// The boot code of a file system ends with the same signature, but has no four entries whose
// first byte is a boot flag.
Claimed mbr_claim(int image) {
  constexpr std::uint64_t kProtective = 0xEE;
  const Piece record{image, 0, kSector};
  if (record.little(510, 2) != 0xAA55 || record.has(54, "FAT") || record.has(82, "FAT"))
    return std::nullopt;
  Claim last = partition_claim(0, 0);
  for (std::uint64_t i = 0; i < 4; ++i) {
    const std::size_t at = 446 + 16 * i;
    if ((record.little(at, 1) & 0x7F) != 0) return std::nullopt;
    const std::uint64_t type = record.little(at + 4, 1);
    const std::uint64_t end = (record.little(at + 8, 4) + record.little(at + 12, 4)) * kSector;
    if (type != 0 && type != kProtective && end > last.bytes) last = partition_claim(i + 1, end);
  }
  if (last.bytes == 0) return std::nullopt;
  return last;
}

Claimed ext_claim(int image) {
  constexpr std::uint64_t kJournal = 0x4;
  constexpr std::uint64_t k64Bit = 0x80;
  constexpr std::uint64_t kExt4Only = 0x40 | k64Bit | 0x200;  // extents, 64bit, flex_bg
  const Piece super{image, 1024, 1024};
  const std::uint64_t block_bits = super.little(24, 4);
  if (super.little(56, 2) != 0xEF53 || super.little(76, 4) > 1 || block_bits > 6)
    return std::nullopt;
  const std::uint64_t incompatible = super.little(96, 4);
  const bool has_journal = (super.little(92, 4) & kJournal) != 0;
  std::uint64_t blocks = super.little(4, 4);
  if ((incompatible & k64Bit) != 0) blocks |= super.little(336, 4) << 32;
  const char* name = (incompatible & kExt4Only) != 0 ? "ext4" : has_journal ? "ext3" : "ext2";
  return Claim{concat(name, " file system"), product(blocks, 1024U << block_bits)};
}

Claimed xfs_claim(int image) {
  const Piece super{image, 0, kSector};
  if (!super.has(0, "XFSB")) return std::nullopt;
  return Claim{"XFS file system", product(super.big(8, 8), super.big(4, 4))};
}

// Of a file system over several devices, this device's part.
Claimed btrfs_claim(int image) {
  const Piece super{image, 65536, 4096};
  if (!super.has(64, "_BHRfS_M")) return std::nullopt;
  return Claim{"btrfs file system", super.little(209, 8)};
}

// A partition table comes first: what was on the disk before it may still be readable.
Claimed claim_of(int image) {
  if (auto found = gpt_claim(image, kSector)) return found;
  if (auto found = gpt_claim(image, 4096)) return found;
  if (auto found = mbr_claim(image)) return found;
  if (auto found = ext_claim(image)) return found;
  if (auto found = xfs_claim(image)) return found;
  return btrfs_claim(image);
}

}  // namespace

void check_image_is_whole(int image, std::uint64_t size) {
  const Claimed claim = claim_of(image);
  if (!claim || claim->bytes <= size) return;
  const bool is_partition = claim->what.starts_with("partition");
  throw Fault{FaultKind::pool_failed,
              concat("the image ends after ", size, " bytes, but its ", claim->what,
                     is_partition ? " goes up to byte " : " is ", claim->bytes,
                     is_partition ? "" : " bytes long")};
}

}  // namespace qubes::mgmt
