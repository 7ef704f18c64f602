// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/pool_walk.h"

#include <sys/file.h>

#include <catch2/catch.hpp>

#include "pool_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
namespace fs = std::filesystem;

namespace {

struct Walk : PoolWorld {
  void put(const std::string& name) const {
    fs::create_directories((path() / name).parent_path());
    write_head(path() / name, "x");
  }
};

}  // namespace

TEST_CASE_METHOD(Walk, "a volume is listed in whatever state it is", "[pool_walk]") {
  pool.create(kVid, 512);
  for (const char* name : {"appvms/work/root-dirty.img", "data.img", "data-dirty.img",
                           "vm-templates/t/root.img.7@2018-03-14T22:18:25Z"})
    put(name);
  CHECK(pool.list() == Names{kVid, "appvms/work/root", "data", "vm-templates/t/root"});
  CHECK(pool.leftovers().empty());
}

TEST_CASE_METHOD(Walk, "other files in the folder are nobody's volume", "[pool_walk]") {
  for (const char* name : {"qubes.xml", "vm-kernels/6.1/vmlinuz", "vm-kernels/6.1/modules.img",
                           "my disk.img", "a~b.img", "lost+found/x.img", "x-dirty-dirty.img"})
    put(name);
  fs::create_directory(path() / "folder.img");
  fs::create_symlink("/etc/passwd", path() / "link.img");
  fs::create_directory_symlink("/", path() / "all");
  CHECK(pool.list().empty());
  CHECK(pool.leftovers().empty());
}

TEST_CASE_METHOD(Walk, "what killed runs left is told, of volumes that are gone too",
                 "[pool_walk]") {
  pool.create(kVid, 512);
  for (const char* name : {"appvms/work/private.img~new", "gone-import.img",
                           "gone/root.img.2@2018-03-14T22:18:25Z~x", "x-precache.img"})
    put(name);
  CHECK(pool.list() == Names{kVid});
  CHECK(pool.leftovers() == Names{"appvms/work/private.img~new",
                                  "gone/root.img.2@2018-03-14T22:18:25Z~x", "gone-import.img",
                                  "x-precache.img"});
}

TEST_CASE_METHOD(Walk, "what somebody is filling is no leftover", "[pool_walk]") {
  struct Looking : Progress {
    explicit Looking(FilePool& pool) : pool_{pool} {}
    void advance(std::uint64_t, std::optional<std::uint64_t>) override {
      found.push_back(pool_.leftovers().size());
    }
    FilePool& pool_;
    std::vector<std::size_t> found;
  } looking{pool};
  const ScratchRoot outside;
  write_head(outside.path() / "image", "some bytes");
  const Descriptor image{open((outside.path() / "image").c_str(), O_RDONLY | O_CLOEXEC)};
  pool.import(kVid, image.number(), looking);
  CHECK(looking.found == std::vector<std::size_t>{0});
}
