// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_fault.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

/// Programs are built beside the test.
std::string program(const std::string& name) {
  return fs::read_symlink("/proc/self/exe").parent_path() / name;
}

std::string read_all(int descriptor) {
  std::string text;
  char part[4096];
  for (ssize_t got = 0; (got = read(descriptor, part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(got));
  return text;
}

std::string line_after(const std::string& text, const std::string& key) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key + ' ')) return line.substr(key.size() + 1);
  return {};
}

[[noreturn]] void execute(std::vector<std::string> words, const fs::path& folder, int out) {
  std::vector<char*> arguments;
  for (std::string& word : words) {
    if (word.starts_with("fault-subject")) word = program(word);
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  if (dup2(out, STDOUT_FILENO) < 0 || chdir(folder.c_str()) != 0) _exit(120);
  execv(arguments[0], arguments.data());
  _exit(121);
}

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string name = fs::temp_directory_path() / "fault-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no scratch folder"};
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::vector<std::string> ScratchFolder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{path_}) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

Run run_plainly(const std::vector<std::string>& words, const fs::path& folder) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  const pid_t child = fork();
  if (child == 0) execute(words, folder, ends[1]);
  close(ends[1]);
  Run run;
  // Waiting comes first, because a daemon that was left may keep the pipe open.
  int status = 0;
  waitpid(child, &status, 0);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  run.out = read_all(ends[0]);
  close(ends[0]);
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return run;
}

Run run_fault(const std::vector<std::string>& words, const fs::path& folder) {
  const ScratchFolder place;
  const std::string report = place.path() / "report";
  std::vector<std::string> all{program("fault"), words.at(0), "--report", report};
  all.insert(all.end(), words.begin() + 1, words.end());
  Run run = run_plainly(all, folder);
  run.report = content(report);
  run.injected = line_after(run.report, "injected");
  const std::string points = line_after(run.report, "points");
  if (!points.empty()) run.points = std::stoi(points);
  return run;
}

std::string content(const fs::path& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

}  // namespace qubes::mgmt
