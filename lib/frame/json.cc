// SPDX-License-Identifier: GPL-2.0-or-later
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "frame/encode.h"

namespace qubes::mgmt {
namespace {

using Json = nlohmann::ordered_json;

Json value_of(const Reply::Setting& setting) {
  if (setting.type == ValueType::boolean) return setting.value == "True";
  if (setting.type == ValueType::number) {
    if (const auto number = to_number<std::int64_t>(setting.value)) return *number;
    return nullptr;
  }
  if (setting.type == ValueType::vm && setting.value.empty()) return nullptr;
  return setting.value;
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
  Json operator()(const Reply::Setting& setting) const {
    return {{"property", setting.name},
            {"type", text(setting.type)},
            {"default", setting.is_default},
            {"value", value_of(setting)}};
  }
  Json operator()(const Reply::Rows& rows) const {
    Json list = Json::array();
    for (const auto& row : rows.rows) {
      Json object{{"name", row.name}};
      object.update(object_of(row.fields));
      list.push_back(std::move(object));
    }
    return list;
  }
  Json operator()(const Reply::Fields& fields) const { return object_of(fields.fields); }
};

}  // namespace

std::string encode_json(const Reply& reply) {
  // Bytes that are no UTF-8 are shown as such rather than refused.
  const Json json = std::visit(Shape{}, reply.content);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace qubes::mgmt
