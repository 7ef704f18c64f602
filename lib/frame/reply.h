// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/file.h"
#include "model/value_type.h"

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
    /// Who has it besides JSON, which has all.
    enum class Shown { always, shipped, never } shown = Shown::always;
  };

  /// So many bytes of a file from where it stands; holes are zeros.
  struct Bytes {
    std::shared_ptr<Descriptor> file;
    std::uint64_t size;
  };

  /// A line for each thing: its name, then key=value, blanks between.
  struct Rows {
    struct Row {
      std::string name;
      std::vector<Field> fields;
    };
    std::vector<Row> rows;
    /// Whether the shipped form has the names too.
    bool are_names_shipped = true;
  };

  /// key=value, a line for each.
  struct Lines {
    std::vector<Field> fields;
  };

  /// key=value on one line, blanks between, no newline.
  struct Fields {
    std::vector<Field> fields;
  };

  /// A line for each device: its name, as Attach takes it. Today's clients have another one, and
  /// key='value' behind it, blanks between.
  struct Devices {
    struct Row {
      std::string name;
      std::string shipped_name;
      std::vector<Field> fields;
    };
    std::vector<Row> rows;
  };

  std::variant<Nothing, Scalar, Names, Setting, Settings, Default, Truth, Rows, Lines, Fields,
               Bytes, Devices>
      content;

  /// What a person should know besides, a sentence each: on stderr in a shell.
  std::vector<std::string> warnings = {};

  static Reply nothing() { return {Nothing{}}; }
  static Reply lines(const std::vector<std::pair<std::string, std::string>>& facts) {
    Lines lines;
    for (const auto& [key, value] : facts) lines.fields.push_back({key, value});
    return {lines};
  }
  static Reply scalar(std::string value) { return {Scalar{std::move(value)}}; }
};

}  // namespace qubes::mgmt
