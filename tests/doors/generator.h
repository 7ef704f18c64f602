// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace qubes::mgmt::test {

/// Makes texts that somebody might send to do harm: parts of what is right, put together
/// wrongly, marks of all the languages that a text may end up in, any bytes, and too much of it.
/// The same ones for the same seed.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_{seed} {}

  std::string text();

  /// One of these.
  const std::string& one_of(const std::vector<std::string>& texts) {
    return texts[below(texts.size())];
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  std::string part();

  std::mt19937 random_;
};

/// How many rounds a test does: many where QUBES_TEST_LONG=1 asks for it.
int rounds(int usual, int many);

}  // namespace qubes::mgmt::test
