// SPDX-License-Identifier: GPL-2.0-or-later
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

#include "tree.h"

using namespace qubes::mgmt;

namespace {

constexpr int kWrongUse = 125;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File open_report(const std::string& path) {
  if (path.empty()) return {};
  File file{std::fopen(path.c_str(), "we")};
  if (!file) throw std::invalid_argument{path + ": " + std::strerror(errno)};
  return file;
}

void write_report(std::FILE* report, const Outcome& outcome) {
  std::fprintf(report, "points %llu\ninjected %s\nstatus %d\n",
               static_cast<unsigned long long>(outcome.points),
               outcome.injected.empty() ? "none" : outcome.injected.c_str(), outcome.status);
}

int run(const Command& command) {
  const File report = open_report(command.report);
  const bool tells = command.mode == Mode::count || command.mode == Mode::trace;
  std::FILE* const out = report ? report.get() : tells ? stderr : nullptr;
  Tree tree{command, command.mode == Mode::trace ? out : nullptr};
  const Outcome outcome = tree.follow();
  if (out != nullptr) write_report(out, outcome);
  if (outcome.exec_error != 0)
    std::fprintf(stderr, "fault: %s: %s\n", command.program.front().c_str(),
                 std::strerror(outcome.exec_error));
  return outcome.status;
}

}  // namespace

int main(int count, char** words) {
  if (count == 2 && std::strcmp(words[1], "--help") == 0) {
    std::fputs(usage().data(), stdout);
    return 0;
  }
  try {
    return run(parse_command({words + 1, static_cast<std::size_t>(count - 1)}));
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "fault: %s (see fault --help)\n", error.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fault: %s\n", error.what());
  }
  return kWrongUse;
}
