// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/property.h"

namespace qubes::mgmt {

/// What a call answers, before anybody has decided how it is written. encode.cc knows the
/// draft's form, the one that Qubes ships, and JSON.
struct Reply {
  struct Nothing {};

  /// One value, written as it is, without a newline.
  struct Scalar {
    std::string value;
  };

  /// One name on each line.
  struct Names {
    std::vector<std::string> names;
  };

  struct Setting {
    std::string name;
    ValueType type;
    bool is_default;
    std::string value;
  };

  /// A line for each: its name, then as a Setting, with newlines and backslashes escaped.
  struct Settings {
    std::vector<Setting> settings;
  };

  /// What holds where a property is not set; no value where it always is.
  struct Default {
    std::string name;
    ValueType type;
    std::optional<std::string> value;
  };

  /// 1 or 0. A shell user may ask for it as the exit status.
  struct Truth {
    bool is_true;
  };

  struct Field {
    std::string key;
    std::string value;
    /// Only in the shipped form and in JSON: the draft does not have it.
    bool is_later = false;
  };

  /// A line for each thing: its name, then key=value, blanks between.
  struct Rows {
    struct Row {
      std::string name;
      std::vector<Field> fields;
    };
    std::vector<Row> rows;
  };

  /// key=value on one line, blanks between, no newline.
  struct Fields {
    std::vector<Field> fields;
  };

  std::variant<Nothing, Scalar, Names, Setting, Settings, Default, Truth, Rows, Fields> content;

  /// What a person should know besides, a sentence each: on stderr in a shell.
  std::vector<std::string> warnings = {};

  static Reply nothing() { return {Nothing{}}; }
  static Reply scalar(std::string value) { return {Scalar{std::move(value)}}; }
};

}  // namespace qubes::mgmt
