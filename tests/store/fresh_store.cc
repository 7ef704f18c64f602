// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/fresh_store.h"

namespace qubes::mgmt::test {
namespace {

std::string no_pool(const Root& /*root*/) { return "file"; }

}  // namespace

FreshStore::FreshStore()
    : root{scratch.path()}, store{open_store(root, StoreAccess::write, no_pool)} {}

sqlite::Database FreshStore::open(StoreAccess access) const {
  return open_store(root, access, no_pool);
}

void FreshStore::change(std::string_view sql) const {
  Change change{store, {"dom0", "mgmt.Test", "dom0", ""}};
  store.run_script(sql);
  change.commit();
}

std::vector<std::string> FreshStore::query(std::string_view sql) const {
  std::vector<std::string> values;
  auto rows = store.query(sql);
  while (rows.next()) values.push_back(rows.text(0));
  return values;
}

std::string add_vm(int qid, const std::string& name) {
  const std::string number = std::to_string(10'000 + qid);
  return "INSERT INTO vm (qid, uuid, name, class, label, template) VALUES (" + std::to_string(qid) +
         ", '00000000-0000-0000-0000-0000000" + number + "', '" + name +
         "', 'StandaloneVM', 1, NULL);";
}

}  // namespace qubes::mgmt::test
