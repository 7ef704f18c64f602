// SPDX-License-Identifier: GPL-2.0-or-later
#include "contest.h"

#include <algorithm>
#include <cmath>

namespace qubes::mgmt::bench {
namespace {

constexpr int kWarmingRounds = 5;

// The second contender; alone, it is its own measure.
std::size_t floor_of(const std::vector<Contender>& contenders) {
  return std::min<std::size_t>(1, contenders.size() - 1);
}

std::vector<double> ratios(const std::vector<double>& values, const std::vector<double>& floor) {
  std::vector<double> all;
  all.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) all.push_back(values[i] / floor[i]);
  return all;
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  std::ranges::sort(values);
  const auto at = [&](double part) {
    const double place = part * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return std::lerp(values[below], values[above], place - std::floor(place));
  };
  return {at(0.25), at(0.5), at(0.75)};
}

std::vector<Result> compete(const std::vector<Contender>& contenders, int rounds) {
  std::vector<std::vector<double>> times(contenders.size());
  for (int round = 0; round < rounds + kWarmingRounds; ++round) {
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      const double time = run(contenders[i].command(round));
      if (round >= kWarmingRounds) times[i].push_back(time);
    }
  }
  std::vector<Result> results;
  for (std::size_t i = 0; i < contenders.size(); ++i)
    results.push_back({contenders[i].name, spread_of(times[i]),
                       spread_of(ratios(times[i], times[floor_of(contenders)]))});
  return results;
}

}  // namespace qubes::mgmt::bench
