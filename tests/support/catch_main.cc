// SPDX-License-Identifier: GPL-2.0-or-later
// Compiled once for all test programs, as it takes longer than any of them.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
