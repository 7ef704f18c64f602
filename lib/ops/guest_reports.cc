// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/guest_reports.h"

#include <array>
#include <ctime>
#include <utility>

#include "base/fault.h"
#include "base/text.h"
#include "guest/reports.h"
#include "ops/features.h"
#include "ops/properties.h"
#include "ops/vms.h"
#include "store/marks.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

/// What a VM may say of itself in a feature.
enum class Accepts {
  bit_once,  ///< 0 or 1, unless somebody has set it already
  bit,       ///< 0 or 1
  os,        ///< Linux or Windows
  text,      ///< anything that is not empty
};

struct Known {
  std::string_view name;
  Accepts accepts;
};

constexpr std::array kKnown{
    Known{"qrexec", Accepts::bit_once},
    Known{"gui", Accepts::bit_once},
    Known{"gui-emulated", Accepts::bit_once},
    Known{"qubes-firewall", Accepts::bit},
    Known{"vmexec", Accepts::bit},
    Known{"os", Accepts::os},
    Known{"os-distribution", Accepts::text},
    Known{"os-distribution-like", Accepts::text},
    Known{"os-version", Accepts::text},
    Known{"os-eol", Accepts::text},
    Known{"qubes-agent-version", Accepts::text},
};

// Of these a VM says at once all that it has: what it no longer names is gone.
constexpr std::array<std::string_view, 3> kAnnounced{"supported-feature.", "supported-service.",
                                                     "supported-rpc."};

// What Windows with Qubes' tools needs, where nothing else was chosen.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kForWindows{
    {{"rpc-clipboard", "1"},
     {"stubdom-qrexec", "1"},
     {"audio-model", "ich6"},
     {"timezone", "localtime"},
     {"no-monitor-layout", "1"}}};

/// The features of one VM; what is set already is not set again.
class Features {
 public:
  Features(Context& context, Vm vm) : context_{context}, vm_{std::move(vm)} {}

  std::optional<std::string> value(std::string_view name) const {
    return FeatureTable{context_.store}.value(vm_.qid, name);
  }

  std::vector<std::string> names() const { return FeatureTable{context_.store}.names(vm_.qid); }

  void set(std::string_view name, std::string_view value) const {
    if (this->value(name) != value) put_feature(context_, vm_, name, value);
  }

  void remove(std::string_view name) const { drop_feature(context_, vm_, name); }

 private:
  Context& context_;
  Vm vm_;
};

void take_known(const Features& features, const Known& known, const std::string& said) {
  const bool is_bit = said == "0" || said == "1";
  switch (known.accepts) {
    case Accepts::bit_once:
      if (features.value(known.name)) return;
      [[fallthrough]];
    case Accepts::bit:
      // As a feature, "0" would be true.
      if (is_bit) features.set(known.name, said == "1" ? "1" : "");
      return;
    case Accepts::os:
      if (said == "Linux" || said == "Windows") features.set(known.name, said);
      return;
    case Accepts::text:
      if (!said.empty()) features.set(known.name, said);
      return;
  }
}

void take_announced(const Features& features, std::string_view prefix, const GuestReport& report) {
  const auto is_announced = [&](std::string_view name) {
    const auto said = report.find(name);
    return name.starts_with(prefix) && said != report.end() && said->second == "1";
  };
  bool any = false;
  for (const auto& [name, said] : report) {
    if (!is_announced(name)) continue;
    features.set(name, "1");
    any = true;
  }
  // A VM that announces nothing has an agent that knows nothing of this.
  if (!any) return;
  for (const std::string& name : features.names())
    if (name.starts_with(prefix) && !is_announced(name)) features.remove(name);
}

void suit_windows(Context& context, const Vm& vm, const Features& features) {
  for (const auto& [name, value] : kForWindows)
    if (!features.value(name)) features.set(name, value);
  // It runs, as it speaks to us: what it is given counts from its next start on.
  put_property(context, vm, "maxmem", "0");
  put_property(context, vm, "qrexec_timeout", "6000");
}

using Reader = GuestReport (*)(const GuestStore& store, DomainId domain);

void take_report(Context& context, Reader read) {
  const Vm vm = find_vm(context, VmName::parse(context.origin.source));
  if (vm.qid == kDom0)
    throw Fault{FaultKind::malformed, "dom0 has no features to ask for: a VM is expected to call"};
  const GuestStore& store = context.outside.guest_store();
  const auto domain = living_domain(context, vm);
  if (!domain)
    throw Fault{FaultKind::not_running, concat("'", vm.name, "' is not running: it is halted")};
  const GuestReport report = read(store, domain->id);
  if (vm.template_qid) return;
  context.begin();
  const Features features{context, vm};
  for (const Known& known : kKnown)
    if (const auto said = report.find(known.name); said != report.end())
      take_known(features, known, said->second);
  for (const std::string_view prefix : kAnnounced) take_announced(features, prefix, report);
  const auto said_qrexec = report.find("qrexec");
  const bool has_tools = said_qrexec != report.end() && said_qrexec->second == "1";
  if (has_tools && features.value("os") == "Windows") suit_windows(context, vm, features);
  context.commit();
}

// As a person reads it, in the time zone of dom0.
std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  char text[32];
  ::localtime_r(&now, &parts);
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts)};
}

void note_updates(Context& context, const Vm& vm, bool any) {
  const Features features{context, vm};
  const std::string now = local_time();
  if (!any && !features.value("updates-available").value_or("").empty())
    features.set("last-update", now);
  features.set("updates-available", any ? "1" : "");
  features.set("last-updates-check", now);
}

}  // namespace

void take_features_request(Context& context) { take_report(context, read_features_request); }

void take_tools_report(Context& context) { take_report(context, read_tools_report); }

void take_updates_notice(Context& context, PendingUpdates updates) {
  Vm vm = find_vm(context, VmName::parse(context.origin.source));
  const bool is_about_itself = !vm.template_qid;
  while (vm.template_qid) vm = VmTable{context.store}.get(*vm.template_qid);
  // A template that runs looks for itself; that a VM on it sees none may only mean that it was
  // started before there were any.
  if (!is_about_itself && (!updates.any || living_domain(context, vm))) return;
  note_updates(context, vm, updates.any);
}

}  // namespace qubes::mgmt
