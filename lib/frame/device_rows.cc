// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/device_rows.h"

#include <algorithm>

#include "base/text.h"

namespace qubes::mgmt {
namespace {

using Fields = std::vector<Reply::Field>;
using Row = Reply::Devices::Row;

Fields head_of(DeviceClass device_class, const DeviceReference& device) {
  return {{"device_id", device.identity},
          {"port_id", device.port},
          {"devclass", std::string{text(device_class)}},
          {"backend_domain", device.backend}};
}

void add_if_any(Fields& fields, std::string_view key, const std::string& value) {
  if (!value.empty()) fields.push_back({std::string{key}, value});
}

Row offered_row(const Device& device) {
  Fields fields = head_of(device.device_class, reference_to(device));
  add_if_any(fields, "vendor", device.vendor);
  add_if_any(fields, "product", device.product);
  add_if_any(fields, "manufacturer", device.manufacturer);
  add_if_any(fields, "name", device.name);
  add_if_any(fields, "serial", device.serial);
  add_if_any(fields, "attachment", device.attachment);
  fields.push_back({"interfaces", device.interfaces});
  if (device.parent) {
    fields.push_back({"parent_port_id", device.parent->port});
    fields.push_back({"parent_devclass", std::string{text(device.parent->device_class)}});
  }
  if (device.block) {
    fields.push_back({"_size", std::to_string(device.block->size)});
    fields.push_back({"_mode", device.block->writable ? "w" : "r"});
  }
  return {DeviceReference{device.backend, device.port}.argument(),
          concat(device.port, ":", device.identity), std::move(fields)};
}

Row held_row(DeviceClass device_class, const HeldDevice& held, const DeviceReference& called) {
  Fields fields = head_of(device_class, held.device);
  fields.push_back({"mode", held.mode ? std::string{text(*held.mode)} : "manual"});
  for (const auto& [name, value] : held.options) fields.push_back({concat("_", name), value});
  return {called.argument(),
          concat(held.device.backend, "+", held.device.port, ":", held.device.identity),
          std::move(fields)};
}

Row attached_row(DeviceClass device_class, const HeldDevice& held) {
  return held_row(device_class, held, {held.device.backend, held.device.port});
}

Row assigned_row(DeviceClass device_class, const HeldDevice& held) {
  return held_row(device_class, held, held.device);
}

}  // namespace

Reply offered_rows(const OfferedDevices& offered) {
  Reply::Devices rows;
  for (const Device& device : offered.devices) rows.rows.push_back(offered_row(device));
  return {std::move(rows), offered.warnings};
}

Reply assigned_rows(DeviceClass device_class, const std::vector<HeldDevice>& assigned) {
  Reply::Devices rows;
  for (const HeldDevice& held : assigned) rows.rows.push_back(assigned_row(device_class, held));
  return {std::move(rows)};
}

Reply attached_rows(DeviceClass device_class, const std::vector<HeldDevice>& attached) {
  Reply::Devices rows;
  for (const HeldDevice& held : attached) rows.rows.push_back(attached_row(device_class, held));
  return {std::move(rows)};
}

Reply held_rows(DeviceClass device_class, const std::vector<HeldDevice>& attached,
                const std::vector<HeldDevice>& assigned) {
  Reply::Devices rows;
  const auto add = [&](Row row, std::string_view is_attached) {
    if (std::ranges::find(rows.rows, row.name, &Row::name) != rows.rows.end()) return;
    row.fields.push_back({"attached", std::string{is_attached}});
    rows.rows.push_back(std::move(row));
  };
  for (const HeldDevice& held : attached) add(attached_row(device_class, held), "True");
  for (const HeldDevice& held : assigned) add(assigned_row(device_class, held), "False");
  std::ranges::sort(rows.rows, {}, &Row::name);
  return {std::move(rows)};
}

}  // namespace qubes::mgmt
