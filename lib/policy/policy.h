// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/root.h"
#include "policy/rule.h"

namespace qubes::mgmt {

/// The qrexec policy of this machine, as qrexec's own daemon reads it: `*.policy` in
/// /run/qubes/policy.d and /etc/qubes/policy.d, a file in the first hiding its namesake in the
/// second, in the order of their names. The language is that of qrexec 4.1 to 4.4, from the
/// manual of core-qrexec (multifile policy) and its reader, qrexec/policy/parser.py.
///
/// This layer only reads and answers. Nothing here is asked before a call begins: qrexec has done
/// that. It is for calls that show each caller only what it may see, and for explanations.
class Policy {
 public:
  /// Never throws for what the files hold. A policy that cannot be read as a whole, by one bad
  /// line or one missing folder, is broken: it has no rules and denies every call, as shipped.
  static Policy read(const Root& root);

  /// Why it is broken, as `FILE:LINE: sentence`; empty if it is not.
  const std::string& problem() const { return problem_; }

  /// In the order in which the first that matches decides.
  std::span<const PolicyRule> rules() const { return rules_; }

  /// `FILE:LINE`, or `FILE` for a rule that a file implies as a whole.
  std::string place_of(const PolicyRule& rule) const;

 private:
  std::vector<PolicyRule> rules_;
  std::vector<std::string> files_;
  std::string problem_;
};

}  // namespace qubes::mgmt
