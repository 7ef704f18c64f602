// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/firewall_list.h"

#include <algorithm>
#include <limits>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

// So far apart that many rules can be put between two without moving one.
constexpr std::int64_t kStep = 1 << 20;

constexpr std::size_t kMostDigits = 9;

std::optional<std::uint32_t> counted(std::string_view digits) {
  const bool is_plain = !digits.empty() && digits.size() <= kMostDigits &&
                        digits.find_first_not_of("0123456789") == digits.npos &&
                        (digits == "0" || digits.front() != '0');
  return is_plain ? to_number<std::uint32_t>(digits) : std::nullopt;
}

std::optional<FirewallRuleId> rule_id(std::string_view text) {
  const auto number = text.starts_with('r') ? counted(text.substr(1)) : std::nullopt;
  if (!number || *number == 0) return std::nullopt;
  return FirewallRuleId{*number};
}

FirewallLine parse_line(std::string_view line) {
  const std::size_t blank = line.find(' ');
  if (const auto id = rule_id(line.substr(0, blank)))
    return {id, FirewallRule::parse(blank == line.npos ? "" : line.substr(blank + 1))};
  return {std::nullopt, FirewallRule::parse(line)};
}

/// Which of the old positions may stay: the longest ascending row of them.
std::vector<bool> longest_ascending(std::span<const std::optional<std::int64_t>> positions) {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> last_of;  // the lowest end of an ascending row, by its length
  std::vector<std::size_t> before(positions.size(), kNone);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (!positions[i]) continue;
    const auto at = std::ranges::lower_bound(last_of, *positions[i], {},
                                             [&](std::size_t end) { return *positions[end]; });
    if (at != last_of.begin()) before[i] = *std::prev(at);
    if (at == last_of.end())
      last_of.push_back(i);
    else
      *at = i;
  }
  std::vector<bool> stays(positions.size());
  for (std::size_t i = last_of.empty() ? kNone : last_of.back(); i != kNone; i = before[i])
    stays[i] = true;
  return stays;
}

/// Spreads the numbers of these new rules between two that stay. False: there is no room.
bool spread(std::span<std::int64_t> positions, std::optional<std::int64_t> low,
            std::optional<std::int64_t> high) {
  const auto count = static_cast<std::int64_t>(positions.size());
  std::int64_t step = kStep;
  if (low && high) step = (*high - *low) / (count + 1);
  if (step == 0) return false;
  std::int64_t at = low ? *low : high.value_or(kStep * (count + 1)) - step * (count + 1);
  for (std::int64_t& position : positions) position = at += step;
  return true;
}

}  // namespace

FirewallRuleId FirewallRuleId::parse(std::string_view untrusted) {
  if (const auto id = rule_id(untrusted)) return *id;
  throw Fault{FaultKind::malformed, concat("'", printable(untrusted),
                                           "' is no id of a firewall rule: expected ", kGrammar)};
}

std::string FirewallRuleId::text() const { return concat("r", number); }

FirewallPlace FirewallPlace::parse(std::string_view untrusted) {
  if (const auto id = rule_id(untrusted)) return {*id};
  if (const auto position = counted(untrusted)) return {std::size_t{*position}};
  throw Fault{
      FaultKind::malformed,
      concat("'", printable(untrusted), "' is no place among firewall rules: expected ", kGrammar)};
}

FirewallLines FirewallLines::parse(std::string_view untrusted) {
  FirewallLines parsed;
  if (untrusted.ends_with('\n')) untrusted.remove_suffix(1);
  for (const std::string& line : split(untrusted, '\n')) {
    const std::size_t number = parsed.lines.size() + 1;
    if (number > kMost)
      throw Fault{FaultKind::bad_value,
                  concat("there are more than ", kMost, " lines; a VM has at most so many rules")};
    try {
      parsed.lines.push_back(parse_line(line));
    } catch (const Fault& fault) {
      throw Fault{fault.kind(), concat("line ", number, ": ", fault.what())};
    }
  }
  return parsed;
}

std::vector<std::int64_t> firewall_positions(
    std::span<const std::optional<std::int64_t>> old_positions) {
  const std::vector<bool> stays = longest_ascending(old_positions);
  std::vector<std::int64_t> positions(old_positions.size());
  std::optional<std::int64_t> low;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= positions.size(); ++i) {
    if (i < positions.size() && !stays[i]) continue;
    const auto high = i < positions.size() ? old_positions[i] : std::nullopt;
    if (i > begin && !spread(std::span{positions}.subspan(begin, i - begin), low, high)) {
      spread(positions, 0, std::nullopt);
      return positions;
    }
    if (high) positions[i] = *high;
    low = high;
    begin = i + 1;
  }
  return positions;
}

}  // namespace qubes::mgmt
