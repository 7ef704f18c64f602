// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/progress_bar.h"

#include <unistd.h>

#include <string>

#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::chrono::milliseconds kBeforeFirst{500};
constexpr std::chrono::milliseconds kBetween{100};
constexpr std::uint64_t kMiB = 1U << 20U;
constexpr std::uint64_t kBarWidth = 30;

void put(std::string_view text) {
  // A terminal that cannot be written to is no reason to fail.
  static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
}

std::string bar(std::uint64_t bytes, std::uint64_t total) {
  const std::uint64_t filled = total == 0 ? kBarWidth : kBarWidth * bytes / total;
  return concat("[", std::string(filled, '#'), std::string(kBarWidth - filled, '.'), "] ",
                total == 0 ? 100 : 100 * bytes / total, "%  ");
}

}  // namespace

ProgressBar::ProgressBar() : is_terminal_{::isatty(STDERR_FILENO) != 0}, start_{Clock::now()} {}

ProgressBar::~ProgressBar() {
  if (is_drawn_) put("\r\033[K");
}

void ProgressBar::advance(std::uint64_t bytes, std::optional<std::uint64_t> total) {
  const auto now = Clock::now();
  if (!is_terminal_ || now - start_ < kBeforeFirst || now - last_ < kBetween) return;
  last_ = now;
  is_drawn_ = true;
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now - start_).count();
  const std::uint64_t rate = bytes / kMiB * 1000 / static_cast<std::uint64_t>(milliseconds);
  put(concat("\r\033[K", total && *total >= bytes ? bar(bytes, *total) : "", bytes / kMiB, " MiB, ",
             rate, " MiB/s"));
}

}  // namespace qubes::mgmt
