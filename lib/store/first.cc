// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/first.h"

#include <array>
#include <string_view>

#include "model/uuid.h"

namespace qubes::mgmt {
namespace {

struct FirstLabel {
  int id;
  std::string_view name;
  std::string_view color;
};

constexpr std::array<FirstLabel, 8> kLabels{{{1, "red", "0xcc0000"},
                                             {2, "orange", "0xf57900"},
                                             {3, "yellow", "0xedd400"},
                                             {4, "green", "0x73d216"},
                                             {5, "gray", "0x555555"},
                                             {6, "blue", "0x3465a4"},
                                             {7, "purple", "0x75507b"},
                                             {8, "black", "0x000000"}}};
constexpr int kBlack = 8;

void add_pool(const sqlite::Database& store, std::string_view name, std::string_view driver,
              std::string_view folder) {
  store.execute("INSERT INTO pool (name, driver) VALUES (?, ?)", name, driver);
  store.execute("INSERT INTO pool_option (pool, name, value) VALUES (?, 'dir_path', ?)",
                store.last_insert_id(), folder);
}

}  // namespace

void fill_first_store(const sqlite::Database& store, std::string_view driver) {
  for (const FirstLabel& label : kLabels)
    store.execute("INSERT INTO label (id, name, color) VALUES (?, ?, ?)", label.id, label.name,
                  label.color);
  add_pool(store, "varlibqubes", driver, "/var/lib/qubes");
  add_pool(store, "linux-kernel", "linux-kernel", "/var/lib/qubes/vm-kernels");
  store.execute("INSERT INTO global_property (name, value) VALUES ('default_pool_kernel', ?)",
                std::string_view{"linux-kernel"});
  store.execute(
      "INSERT INTO vm (qid, uuid, name, class, label, template) "
      "VALUES (0, ?, 'dom0', 'AdminVM', ?, NULL)",
      Uuid{}.text(), kBlack);
}

}  // namespace qubes::mgmt
