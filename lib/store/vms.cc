// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/vms.h"

#include "base/fault.h"

namespace qubes::mgmt {
namespace {

Uuid uuid_of(const std::string& text) try { return Uuid::parse(text); } catch (const Fault&) {
  throw sqlite::damaged_store();
}

Vm row(const sqlite::Rows& rows) {
  const auto vm_class = vm_class_of(rows.text(3));
  if (!vm_class) throw sqlite::damaged_store();
  return {.qid = rows.number(0),
          .uuid = uuid_of(rows.text(1)),
          .name = rows.text(2),
          .vm_class = *vm_class,
          .label = rows.number(4),
          .template_qid = rows.optional_number(5)};
}

std::optional<Vm> first(sqlite::Rows rows) {
  if (!rows.next()) return std::nullopt;
  return row(rows);
}

std::vector<Vm> every(sqlite::Rows rows) {
  std::vector<Vm> vms;
  while (rows.next()) vms.push_back(row(rows));
  return vms;
}

}  // namespace

std::optional<Vm> VmTable::find(const VmReference& reference) const {
  if (const auto* name = std::get_if<VmName>(&reference.value)) return find(*name);
  return first(store_.query("SELECT qid, uuid, name, class, label, template FROM vm WHERE uuid = ?",
                            std::get<Uuid>(reference.value).text()));
}

std::optional<Vm> VmTable::find(const VmName& name) const {
  return first(store_.query("SELECT qid, uuid, name, class, label, template FROM vm WHERE name = ?",
                            name.text()));
}

Vm VmTable::get(Qid qid) const {
  auto vm = first(
      store_.query("SELECT qid, uuid, name, class, label, template FROM vm WHERE qid = ?", qid));
  if (!vm) throw sqlite::damaged_store();
  return *vm;
}

std::vector<Vm> VmTable::all() const {
  return every(store_.query(
      "SELECT qid, uuid, name, class, label, template FROM vm ORDER BY qid <> 0, name"));
}

std::vector<std::string> VmTable::names() const {
  std::vector<std::string> names;
  auto rows = store_.query("SELECT name FROM vm ORDER BY name");
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

std::vector<Vm> VmTable::based_on(Qid qid) const {
  return every(store_.query(
      "SELECT qid, uuid, name, class, label, template FROM vm WHERE template = ? ORDER BY name",
      qid));
}

Qid VmTable::smallest_free_qid() const {
  auto rows = store_.query(
      "SELECT qid + 1 FROM vm AS used "
      "WHERE NOT EXISTS (SELECT 1 FROM vm WHERE vm.qid = used.qid + 1) ORDER BY qid LIMIT 1");
  rows.next();
  if (rows.number(0) > kLargestQid)
    throw Fault{FaultKind::failed, "there are 9999 VMs already, which is the limit: remove one"};
  return rows.number(0);
}

void VmTable::add(const Vm& vm) const {
  store_.execute(
      "INSERT INTO vm (qid, uuid, name, class, label, template) VALUES (?, ?, ?, ?, ?, ?)", vm.qid,
      vm.uuid.text(), vm.name, text(vm.vm_class), vm.label, vm.template_qid);
}

void VmTable::remove(Qid qid) const {
  store_.execute("DELETE FROM volume_snapshot WHERE volume IN (SELECT id FROM volume WHERE vm = ?)",
                 qid);
  store_.execute("DELETE FROM volume WHERE vm = ?", qid);
  store_.execute("DELETE FROM vm_note WHERE vm = ?", qid);

  store_.execute("DELETE FROM firewall_rule WHERE vm = ?", qid);
  store_.execute("DELETE FROM firewall WHERE vm = ?", qid);
  store_.execute(
      "DELETE FROM vm_device_option WHERE device IN (SELECT id FROM vm_device WHERE vm = ?)", qid);
  store_.execute("DELETE FROM vm_device WHERE vm = ?", qid);
  store_.execute("DELETE FROM vm_tag WHERE vm = ?", qid);
  store_.execute("DELETE FROM vm_feature WHERE vm = ?", qid);
  store_.execute("DELETE FROM vm_reference WHERE vm = ?", qid);
  store_.execute("DELETE FROM vm_property WHERE vm = ?", qid);
  store_.execute("DELETE FROM vm WHERE qid = ?", qid);
}

void VmTable::set_name(Qid qid, const VmName& name) const {
  store_.execute("UPDATE vm SET name = ? WHERE qid = ?", name.text(), qid);
}

void VmTable::set_label(Qid qid, std::int64_t label) const {
  store_.execute("UPDATE vm SET label = ? WHERE qid = ?", label, qid);
}

void VmTable::set_template(Qid qid, Qid template_qid) const {
  store_.execute("UPDATE vm SET template = ? WHERE qid = ?", template_qid, qid);
}

}  // namespace qubes::mgmt
