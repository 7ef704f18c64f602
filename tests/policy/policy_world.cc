// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy_world.h"

#include <algorithm>
#include <fstream>

#include "base/text.h"

namespace qubes::mgmt::test {

namespace fs = std::filesystem;

namespace {

Uuid uuid_of(std::uint8_t number) {
  std::array<std::uint8_t, 16> bytes{};
  bytes.back() = number;
  bytes.front() = 0xab;
  return Uuid{bytes};
}

}  // namespace

FalseSystem::FalseSystem()
    : vms{{"dom0", {}, VmClass::AdminVM, {"boss"}, false, {}},
          {"work", uuid_of(1), VmClass::AppVM, {"red", "office"}, false, "dvm"},
          {"mail", uuid_of(2), VmClass::AppVM, {"office"}, false, "dvm-two"},
          {"vault", uuid_of(3), VmClass::AppVM, {"red"}, false, {}},
          {"dvm", uuid_of(4), VmClass::AppVM, {"red", "throwaway"}, true, {}},
          {"dvm-two", uuid_of(5), VmClass::AppVM, {"office"}, true, {}},
          {"debian", uuid_of(6), VmClass::TemplateVM, {}, false, {}},
          {"sys", uuid_of(7), VmClass::StandaloneVM, {"net"}, false, {}}} {}

const PolicyVm* FalseSystem::find(std::string_view name) const {
  const auto found = std::ranges::find(vms, name, &PolicyVm::name);
  return found == vms.end() ? nullptr : &*found;
}

const PolicyVm* FalseSystem::find(const Uuid& uuid) const {
  const auto found = std::ranges::find(vms, uuid, &PolicyVm::uuid);
  return found == vms.end() ? nullptr : &*found;
}

PolicyWorld::PolicyWorld() {
  fs::create_directories(at("/run/qubes/policy.d"));
  fs::create_directories(at("/etc/qubes/policy.d/include"));
}

fs::path PolicyWorld::at(const fs::path& file) const {
  return root.at(fs::path{"/etc/qubes/policy.d"} / file);
}

void PolicyWorld::write(const fs::path& file, std::string_view text) const {
  fs::create_directories(at(file).parent_path());
  std::ofstream{at(file), std::ios::binary} << text;
}

std::string PolicyWorld::problem(std::string_view text) const {
  write("30-test.policy", text);
  return read().problem();
}

Resolution PolicyWorld::resolve(std::string_view text, std::string_view source,
                                std::string_view target) const {
  write("30-test.policy", text);
  const Policy policy = read();
  return PolicyView{policy, system, source, "test.Service", "arg"}.resolve(target);
}

std::string summary(const Resolution& resolution) {
  std::string line = fs::path{resolution.place}.filename();
  if (!line.empty()) line += ' ';
  if (resolution.action == PolicyAction::deny) return line + "deny";
  if (resolution.action == PolicyAction::allow) return concat(line, "allow ", resolution.target);
  line += concat("ask ", join(resolution.targets, " "));
  if (!resolution.default_target.empty()) line += concat(" (", resolution.default_target, ")");
  return line;
}

}  // namespace qubes::mgmt::test
