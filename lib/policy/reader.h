// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/root.h"
#include "policy/rule.h"

namespace qubes::mgmt {

/// Reads policy files, and what they include, into rules. Paths are as if the root were `/`.
///
/// Links are followed as the shipped reader does, to regular files only; unlike there, `..` in an
/// include is refused. So is an include that comes back to a file still being read, and a policy
/// too large in any way: nobody waits for one in which each file includes two more.
class PolicyReader {
 public:
  using Path = std::filesystem::path;
  using Words = std::span<const std::string_view>;

  explicit PolicyReader(const Root& root) : root_{root} {}

  /// Reads all of it. Throws malformed, denied or io_failed, and position() is where.
  void read();

  std::vector<PolicyRule> rules;

  /// The names of the files, as PolicyPosition counts them.
  std::vector<std::string> files;

  /// What is being read; nothing before the first file.
  std::optional<PolicyPosition> position() const { return position_; }

 private:
  using HandleLine = std::function<void(std::string_view line)>;

  struct Loaded {
    std::uint32_t number;
    std::string bytes;
  };

  void read_policy(const Loaded& file);
  void read_folder(const Path& folder);
  void read_service(const Loaded& file, const ServicePattern& calls);
  void read_lines(const Loaded& file, const HandleLine& handle);
  void read_compat();

  void obey(Words words);
  void obey_in_service(Words words, const ServicePattern& calls);
  void add(const ServicePattern& calls, Words words);

  /// Where an include leads. Throws malformed for one with `..`.
  Path resolved(std::string_view word) const;

  /// A file as an include names it, or one already found. Throws malformed for what is no file.
  const Loaded& load(std::string_view word);
  Loaded open(const Path& file);
  bool is_file(const Path& path) const;
  std::vector<std::string> names_in(const Path& folder) const;
  std::vector<std::string> policies_in(const Path& folder) const;

  const Root& root_;
  std::string base_;                 // what includes are relative to
  std::vector<std::uint32_t> open_;  // from the outermost file to the one being read
  std::optional<PolicyPosition> position_;
  std::size_t reads_ = 0;
  std::size_t bytes_ = 0;  // of a file as often as it is read

  // By what they were included as: a policy may include one file for a hundred services.
  std::unordered_map<std::string, Loaded> loaded_;
};

}  // namespace qubes::mgmt
