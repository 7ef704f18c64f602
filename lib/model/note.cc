// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/note.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Controls, and what is invisible, reorders text or is nobody's: by the Unicode categories Cc,
// Cf, Zl, Zp and Co.
constexpr auto kUnsafe = std::to_array<Range>({
    {0x00, 0x08},       {0x0B, 0x1F},        {0x7F, 0x9F},       {0xAD, 0xAD},
    {0x600, 0x605},     {0x61C, 0x61C},      {0x6DD, 0x6DD},     {0x70F, 0x70F},
    {0x180E, 0x180E},   {0x200B, 0x200F},    {0x2028, 0x202E},   {0x2060, 0x206F},
    {0xE000, 0xF8FF},   {0xFDD0, 0xFDEF},    {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},
    {0xFFFE, 0xFFFF},   {0x110BD, 0x110BD},  {0x13430, 0x1345F}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF},
});

bool is_safe(char32_t point) {
  return std::ranges::none_of(
      kUnsafe, [&](const Range& range) { return point >= range.first && point <= range.last; });
}

// Takes one character off the front; nothing where it is no UTF-8 in its only form.
std::optional<char32_t> take_character(std::string_view& rest) {
  const auto lead = static_cast<unsigned char>(rest.front());
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || rest.size() < length) return std::nullopt;
  char32_t point = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(rest[i]);
    if ((next & 0xC0U) != 0x80) return std::nullopt;
    point = (point << 6U) | (next & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kSmallest.at(length) || is_surrogate || point > 0x10FFFF) return std::nullopt;
  rest.remove_prefix(length);
  return point;
}

}  // namespace

NoteText NoteText::parse(std::string_view untrusted) {
  if (untrusted.size() > kLongest)
    throw Fault{FaultKind::malformed,
                concat("the note has ", untrusted.size(), " bytes; ", kGrammar, " are accepted")};
  std::string text;
  for (std::string_view rest = untrusted; !rest.empty();) {
    const std::string_view before = rest;
    const auto point = take_character(rest);
    if (!point)
      throw Fault{FaultKind::malformed,
                  concat("the note is not UTF-8, at byte ", untrusted.size() - before.size())};
    if (is_safe(*point))
      text += before.substr(0, before.size() - rest.size());
    else
      text += '_';
  }
  return NoteText{text};
}

}  // namespace qubes::mgmt
