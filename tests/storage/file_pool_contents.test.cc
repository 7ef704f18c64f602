// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/fault.h"
#include "pool_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

FaultKind kind_of(const std::function<void()>& refused) {
  try {
    refused();
  } catch (const Fault& fault) {
    return fault.kind();
  }
  return FaultKind::internal;
}

struct Contents : PoolWorld {
  Contents() {
    write_head(outside.path() / "image", pages("first"));
    import_file(kVid, outside.path() / "image");
  }

  static std::string pages(const std::string& text) { return text + std::string(8192 - 5, '.'); }

  /// Commits another content, as an import does.
  void replace(const std::string& text, const VolumeSpec& volume) {
    const fs::path file = outside.path() / text;
    write_head(file, pages(text));
    const Descriptor opened{open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    pool.replace(volume, opened.number(), 8192, *this);
  }
  void replace(const std::string& text, int revisions_to_keep = 9) {
    replace(text, persistent(revisions_to_keep));
  }

  std::string committed() const { return head(file(".img"), 5); }

  /// Each revision as "id content".
  Names kept() const {
    Names found;
    for (const Revision& one : pool.revisions(kVid))
      for (const auto& entry : fs::directory_iterator{file("").parent_path()})
        if (entry.path().filename().string().starts_with("private.img." + one.id + "@"))
          found.push_back(one.id + " " + head(entry.path(), 5));
    return found;
  }

  ScratchRoot outside;
};

}  // namespace

TEST_CASE_METHOD(Contents, "a snapshot keeps the committed content without a copy", "[file_pool]") {
  CHECK(pool.snapshot(persistent()) == "1");
  CHECK(fs::hard_link_count(file(".img")) == 2);
  CHECK(kept() == Names{"1 first"});
  CHECK(pool.snapshot(persistent()) == "1");
  replace("secon");
  CHECK(pool.snapshot(persistent()) == "2");
  CHECK(kept() == Names{"1 first", "2 secon"});
  CHECK(committed() == "secon");
}

TEST_CASE_METHOD(Contents, "a revision tells when its content was written", "[file_pool]") {
  const timespec times[] = {{1521065905, 0}, {1521065905, 0}};
  REQUIRE(utimensat(AT_FDCWD, file(".img").c_str(), times, 0) == 0);
  pool.snapshot(persistent());
  CHECK(fs::exists(file(".img.1@2018-03-14T22:18:25Z")));
  fs::last_write_time(file(".img"), fs::file_time_type::clock::now());
  CHECK(pool.revisions(kVid).front().made_at == 1521065905);
}

TEST_CASE_METHOD(Contents, "a revert can itself be reverted", "[file_pool]") {
  replace("secon");
  replace("third");
  pool.revert(persistent(), "1");
  CHECK(committed() == "first");
  CHECK(kept() == Names{"1 first", "2 secon", "3 third"});
  pool.revert(persistent(), "3");
  CHECK(committed() == "third");
  CHECK(kept() == Names{"1 first", "2 secon", "3 third"});
  pool.revert(persistent(), "3");
  CHECK(kept() == Names{"1 first", "2 secon", "3 third"});
  CHECK(names() == Names{"private.img", "private.img.1", "private.img.2", "private.img.3"});
}

TEST_CASE_METHOD(Contents, "a revert brings back a volume whose image is gone", "[file_pool]") {
  replace("secon");
  fs::remove(file(".img"));
  CHECK_THROWS_WITH(pool.snapshot(persistent()), "the image 'appvms/work/private.img' is missing");
  pool.revert(persistent(), "1");
  CHECK(committed() == "first");
}

TEST_CASE_METHOD(Contents, "an unknown revision is told", "[file_pool]") {
  pool.snapshot(persistent());
  const std::string id = GENERATE(as<std::string>{}, "", "2", "01", "1\n", "../x", "-1");
  CHECK(kind_of([&] { pool.revert(persistent(), id); }) == FaultKind::no_such_revision);
  CHECK_THROWS_WITH(pool.revert(persistent(), "2"),
                    "volume 'appvms/work/private' has no revision '2'");
}

TEST_CASE_METHOD(Contents, "what was reverted to is pruned last", "[file_pool]") {
  replace("secon");
  replace("third");
  pool.revert(persistent(), "1");
  replace("four.", 1);
  CHECK(kept() == Names{"4 first"});
}

TEST_CASE_METHOD(Contents, "pinned revisions stay, and count for nothing", "[file_pool]") {
  VolumeSpec volume = persistent(1);
  volume.pinned = {"1", "17"};
  for (const char* text : {"secon", "third", "four.", "five."}) replace(text, volume);
  CHECK(kept() == Names{"1 first", "4 four."});
  pool.revert(volume, "1");
  replace("six..", volume);
  CHECK(kept() == Names{"1 first", "5 five."});
  volume.revisions_to_keep = 0;
  replace("seven", volume);
  CHECK(kept() == Names{"1 first"});
}

TEST_CASE_METHOD(Contents, "a halted volume's new size leaves its revisions alone", "[file_pool]") {
  pool.snapshot(persistent());
  const std::uint64_t size = GENERATE(8 * kGiB, std::uint64_t{4096});
  pool.resize(persistent(), size);
  CHECK(fs::file_size(file(".img")) == size);
  CHECK(committed() == "first");
  CHECK(bytes_on_disk(file(".img")) <= 8192);
  const auto revision = fs::path{file(".img").parent_path()} / "private.img.1";
  CHECK(kept() == Names{"1 first"});
  pool.revert(persistent(), "1");
  CHECK(fs::file_size(file(".img")) == 8192);
  CHECK_THROWS_WITH(pool.resize(persistent(), ~std::uint64_t{0}), Contains("too large"));
  CHECK(names() == Names{"private.img", "private.img.1", "private.img.2"});
}

TEST_CASE_METHOD(Contents, "a replaced content becomes a revision", "[file_pool]") {
  replace("secon");
  CHECK(committed() == "secon");
  CHECK(kept() == Names{"1 first"});
  CHECK(heard == 8192);
  replace("secon");
  CHECK(kept() == Names{"1 first"});
}

TEST_CASE_METHOD(Contents, "a stream of another length changes nothing", "[file_pool]") {
  const auto before = files_below(path());
  const fs::path stream = outside.path() / "stream";
  write_head(stream, std::string(5000, 'x'));
  const auto given = [&](std::uint64_t size) {
    const Descriptor opened{open(stream.c_str(), O_RDONLY | O_CLOEXEC)};
    pool.replace(persistent(), opened.number(), size, *this);
  };
  CHECK_THROWS_WITH(given(5001), "expected 5001 bytes, but 5000 came");
  CHECK_THROWS_WITH(given(4999), "expected 4999 bytes, but 5000 or more came");
  CHECK_THROWS_WITH(given(0), "expected 0 bytes, but 1 or more came");
  CHECK_THROWS_WITH(given(~std::uint64_t{0}), Contains("too large"));
  CHECK(kind_of([&] { given(5001); }) == FaultKind::pool_failed);
  CHECK(files_below(path()) == before);
  given(5000);
  CHECK(content(file(".img")) == std::string(5000, 'x') + std::string(120, '\0'));
}

TEST_CASE_METHOD(Contents, "an endless stream is not read to its end", "[file_pool]") {
  const Descriptor zeros{open("/dev/zero", O_RDONLY | O_CLOEXEC)};
  CHECK_THROWS_WITH(pool.replace(persistent(), zeros.number(), 4 * kMiB, *this),
                    "expected 4194304 bytes, but 4194305 or more came");
}

TEST_CASE_METHOD(Contents, "a sparse replacement takes only what it holds", "[file_pool]") {
  const fs::path image = outside.path() / "sparse";
  make_image(image, 20 * kGiB, {{0, std::string(kMiB, 'x')}, {19 * kGiB, std::string(kMiB, 'y')}});
  const Descriptor opened{open(image.c_str(), O_RDONLY | O_CLOEXEC)};
  pool.replace(persistent(), opened.number(), 20 * kGiB, *this);
  CHECK(bytes_on_disk(file(".img")) <= 2 * kMiB + 8 * kKiB);
  pool.create("b/private", kMiB);
  VolumeSpec other = persistent();
  other.vid = "b/private";
  pool.copy(other, pool.read(kVid), 20 * kGiB);
  CHECK(bytes_on_disk(path() / "b/private.img") <= 2 * kMiB + 8 * kKiB);
  CHECK(fs::file_size(path() / "b/private.img") == 20 * kGiB);
}

TEST_CASE_METHOD(Contents, "a cleared volume is empty, of the same size", "[file_pool]") {
  pool.clear(persistent());
  CHECK(content(file(".img")) == std::string(8192, '\0'));
  CHECK(pool.usage(persistent()) == 0);
  CHECK(kept() == Names{"1 first"});
  pool.clear(persistent());
  CHECK(kept() == Names{"1 first"});
}

TEST_CASE_METHOD(Contents, "a copy takes another volume's content and size", "[file_pool]") {
  pool.create("b/private", kMiB);
  VolumeSpec other = persistent();
  other.vid = "b/private";
  const Descriptor source = pool.read(kVid);
  pool.copy(other, source, 8192);
  CHECK(content(path() / "b/private.img") == pages("first"));
  CHECK(pool.revisions("b/private").size() == 1);
  pool.copy(other, source, 8192);
  CHECK(pool.revisions("b/private").size() == 1);
  pool.copy(other, source, 16384);
  CHECK(content(path() / "b/private.img") == pages("first") + std::string(8192, '\0'));
  CHECK(content(file(".img")) == pages("first"));
}

TEST_CASE_METHOD(Contents, "what is read stays what it is", "[file_pool]") {
  const Descriptor read = pool.read(kVid);
  replace("secon", 0);
  pool.resize(persistent(), 512);
  std::string bytes(8192, '\0');
  CHECK(read_full(read.number(), bytes) == 8192);
  CHECK(bytes == pages("first"));
  CHECK_THROWS_WITH(pool.read("none"), "the image 'none.img' is missing");
}

TEST_CASE_METHOD(Contents, "a started volume is changed by its guest only", "[file_pool]") {
  write_head(file("-dirty.img"), "guest");
  const auto before = files_below(path());
  const std::function<void()> refused[] = {
      [&] { pool.revert(persistent(), "1"); }, [&] { replace("secon"); },
      [&] { pool.clear(persistent()); }, [&] { pool.copy(persistent(), pool.read(kVid), 8192); },
      [&] { pool.resize(persistent(), 0); }};
  for (const auto& change : refused) CHECK(kind_of(change) == FaultKind::not_halted);
  CHECK(files_below(path()) == before);
}

TEST_CASE_METHOD(Contents, "a volume that keeps nothing has nothing to change", "[file_pool]") {
  const VolumeSpec volume = GENERATE_COPY(fresh(512), snapshot("t/root"));
  CHECK_THROWS_WITH(pool.snapshot(volume), Contains("keeps nothing when its VM stops"));
  CHECK_THROWS_WITH(pool.revert(volume, "1"), Contains("keeps nothing"));
  CHECK_THROWS_WITH(pool.clear(volume), Contains("keeps nothing"));
  CHECK_FALSE(pool.is_outdated(volume));
}
