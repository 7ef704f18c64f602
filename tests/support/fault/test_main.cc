// SPDX-License-Identifier: GPL-2.0-or-later

// With the address sanitizer, gcc 12 takes std::regex inside Catch for uninitialized.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
