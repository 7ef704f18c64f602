// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace qubes::mgmt {

/// A folder of a test's own, removed with its content.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// The names in it, sorted.
  std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

/// What came of running fault.
struct Run {
  int status = -1;       // as a shell would say it
  std::string out;       // what the program printed
  std::string report;    // the whole report
  int points = -1;       // from the report
  std::string injected;  // from the report
};

/// Runs `fault WORDS[0] --report … WORDS[1…]` with a current folder. A word that begins with
/// `fault-subject` stands for the program of that name.
Run run_fault(const std::vector<std::string>& words, const std::filesystem::path& folder);

/// Runs a program without fault, to compare.
Run run_plainly(const std::vector<std::string>& words, const std::filesystem::path& folder);

std::string content(const std::filesystem::path& file);

}  // namespace qubes::mgmt
