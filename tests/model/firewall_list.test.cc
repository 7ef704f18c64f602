// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/firewall_list.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "base/fault.h"

using namespace qubes::mgmt;

namespace {

using Old = std::vector<std::optional<std::int64_t>>;

std::size_t count_kept(const Old& old_positions, const std::vector<std::int64_t>& positions) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < positions.size(); ++i)
    if (old_positions[i] == positions[i]) ++kept;
  return kept;
}

}  // namespace

TEST_CASE("rules come a line each, all or none", "[firewall]") {
  CHECK(FirewallLines::parse("action=accept\naction=drop\n").lines.size() == 2);
  CHECK(FirewallLines::parse("action=accept\naction=drop").lines.size() == 2);
  CHECK_THROWS_WITH(FirewallLines::parse("action=accept\n\naction=drop\n"),
                    Catch::StartsWith("line 2: a firewall rule is empty"));
  CHECK_THROWS_WITH(FirewallLines::parse("action=accept\nproto=tcp\n"),
                    Catch::StartsWith("line 2: "));
  CHECK_THROWS_WITH(FirewallLines::parse(""), Catch::StartsWith("line 1: "));
}

TEST_CASE("a line may name the rule that it changes", "[firewall]") {
  const auto lines = FirewallLines::parse("r12 action=drop comment=r3 x\naction=accept\n").lines;
  CHECK(lines.at(0).id == FirewallRuleId{12});
  CHECK(lines.at(0).rule.text() == "action=drop comment=r3 x");
  CHECK_FALSE(lines.at(1).id);
  for (const char* const given : {"r0 action=drop", "r01 action=drop", "r action=drop", "r1",
                                  "12 action=drop", "r9999999999 action=drop"}) {
    INFO(given);
    CHECK_THROWS_AS(FirewallLines::parse(given), Fault);
  }
}

TEST_CASE("a VM has 9,999 rules at most", "[firewall]") {
  std::string lines;
  for (std::size_t i = 0; i < FirewallLines::kMost; ++i) lines += "action=drop\n";
  CHECK(FirewallLines::parse(lines).lines.size() == FirewallLines::kMost);
  CHECK_THROWS_WITH(FirewallLines::parse(lines + "action=drop\n"),
                    Catch::Contains("more than 9999"));
}

TEST_CASE("a new list keeps the positions of its old rules", "[firewall]") {
  const auto& [old_positions, kept] = GENERATE(values<std::pair<Old, std::size_t>>({
      {{}, 0},
      {{std::nullopt, std::nullopt}, 0},
      {{10, 20, 30}, 3},
      {{10, 30}, 2},
      {{std::nullopt, 10, 20}, 2},
      {{10, std::nullopt, 20, std::nullopt}, 2},
      {{10, std::nullopt, std::nullopt, std::nullopt, 20}, 2},
      {{30, 10, 20}, 2},
      {{20, 30, 10}, 2},
      {{30, 20, 10}, 1},
      {{-5, std::nullopt, 0}, 2},
      {{10, std::nullopt, 11}, 0},
  }));
  const auto positions = firewall_positions(old_positions);
  CAPTURE(positions);
  CHECK(positions.size() == old_positions.size());
  CHECK(std::ranges::adjacent_find(positions, std::ranges::greater_equal{}) == positions.end());
  CHECK(count_kept(old_positions, positions) == kept);
}
