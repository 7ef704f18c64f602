// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/overview.h"

namespace qubes::mgmt {

Overview read_overview(const sqlite::Database& store) {
  Overview overview;
  auto rows = store.query(
      "SELECT 'property' AS kind, vm AS id, name, value FROM vm_property "
      "UNION ALL SELECT 'property', used.vm, used.name, coalesce(vm.name, '') "
      "FROM vm_reference AS used LEFT JOIN vm ON vm.qid = used.target "
      "UNION ALL SELECT 'property', based.qid, 'template', vm.name "
      "FROM vm AS based JOIN vm ON vm.qid = based.template "
      "UNION ALL SELECT 'tag', vm, tag, '' FROM vm_tag "
      "UNION ALL SELECT 'internal', vm, name, value FROM vm_feature WHERE name = 'internal' "
      "UNION ALL SELECT 'label', id, name, color FROM label "
      "UNION ALL SELECT 'global', 0, name, value FROM global_property "
      "UNION ALL SELECT 'global', 0, used.name, coalesce(vm.name, '') "
      "FROM global_reference AS used LEFT JOIN vm ON vm.qid = used.target "
      "ORDER BY kind, id, name");
  while (rows.next()) {
    const std::string kind = rows.text(0);
    const std::int64_t id = rows.number(1);
    std::string name = rows.text(2);
    std::string value = rows.text(3);
    if (kind == "property")
      overview.vms[id].properties.emplace(std::move(name), std::move(value));
    else if (kind == "tag")
      overview.vms[id].tags.push_back(std::move(name));
    else if (kind == "internal")
      overview.vms[id].internal = std::move(value);
    else if (kind == "label")
      overview.labels.emplace(id, Label{id, std::move(name), std::move(value)});
    else
      overview.globals.emplace(std::move(name), std::move(value));
  }
  return overview;
}

}  // namespace qubes::mgmt
