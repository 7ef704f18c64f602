// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/world.h"

namespace qubes::mgmt::test {

/// A call that is to be broken at each of its points, and what holds when it was made.
struct Campaign {
  std::string_view name;
  /// What the call, repeated after it was done, may end with.
  int status_when_done_already;
  std::function<void(const World& world)> prepare;
  std::function<Program(const World& world)> call;
  /// Whether the store shows that the call was made.
  std::function<bool(const World& world)> is_done;
};

/// What is done at a point.
enum class Blow { kill, no_space, io_error };

constexpr std::string_view text(Blow blow) {
  switch (blow) {
    case Blow::kill:
      return "kill";
    case Blow::no_space:
      return "ENOSPC";
    case Blow::io_error:
      return "EIO";
  }
  return "";
}

/// Breaks the call at every point, or every so-manieth if QUBES_TEST_LONG is not set and there
/// are many; checks what must hold after each, and prints how many there were.
void run_campaign(const Campaign& campaign, Blow blow);

}  // namespace qubes::mgmt::test
