// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/global_property.h"

#include <array>
#include <vector>

#include "base/fault.h"
#include "base/text.h"
#include "model/property_rules.h"

namespace qubes::mgmt {
namespace {

using enum ValueType;

std::string none(const GlobalFacts& /*facts*/) { return ""; }
std::string yes(const GlobalFacts& /*facts*/) { return "True"; }
std::string dom0(const GlobalFacts& /*facts*/) { return "dom0"; }
std::string a_minute(const GlobalFacts& /*facts*/) { return "60"; }
std::string three_seconds(const GlobalFacts& /*facts*/) { return "3"; }
std::string newest_kernel(const GlobalFacts& facts) { return facts.newest_kernel(); }
std::string usual_pool(const GlobalFacts& facts) { return facts.usual_pool(); }
std::string default_pool(const GlobalFacts& facts) { return facts.value("default_pool"); }
std::string memory(const GlobalFacts& facts) { return std::to_string(facts.host_memory()); }
std::string cpus(const GlobalFacts& facts) { return std::to_string(facts.host_cpus()); }

constexpr bool kSettable = true;
constexpr bool kComputed = false;

constexpr auto kTable = std::to_array<GlobalProperty>({
    {"check_updates_vm", boolean, kSettable, nullptr, yes,
     "Whether VMs that are made from now on look for updates."},
    {"clockvm", vm, kSettable, nullptr, none,
     "The VM from which the others take the time; none if empty. It has the feature "
     "service.clocksync."},
    {"default_audiovm", vm, kSettable, nullptr, dom0,
     "The VM that plays the sound of VMs which have no audiovm set."},
    {"default_dispvm", vm, kSettable, nullptr, none,
     "The VM on which the disposables of VMs are based which have none set; none if empty."},
    {"default_guivm", vm, kSettable, nullptr, dom0,
     "The VM that shows the windows of VMs which have no guivm set."},
    {"default_kernel", text, kSettable, accepts::kernel, newest_kernel,
     "The kernel of VMs that have none set, nor their template; the newest installed one where "
     "none is set here. Empty: they boot what their root volume holds."},
    {"default_netvm", vm, kSettable, nullptr, none,
     "The netvm of VMs that have none set; none if empty. It must provide network."},
    {"default_pool", text, kSettable, nullptr, usual_pool, "The pool in which volumes are made."},
    {"default_pool_kernel", text, kSettable, nullptr, default_pool,
     "The pool that the kernels of VMs are taken from."},
    {"default_pool_private", text, kSettable, nullptr, default_pool,
     "The pool in which private volumes are made."},
    {"default_pool_root", text, kSettable, nullptr, default_pool,
     "The pool in which root volumes are made."},
    {"default_pool_volatile", text, kSettable, nullptr, default_pool,
     "The pool in which volatile volumes are made."},
    {"default_qrexec_timeout", number, kSettable, accepts::positive, a_minute,
     "How long a start waits for the qrexec agent of VMs that have no qrexec_timeout set, in "
     "seconds."},
    {"default_shutdown_timeout", number, kSettable, accepts::positive, a_minute,
     "How long a shutdown waits for VMs that have no shutdown_timeout set, in seconds."},
    {"default_template", vm, kSettable, nullptr, none,
     "The template of new AppVMs for which none is named; none if empty."},
    {"management_dispvm", vm, kSettable, nullptr, none,
     "The VM on which the disposables are based that manage VMs which have none set; none if "
     "empty."},
    {"maxmem", number, kComputed, nullptr, memory, "How much memory this machine has, in MiB."},
    {"no_cpus", number, kComputed, nullptr, cpus, "How many CPUs this machine has."},
    {"stats_interval", number, kSettable, accepts::positive, three_seconds,
     "How long it is between two reports on what VMs use, in seconds."},
    {"updatevm", vm, kSettable, nullptr, none,
     "The VM through which dom0 downloads its updates; none if empty."},
});

}  // namespace

std::span<const GlobalProperty> global_properties() { return kTable; }

const GlobalProperty& find_global_property(std::string_view name) {
  std::vector<std::string> known;
  for (const GlobalProperty& property : kTable) {
    if (property.name == name) return property;
    known.emplace_back(property.name);
  }
  throw Fault{FaultKind::no_such_property,
              concat("there is no global property '", printable(name), "'", suggestion(name, known),
                     "; mgmt.property.List prints those there are")};
}

std::string accepted_value(const GlobalProperty& property, std::string_view untrusted) {
  std::string value = decoded(property.name, property.type, untrusted);
  return property.accept == nullptr ? value : property.accept(value);
}

}  // namespace qubes::mgmt
