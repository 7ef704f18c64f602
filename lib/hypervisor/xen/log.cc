// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/log.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "base/text.h"

namespace qubes::mgmt::xen {
namespace {

constexpr std::size_t kLongestLine = 400;
constexpr std::string_view kScript = "script: ";

void take_message(xentoollog_logger* log, xentoollog_level level, int error, const char*,
                  const char* format, va_list words) {
  if (level < XTL_WARN) return;
  char text[kLongestLine];
  if (std::vsnprintf(text, sizeof text, format, words) < 0) return;
  static_cast<Log*>(log)->add(level, error, text);
}

void ignore_progress(xentoollog_logger*, const char*, const char*, int, unsigned long,
                     unsigned long) {}

void keep(xentoollog_logger*) {}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// Takes a place in the source off the front: "libxl_create.c:123:some_function: ",
/// "xg_dom_core.c:691: " or "xc_dom_find_loader: ".
bool drop_place(std::string_view& text) {
  const auto end = text.find(": ");
  if (end == std::string_view::npos) return false;
  const auto place = text.substr(0, end);
  const bool is_file = place.substr(0, place.find(':')).ends_with(".c");
  const bool is_function = place.starts_with("xc_") || place.starts_with("libxl_");
  if (place.find(' ') != std::string_view::npos || !(is_file || is_function)) return false;
  text.remove_prefix(end + 2);
  return true;
}

/// Takes "Domain 7:" off the front.
bool drop_domain(std::string_view& text) {
  constexpr std::string_view kWord = "Domain ";
  const auto end = text.find(':');
  if (!text.starts_with(kWord) || end == std::string_view::npos) return false;
  if (!is_number(text.substr(kWord.size(), end - kWord.size()))) return false;
  text.remove_prefix(end + 1);
  while (text.starts_with(' ')) text.remove_prefix(1);
  return true;
}

bool drop_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

/// The names by which libxenctrl sums up an error whose text it has just given.
constexpr std::array<std::string_view, 4> kSums = {": Internal error", ": Invalid kernel",
                                                   ": Invalid parameter", ": Unknown error code"};

bool drop_sum(std::string_view& text) {
  const auto sum = std::find_if(kSums.begin(), kSums.end(),
                                [&](std::string_view word) { return text.ends_with(word); });
  if (sum == kSums.end()) return false;
  text.remove_suffix(sum->size());
  return true;
}

}  // namespace

std::string plain_words(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with(' ')) line.remove_suffix(1);
  while (drop_word(line, "panic: ") || drop_place(line) || drop_domain(line) ||
         drop_word(line, kScript)) {
  }
  drop_sum(line);
  if (line == "no loader found") return "the kernel is of no kind that Xen knows how to start";
  std::string words{line.substr(0, kLongestLine)};
  // A script's words, and a guest's within them, are in these lines too.
  std::replace_if(
      words.begin(), words.end(), [](char letter) { return letter < ' ' || letter > '~'; }, '?');
  return words;
}

Log::Log() : xentoollog_logger{take_message, ignore_progress, keep} {}

void Log::clear() { lines_.clear(); }

void Log::add(xentoollog_level level, int error, std::string_view text) {
  using Kind = Line::Kind;
  const bool explained = error > 0 && text.find(std::strerror(error)) == std::string_view::npos;
  const Kind severe = text.find(kScript) == std::string_view::npos ? Kind::error : Kind::script;
  lines_.push_back({level >= XTL_ERROR ? severe : Kind::warning,
                    explained ? concat(text, ": ", std::strerror(error)) : std::string{text}});
}

const Log::Line* Log::first(Line::Kind kind) const {
  const auto found = std::find_if(lines_.begin(), lines_.end(),
                                  [kind](const Line& line) { return line.kind == kind; });
  return found == lines_.end() ? nullptr : &*found;
}

std::string Log::cause() const {
  for (const auto kind : {Line::Kind::script, Line::Kind::error, Line::Kind::warning})
    if (const Line* line = first(kind)) return plain_words(line->text);
  return {};
}

std::string Log::text() const {
  std::string all;
  for (const Line& line : lines_) all += line.text + "\n";
  return all;
}

bool Log::out_of_memory() const {
  return std::any_of(lines_.begin(), lines_.end(), [](const Line& line) {
    return line.kind != Line::Kind::warning && line.text.find("Out of memory") != std::string::npos;
  });
}

}  // namespace qubes::mgmt::xen
