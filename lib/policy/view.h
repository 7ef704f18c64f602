// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/destination.h"
#include "policy/policy.h"
#include "policy/system_info.h"

namespace qubes::mgmt {

/// What a policy says to one call.
struct Resolution {
  PolicyAction action = PolicyAction::deny;

  /// Where the rule that decided stands, as `FILE:LINE`; empty if no rule did.
  std::string place;

  /// Why it is denied, in one sentence; empty if it is not.
  std::string reason;

  /// allow: who gets the call, a name or `@dispvm:` and the name of a template for disposables.
  std::string target;

  /// ask: the choices, sorted, in the same form, and the one offered first, if any.
  std::vector<std::string> targets;
  std::string default_target;

  /// Empty: the target's own default.
  std::string user;
  bool notify = false;    // whether the person at the screen is told
  bool autostart = true;  // whether a target that does not run is started
};

/// A policy as one source sees it that makes one call: prepared once, then asked for each target.
/// Policy and system must outlive it.
///
/// Two refusals are not the policy's and come later in qrexec: a call that would go to its own
/// source, and `ask` where the source has no GUI domain.
class PolicyView {
 public:
  /// `source` is the name of the calling VM, in the system or not, such as a device model's.
  /// `argument` comes without its `+`.
  PolicyView(const Policy& policy, const SystemInfo& system, std::string_view source,
             std::string_view service, std::string_view argument = {});

  /// What becomes of the call to this target, in the words of the caller: a name, `uuid:` and a
  /// uuid, a keyword, or nothing, which is `@default`. Never throws for what they hold. dom0's
  /// own calls do not meet the policy and are allowed.
  Resolution resolve(std::string_view intended) const;

  /// Whether the call to this VM would be allowed without asking anybody, by which List and
  /// Events choose what they show: `ask` hides, as shipped. To dom0 everything is visible, broken
  /// policy or not.
  bool allows(const PolicyVm& vm) const;

 private:
  Resolution decide(const Destination& intended) const;
  Resolution allow(const PolicyRule& rule, const Destination& intended) const;
  Resolution ask(const PolicyRule& rule) const;
  Resolution agreed(const PolicyRule& rule) const;
  Resolution deny(const PolicyRule& rule, std::string_view why) const;

  const PolicyRule* first_rule(const Destination& target) const;
  std::optional<Destination> settled(const Destination& target) const;
  bool starts_nothing(const Destination& target) const;
  std::set<std::string> choices(const PolicyRule& rule) const;

  const Policy& policy_;
  const SystemInfo& system_;
  std::string source_;
  bool is_dom0_;
  const PolicyVm* default_dispvm_ = nullptr;

  // The rules for this source and call, and for each text in their target column the first of
  // them: rules lie in one array, so the one that comes first has the smallest address.
  std::vector<const PolicyRule*> rules_;
  std::unordered_map<std::string_view, const PolicyRule*> first_;
};

}  // namespace qubes::mgmt
