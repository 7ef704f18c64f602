// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"

#include <cstdio>
#include <tuple>

namespace qubes::mgmt::bench {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

std::string json(const Spread& spread) {
  return "{\"lower\": " + number(spread.lower) + ", \"median\": " + number(spread.median) +
         ", \"upper\": " + number(spread.upper) + "}";
}

// Names and titles are our own and need no escapes.
std::string json(const Result& result) {
  return "{\"name\": \"" + result.name + "\", \"milliseconds\": " + json(result.milliseconds) +
         ", \"to_floor\": " + json(result.to_floor) + "}";
}

}  // namespace

void print(const Section& section) {
  std::printf("\n%-34s %8s  %15s  %8s  %13s\n", section.title.c_str(), "ms", "half of them",
              "x floor", "half of them");
  for (const Result& result : section.results) {
    const auto& [time, ratio] = std::tie(result.milliseconds, result.to_floor);
    std::printf("  %-32s %8.3f  %6.3f - %6.3f  %8.2f  %5.2f - %5.2f\n", result.name.c_str(),
                time.median, time.lower, time.upper, ratio.median, ratio.lower, ratio.upper);
  }
  std::fflush(stdout);
}

std::string json(const std::vector<Section>& sections) {
  std::string text;
  for (const Section& section : sections) {
    text += text.empty() ? "[\n" : ",\n";
    text += " {\"title\": \"" + section.title + "\", \"results\": [";
    for (const Result& result : section.results)
      text += (&result == section.results.data() ? "\n  " : ",\n  ") + json(result);
    text += "]}";
  }
  return text + "\n]\n";
}

}  // namespace qubes::mgmt::bench
