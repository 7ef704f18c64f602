// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <thread>

#include "run_fault.h"

using namespace qubes::mgmt;
using Names = std::vector<std::string>;

namespace {

const std::string kSubject = "fault-subject";

bool appears(const std::filesystem::path& file) {
  for (int wait = 0; wait < 2000 && !std::filesystem::exists(file); ++wait)
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  return std::filesystem::exists(file);
}

bool exists(pid_t process) { return kill(process, 0) == 0 || errno != ESRCH; }

}  // namespace

TEST_CASE("children are counted, however they are made", "[fault]") {
  const std::string option = GENERATE("--", "--leave-children");
  const ScratchFolder folder;
  const Run run = run_fault({"count", option, kSubject, "children"}, folder.path());
  CHECK(run.status == 0);
  CHECK(run.points == 5);
  CHECK(folder.names() == Names{"first", "forked", "last", "spawned", "vforked"});
}

TEST_CASE("a point of a child kills its parents", "[fault]") {
  const Names made{"first", "forked", "vforked", "spawned", "last"};
  const std::string option = GENERATE("--", "--leave-children");
  for (std::size_t point = 1; point <= made.size(); ++point) {
    const ScratchFolder folder;
    const std::string number = std::to_string(point);
    const Run run = run_fault({"kill", number, option, kSubject, "children"}, folder.path());
    CHECK(run.status == 137);
    CHECK(run.injected.ends_with(' ' + made[point - 1]));
    Names expected(made.begin(), made.begin() + static_cast<std::ptrdiff_t>(point) - 1);
    std::sort(expected.begin(), expected.end());
    CHECK(folder.names() == expected);
  }
}

TEST_CASE("a point of a child fails", "[fault]") {
  const ScratchFolder folder;
  const Run run = run_fault({"fail", "4", "EIO", "--", kSubject, "children"}, folder.path());
  CHECK(run.status == 1);
  CHECK(folder.names() == Names{"first", "forked", "vforked"});
}

TEST_CASE("nothing of a tree is left after a kill", "[fault]") {
  const std::string option = GENERATE("--", "--leave-children");
  const ScratchFolder folder;
  const Run run = run_fault({"kill", "7", option, kSubject, "tree"}, folder.path());
  CHECK(run.status == 137);
  CHECK(run.injected == "7 openat never");
  const Names names = folder.names();
  CHECK(names.size() == 3);
  for (const std::string& name : names) {
    const std::string number = content(folder.path() / name);
    CHECK(name == "pid-" + number);
    CHECK_FALSE(exists(std::stoi(number)));
  }
}

TEST_CASE("a daemon that is left goes on as if nothing had traced it", "[fault]") {
  const ScratchFolder folder;
  const Run run = run_fault({"count", "--leave-children", kSubject, "daemon"}, folder.path());
  CHECK(run.status == 0);
  CHECK(run.points == 1);
  CHECK(folder.names() == Names{"before"});
  std::ofstream{folder.path() / "go"}.flush();
  CHECK(appears(folder.path() / "done"));
}

TEST_CASE("a daemon that is awaited is counted", "[fault]") {
  const ScratchFolder folder;
  std::ofstream{folder.path() / "go"}.flush();
  const Run run = run_fault({"count", kSubject, "daemon"}, folder.path());
  CHECK(run.status == 0);
  CHECK(run.points == 2);
  CHECK(folder.names() == Names{"before", "done", "go"});
}

TEST_CASE("signals are passed on", "[fault]") {
  const Names words = GENERATE(values<Names>({
      {"count", "--", kSubject, "signals"},
      {"count", "--leave-children", "--", kSubject, "signals"},
  }));
  const ScratchFolder folder;
  // It ends by a signal of its own, when all the others have come as they should.
  CHECK(run_fault(words, folder.path()).status == 128 + SIGTERM);
}

TEST_CASE("threads are counted, and may execute", "[fault]") {
  const std::string option = GENERATE("--", "--leave-children");
  const ScratchFolder folder;
  const Run run = run_fault({"count", option, kSubject, "thread"}, folder.path());
  CHECK(run.status == 0);
  CHECK(run.points == 2);
  const ScratchFolder other;
  CHECK(run_fault({"kill", "2", option, kSubject, "thread"}, other.path()).status == 137);
  CHECK(other.names() == Names{"thread"});
}
