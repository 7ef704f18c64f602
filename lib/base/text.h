// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qubes::mgmt {

inline void append(std::string& out, std::string_view part) { out += part; }
inline void append(std::string& out, std::integral auto number) { out += std::to_string(number); }

/// Puts texts and numbers together. Free of any locale, unlike the streams.
template <class... Parts>
std::string concat(const Parts&... parts) {
  std::string out;
  (append(out, parts), ...);
  return out;
}

/// The parts between separators: always one more than there are separators.
std::vector<std::string> split(std::string_view text, char separator);

std::string join(std::span<const std::string> parts, std::string_view separator);

/// Names for a message: "a, b, c", and past the first dozen how many there are more.
std::string listed(std::span<const std::string> names);

std::string lower(std::string_view text);

/// Without the white space around it.
std::string_view trimmed(std::string_view text);

/// A whole text that is a decimal number of this type, with nothing around it.
template <std::integral Number>
std::optional<Number> to_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Whether it is letters and digits of ASCII and these marks, or empty.
bool consists_of(std::string_view text, std::string_view marks);

/// Whether it is printable ASCII, blanks included, or empty.
bool is_printable(std::string_view text);

/// Untrusted bytes as they may stand in a message: what is not printable ASCII becomes `?`,
/// what is longer than a line is cut.
std::string printable(std::string_view untrusted);

/// The known word that is nearest to the unknown one, if any is near enough to suggest.
std::optional<std::string> nearest(std::string_view unknown, std::span<const std::string> known);

/// " (did you mean 'x'?)", or nothing.
std::string suggestion(std::string_view unknown, std::span<const std::string> known);

}  // namespace qubes::mgmt
