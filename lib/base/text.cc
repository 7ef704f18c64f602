// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"

#include <algorithm>
#include <numeric>

namespace qubes::mgmt {
namespace {

constexpr std::size_t kLongestQuote = 80;
constexpr std::size_t kMostListed = 12;

// Levenshtein's distance, one row at a time.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t substituted = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0;;) {
    const std::size_t end = text.find(separator, at);
    parts.emplace_back(text.substr(at, end == text.npos ? text.npos : end - at));
    if (end == text.npos) return parts;
    at = end + 1;
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out += separator;
    out += part;
  }
  return out;
}

std::string listed(std::span<const std::string> names) {
  if (names.size() <= kMostListed) return join(names, ", ");
  return concat(join(names.first(kMostListed), ", "), " and ", names.size() - kMostListed, " more");
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& letter : out)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

bool consists_of(std::string_view text, std::string_view marks) {
  return std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != marks.npos;
  });
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

std::string printable(std::string_view untrusted) {
  std::string out{untrusted.substr(0, kLongestQuote)};
  for (char& letter : out)
    if (letter < ' ' || letter > '~') letter = '?';
  if (untrusted.size() > kLongestQuote) out += "...";
  return out;
}

std::optional<std::string> nearest(std::string_view unknown, std::span<const std::string> known) {
  std::optional<std::string> best;
  std::size_t best_distance = 1 + unknown.size() / 3;
  for (const std::string& word : known) {
    const std::size_t found = distance(unknown, word);
    if (found >= best_distance && !(found == best_distance && !best)) continue;
    best = word;
    best_distance = found;
  }
  return best;
}

std::string suggestion(std::string_view unknown, std::span<const std::string> known) {
  const auto word = nearest(unknown.substr(0, kLongestQuote), known);
  return word ? concat(" (did you mean '", *word, "'?)") : "";
}

}  // namespace qubes::mgmt
