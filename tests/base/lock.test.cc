// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

#include "base/fault.h"
#include "storage/images.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::chrono_literals;

namespace {

struct Lock : ScratchRoot {
  std::filesystem::path file() const { return path() / "lock"; }
};

}  // namespace

TEST_CASE_METHOD(Lock, "a lock is held until the end of the scope", "[lock]") {
  {
    const FileLock held = FileLock::wait(file(), 0ms, "it");
    CHECK_FALSE(FileLock::attempt(file()));
  }
  CHECK(FileLock::attempt(file()));
  CHECK(std::filesystem::exists(file()));
}

TEST_CASE_METHOD(Lock, "who waits too long is told for whom", "[lock]") {
  const FileLock held = FileLock::wait(file(), 0ms, "it");
  const auto before = std::chrono::steady_clock::now();
  try {
    FileLock::wait(file(), 120ms, "another call on 'work'");
    FAIL("two hold one lock");
  } catch (const Fault& fault) {
    CHECK(fault.kind() == FaultKind::busy);
    CHECK(fault.what() == std::string{"waited 120 ms for another call on 'work'; try again"});
  }
  CHECK(std::chrono::steady_clock::now() - before >= 120ms);
}

TEST_CASE_METHOD(Lock, "who waits gets it when it is let go", "[lock]") {
  std::optional<FileLock> held = FileLock::attempt(file());
  std::jthread other{[&] {
    std::this_thread::sleep_for(50ms);
    held.reset();
  }};
  CHECK_NOTHROW(FileLock::wait(file(), 10s, "it"));
  other.join();
}

TEST_CASE_METHOD(Lock, "the lock of a killed process is free", "[lock]") {
  const pid_t child = fork();
  if (child == 0) {
    const FileLock held = FileLock::wait(file(), 0ms, "it");
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(FileLock::attempt(file()));
}

TEST_CASE_METHOD(Lock, "a lock file may be read-only for us", "[lock]") {
  close(open(file().c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  REQUIRE(chmod(file().c_str(), 0440) == 0);
  CHECK(FileLock::attempt(file()));
}

TEST_CASE_METHOD(Lock, "a lock is not made through a link, or where its folder is missing",
                 "[lock]") {
  std::filesystem::create_symlink("elsewhere", file());
  CHECK_THROWS_AS(FileLock::attempt(file()), Fault);
  CHECK_FALSE(std::filesystem::exists(path() / "elsewhere"));
  CHECK_THROWS_AS(FileLock::attempt(path() / "none/lock"), Fault);
}

TEST_CASE_METHOD(Lock, "a program that is executed does not inherit the lock", "[lock]") {
  std::optional<FileLock> held = FileLock::attempt(file());
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sleep", "sleep", "5", nullptr);
    _exit(1);
  }
  std::this_thread::sleep_for(100ms);
  held.reset();
  CHECK(FileLock::attempt(file()));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

TEST_CASE_METHOD(Lock, "a FIFO in the place of a lock is not waited for", "[lock]") {
  REQUIRE(mkfifo(file().c_str(), 0600) == 0);
  CHECK(FileLock::attempt(file()));
}
