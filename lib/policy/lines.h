// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace qubes::mgmt {

/// Goes over the lines of a policy file that are not blank. A line ends as in Python's universal
/// newlines, which the shipped reader uses: at LF, CR or CR LF, so nothing hides behind a CR.
class PolicyLines {
 public:
  /// The bytes must outlive it.
  explicit PolicyLines(std::string_view bytes) : rest_{bytes} {}

  /// Moves to the next line; false at the end.
  bool next();

  /// Without the blanks around it.
  std::string_view text() const { return text_; }

  std::uint32_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::string_view text_;
  std::uint32_t number_ = 0;
};

/// Whether a line is more than a comment. Throws malformed where it has bytes that no policy has:
/// in a comment all is accepted that is UTF-8, else printable ASCII and blanks only.
bool is_statement(std::string_view line);

/// The parts of a line between blanks.
std::vector<std::string_view> words_of(std::string_view line);

}  // namespace qubes::mgmt
