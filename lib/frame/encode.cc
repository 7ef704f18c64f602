// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/encode.h"

#include "base/text.h"

namespace qubes::mgmt {
namespace {

using namespace std::string_literals;

/// Writes the content of a reply; the two forms differ in what a property looks like and in
/// fields that the draft does not have.
class Writer {
 public:
  explicit Writer(Dialect dialect) : dialect_{dialect} {}

  std::string operator()(const Reply::Nothing& /*nothing*/) const { return ""; }

  std::string operator()(const Reply::Scalar& scalar) const { return scalar.value; }

  std::string operator()(const Reply::Names& names) const {
    std::string out;
    for (const std::string& name : names.names) out += concat(name, "\n");
    return out;
  }

  std::string operator()(const Reply::Setting& setting) const {
    return concat(head(setting), setting.value);
  }

  std::string operator()(const Reply::Settings& settings) const {
    std::string out;
    for (const Reply::Setting& setting : settings.settings)
      out += concat(setting.name, " ", head(setting), on_one_line(setting.value), "\n");
    return out;
  }

  std::string operator()(const Reply::Default& shown) const {
    return shown.value ? concat("type=", text(shown.type), " ", *shown.value) : "";
  }

  std::string operator()(const Reply::Truth& truth) const { return truth.is_true ? "1" : "0"; }

  std::string operator()(const Reply::Rows& rows) const {
    std::string out;
    for (const auto& row : rows.rows) {
      const bool is_named = rows.are_names_shipped || dialect_ == Dialect::draft;
      const std::string fields = (*this)(Reply::Fields{row.fields});
      out += concat(is_named ? row.name : "", is_named && !fields.empty() ? " " : "", fields, "\n");
    }
    return out;
  }

  std::string operator()(const Reply::Lines& lines) const {
    std::string out;
    for (const Reply::Field& field : lines.fields)
      if (is_shown(field)) out += concat(field.key, "=", field.value, "\n");
    return out;
  }

  std::string operator()(const Reply::Bytes& /*bytes*/) const { return ""; }

  std::string operator()(const Reply::Devices& devices) const {
    std::string out;
    for (const auto& row : devices.rows) {
      out += dialect_ == Dialect::draft ? row.name : row.shipped_name;
      for (const Reply::Field& field : row.fields)
        if (dialect_ == Dialect::shipped && is_shown(field))
          out += concat(" ", field.key, "='", quotable(field.value), "'");
      out += '\n';
    }
    return out;
  }

  std::string operator()(const Reply::Fields& fields) const {
    std::string out;
    for (const Reply::Field& field : fields.fields) {
      if (!is_shown(field)) continue;
      if (!out.empty()) out += ' ';
      out += concat(field.key, "=", field.value);
    }
    return out;
  }

 private:
  std::string head(const Reply::Setting& setting) const {
    if (dialect_ == Dialect::draft) return setting.is_default ? "default=yes " : "default=no ";
    return concat("default=", setting.is_default ? "True" : "False", " type=", text(setting.type),
                  " ");
  }

  static std::string on_one_line(std::string_view value) {
    std::string out;
    for (const char c : value) {
      if (c == '\\')
        out += "\\\\";
      else if (c == '\n')
        out += "\\n";
      else
        out += c;
    }
    return out;
  }

  // A client takes `='` for the end of a key, wherever it stands.
  static std::string quotable(std::string_view value) {
    std::string out;
    for (const char c : value) out += c == '\'' ? std::string{"\\'"} : std::string{c};
    if (out.ends_with('=')) out.back() = '_';
    return out;
  }

  bool is_shown(const Reply::Field& field) const {
    return field.shown == Reply::Field::Shown::always ||
           (field.shown == Reply::Field::Shown::shipped && dialect_ == Dialect::shipped);
  }

  Dialect dialect_;
};

}  // namespace

std::string encode(const Reply& reply, Dialect dialect) {
  return std::visit(Writer{dialect}, reply.content);
}

std::string framed(std::string_view answer) { return concat("0\0"s, answer); }

std::string framed(const Fault& fault) {
  // Today's clients turn an empty answer into "access denied", and stumble over these two
  // when they are named; their subclasses they know.
  const std::string_view type = wire_name(fault.kind());
  if (type == "PermissionDenied" || type == "ProtocolError") return "";
  // The text is a field, never the format, since a client formats it and a `%` would break it.
  return concat("2\0"s, type, "\0\0%s\0"s, fault.what(), "\0"s);
}

}  // namespace qubes::mgmt
