// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/uuid.h"

namespace qubes::mgmt {

/// What kind of VM it is; decides whether it has a template and which volumes it keeps.
/// A RemoteVM stands for a VM of another host: it has neither volumes nor a domain.
enum class VmClass { AdminVM, AppVM, DispVM, RemoteVM, StandaloneVM, TemplateVM };

/// By name, as they are listed.
constexpr std::array kVmClasses{VmClass::AdminVM,  VmClass::AppVM,        VmClass::DispVM,
                                VmClass::RemoteVM, VmClass::StandaloneVM, VmClass::TemplateVM};

constexpr std::string_view text(VmClass vm_class) {
  constexpr std::array<std::string_view, kVmClasses.size()> names{
      "AdminVM", "AppVM", "DispVM", "RemoteVM", "StandaloneVM", "TemplateVM"};
  return names.at(static_cast<std::size_t>(vm_class));
}

constexpr std::optional<VmClass> vm_class_of(std::string_view name) {
  for (const VmClass vm_class : kVmClasses)
    if (text(vm_class) == name) return vm_class;
  return std::nullopt;
}

constexpr bool is_based_on_template(VmClass vm_class) {
  return vm_class == VmClass::AppVM || vm_class == VmClass::DispVM;
}

/// A VM's immutable number: dom0's is 0, others have 1 to 9999. Its address follows from it.
using Qid = std::int64_t;

constexpr Qid kDom0 = 0;
constexpr Qid kLargestQid = 9999;

/// A configured machine. Its properties are elsewhere; these few make it what it is.
struct Vm {
  Qid qid;
  Uuid uuid;
  std::string name;
  VmClass vm_class;
  std::int64_t label;
  std::optional<Qid> template_qid;
};

/// What a VM does, in the API's words. Never stored: Xen is asked.
enum class VmState { Halted, Transient, Running, Paused, Suspended, Halting, Dying, Crashed, NA };

constexpr std::string_view text(VmState state) {
  constexpr std::array<std::string_view, 9> names{
      "Halted", "Transient", "Running", "Paused", "Suspended", "Halting", "Dying", "Crashed", "NA"};
  return names.at(static_cast<std::size_t>(state));
}

}  // namespace qubes::mgmt
