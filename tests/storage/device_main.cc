// SPDX-License-Identifier: GPL-2.0-or-later

// With the address sanitizer, gcc 12 takes std::regex inside Catch for uninitialized.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <unistd.h>

#include <cstdio>

#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

namespace {

constexpr int kSkipped = 77;  // as Meson wants it

}  // namespace

int main(int count, char** words) {
  if (geteuid() == 0 && access("/dev/loop-control", R_OK | W_OK) == 0)
    return Catch::Session{}.run(count, words);
  std::fputs("these tests make loop devices and mounts, which needs root\n", stderr);
  return kSkipped;
}
