// SPDX-License-Identifier: GPL-2.0-or-later
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "frame/encode.h"

namespace qubes::mgmt {
namespace {

using Json = nlohmann::ordered_json;

Json value_of(ValueType type, const std::string& value) {
  if (type == ValueType::boolean) return value == "True";
  if (type == ValueType::number) {
    if (const auto number = to_number<std::int64_t>(value)) return *number;
    return nullptr;
  }
  if (type == ValueType::vm && value.empty()) return nullptr;
  return value;
}

Json object_of(const Reply::Setting& setting) {
  return {{"property", setting.name},
          {"type", text(setting.type)},
          {"default", setting.is_default},
          {"value", value_of(setting.type, setting.value)}};
}

Json object_of(const std::vector<Reply::Field>& fields) {
  Json object = Json::object();
  for (const Reply::Field& field : fields) {
    const auto number = to_number<std::int64_t>(field.value);
    object[field.key] = number ? Json(*number) : Json(field.value);
  }
  return object;
}

struct Shape {
  Json operator()(const Reply::Nothing& /*nothing*/) const { return nullptr; }
  Json operator()(const Reply::Scalar& scalar) const { return scalar.value; }
  Json operator()(const Reply::Names& names) const { return names.names; }
  Json operator()(const Reply::Setting& setting) const { return object_of(setting); }
  Json operator()(const Reply::Settings& settings) const {
    Json list = Json::array();
    for (const Reply::Setting& setting : settings.settings) list.push_back(object_of(setting));
    return list;
  }
  Json operator()(const Reply::Default& shown) const {
    return {{"property", shown.name},
            {"type", text(shown.type)},
            {"value", shown.value ? value_of(shown.type, *shown.value) : Json(nullptr)}};
  }
  Json operator()(const Reply::Truth& truth) const { return truth.is_true; }
  Json operator()(const Reply::Rows& rows) const {
    Json list = Json::array();
    for (const auto& row : rows.rows) {
      Json object{{"name", row.name}};
      object.update(object_of(row.fields));
      list.push_back(std::move(object));
    }
    return list;
  }
  Json operator()(const Reply::Devices& devices) const {
    Json list = Json::array();
    for (const auto& row : devices.rows) {
      Json object{{"device", row.name}};
      for (const Reply::Field& field : row.fields) object[field.key] = field.value;
      list.push_back(std::move(object));
    }
    return list;
  }
  Json operator()(const Reply::Lines& lines) const { return object_of(lines.fields); }
  Json operator()(const Reply::Bytes& bytes) const { return {{"size", bytes.size}}; }
  Json operator()(const Reply::Fields& fields) const { return object_of(fields.fields); }
};

}  // namespace

std::string encode_json(const Reply& reply) {
  // Bytes that are no UTF-8 are shown as such rather than refused.
  const Json json = std::visit(Shape{}, reply.content);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace qubes::mgmt
