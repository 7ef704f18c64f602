// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "process.h"

namespace qubes::mgmt::bench {

/// A middle, and between which values the middle half lies.
struct Spread {
  double lower;
  double median;
  double upper;
};

Spread spread_of(std::vector<double> values);

/// Something to be measured: what it is called, and what is run in the n-th round.
struct Contender {
  std::string name;
  std::function<Command(int round)> command;
};

struct Result {
  std::string name;
  Spread milliseconds;
  /// How many times as long as the second contender in the same round.
  Spread to_floor;
};

/// Runs all of them in turns, so that whatever disturbs the machine disturbs each alike. The
/// first rounds warm the caches and do not count.
std::vector<Result> compete(const std::vector<Contender>& contenders, int rounds);

}  // namespace qubes::mgmt::bench
