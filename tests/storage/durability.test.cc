// SPDX-License-Identifier: GPL-2.0-or-later

// What a power cut may take is what has not been synced; so content is synced before it gets its
// name, and a name before anything relies on it.

#include <catch2/catch.hpp>
#include <set>

#include "base/text.h"
#include "exercise.h"
#include "pool_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
namespace fs = std::filesystem;

namespace {

struct Durable : PoolWorld {
  Durable() : PoolWorld{CopyBy::extents} {
    pool.create(kVid, kMiB);
    make_image(image(), kMiB, {{0, "image"}});
  }

  fs::path image() const { return outside.path() / "image"; }

  /// The calls that give or take names or make things durable, in their order.
  Names order(const Words& method) const {
    const Outcome outcome = exercise({"trace"}, CopyBy::extents, path(), method);
    CHECK(outcome.status == 0);
    const std::set<std::string> wanted{"fsync", "linkat", "renameat", "unlinkat", "mkdirat"};
    Names found;
    for (const std::string& line : split(outcome.report, '\n')) {
      const auto words = split(line, ' ');
      if (words.size() < 4 || !wanted.contains(words[2])) continue;
      found.push_back(words[2]);
      for (std::size_t i = 3; i < words.size(); ++i) found.back() += " " + name_of(words[i]);
    }
    return found;
  }

  std::string name_of(const fs::path& file) const {
    if (file == path()) return "pool";
    const std::string name = file.filename();
    return name.substr(0, name.find('@'));
  }

  ScratchRoot outside;
};

}  // namespace

TEST_CASE_METHOD(Durable, "a new image is durable before it is a volume", "[durability]") {
  CHECK(order({"create", "a/b/root", "512"}) ==
        Names{"mkdirat a", "mkdirat b", "fsync pool", "fsync a", "fsync root.img~new",
              "linkat root.img~new root.img", "fsync b", "unlinkat root.img~new"});
  CHECK(order({"import", "a/b/private", image()}) ==
        Names{"fsync private-import.img", "linkat private-import.img private.img", "fsync b",
              "unlinkat private-import.img"});
  CHECK(order({"clone", "a/b/private", "a/b/clone"}) == Names{"fsync clone.img~new",
                                                              "linkat clone.img~new clone.img",
                                                              "fsync b", "unlinkat clone.img~new"});
}

TEST_CASE_METHOD(Durable, "a start's copy is durable before it is the running image",
                 "[durability]") {
  CHECK(order({"start", kVid, "1"}) == Names{"fsync private-dirty.img~new",
                                             "renameat private-dirty.img~new private-dirty.img",
                                             "fsync work"});
}

TEST_CASE_METHOD(Durable, "a commit is durable step by step", "[durability]") {
  pool.start(persistent());
  CHECK(order({"stop", kVid, "1"}) ==
        Names{"fsync private-dirty.img", "linkat private.img private.img.1", "fsync work",
              "renameat private-dirty.img private.img", "fsync work"});
  pool.start(persistent());
  CHECK(order({"stop", kVid, "1"}) ==
        Names{"fsync private-dirty.img", "linkat private.img private.img.2", "fsync work",
              "renameat private-dirty.img private.img", "fsync work", "unlinkat private.img.1"});
}

TEST_CASE_METHOD(Durable, "a start in place is durable at both ends", "[durability]") {
  CHECK(order({"start", kVid, "-1"}) ==
        Names{"renameat private.img private-dirty.img", "fsync work"});
  CHECK(order({"stop", kVid, "-1"}) ==
        Names{"fsync private-dirty.img", "renameat private-dirty.img private.img", "fsync work"});
}

TEST_CASE_METHOD(Durable, "a removal is durable when it is done", "[durability]") {
  CHECK(order({"remove", kVid}) == Names{"unlinkat private-dirty.img", "unlinkat private.img",
                                         "fsync work", "unlinkat work", "fsync appvms",
                                         "unlinkat appvms", "fsync pool"});
}
