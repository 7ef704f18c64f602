// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/device_assignments.h"

#include <algorithm>
#include <set>

#include "base/fault.h"
#include "base/text.h"
#include "model/device_options.h"
#include "ops/facts.h"
#include "ops/properties.h"
#include "ops/vms.h"
#include "store/devices.h"

namespace qubes::mgmt {
namespace {

constexpr std::string_view kDenied = "devices_denied";
constexpr std::size_t kCodeSize = kUnknownInterface.size();

DeviceMode mode_in(const DevicePayload& payload) {
  const auto mode = payload.said("mode");
  const auto known = device_mode_of(mode.value_or(""));
  if (known) return *known;
  throw Fault{FaultKind::malformed,
              concat(mode ? concat("mode cannot be '", printable(*mode), "'")
                          : std::string{"a mode is expected"},
                     ": mode=required, auto-attach or ask-to-attach are accepted")};
}

std::string event_name(std::string_view event, DeviceClass device_class) {
  return concat(event, ":", text(device_class));
}

std::vector<std::string> codes_in(std::string_view denied) {
  std::vector<std::string> codes;
  for (; denied.size() >= kCodeSize; denied.remove_prefix(kCodeSize))
    codes.emplace_back(denied.substr(0, kCodeSize));
  return codes;
}

void put_denied(Context& context, const Vm& vm, const std::vector<std::string>& before,
                const std::set<std::string>& after) {
  if (after.size() == before.size()) return;
  std::string all;
  for (const std::string& code : after) all += code;
  put_property(context, vm, kDenied, all);
}

// Which row it is, whatever marks its name could not carry.
std::optional<StoredDevice> find_assignment(const Context& context, const Vm& vm,
                                            DeviceClass device_class,
                                            const DeviceReference& device) {
  for (StoredDevice& stored : DeviceTable{context.store}.rows_of_vm(vm.qid)) {
    const DeviceAssignment& known = stored.device;
    if (known.device_class == text(device_class) && known.backend == device.backend &&
        known.port == device.port && is_same_identity(known.identity, device.identity))
      return std::move(stored);
  }
  return std::nullopt;
}

}  // namespace

std::string options_text(const DeviceOptions& options) {
  std::string out;
  for (const auto& [name, value] : options) {
    const char quote = value.find('\'') == value.npos ? '\'' : '"';
    const std::string_view mark{&quote, 1};
    out += concat(out.empty() ? "" : ", ", "'", name, "': ", mark, value, mark);
  }
  return concat("{", out, "}");
}

void assign_device(Context& context, DeviceClass device_class, const VmReference& reference,
                   const DeviceReference& named, const DevicePayload& payload) {
  const Vm vm = find_vm(context, reference);
  find_vm(context, VmName::parse(named.backend));
  const DeviceReference device = agreed_device(named, device_class, vm.name, payload);
  const DeviceMode mode = mode_in(payload);
  check_options(device_class, payload.options());
  if (find_assignment(context, vm, device_class, device))
    throw Fault{FaultKind::device_assigned,
                concat("device '", device.text(), "' is assigned to '", vm.name, "' already")};
  const std::string options = options_text(payload.options());
  const std::string called = device.text();
  Change& change = context.change();
  const Change::Keys keys{{"device", called}, {"options", options}};
  change.event(vm.name, event_name("device-pre-assign", device_class), keys);
  DeviceTable{context.store}.add(vm.qid, {.device_class = std::string{text(device_class)},
                                          .backend = device.backend,
                                          .port = device.port,
                                          .identity = device.identity,
                                          .mode = mode,
                                          .options = payload.options()});
  change.event(vm.name, event_name("device-assign", device_class), keys);
}

void unassign_device(Context& context, DeviceClass device_class, const VmReference& reference,
                     const DeviceReference& device) {
  const Vm vm = find_vm(context, reference);
  const auto found = find_assignment(context, vm, device_class, device);
  if (!found)
    throw Fault{FaultKind::device_not_assigned,
                concat("device '", device.text(), "' is not assigned to '", vm.name,
                       "'; mgmt.vm.device.", text(device_class), ".Assigned lists those that are")};
  DeviceTable{context.store}.remove(found->id);
  context.change().event(vm.name, event_name("device-unassign", device_class),
                         {{"device", device.text()}});
}

void change_assignment(Context& context, DeviceClass device_class, const VmReference& reference,
                       const DeviceReference& device, AssignmentMode mode) {
  const Vm vm = find_vm(context, reference);
  const auto found = find_assignment(context, vm, device_class, device);
  if (!found)
    throw Fault{FaultKind::bad_value,
                concat("device '", device.text(), "' is not assigned to '", vm.name,
                       "'; mgmt.vm.device.", text(device_class), ".Assigned lists those that are")};
  if (found->device.mode == mode.mode) return;
  const std::string options = options_text(found->device.options);
  context.change().event(vm.name, event_name("device-pre-assign", device_class),
                         {{"device", device.text()}, {"options", options}});
  DeviceTable{context.store}.set_mode(found->id, mode.mode);
  context.change().event(vm.name, event_name("device-assignment-changed", device_class),
                         {{"device", device.text()}});
}

std::vector<std::string> denied_interfaces(const Context& context, const VmReference& reference) {
  const Vm vm = find_vm(context, reference);
  return codes_in(StoreFacts{context, vm}.value(kDenied));
}

void deny_interfaces(Context& context, const VmReference& reference, const InterfaceCodes& codes) {
  const Vm vm = find_vm(context, reference);
  const auto before = codes_in(StoreFacts{context, vm}.value(kDenied));
  std::set<std::string> after{before.begin(), before.end()};
  after.insert(codes.codes().begin(), codes.codes().end());
  put_denied(context, vm, before, after);
}

void allow_interfaces(Context& context, const VmReference& reference,
                      const InterfaceCodesOrAll& codes) {
  const Vm vm = find_vm(context, reference);
  const auto before = codes_in(StoreFacts{context, vm}.value(kDenied));
  std::set<std::string> after{before.begin(), before.end()};
  if (codes.is_all) after.clear();
  for (const std::string& code : codes.some.codes()) after.erase(code);
  put_denied(context, vm, before, after);
}

}  // namespace qubes::mgmt
