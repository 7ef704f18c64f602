// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/file.h"
#include "tools/world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMany = 20ULL << 30U;
constexpr std::size_t kFew = 10U << 20U;

/// 20 GiB of which 10 MiB are there, half at each end.
void make_sparse(const fs::path& file) {
  const Descriptor made{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  const std::string half(kFew / 2, 'x');
  write_all(made.number(), half);
  ::lseek(made.number(), static_cast<off_t>(kMany - half.size()), SEEK_SET);
  write_all(made.number(), half);
}

std::uint64_t blocks(const fs::path& file) {
  struct stat found {};
  REQUIRE(::stat(file.c_str(), &found) == 0);
  return static_cast<std::uint64_t>(found.st_blocks) * 512;
}

struct Volumes : TwoVms {
  fs::path image(const std::string& vm) const {
    return root.at("/var/lib/qubes/appvms/" + vm + "/private.img");
  }

  std::string token(const std::string& vm) const {
    return shell({"mgmt.vm.volume.CloneFrom", vm, "private"}).out;
  }
};

std::string bytes_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

TEST_CASE_METHOD(Volumes, "what is mostly holes takes little room on its way in and out",
                 "[volumes]") {
  const fs::path given = root.at("/given.img");
  const fs::path taken = root.at("/taken.img");
  make_sparse(given);
  check_done(shell({"mgmt.vm.volume.Resize", "work", "private", std::to_string(kMany)}));
  check_done(shell({"mgmt.vm.volume.Import", "work", "private", "--file", given}));
  CHECK(blocks(image("work")) < 2 * kFew);

  check_done(shell({"mgmt.vm.Create.AppVM", "deb", "name=other", "label=red"}));
  check_done(shell({"mgmt.vm.volume.CloneTo", "other", "private", token("work")}));
  CHECK(blocks(image("other")) < 2 * kFew);
  CHECK(fs::file_size(image("other")) == kMany);

  const std::string tools = tools_folder();
  check_done(run({.words = {"/bin/sh", "-c",
                            tools + "/mgmt.vm.volume.Export other private >" + taken.string()},
                  .environment = {{"QUBES_MGMT_ROOT", root.path()}}}));
  CHECK(fs::file_size(taken) == kMany);
  CHECK(blocks(taken) < 2 * kFew);
  check_done(run({.words = {"/usr/bin/cmp", "-n", std::to_string(kFew), given, taken}}));
  check_done(run({.words = {"/usr/bin/cmp", "-i", std::to_string(kMany - kFew), given, taken}}));
}

TEST_CASE_METHOD(Volumes, "an import takes exactly as many bytes as were said", "[volumes]") {
  const std::string former = "600\n" + std::string(600, 'f');
  check_done(shell({"mgmt.vm.volume.ImportWithSize", "work", "private"}, former));
  CHECK(bytes_of(image("work")) == std::string(600, 'f') + std::string(424, '\0'));
  const std::string before = state();
  for (const std::string& stream :
       {std::string{}, std::string{"\n"}, std::string{"0\n"}, std::string{"-1\nx"},
        std::string{"x\nx"}, std::string{"5\nfour"}, std::string{"3\nfour"},
        std::string{"99999999999999999999\nx"}, std::string(100, '1')}) {
    INFO(stream);
    const Result result = shell({"mgmt.vm.volume.ImportWithSize", "work", "private"}, stream);
    CHECK((result.status == 1 || result.status == 2));
    CHECK(is_one_line(result.err));
    CHECK(bytes_of(image("work")) == std::string(600, 'f') + std::string(424, '\0'));
  }
  CHECK(query("SELECT size FROM volume WHERE vm = 2 AND name = 'private'") ==
        query("SELECT '1024'"));
}

TEST_CASE_METHOD(Volumes, "a token is good once, and for an hour", "[volumes]") {
  const std::string first = token("work");
  CHECK(first.size() == 32);
  CHECK(token("work") != first);
  check_done(shell({"mgmt.vm.volume.CloneTo", "deb", "private", first}));
  check_refused(shell({"mgmt.vm.volume.CloneTo", "deb", "private", first}), 1,
                "mgmt.vm.volume.CloneTo: deb", "not known");
  const std::string late = token("work");
  execute("UPDATE clone_token SET expires_at = 1");
  check_refused(shell({"mgmt.vm.volume.CloneTo", "deb", "private", late}), 1,
                "mgmt.vm.volume.CloneTo: deb", "expired");
}

TEST_CASE_METHOD(Volumes, "a snapshot with a name outlives those without", "[volumes]") {
  const auto import = [&](char what) {
    check_done(shell({"mgmt.vm.volume.ImportWithSize", "work", "private"},
                     "512\n" + std::string(512, what)));
  };
  import('a');
  const std::string first = shell({"mgmt.vm.volume.Snapshot", "work", "private", "first"}).out;
  for (char what = 'b'; what < 'g'; ++what) import(what);
  const std::string listed = shell({"mgmt.vm.volume.ListSnapshots", "work", "private"}).out;
  CHECK(listed.starts_with(first + "\n"));
  CHECK(std::count(listed.begin(), listed.end(), '\n') == 2);
  check_done(shell({"mgmt.vm.volume.Revert", "work", "private", "first"}));
  CHECK(bytes_of(image("work")) == std::string(512, 'a'));
}

TEST_CASE_METHOD(Volumes, "a volume that was lent goes back when its VM is removed", "[volumes]") {
  check_done(shell({"mgmt.pool.volume.Create", "varlibqubes", "name=archive", "size=512"}),
             "volumes/archive");
  check_done(shell({"mgmt.vm.volume.Attach", "work", "varlibqubes:volumes/archive"}));
  check_done(shell({"mgmt.vm.Remove", "work"}));
  CHECK(fs::exists(root.at("/var/lib/qubes/volumes/archive.img")));
  check_done(shell({"mgmt.pool.volume.Remove", "varlibqubes", "volumes/archive"}));
  CHECK_FALSE(fs::exists(root.at("/var/lib/qubes/volumes/archive.img")));
}

TEST_CASE_METHOD(Volumes, "the doctor finds what is nobody's and what is missing", "[doctor]") {
  check_done(shell({"mgmt-doctor"}), "all is well\n");
  fs::create_directories(root.at("/var/lib/qubes/appvms/lost"));
  std::ofstream{root.at("/var/lib/qubes/appvms/lost/private.img")} << std::string(512, 'l');
  const Result found = shell({"mgmt-doctor"});
  CHECK(found.status == 1);
  CHECK(found.out.starts_with("pool varlibqubes: volume 'appvms/lost/private' is nobody's\n"));
  const Result mended = shell({"mgmt-doctor", "--repair"});
  CHECK(mended.status == 0);
  CHECK(mended.out.find("\n  mended: ") != std::string::npos);
  check_done(shell({"mgmt-doctor"}), "all is well\n");
  CHECK(bytes_of(root.at("/var/lib/qubes/appvms/lost/private.img")) == std::string(512, 'l'));

  fs::remove(image("work"));
  const Result missing = shell({"mgmt-doctor", "--repair"});
  CHECK(missing.status == 1);
  CHECK(missing.out.find("volume private of 'work'") != std::string::npos);
  CHECK(missing.out.find("nothing here can mend it") != std::string::npos);
}
