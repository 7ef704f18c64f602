// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/program.h"
#include "support/scratch_root.h"

namespace qubes::mgmt::test {

/// A call as qrexec would deliver it.
struct Qrexec {
  std::string method;
  std::string target = "dom0";
  std::string argument = {};
  std::string payload = {};
  std::string source = "dom0";
};

/// The real programs on a root of their own.
class World {
 public:
  /// Nothing is there yet, no store either.
  World() = default;

  /// Below this folder.
  explicit World(const std::filesystem::path& parent) : root{parent} {}

  /// Through the door for people: the name of a program, then what they type.
  Result shell(std::vector<std::string> words, std::string input = {}) const;

  Result call(const Qrexec& call) const;

  /// The same, to be changed or run with others.
  Program shell_program(std::vector<std::string> words, std::string input = {}) const;
  Program qrexec_program(const Qrexec& call) const;

  /// What the store holds, row by row, and the files that are below the root. Locks, and what
  /// SQLite keeps beside the store, do not count.
  std::string state() const;

  /// The events so far: subject, or `-`; name; keys.
  std::vector<std::string> events() const;

  /// The first column of what the store answers.
  std::vector<std::string> query(std::string_view sql) const;

  /// Changes the store behind the programs' backs.
  void execute(std::string_view sql) const;

  /// Every file below the root by its path, but the store's and the locks.
  std::vector<std::string> files() const;

  std::filesystem::path store() const { return root.at("/var/lib/qubes-mgmt/store.db"); }

  ScratchRoot root;
};

/// With a TemplateVM `deb`, qid 1, and an AppVM `work` on it, red, qid 2.
struct TwoVms : World {
  TwoVms() : TwoVms{std::filesystem::temp_directory_path()} {}
  explicit TwoVms(const std::filesystem::path& parent);
};

/// Done, with these bytes as the answer and nothing on stderr.
void check_done(const Result& result, std::string_view answer = "");

/// Refused from the shell: one line on stderr which begins with this and says this somewhere.
void check_refused(const Result& result, int status, std::string_view head,
                   std::string_view says = "");

/// Whether it is one printable line.
bool is_one_line(std::string_view text);

/// What a refusal looks like to today's clients.
std::string shipped_fault(std::string_view type, std::string_view text);

/// An image of so many random bytes.
std::string some_image(std::size_t size);

/// Where the built programs are.
std::filesystem::path tools_folder();

}  // namespace qubes::mgmt::test
