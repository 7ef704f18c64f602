// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/system_info.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace qubes::mgmt {
namespace {

using Json = nlohmann::json;

Json name_or_null(const std::string& name) { return name.empty() ? Json(nullptr) : Json(name); }

Json entry_json(const SystemEntry& entry) {
  const auto& [vm, state] = entry.vm;
  return {{"internal", entry.internal ? Json(*entry.internal) : Json(nullptr)},
          {"tags", entry.tags},
          {"type", text(vm.vm_class)},
          {"template_for_dispvms", entry.template_for_dispvms},
          {"default_dispvm", name_or_null(entry.default_dispvm)},
          {"icon", concat("appvm-", entry.label.name)},
          {"label", entry.label.color},
          {"guivm", name_or_null(entry.guivm)},
          {"relayvm", nullptr},
          {"transport_rpc", nullptr},
          {"power_state", text(state)},
          {"uuid", vm.uuid.text()}};
}

}  // namespace

std::string system_info_json(const std::vector<SystemEntry>& entries) {
  Json domains = Json::object();
  for (const SystemEntry& entry : entries) domains[entry.vm.vm.name] = entry_json(entry);
  // A feature is any bytes; the policy daemon reads UTF-8.
  return Json{{"domains", std::move(domains)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace qubes::mgmt
