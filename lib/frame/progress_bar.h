// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>

#include "base/progress.h"

namespace qubes::mgmt {

/// Draws progress on standard error, if that is a terminal and the work lasts longer than a
/// moment; takes its line away at the end.
class ProgressBar : public Progress {
 public:
  ProgressBar();
  ~ProgressBar() override;
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void advance(std::uint64_t bytes, std::optional<std::uint64_t> total) override;

 private:
  using Clock = std::chrono::steady_clock;

  bool is_terminal_;
  bool is_drawn_ = false;
  Clock::time_point start_;
  Clock::time_point last_;
};

}  // namespace qubes::mgmt
