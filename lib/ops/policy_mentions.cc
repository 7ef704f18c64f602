// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/policy_mentions.h"

#include <algorithm>
#include <filesystem>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 16UL << 20U;

bool is_of_word(char c) { return consists_of({&c, 1}, "_.-"); }

// The name as a word of its own, or at the end of a tag that names a VM.
bool names_vm(std::string_view line, std::string_view vm) {
  for (auto at = line.find(vm); at != line.npos; at = line.find(vm, at + 1)) {
    const auto end = at + vm.size();
    if (end < line.size() && is_of_word(line[end])) continue;
    const std::string_view before = line.substr(0, at);
    if (at == 0 || !is_of_word(before.back())) return true;
    for (const std::string_view prefix : {"created-by-", "managed-by-", "guivm-", "audiovm-"})
      if (before.ends_with(prefix)) return true;
  }
  return false;
}

void search_file(const fs::path& file, const std::string& shown, const std::string& vm,
                 std::vector<std::string>& found) {
  std::optional<std::string> text;
  try {
    text = read_file(file, kLargestFile);
  } catch (const Fault& fault) {
    found.push_back(concat("policy file ", shown, " could not be read and may name '", vm,
                           "': ", fault.what()));
  }
  if (!text) return;
  int number = 0;
  for (const std::string& line : split(*text, '\n')) {
    ++number;
    const std::string_view rule = std::string_view{line}.substr(0, line.find('#'));
    if (names_vm(rule, vm))
      found.push_back(concat("policy file ", shown, " still names '", vm, "', line ", number));
  }
}

}  // namespace

std::vector<std::string> policy_mentions(const Context& context, const std::string& vm) {
  std::vector<std::string> found;
  for (const std::string folder :
       {"/etc/qubes/policy.d", "/etc/qubes/policy.d/include", "/run/qubes/policy.d"}) {
    std::vector<fs::path> files;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator{context.root.at(folder), none})
      if (entry.is_regular_file(none)) files.push_back(entry.path());
    std::ranges::sort(files);
    for (const fs::path& file : files)
      search_file(file, concat(folder, "/", file.filename().string()), vm, found);
  }
  return found;
}

}  // namespace qubes::mgmt
