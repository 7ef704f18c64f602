// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "contest.h"

namespace qubes::mgmt::bench {

/// What was measured under one heading.
struct Section {
  std::string title;
  std::vector<Result> results;
};

/// A table for people, on standard output.
void print(const Section& section);

/// All figures for programs.
std::string json(const std::vector<Section>& sections);

}  // namespace qubes::mgmt::bench
