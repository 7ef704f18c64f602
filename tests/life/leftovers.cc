// SPDX-License-Identifier: GPL-2.0-or-later
#include "leftovers.h"

#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "program.h"
#include "store/sqlite.h"

namespace qubes::mgmt::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDom0Uuid = "00000000-0000-0000-0000-000000000000";

void add_domains(std::vector<std::string>& found, const Domains& domains) {
  for (const Domain& domain : domains.list())
    if (domain.id != 0) found.push_back(concat("domain ", domain.id, " ", domain.uuid.text()));
}

bool is_below(std::string_view key, std::string_view folder, std::string_view own) {
  if (!key.starts_with(folder)) return false;
  const std::string_view rest = key.substr(folder.size());
  const std::string_view first = rest.substr(0, rest.find_first_of("/ "));
  return !first.empty() && first != own;
}

void add_keys(std::vector<std::string>& found) {
  for (const std::string& key : split(run({"/usr/bin/xenstore-ls", "-f"}), '\n'))
    if (is_below(key, "/local/domain/", "0") || is_below(key, "/libxl/", "0") ||
        is_below(key, "/vm/", kDom0Uuid) || is_below(key, "/local/domain/0/backend/", "") ||
        is_below(key, "/local/domain/0/device-model/", "0"))
      if (!key.starts_with("/local/domain/0/backend/vbd = ")) found.push_back("key " + key);
}

void add_loop_devices(std::vector<std::string>& found) {
  for (const std::string& line : split(run({"/usr/sbin/losetup", "--all"}), '\n'))
    if (!line.empty()) found.push_back("loop " + line);
}

void add_files(std::vector<std::string>& found, const fs::path& folder, std::string_view start) {
  std::error_code none;
  for (const auto& entry : fs::recursive_directory_iterator{folder, none})
    if (const std::string name = entry.path().filename();
        name.starts_with(start) && name.find(kDom0Uuid) == name.npos)
      found.push_back("file " + entry.path().string());
}

void add_processes(std::vector<std::string>& found) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator{"/proc", none}) {
    const auto name = read_file(entry.path() / "comm");
    if (name && (name->starts_with("mgmt.") || name->starts_with("qubes-mgmt")))
      found.push_back(concat("process ", entry.path().filename().string(), " ", *name));
  }
}

void add_rows(std::vector<std::string>& found) {
  const sqlite::Database store{"/var/lib/qubes-mgmt/store.db", sqlite::Database::Mode::read_write};
  auto rows = store.query(
      "SELECT 'running ' || vm FROM running UNION ALL "
      "SELECT 'intent ' || kind || ' ' || name FROM intent UNION ALL "
      "SELECT 'intent_volume ' || vid FROM intent_volume");
  while (rows.next()) found.push_back(rows.text(0));
}

}  // namespace

std::vector<std::string> held_by_running(const Domains& domains) {
  std::vector<std::string> found;
  add_domains(found, domains);
  add_keys(found);
  add_loop_devices(found);
  add_files(found, "/var/lib/xen", "userdata");
  add_processes(found);
  add_rows(found);
  return found;
}

std::vector<std::string> image_files() {
  std::vector<std::string> found;
  add_files(found, "/var/lib/qubes/appvms", "");
  add_files(found, "/var/lib/qubes/vm-templates", "");
  return found;
}

}  // namespace qubes::mgmt::test
