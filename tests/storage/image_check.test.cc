// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/image_check.h"

#include <fcntl.h>

#include <catch2/catch.hpp>

#include "base/fault.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "images.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;

namespace {

std::string little(std::uint64_t number, std::size_t length) {
  std::string bytes;
  for (; length > 0; --length, number >>= 8) bytes += static_cast<char>(number);
  return bytes;
}

std::string big(std::uint64_t number, std::size_t length) {
  const std::string bytes = little(number, length);
  return {bytes.rbegin(), bytes.rend()};
}

struct Checked : ScratchRoot {
  std::filesystem::path image() const { return path() / "image"; }

  void check(std::uint64_t size) const {
    const Descriptor opened{open(image().c_str(), O_RDONLY | O_CLOEXEC)};
    check_image_is_whole(opened.number(), size);
  }

  /// An image of 64 MiB with these pieces, cut off at `size`.
  std::string refusal(const std::map<std::uint64_t, std::string>& pieces,
                      std::uint64_t size = 64 * kMiB) const {
    make_image(image(), 64 * kMiB, pieces);
    std::filesystem::resize_file(image(), size);
    try {
      check(size);
      return "";
    } catch (const Fault& fault) {
      CHECK(fault.kind() == FaultKind::pool_failed);
      return fault.what();
    }
  }
};

std::map<std::uint64_t, std::string> ext(std::uint64_t blocks, std::uint64_t bits,
                                         std::uint64_t incompatible, std::uint64_t compatible = 0) {
  return {{1024 + 4, little(blocks & 0xFFFFFFFF, 4)},
          {1024 + 24, little(bits, 4)},
          {1024 + 56, little(0xEF53, 2)},
          {1024 + 76, little(1, 4)},
          {1024 + 92, little(compatible, 4)},
          {1024 + 96, little(incompatible, 4)},
          {1024 + 336, little(blocks >> 32, 4)}};
}

std::string mbr_entry(unsigned flag, unsigned type, std::uint64_t start, std::uint64_t sectors) {
  return concat(little(flag, 1), std::string(3, '\0'), little(type, 1), std::string(3, '\0'),
                little(start, 4), little(sectors, 4));
}

std::map<std::uint64_t, std::string> gpt(std::uint64_t entries, std::uint64_t length,
                                         const std::string& table, std::uint64_t sector = 512) {
  return {{sector, "EFI PART"},
          {sector + 72, little(2, 8) + little(entries, 4) + little(length, 4)},
          {2 * sector, table}};
}

std::string gpt_entry(std::uint64_t first, std::uint64_t last) {
  return concat(std::string(32, 'g'), little(first, 8), little(last, 8), std::string(80, '\0'));
}

}  // namespace

TEST_CASE_METHOD(Checked, "what is no known format passes", "[image_check]") {
  CHECK(refusal({}) == "");
  CHECK(refusal({{0, std::string(kMiB, 'x')}}) == "");
  CHECK(refusal({{0, "x"}}, 1) == "");
  CHECK(refusal({{0, std::string(kMiB, '\xFF')}}, kMiB) == "");
}

TEST_CASE_METHOD(Checked, "an ext file system must fit", "[image_check]") {
  CHECK(refusal(ext(16384, 2, 0x42)) == "");
  CHECK(refusal(ext(16384, 2, 0x42), 64 * kMiB - 1) ==
        "the image ends after 67108863 bytes, but its ext4 file system is 67108864 bytes long");
  CHECK_THAT(refusal(ext(65537, 0, 2, 4)), Contains("its ext3 file system is 67109888 bytes"));
  CHECK_THAT(refusal(ext(65537, 0, 2)), Contains("its ext2 file system"));
  CHECK_THAT(refusal(ext(0x100000000, 2, 0x80)), Contains("is 17592186044416 bytes"));
  CHECK(refusal(ext(0x100000001, 2, 0x40)) == "");
}

TEST_CASE_METHOD(Checked, "hostile numbers do not overflow", "[image_check]") {
  const std::uint64_t most = ~std::uint64_t{0};
  CHECK_THAT(refusal(ext(most, 6, 0xC0)), Contains("18446744073709551615"));
  CHECK(refusal(ext(1000000, 7, 0xC0)) == "");
  CHECK(refusal(ext(1000000, 0xFFFFFFFF, 0xC0)) == "");
  CHECK_THAT(refusal({{0, "XFSB" + big(most, 4) + big(most, 8)}}),
             Contains("18446744073709551615"));
  CHECK_THAT(refusal(gpt(1, 128, gpt_entry(0, most))),
             Contains("partition 1 goes up to byte 1844"));
  CHECK_THAT(refusal(gpt(most, 128, gpt_entry(1, 1000000))), Contains("partition 1"));
  CHECK(refusal(gpt(most, most, gpt_entry(1, 1000000))) == "");
  CHECK(refusal(gpt(128, 0, gpt_entry(1, 1000000))) == "");
  auto far = gpt(128, 128, "");
  far[512 + 72] = little(most, 8) + little(128, 4) + little(128, 4);
  CHECK(refusal(far) == "");
}

TEST_CASE_METHOD(Checked, "XFS and btrfs must fit", "[image_check]") {
  CHECK(refusal({{0, "XFSB" + big(4096, 4) + big(16384, 8)}}) == "");
  CHECK_THAT(refusal({{0, "XFSB" + big(4096, 4) + big(16385, 8)}}),
             Contains("its XFS file system"));
  const auto btrfs = [](std::uint64_t bytes) {
    return std::map<std::uint64_t, std::string>{{65536 + 64, "_BHRfS_M"},
                                                {65536 + 209, little(bytes, 8)}};
  };
  CHECK(refusal(btrfs(64 * kMiB)) == "");
  CHECK_THAT(refusal(btrfs(64 * kMiB + 1)), Contains("its btrfs file system is 67108865 bytes"));
}

TEST_CASE_METHOD(Checked, "the last partition must fit", "[image_check]") {
  const std::string two = gpt_entry(2048, 131071) + gpt_entry(34, 2047);
  CHECK(refusal(gpt(128, 128, two)) == "");
  CHECK(refusal(gpt(128, 128, two), 64 * kMiB - 512) ==
        "the image ends after 67108352 bytes, but its partition 1 goes up to byte 67108864");
  CHECK_THAT(refusal(gpt(4, 128, gpt_entry(1, 20000), 4096)), Contains("up to byte 81924096"));
  const auto mbr = [](const std::string& entries) {
    return std::map<std::uint64_t, std::string>{{446, entries}, {510, "\x55\xAA"}};
  };
  CHECK(refusal(mbr(mbr_entry(0x80, 0x83, 2048, 129024))) == "");
  CHECK_THAT(refusal(mbr(mbr_entry(0, 0x83, 34, 2) + mbr_entry(0x80, 0x83, 2048, 129025))),
             Contains("partition 2 goes up to byte 67109376"));
  CHECK(refusal(mbr(mbr_entry(0, 0xEE, 1, 0xFFFFFFFF))) == "");
  CHECK(refusal(mbr(mbr_entry(0, 0, 1, 0xFFFFFFFF))) == "");
}

TEST_CASE_METHOD(Checked, "boot code is not taken for partitions", "[image_check]") {
  const std::string code(64, '\x31');
  CHECK(refusal({{446, code}, {510, "\x55\xAA"}}) == "");
  CHECK(refusal({{54, "FAT16   "}, {446, mbr_entry(0, 6, 1, 0xFFFFFF)}, {510, "\x55\xAA"}}) == "");
}

TEST_CASE_METHOD(Checked, "a partition table counts more than an old file system",
                 "[image_check]") {
  auto pieces = ext(1000000, 2, 0x42);
  pieces[446] = mbr_entry(0x80, 0x83, 2048, 129024);
  pieces[510] = "\x55\xAA";
  CHECK(refusal(pieces) == "");
}

TEST_CASE_METHOD(Checked, "real file systems pass whole and are refused cut", "[image_check]") {
  const auto [program, name] = GENERATE(table<std::string, std::string>({
      {"/usr/sbin/mkfs.ext2", "ext2"},
      {"/usr/sbin/mkfs.ext3", "ext3"},
      {"/usr/sbin/mkfs.ext4", "ext4"},
      {"/usr/sbin/mkfs.xfs", "XFS"},
      {"/usr/sbin/mkfs.btrfs", "btrfs"},
  }));
  make_image(image(), 400 * kMiB, {});
  const auto made = run_program({program, "-q", image()}, std::chrono::seconds{30});
  INFO(made.errors);
  REQUIRE(made.status == 0);
  CHECK_NOTHROW(check(400 * kMiB));
  CHECK_THROWS_WITH(check(400 * kMiB - 4096),
                    concat("the image ends after ", 400 * kMiB - 4096, " bytes, but its ", name,
                           " file system is ", 400 * kMiB, " bytes long"));
}
