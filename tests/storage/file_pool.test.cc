// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/file_pool.h"

#include <fcntl.h>

#include <catch2/catch.hpp>

#include "base/fault.h"
#include "pool_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

struct Files : PoolWorld {
  std::uint64_t import(const Vid& vid, const std::string& bytes) {
    const fs::path file = outside.path() / "image";
    fs::remove(file);
    write_head(file, bytes);
    return import_file(vid, file);
  }
  ScratchRoot outside;
};

}  // namespace

TEST_CASE_METHOD(Files, "a new volume is all holes", "[file_pool]") {
  pool.create(kVid, 2 * kGiB);
  CHECK(fs::file_size(file(".img")) == 2 * kGiB);
  CHECK(pool.usage(persistent()) == 0);
  CHECK(names() == Names{"private.img"});
  CHECK((fs::status(file(".img")).permissions() & fs::perms::others_all) == fs::perms::none);
}

TEST_CASE_METHOD(Files, "a volume that is there is never overwritten", "[file_pool]") {
  import(kVid, "precious");
  CHECK_THROWS_WITH(pool.create(kVid, 512), Contains("there is a volume already"));
  CHECK_THROWS_WITH(import(kVid, "other"), Contains("there is a volume already"));
  pool.create("appvms/other/private", 512);
  CHECK_THROWS_WITH(pool.clone("appvms/other/private", kVid), Contains("already"));
  CHECK(content(file(".img")).starts_with("precious"));
  CHECK(names() == Names{"private.img"});
}

TEST_CASE_METHOD(Files, "making a volume may be repeated", "[file_pool]") {
  pool.create(kVid, kMiB);
  CHECK_NOTHROW(pool.create(kVid, kMiB));
  import("a/root", "content");
  CHECK_NOTHROW(import("a/root", "content"));
  pool.clone("a/root", "b/root");
  CHECK_NOTHROW(pool.clone("a/root", "b/root"));
}

TEST_CASE_METHOD(Files, "an import gives what came, padded to sectors", "[file_pool]") {
  CHECK(import(kVid, std::string(kMiB, 'x') + "y") == kMiB + 512);
  CHECK(content(file(".img")) == std::string(kMiB, 'x') + "y" + std::string(511, '\0'));
  CHECK(names() == Names{"private.img"});
  CHECK(heard == kMiB + 1);
}

TEST_CASE_METHOD(Files, "a bad import leaves nothing", "[file_pool]") {
  CHECK_THROWS_WITH(import(kVid, ""), "the image is empty");
  CHECK_THROWS_WITH(import(kVid, "XFSB" + std::string(12, '\1')), Contains("the image ends after"));
  CHECK_THROWS_AS(pool.import(kVid, -1, *this), Fault);
  CHECK(files_below(path()).empty());
}

TEST_CASE_METHOD(Files, "a clone is a copy of its own", "[file_pool]") {
  import("vm-templates/t/root", "template");
  pool.clone("vm-templates/t/root", kVid);
  write_head(path() / "vm-templates/t/root.img", "TEMPLATE");
  CHECK(content(file(".img")).starts_with("template"));
  CHECK_THROWS_WITH(pool.clone("none/root", "x/root"), "the image 'none/root.img' is missing");
  CHECK_FALSE(fs::exists(path() / "x"));
}

TEST_CASE_METHOD(Files, "removing takes all of the volume and nothing else", "[file_pool]") {
  pool.create("appvms/work/root", 512);
  pool.create(kVid, 512);
  for (const char* ending : {"-dirty.img", "-import.img", "-precache.img", ".img~new", ".img~x81",
                             ".img.1@2018-03-14T22:18:25Z", ".img.2@2018-03-14T22:18:25Z"})
    write_head(file(ending), "x");
  write_head(path() / "appvms/work/privateer", "x");
  pool.remove(kVid);
  CHECK(names() == Names{"privateer", "root.img"});
  pool.remove("appvms/work/root");
  CHECK(names() == Names{"privateer"});
  CHECK_NOTHROW(pool.remove(kVid));
}

TEST_CASE_METHOD(Files, "empty folders go with the last volume", "[file_pool]") {
  pool.create(kVid, 512);
  pool.create("appvms/work/root", 512);
  pool.remove(kVid);
  CHECK(fs::exists(path() / "appvms/work"));
  pool.remove("appvms/work/root");
  CHECK(fs::is_empty(path()));
}

TEST_CASE_METHOD(Files, "what killed runs left goes at the next creation", "[file_pool]") {
  fs::create_directories(path() / "appvms/work");
  for (const char* ending : {"-import.img", ".img~new", "-dirty.img~new", "-precache.img"})
    write_head(file(ending), "x");
  CHECK_FALSE(pool.taken(kVid));
  pool.create(kVid, 512);
  CHECK(names() == Names{"private.img"});
}

TEST_CASE_METHOD(Files, "an id is taken by an image of any state", "[file_pool]") {
  CHECK_FALSE(pool.taken(kVid));
  const std::string ending =
      GENERATE(as<std::string>{}, ".img", "-dirty.img", ".img.1@2018-03-14T22:18:25Z");
  fs::create_directories(path() / "appvms/work");
  write_head(file(ending), "x");
  CHECK(pool.taken(kVid));
  CHECK_FALSE(pool.taken("appvms/work/private-2"));
  if (ending != ".img") CHECK_THROWS_WITH(pool.create(kVid, 512), Contains("already"));
}

TEST_CASE_METHOD(Files, "revisions are told oldest first", "[file_pool]") {
  pool.create(kVid, 512);
  for (const char* number : {"9", "10", "2"})
    write_head(file(std::string{".img."} + number + "@2018-03-14T22:18:25Z"), number);
  CHECK(revisions() == Names{"2", "9", "10"});
  CHECK(pool.revisions("appvms/none/private").empty());
}

TEST_CASE_METHOD(Files, "a revision that still is the content is one", "[file_pool]") {
  pool.create(kVid, 512);
  fs::create_hard_link(file(".img"), file(".img.1@2018-03-14T22:18:25Z"));
  CHECK(revisions() == Names{"1"});
  pool.remove(kVid);
  CHECK(fs::is_empty(path()));
}

TEST_CASE_METHOD(Files, "verify names what is missing", "[file_pool]") {
  CHECK_THROWS_WITH(pool.verify(persistent()), "the image 'appvms/work/private.img' is missing");
  CHECK_THROWS_WITH(pool.verify(snapshot("t/root")), "the image 't/root.img' is missing");
  VolumeSpec lost = snapshot("");
  lost.source.reset();
  CHECK_THROWS_WITH(pool.verify(lost), Contains("has no source"));
  CHECK_NOTHROW(pool.verify(fresh(512)));
  pool.create(kVid, 512);
  pool.create("t/root", 512);
  CHECK_NOTHROW(pool.verify(persistent()));
  CHECK_NOTHROW(pool.verify(snapshot("t/root")));
  fs::rename(file(".img"), file("-dirty.img"));
  CHECK_NOTHROW(pool.verify(persistent()));
}

TEST_CASE_METHOD(Files, "no link leads out of the pool", "[file_pool]") {
  fs::create_directories(outside.path() / "work");
  write_head(outside.path() / "work/private.img", "secret");
  fs::create_directory_symlink(outside.path(), path() / "appvms");
  CHECK_THROWS_WITH(pool.create(kVid, 512), Contains("a symbolic link is in its way"));
  CHECK_THROWS_WITH(pool.clone(kVid, "b/root"), Contains("a symbolic link is in its way"));
  CHECK_THROWS_AS(pool.remove(kVid), Fault);
  fs::create_directory(path() / "c");
  fs::create_symlink(outside.path() / "work/private.img", path() / "c/root.img");
  CHECK_THROWS_WITH(pool.clone("c/root", "b/root"), Contains("a symbolic link is in its way"));
  CHECK(content(outside.path() / "work/private.img") == "secret");
}

TEST_CASE_METHOD(Files, "no volume is larger than a file can be", "[file_pool]") {
  CHECK_THROWS_WITH(pool.create(kVid, ~std::uint64_t{0}), Contains("too large"));
  CHECK_THROWS_AS(pool.create(kVid, std::uint64_t{1} << 62), Fault);
  CHECK(fs::is_empty(path()));
}

TEST_CASE_METHOD(Files, "a pool of files knows its space", "[file_pool]") {
  const auto space = pool.space();
  REQUIRE(space);
  CHECK(space->size > 0);
  CHECK(space->usage <= space->size);
}
