// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/global_property.h"

#include "model/property_rules.h"

namespace qubes::mgmt {
namespace {

using enum ValueType;

constexpr Property global(std::string_view name, ValueType type, std::string_view help,
                          std::string (*accept)(std::string_view) = nullptr) {
  return {.name = name,
          .type = type,
          .stage = Property::Stage::plain,
          .classes = {},
          .origination = Origination::settable,
          .accept = accept,
          .fallback = nullptr,
          .help = help};
}

constexpr auto kTable = std::to_array<Property>({
    global("check_updates_vm", boolean, "Whether new VMs look for updates."),
    global("clockvm", vm, "The VM from which all take the time; none if empty."),
    global("default_audiovm", vm, "The VM that plays the sound of others; none if empty."),
    global("default_dispvm", vm, "The VM on which disposables are based; none if empty."),
    global("default_guivm", vm, "The VM that shows the windows of others; none if empty."),
    global("default_kernel", text, "The kernel that VMs boot.", accepts::kernel),
    global("default_netvm", vm, "The VM that connects others to the network; none if empty."),
    global("default_pool", text, "The pool for new volumes."),
    global("default_pool_kernel", text, "The pool that holds the kernels."),
    global("default_pool_private", text, "The pool for new private volumes."),
    global("default_pool_root", text, "The pool for new root volumes."),
    global("default_pool_volatile", text, "The pool for new volatile volumes."),
    global("default_qrexec_timeout", number,
           "How long a start waits for a VM's qrexec agent, in seconds.", accepts::positive),
    global("default_shutdown_timeout", number,
           "How long a shutdown waits for a VM to halt, in seconds.", accepts::positive),
    global("default_template", vm, "The template on which new VMs are based; none if empty."),
    global("management_dispvm", vm, "The VM on which disposables that manage others are based."),
    global("stats_interval", number, "How often statistics are sent, in seconds.",
           accepts::positive),
    global("updatevm", vm, "The VM that fetches updates for dom0; none if empty."),
});

}  // namespace

std::span<const Property> global_property_table() { return kTable; }

const Property* find_global_property(std::string_view name) {
  for (const Property& known : kTable)
    if (known.name == name) return &known;
  return nullptr;
}

bool names_pool(const Property& global) { return global.name.starts_with("default_pool"); }

}  // namespace qubes::mgmt
