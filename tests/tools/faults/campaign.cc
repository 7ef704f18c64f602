// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/faults/campaign.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "store/sqlite.h"

namespace qubes::mgmt::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPointsOfShortForm = 12;

// In memory where there is such a place: nothing here depends on what a disk does.
fs::path fast_folder() {
  const fs::path memory = "/dev/shm";
  return fs::exists(memory) ? memory : fs::temp_directory_path();
}

void copy_root(const World& from, const World& to) {
  const Result copied = run({.words = {"/bin/cp", "-a", "--sparse=always",
                                       from.root.path().string() + "/.", to.root.path()}});
  REQUIRE(copied.status == 0);
}

Program under_fault(const Program& call, std::vector<std::string> words) {
  Program program = call;
  words.insert(words.begin(), QUBES_TEST_FAULT);
  words.insert(words.end(), {"--report", "/dev/null", "--"});
  program.words.insert(program.words.begin(), words.begin(), words.end());
  return program;
}

std::size_t count_points(const Campaign& campaign, const World& prepared) {
  const World world{fast_folder()};
  copy_root(prepared, world);
  const ScratchRoot report;
  Program program = under_fault(campaign.call(world), {"count"});
  *std::ranges::find(program.words, "/dev/null") = report.at("/report");
  REQUIRE(run(program).status == 0);
  std::ifstream lines{report.at("/report")};
  std::string word;
  std::size_t points = 0;
  lines >> word >> points;
  REQUIRE(word == "points");
  REQUIRE(points > 0);
  return points;
}

std::vector<std::string> words_for(Blow blow, std::size_t point) {
  if (blow == Blow::kill) return {"kill", std::to_string(point)};
  return {"fail", std::to_string(point), std::string{text(blow)}};
}

// The store as SQLite sees it.
void check_store(const World& world) {
  if (!fs::exists(world.store())) return;
  CHECK(world.query("PRAGMA integrity_check") == std::vector<std::string>{"ok"});
  CHECK(world.query("PRAGMA foreign_key_check").empty());
  CHECK(world
            .query("SELECT seq FROM event WHERE seq > 1 AND seq - 1 NOT IN "
                   "(SELECT seq FROM event)")
            .empty());
}

// Each file is the image of a volume that a VM or a pool keeps, or of a snapshot, and each such
// volume has its file.
void check_files(const World& world) {
  auto files = world.files();
  std::erase_if(files, [](const std::string& file) { return file.find('@') != std::string::npos; });
  CHECK(files == world.query("SELECT '/var/lib/qubes/' || vid || '.img' AS file FROM volume "
                             "WHERE save_on_stop = 1 ORDER BY file"));
  CHECK(world.query("SELECT id FROM intent").empty());
  check_done(world.shell({"mgmt-doctor"}), "all is well\n");
}

void check_refusal(const Result& result) {
  INFO(result.err);
  CHECK((result.status == 74 || result.status == 1));
  CHECK(is_one_line(result.err));
}

void strike(const Campaign& campaign, const World& prepared, Blow blow, std::size_t point) {
  const World world{fast_folder()};
  copy_root(prepared, world);
  const Program call = campaign.call(world);
  const Result struck = run(under_fault(call, words_for(blow, point)));
  INFO(campaign.name << ", " << text(blow) << " at point " << point << ", status " << struck.status
                     << " " << struck.err);
  check_store(world);
  if (struck.status == 0) CHECK(campaign.is_done(world));
  if (struck.status != 0 && blow == Blow::kill) CHECK(struck.status == 137);
  if (struck.status != 0 && blow != Blow::kill) check_refusal(struck);

  const bool was_done = fs::exists(world.store()) && campaign.is_done(world);
  const Result repeated = run(call);
  INFO("repeated: " << repeated.status << " " << repeated.err);
  CHECK(repeated.status == (was_done ? campaign.status_when_done_already : 0));
  CHECK(campaign.is_done(world));
  check_store(world);
  check_files(world);
}

}  // namespace

void run_campaign(const Campaign& campaign, Blow blow) {
  const World prepared{fast_folder()};
  campaign.prepare(prepared);
  const std::size_t points = count_points(campaign, prepared);
  const bool is_long = std::getenv("QUBES_TEST_LONG") != nullptr;
  const std::size_t step = is_long ? 1 : 1 + (points - 1) / kPointsOfShortForm;
  std::size_t struck = 0;
  for (std::size_t point = 1; point <= points; point += step, ++struck)
    strike(campaign, prepared, blow, point);
  std::cout << campaign.name << ": " << text(blow) << " at " << struck << " of " << points
            << " points" << (step > 1 ? " (QUBES_TEST_LONG=1 takes all)" : "") << std::endl;
}

}  // namespace qubes::mgmt::test
