// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/sparse.h"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "base/file.h"
#include "images.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

struct Heard : Progress {
  void advance(std::uint64_t bytes, std::optional<std::uint64_t> total) override {
    done.push_back(bytes);
    of = total;
  }
  std::vector<std::uint64_t> done;
  std::optional<std::uint64_t> of;
};

struct Images : ScratchRoot {
  Descriptor source(int flags = O_RDONLY) const {
    return Descriptor{open((path() / "source").c_str(), flags | O_CLOEXEC)};
  }
  Descriptor target() const {
    return Descriptor{open((path() / "target").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  }
  bool is_same() const { return content(path() / "source") == content(path() / "target"); }
  std::uint64_t used() const { return bytes_on_disk(path() / "target"); }
};

}  // namespace

TEST_CASE_METHOD(Images, "a copy has the same bytes and the same holes", "[sparse]") {
  const auto by = GENERATE(CopyBy::reflink, CopyBy::extents);
  make_image(path() / "source", 64 * kMiB + 512,
             {{0, "head"}, {5 * kMiB + 17, std::string(3 * kMiB, 'x')}, {64 * kMiB + 500, "tail"}});
  copy_image(source().number(), target().number(), by);
  CHECK(is_same());
  CHECK(used() < 4 * kMiB);
}

TEST_CASE_METHOD(Images, "a copy of nothing but holes takes no space", "[sparse]") {
  make_image(path() / "source", 10 * kGiB, {});
  copy_image(source().number(), target().number(), CopyBy::extents);
  CHECK(std::filesystem::file_size(path() / "target") == 10 * kGiB);
  CHECK(used() == 0);
}

TEST_CASE_METHOD(Images, "a stream is stored without its zeros", "[sparse]") {
  std::string image(8 * kMiB, '\0');
  image.replace(0, 4, "head");
  image.replace(3 * kMiB + 4095, 2, "xx");
  image += "odd end";
  write_head(path() / "source", image);
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  Heard heard;
  std::jthread writer{[&] {
    write_all(ends[1], image);
    close(ends[1]);
  }};
  const auto count = fill_image(ends[0], target().number(), kNoLimit, heard);
  writer.join();
  close(ends[0]);
  CHECK(count == image.size());
  CHECK(is_same());
  CHECK(used() <= 4 * 4096 + 4096);
  CHECK(heard.done.back() == image.size());
  CHECK(std::is_sorted(heard.done.begin(), heard.done.end()));
  CHECK_FALSE(heard.of);
}

TEST_CASE_METHOD(Images, "a sparse file's holes are not even read", "[sparse]") {
  make_image(path() / "source", 100 * kGiB, {{4096, "data"}, {99 * kGiB, "more"}});
  Heard heard;
  CHECK(fill_image(source().number(), target().number(), kNoLimit, heard) == 100 * kGiB);
  CHECK(used() < kMiB);
  CHECK(heard.of == 100 * kGiB);
  CHECK(heard.done.size() < 10);
  CHECK(is_same_content(source().number(), target().number()));
}

TEST_CASE_METHOD(Images, "a file is taken from where it stands", "[sparse]") {
  make_image(path() / "source", 3 * kMiB, {{0, "skipped"}, {7, "wanted"}, {2 * kMiB, "end"}});
  const Descriptor opened = source();
  REQUIRE(lseek(opened.number(), 7, SEEK_SET) == 7);
  Heard heard;
  CHECK(fill_image(opened.number(), target().number(), kNoLimit, heard) == 3 * kMiB - 7);
  CHECK(content(path() / "target") == content(path() / "source").substr(7));
  CHECK(heard.of == 3 * kMiB - 7);
}

TEST_CASE_METHOD(Images, "contents are compared whatever their holes", "[sparse]") {
  make_image(path() / "source", 4 * kMiB, {{0, "a"}, {3 * kMiB, std::string(kMiB - 1, '\0')}});
  make_image(path() / "target", 4 * kMiB, {{0, "a"}});
  CHECK(is_same_content(source().number(), target().number()));
  make_image(path() / "target", 4 * kMiB, {{0, "a"}, {4 * kMiB - 1, "b"}});
  CHECK_FALSE(is_same_content(source().number(), target().number()));
  CHECK_FALSE(is_same_content(target().number(), source().number()));
  make_image(path() / "source", 4 * kMiB, {{0, "a"}});
  CHECK_FALSE(is_same_content(source().number(), target().number()));
  CHECK_FALSE(is_same_content(target().number(), source().number()));
  make_image(path() / "target", 4 * kMiB + 1, {{0, "a"}});
  CHECK_FALSE(is_same_content(source().number(), target().number()));
}
