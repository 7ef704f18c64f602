// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "policy/token.h"

namespace qubes::mgmt {

/// What a call's name and argument consist of; qrexec replaces all else before it asks.
constexpr std::string_view kCallMarks =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-+";

/// Which calls a rule speaks of.
struct ServicePattern {
  /// Both columns as they stand in a policy: `*`, or a name; `*`, or `+` and an argument, which
  /// may be empty. Throws malformed.
  static ServicePattern parse(std::string_view service, std::string_view argument);

  /// `argument` has its `+`.
  bool covers(std::string_view service, std::string_view argument) const;

  std::optional<std::string> service;   // none: any
  std::optional<std::string> argument;  // with its `+`; none: any
};

enum class PolicyAction { allow, ask, deny };

/// Where a rule stands: the number of its file in the policy, and its line. Line 0 is the file
/// as a whole.
struct PolicyPosition {
  std::uint32_t file = 0;
  std::uint32_t line = 0;
};

/// What a rule says should happen, with its parameters.
struct PolicyVerdict {
  /// The words behind the target: an action, then key=value. Throws malformed.
  static PolicyVerdict parse(std::span<const std::string_view> words);

  PolicyAction action;
  std::optional<Token> target;          // instead of the one the caller intends
  std::optional<Token> default_target;  // of ask: the choice that is offered first
  std::string user;                     // that the service runs as; empty: the target's default
  bool notify;                          // shows the person at the screen what was decided
  bool autostart = true;                // starts a target that does not run
};

/// One line of a policy.
struct PolicyRule {
  /// From the source column on. Throws malformed.
  static PolicyRule parse(const ServicePattern& calls, std::span<const std::string_view> words);

  ServicePattern calls;
  Token source;
  Token target;
  PolicyVerdict verdict;
  PolicyPosition position;
};

}  // namespace qubes::mgmt
