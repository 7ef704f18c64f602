// SPDX-License-Identifier: GPL-2.0-or-later
#include <catch2/catch.hpp>
#include <sstream>

#include "run_fault.h"

using namespace qubes::mgmt;
using Names = std::vector<std::string>;

namespace {

const std::string kSubject = "fault-subject";

/// The names of the calls in a trace.
Names calls_in(const std::string& report) {
  Names calls;
  std::istringstream lines{report};
  std::string number, process, call, rest;
  while (lines >> number && number != "points" && lines >> process >> call) {
    calls.push_back(call);
    std::getline(lines, rest);
  }
  return calls;
}

}  // namespace

TEST_CASE("points are counted and the program is not disturbed", "[fault]") {
  const ScratchFolder folder;
  const Run run = run_fault({"count", "--", kSubject, "file"}, folder.path());
  CHECK(run.status == 0);
  CHECK(run.report == "points 4\ninjected none\nstatus 0\n");
  CHECK(run.out.empty());
  CHECK(content(folder.path() / "b") == "hello");
}

TEST_CASE("a program killed before a point has done all before it and no more", "[fault]") {
  struct Case {
    std::string point;
    Names names;
    std::string text;
    std::string injected;
  };
  const Case expected = GENERATE(values<Case>({
      {"1", {}, "", "1 openat a"},
      {"2", {"a"}, "", "2 write FOLDER/a"},
      {"3", {"a"}, "hello", "3 fsync FOLDER/a"},
      {"4", {"a"}, "hello", "4 rename a b"},
  }));
  const std::string option = GENERATE("--", "--leave-children");
  const ScratchFolder folder;
  const Run run = run_fault({"kill", expected.point, option, kSubject, "file"}, folder.path());
  std::string injected = expected.injected;
  const auto place = injected.find("FOLDER");
  if (place != std::string::npos) injected.replace(place, 6, folder.path());
  CHECK(run.status == 137);
  CHECK(run.injected == injected);
  CHECK(std::to_string(run.points) == expected.point);
  CHECK(folder.names() == expected.names);
  CHECK(content(folder.path() / "a") == expected.text);
}

TEST_CASE("a program with fewer points ends as ever", "[fault]") {
  const ScratchFolder folder;
  const Run run = run_fault({"kill", "5", "--", kSubject, "file"}, folder.path());
  CHECK(run.report == "points 4\ninjected none\nstatus 0\n");
  CHECK(run.status == 0);
  CHECK(folder.names() == Names{"b"});
}

TEST_CASE("what changes nothing is no point", "[fault]") {
  const std::string option = GENERATE("--", "--leave-children");
  const ScratchFolder folder;
  const Run run = run_fault({"count", option, kSubject, "nothing"}, folder.path());
  CHECK(run.status == 0);
  CHECK(run.points == 0);
}

TEST_CASE("each changing call is a point", "[fault]") {
  const std::string option = GENERATE("--", "--leave-children");
  const ScratchFolder folder;
  const Run run = run_fault({"trace", option, kSubject, "everything"}, folder.path());
  const Names expected{"openat2",         "openat",   "openat",    "write",     "pwrite64",
                       "writev",          "pwritev",  "pwritev2",  "sendfile",  "copy_file_range",
                       "ftruncate",       "truncate", "fallocate", "fsync",     "fdatasync",
                       "sync_file_range", "fchmod",   "fchown",    "utimensat", "fsetxattr",
                       "fremovexattr",    "ioctl",    "mmap",      "msync",     "linkat",
                       "symlinkat",       "mkdirat",  "mknodat",   "renameat2", "unlinkat"};
  CHECK(calls_in(run.report) == expected);
  CHECK(run.points == static_cast<int>(expected.size()));
}

TEST_CASE("streams are counted on demand", "[fault]") {
  const ScratchFolder folder;
  CHECK(run_fault({"count", kSubject, "streams"}, folder.path()).points == 0);
  CHECK(run_fault({"count", "--streams", kSubject, "streams"}, folder.path()).points == 2);
}

TEST_CASE("a call fails with the error that was asked for", "[fault]") {
  const std::string error = GENERATE("ENOSPC", "EIO");
  const std::string option = GENERATE("--", "--leave-children");
  const ScratchFolder folder;
  const Run run = run_fault({"fail", "2", error, option, kSubject, "errors"}, folder.path());
  CHECK(run.out == "open ok\nwrite " + error + "\nreopen ok\nmkdir ok\nunlink ok\n");
  CHECK(run.injected == "2 write " + (folder.path() / "a").string());
  CHECK(run.points == 5);
  CHECK(run.status == 0);
}

TEST_CASE("a disk stays broken or full", "[fault]") {
  const ScratchFolder folder;
  Run run = run_fault({"fail", "2", "EIO", "--sticky", "--", kSubject, "errors"}, folder.path());
  CHECK(run.out == "open ok\nwrite EIO\nreopen EIO\nmkdir EIO\nunlink EIO\n");
  CHECK(folder.names() == Names{"a"});
  run = run_fault({"fail", "2", "ENOSPC", "--full", "--", kSubject, "errors"}, folder.path());
  CHECK(run.out == "open ok\nwrite ENOSPC\nreopen ok\nmkdir ENOSPC\nunlink ok\n");
  CHECK(folder.names() == Names{});
}

TEST_CASE("wrong use is refused and runs nothing", "[fault]") {
  const ScratchFolder folder;
  const Names words = GENERATE(values<Names>({
      {"kill", "0", "--", kSubject, "file"},
      {"kill", "x", "--", kSubject, "file"},
      {"fail", "1", "EPERM", "--", kSubject, "file"},
      {"count", "--sticky", "--", kSubject, "file"},
      {"count", "--"},
      {"break", kSubject, "file"},
  }));
  const Run run = run_fault(words, folder.path());
  CHECK(run.status == 125);
  CHECK(run.report.empty());
  CHECK(folder.names().empty());
}

TEST_CASE("a program that cannot be run is told from one that fails", "[fault]") {
  const ScratchFolder folder;
  CHECK(run_fault({"count", "--", "./missing"}, folder.path()).status == 127);
  CHECK(run_fault({"count", "--", "."}, folder.path()).status == 126);
  CHECK(run_fault({"count", "--", kSubject, "unknown"}, folder.path()).status == 2);
}
