// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

extern "C" {
#include <xentoollog.h>
}

namespace qubes::mgmt::xen {

/// What a line in the log of a Xen library says to people: without the places in its source,
/// the number of the domain and the library's name of the error.
std::string plain_words(std::string_view line);

/// Keeps the warnings and errors of the Xen libraries, which report why something failed
/// here and nowhere else. Nothing goes to stderr.
class Log : public xentoollog_logger {
 public:
  Log();

  void clear();
  void add(xentoollog_level level, int error, std::string_view text);

  /// The first error, in plain words: what follows it are echoes. What a script says comes
  /// before the news that it failed. The first warning where there is no error; empty where
  /// there is nothing.
  std::string cause() const;

  /// Every line as it came, each with a newline.
  std::string text() const;

  /// Whether any line says that memory ran out.
  bool out_of_memory() const;

 private:
  struct Line {
    enum class Kind { warning, error, script };
    Kind kind;
    std::string text;
  };

  const Line* first(Line::Kind kind) const;

  std::vector<Line> lines_;
};

}  // namespace qubes::mgmt::xen
