// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/devices.h"

namespace qubes::mgmt {

std::vector<DeviceAssignment> DeviceTable::of_vm(Qid vm) const {
  std::vector<DeviceAssignment> devices;
  for (StoredDevice& stored : rows_of_vm(vm)) devices.push_back(std::move(stored.device));
  return devices;
}

std::vector<StoredDevice> DeviceTable::rows_of_vm(Qid vm) const {
  std::vector<StoredDevice> devices;
  auto rows = store_.query(
      "SELECT vm_device.id, vm_device.class, coalesce(vm.name, backend_name), port, identity, mode "
      "FROM vm_device LEFT JOIN vm ON vm.qid = backend WHERE vm_device.vm = ? "
      "ORDER BY vm_device.id",
      vm);
  while (rows.next()) {
    DeviceAssignment device{.device_class = rows.text(1),
                            .backend = rows.text(2),
                            .port = rows.text(3),
                            .identity = rows.text(4),
                            .mode = device_mode_of(rows.text(5)).value(),
                            .options = {}};
    auto options =
        store_.query("SELECT name, value FROM vm_device_option WHERE device = ?", rows.number(0));
    while (options.next()) device.options.emplace(options.text(0), options.text(1));
    devices.push_back({rows.number(0), std::move(device)});
  }
  return devices;
}

void DeviceTable::remove(std::int64_t id) const {
  store_.execute("DELETE FROM vm_device_option WHERE device = ?", id);
  store_.execute("DELETE FROM vm_device WHERE id = ?", id);
}

void DeviceTable::set_mode(std::int64_t id, DeviceMode mode) const {
  store_.execute("UPDATE vm_device SET mode = ? WHERE id = ?", text(mode), id);
}

void DeviceTable::add(Qid vm, const DeviceAssignment& device) const {
  store_.execute(
      "INSERT INTO vm_device (vm, class, backend, backend_name, port, identity, mode) "
      "SELECT ?1, ?2, known.qid, CASE WHEN known.qid IS NULL THEN ?3 END, ?4, ?5, ?6 "
      "FROM (SELECT (SELECT qid FROM vm WHERE name = ?3) AS qid) AS known",
      vm, device.device_class, device.backend, device.port, device.identity, text(device.mode));
  const std::int64_t id = store_.last_insert_id();
  for (const auto& [name, value] : device.options)
    store_.execute("INSERT INTO vm_device_option (device, name, value) VALUES (?, ?, ?)", id, name,
                   value);
}

}  // namespace qubes::mgmt
