// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/world.h"

#include <algorithm>
#include <random>

#include "store/sqlite.h"

namespace qubes::mgmt::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> column(const sqlite::Database& store, std::string_view sql) {
  std::vector<std::string> values;
  auto rows = store.query(sql);
  while (rows.next()) values.push_back(rows.text(0));
  return values;
}

// All columns of a table as one text a row.
std::string row_text(const sqlite::Database& store, const std::string& table) {
  std::string text = "''";
  auto rows = store.query("SELECT name FROM pragma_table_info(?)", table);
  while (rows.next()) text += "||' '||quote(" + rows.text(0) + ")";
  return text;
}

std::string event_text(const sqlite::Rows& row) {
  std::string keys = row.text(2);
  for (bool is_key = true; char& letter : keys) {
    if (letter != '\0') continue;
    letter = is_key ? '=' : ' ';
    is_key = !is_key;
  }
  if (!keys.empty()) keys.pop_back();
  return (row.text(0).empty() ? "-" : row.text(0)) + " " + row.text(1) +
         (keys.empty() ? "" : " " + keys);
}

}  // namespace

fs::path tools_folder() { return QUBES_TEST_TOOLS; }

Program World::shell_program(std::vector<std::string> words, std::string input) const {
  words.front() = tools_folder() / words.front();
  return {.words = std::move(words),
          .input = std::move(input),
          .environment = {{"QUBES_MGMT_ROOT", root.path()}}};
}

Program World::qrexec_program(const Qrexec& call) const {
  const bool is_dom0 = call.target == "dom0";
  return {.words = {tools_folder() / call.method, call.argument},
          .input = call.payload,
          .environment = {{"QUBES_MGMT_ROOT", root.path()},
                          {"QREXEC_REMOTE_DOMAIN", call.source},
                          {"QREXEC_SERVICE_FULL_NAME", call.method + "+" + call.argument},
                          {"QREXEC_SERVICE_ARGUMENT", call.argument},
                          {"QREXEC_REQUESTED_TARGET_TYPE", is_dom0 ? "keyword" : "name"},
                          {is_dom0 ? "QREXEC_REQUESTED_TARGET_KEYWORD" : "QREXEC_REQUESTED_TARGET",
                           is_dom0 ? "adminvm" : call.target}}};
}

Result World::shell(std::vector<std::string> words, std::string input) const {
  return run(shell_program(std::move(words), std::move(input)));
}

Result World::call(const Qrexec& call) const { return run(qrexec_program(call)); }

std::vector<std::string> World::query(std::string_view sql) const {
  return column({store(), sqlite::Database::Mode::read_write}, sql);
}

void World::execute(std::string_view sql) const {
  sqlite::Database{store(), sqlite::Database::Mode::read_write}.run_script(sql);
}

std::vector<std::string> World::events() const {
  const sqlite::Database opened{store(), sqlite::Database::Mode::read_write};
  std::vector<std::string> events;
  auto rows = opened.query("SELECT subject, name, keys FROM event ORDER BY seq");
  while (rows.next()) events.push_back(event_text(rows));
  return events;
}

std::vector<std::string> World::files() const {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator{root.path()}) {
    const std::string path = "/" + fs::relative(entry.path(), root.path()).string();
    if (path.starts_with("/run/") || path.starts_with("/var/lib/qubes-mgmt/store.db")) continue;
    if (!entry.is_directory()) found.push_back(path);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string World::state() const {
  std::string text;
  for (const std::string& file : files())
    text += file + " " + std::to_string(fs::file_size(root.at(file))) + "\n";
  if (!fs::exists(store())) return text + "no store\n";
  const sqlite::Database opened{store(), sqlite::Database::Mode::read_write};
  for (const std::string& table :
       column(opened, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"))
    for (const std::string& row :
         column(opened, "SELECT " + row_text(opened, table) + " FROM " + table + " ORDER BY 1"))
      text += table + row + "\n";
  return text;
}

TwoVms::TwoVms(const fs::path& parent) : World{parent} {
  check_done(shell({"mgmt.vm.CreateTemplate", "deb"}, some_image(4096)));
  check_done(shell({"mgmt.vm.Create.AppVM", "deb", "name=work", "label=red"}));
}

void check_done(const Result& result, std::string_view answer) {
  CHECK(result.err == "");
  CHECK(result.out == answer);
  CHECK(result.status == 0);
}

bool is_one_line(std::string_view text) {
  return text.size() > 1 && text.back() == '\n' &&
         std::ranges::all_of(text.substr(0, text.size() - 1),
                             [](char c) { return c >= ' ' && c <= '~'; });
}

void check_refused(const Result& result, int status, std::string_view head, std::string_view says) {
  INFO(result.err);
  CHECK(result.status == status);
  CHECK(result.out == "");
  CHECK(is_one_line(result.err));
  CHECK(result.err.substr(0, head.size() + 2) == std::string{head} + ": ");
  CHECK(result.err.find(says) != std::string::npos);
}

std::string shipped_fault(std::string_view type, std::string_view text) {
  using namespace std::string_literals;
  return "2\0"s + std::string{type} + "\0\0%s\0"s + std::string{text} + "\0"s;
}

std::string some_image(std::size_t size) {
  std::mt19937 generator{1};  // NOLINT: the same bytes each time
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(generator());
  return bytes;
}

}  // namespace qubes::mgmt::test
