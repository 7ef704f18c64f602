// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/kernel_pool.h"

#include <catch2/catch.hpp>

#include "base/fault.h"
#include "images.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;

namespace {

struct Kernels : ScratchRoot, Progress {
  Kernels() : pool{Folder{path()}} {
    std::filesystem::create_directory(path() / "6.1-1");
    write_head(path() / "6.1-1/vmlinuz", "kernel");
    std::filesystem::create_directory(path() / "broken");
  }
  void advance(std::uint64_t, std::optional<std::uint64_t>) override {}
  static VolumeSpec kernel(const Vid& version) {
    return {version, VolumeKind::fixed, 0, std::nullopt, 0};
  }
  KernelPool pool;
};

}  // namespace

TEST_CASE_METHOD(Kernels, "a kernel without modules gives nothing to attach", "[kernel_pool]") {
  CHECK_NOTHROW(pool.verify(kernel("6.1-1")));
  CHECK(pool.start(kernel("6.1-1")).device.empty());
  CHECK(pool.start(kernel("")).device.empty());
  CHECK_NOTHROW(pool.stop(kernel("6.1-1")));
  CHECK_NOTHROW(pool.cancel(kernel("6.1-1")));
  CHECK_FALSE(pool.is_started(kernel("6.1-1")));
  CHECK(pool.usage(kernel("6.1-1")) == 0);
  CHECK(pool.revisions("6.1-1").empty());
  CHECK_FALSE(pool.space());
}

TEST_CASE_METHOD(Kernels, "verify and start name the kernel that is missing", "[kernel_pool]") {
  const Vid version = GENERATE(as<std::string>{}, "broken", "5.10-1");
  CHECK_THROWS_WITH(pool.verify(kernel(version)),
                    "kernel '" + version + "' is missing: there is no vmlinuz of it");
  CHECK_THROWS_AS(pool.start(kernel(version)), Fault);
}

TEST_CASE_METHOD(Kernels, "a version is one name in the folder", "[kernel_pool]") {
  const Vid version = GENERATE(as<std::string>{}, "../x", "a/b", ".", "..", "/etc");
  CHECK_THROWS_WITH(pool.verify(kernel(version)), Contains("cannot be the version of a kernel"));
}

TEST_CASE_METHOD(Kernels, "kernels are only read", "[kernel_pool]") {
  const std::string why = "a pool of kernels is only read";
  CHECK_THROWS_WITH(pool.create("6.2", 1), Contains(why));
  CHECK_THROWS_WITH(pool.import("6.2", 0, *this), Contains(why));
  CHECK_THROWS_WITH(pool.clone("6.1-1", "6.2"), Contains(why));
  CHECK_THROWS_WITH(pool.remove("6.1-1"), Contains(why));
  CHECK(pool.taken("6.1-1"));
  CHECK_FALSE(pool.taken("6.2"));
  VolumeSpec root = kernel("6.1-1");
  root.kind = VolumeKind::persistent;
  CHECK_THROWS_WITH(pool.start(root), Contains("cannot keep the volume"));
}

TEST_CASE_METHOD(Kernels, "the content of kernels cannot be changed", "[kernel_pool]") {
  const VolumeSpec volume = kernel("6.1-1");
  const std::string why = "kernels are read-only";
  CHECK_THROWS_WITH(pool.snapshot(volume), why);
  CHECK_THROWS_WITH(pool.revert(volume, "1"), why);
  CHECK_THROWS_WITH(pool.resize(volume, 1), why);
  CHECK_THROWS_WITH(pool.replace(volume, 0, 1, *this), why);
  CHECK_THROWS_WITH(pool.clear(volume), why);
  CHECK_THROWS_WITH(pool.copy(volume, Descriptor{}, 1), why);
  CHECK_FALSE(pool.is_outdated(volume));
}

TEST_CASE_METHOD(Kernels, "a kernel's modules can be read", "[kernel_pool]") {
  CHECK_THROWS_WITH(pool.read("6.1-1"), "kernel '6.1-1' has no modules.img");
  write_head(path() / "6.1-1/modules.img", "modules");
  CHECK(read_all(pool.read("6.1-1").number(), 100) == "modules");
}

TEST_CASE_METHOD(Kernels, "what is installed is listed", "[kernel_pool]") {
  write_head(path() / "README", "text");
  std::filesystem::create_directory(path() / "5.10");
  write_head(path() / "5.10/vmlinuz", "kernel");
  CHECK(pool.list() == std::vector<Vid>{"5.10", "6.1-1"});
  CHECK(pool.leftovers().empty());
}
