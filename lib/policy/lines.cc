// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lines.h"

#include <algorithm>

#include "base/fault.h"

namespace qubes::mgmt {
namespace {

constexpr bool is_blank(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\v' || letter == '\f';
}

constexpr bool is_end(char letter) { return letter == '\n' || letter == '\r'; }

std::string_view without_blanks(std::string_view line) {
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  return line;
}

std::string_view take_line(std::string_view& rest) {
  const auto end = std::ranges::find_if(rest, is_end);
  const std::string_view line{rest.begin(), end};
  rest.remove_prefix(line.size());
  rest.remove_prefix(rest.starts_with("\r\n") ? 2 : std::min<std::size_t>(rest.size(), 1));
  return line;
}

bool is_plain(char letter) { return (letter >= ' ' && letter <= '~') || is_blank(letter); }

struct Utf8Range {
  unsigned char first, last;  // of the first byte
  unsigned char second_first, second_last;
  std::size_t length;
};

// The table of well-formed byte sequences in the Unicode standard, chapter 3.9.
constexpr Utf8Range kUtf8[] = {
    {0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
    {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

// The length of the character at the beginning of a text, 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  for (const Utf8Range& range : kUtf8) {
    if (byte(0) < range.first || byte(0) > range.last) continue;
    if (text.size() < range.length) return 0;
    if (range.length > 1 && (byte(1) < range.second_first || byte(1) > range.second_last)) return 0;
    for (std::size_t at = 2; at < range.length; ++at)
      if ((byte(at) & 0xc0U) != 0x80U) return 0;
    return range.length;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

bool PolicyLines::next() {
  while (!rest_.empty()) {
    ++number_;
    text_ = without_blanks(take_line(rest_));
    if (!text_.empty()) return true;
  }
  return false;
}

bool is_statement(std::string_view line) {
  if (line.starts_with('#')) {
    if (!is_utf8(line)) throw Fault{FaultKind::malformed, "this comment is not UTF-8"};
    return false;
  }
  if (!std::ranges::all_of(line, is_plain))
    throw Fault{FaultKind::malformed, "outside of comments only printable ASCII is accepted"};
  return true;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (auto at = std::ranges::find_if_not(line, is_blank); at != line.end();) {
    const auto end = std::find_if(at, line.end(), is_blank);
    words.emplace_back(at, end);
    at = std::find_if_not(end, line.end(), is_blank);
  }
  return words;
}

}  // namespace qubes::mgmt
