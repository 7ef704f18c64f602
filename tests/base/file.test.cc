// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/file.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>

#include "base/fault.h"
#include "storage/images.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

/// A folder, one beside it with a secret, and links from the first to the second.
struct Folders : ScratchRoot {
  Folders() : Folders{make()} {}
  fs::path inside() const { return path() / "inside"; }
  fs::path secret() const { return path() / "outside/secret"; }
  Folder folder;

 private:
  explicit Folders(int) : folder{prepare()} {}
  static int make() { return 0; }
  fs::path prepare() const {
    fs::create_directories(inside() / "sub");
    fs::create_directories(path() / "outside");
    write_head(secret(), "secret");
    write_head(inside() / "sub/file", "content");
    fs::create_directory_symlink("../outside", inside() / "link");
    fs::create_symlink("sub/file", inside() / "alias");
    return inside();
  }
};

std::string text(const Descriptor& file) { return read_all(file.number(), 1000); }

/// From here on this process has a kernel without openat2().
void forget_openat2() {
  std::array<sock_filter, 4> filter{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog program{filter.size(), filter.data()};
  REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  REQUIRE(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

bool is_refused(const Folder& folder, const fs::path& name) {
  try {
    folder.open(name, O_RDONLY);
    return false;
  } catch (const Fault& fault) {
    return fault.kind() == FaultKind::denied || fault.kind() == FaultKind::io_failed;
  }
}

bool walks_safely(const Folder& folder) {
  const auto file = folder.open("sub/file", O_RDONLY);
  const bool opened = file && text(*file) == "content" && !folder.open("none/x", O_RDONLY);
  return opened && is_refused(folder, "link/secret") && is_refused(folder, "alias") &&
         is_refused(folder, "../outside") && folder.make("a/b", 0700).exists(".");
}

}  // namespace

TEST_CASE_METHOD(Folders, "files are found below a folder", "[file]") {
  CHECK(text(*folder.open("sub/file", O_RDONLY)) == "content");
  CHECK(folder.exists("sub/file"));
  CHECK(folder.exists("."));
  CHECK(folder.status("sub/file")->st_size == 7);
  const std::string missing =
      GENERATE(as<std::string>{}, "none", "none/file", "sub/none", "none/sub/file");
  CHECK_FALSE(folder.open(missing, O_RDONLY));
  CHECK_FALSE(folder.status(missing));
}

TEST_CASE_METHOD(Folders, "no part of a name is followed as a link", "[file]") {
  CHECK_THROWS_WITH(folder.open("link/secret", O_RDONLY), Contains("a symbolic link"));
  CHECK_THROWS_WITH(folder.open("alias", O_RDONLY), Contains("a symbolic link"));
  CHECK_THROWS_AS(folder.create("link/new", 0600), Fault);
  CHECK_THROWS_AS(folder.make("link/new", 0700), Fault);
  CHECK_THROWS_AS(folder.rename("sub/file", "link/file"), Fault);
  CHECK_THROWS_AS(folder.remove("link/secret"), Fault);
  CHECK_THROWS_AS(folder.names("link"), Fault);
  CHECK_THROWS_AS(folder.exists("link/secret"), Fault);
  CHECK(S_ISLNK(folder.status("alias")->st_mode));
  CHECK(folder.remove("link"));
  CHECK(content(secret()) == "secret");
}

TEST_CASE_METHOD(Folders, "no name leads out of a folder", "[file]") {
  const std::string name =
      GENERATE(as<std::string>{}, "../outside/secret", "sub/../../outside/secret", "..", "",
               "/etc/passwd", std::string("sub/file\0x", 10));
  CAPTURE(name);
  CHECK_THROWS_WITH(folder.open(name, O_RDONLY), Contains("is not a name below a folder"));
  CHECK_THROWS_AS(folder.remove(name), Fault);
  CHECK_THROWS_AS(folder.make(name, 0700), Fault);
}

TEST_CASE_METHOD(Folders, "a kernel without openat2 is as safe", "[file]") {
  const pid_t child = fork();
  if (child == 0) {
    forget_openat2();
    _exit(walks_safely(folder) ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(fs::exists(inside() / "a/b"));
}

TEST_CASE_METHOD(Folders, "folders are made with all above them, of the wanted mode", "[file]") {
  const mode_t before = umask(077);
  folder.make("x/y/z", 02770);
  folder.create("x/file", 0660);
  umask(before);
  for (const char* made : {"x", "x/y", "x/y/z"})
    CHECK((folder.status(made)->st_mode & 07777) == 02770);
  CHECK((folder.status("x/file")->st_mode & 07777) == 0660);
  CHECK_NOTHROW(folder.make("x/y", 0700));
  CHECK((folder.status("x/y")->st_mode & 07777) == 02770);
  CHECK_THROWS_AS(folder.make("sub/file/x", 0700), Fault);
  CHECK_THROWS_AS(folder.create("sub/file", 0600), Fault);
}

TEST_CASE_METHOD(Folders, "a folder that others keep removing is made all the same", "[file]") {
  const std::jthread other{[&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      folder.remove_empty("busy/inner");
      folder.remove_empty("busy");
      std::this_thread::sleep_for(std::chrono::microseconds{100});
    }
  }};
  for (int i = 0; i < 500; ++i) REQUIRE_NOTHROW(folder.make("busy/inner", 0700));
}

TEST_CASE_METHOD(Folders, "names change and go", "[file]") {
  CHECK(folder.link("sub/file", "second"));
  CHECK_FALSE(folder.link("sub/file", "second"));
  folder.rename("second", "sub/third");
  CHECK(folder.names("sub") == std::vector<std::string>{"file", "third"});
  CHECK(folder.names("none").empty());
  CHECK_THROWS_AS(folder.rename("none", "x"), Fault);
  CHECK_THROWS_AS(folder.link("none", "x"), Fault);
  CHECK_NOTHROW(folder.sync_parent_of("sub/third"));
  CHECK_THROWS_AS(folder.sync_parent_of("none/x"), Fault);
  CHECK_FALSE(folder.remove_empty("sub"));
  CHECK_THROWS_AS(folder.remove("sub"), Fault);
  CHECK(folder.remove("sub/third"));
  CHECK(folder.remove("sub/file"));
  CHECK_FALSE(folder.remove("sub/file"));
  CHECK(folder.remove_empty("sub"));
  CHECK_FALSE(folder.remove_empty("sub"));
}

TEST_CASE_METHOD(Folders, "a small file is read whole", "[file]") {
  CHECK(read_file(secret()) == "secret");
  CHECK(read_file(secret(), 6) == "secret");
  CHECK_THROWS_WITH(read_file(secret(), 5), "more than 5 bytes");
  CHECK_FALSE(read_file(path() / "none"));
  CHECK_THROWS_AS(read_file(path()), Fault);
}

TEST_CASE("a stream is read and written in whatever pieces it comes", "[file]") {
  std::array<int, 2> ends{};
  const int flags = GENERATE(0, O_NONBLOCK);
  REQUIRE(pipe2(ends.data(), flags) == 0);
  const std::string sent(300000, 'x');
  std::jthread writer{[&] {
    write_all(ends[1], sent);
    close(ends[1]);
  }};
  const std::string received = read_all(ends[0], 1000000);
  writer.join();
  close(ends[0]);
  CHECK(received == sent);
}

TEST_CASE("more than was allowed is malformed", "[file]") {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  write_all(ends[1], std::string(65, 'x'));
  close(ends[1]);
  CHECK_THROWS_WITH(read_all(ends[0], 64), "more than 64 bytes");
  close(ends[0]);
}
