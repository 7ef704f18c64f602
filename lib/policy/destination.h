// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/system_info.h"
#include "policy/token.h"

namespace qubes::mgmt {

/// A token that says where a call goes, looked up in the system.
struct Destination {
  TokenKind kind;                // vm, admin_vm, default_vm, dispvm or dispvm_template
  const PolicyVm* vm = nullptr;  // of a vm or a dispvm_template

  static Destination of(const PolicyVm& vm);

  /// A VM that does not exist is @default, as shipped. Nothing for a disposable of what is no
  /// template for disposables.
  static std::optional<Destination> of(const Token& token, const SystemInfo& system);

  /// A name, or `@dispvm:` and a name, or a keyword; dom0 is `dom0`.
  std::string text() const;

  /// Every text of a Token that stands for it in the target column of a rule. `default_dispvm` is
  /// what `@dispvm` means to the source, if anything.
  std::vector<std::string> target_texts(const PolicyVm* default_dispvm) const;
};

/// Every text of a Token that stands for this VM in the source column, or in the target column
/// unless it is dom0, which is named there by `@adminvm` and `*` alone.
std::vector<std::string> texts_of(const PolicyVm& vm);

/// The VM that a token of the kind vm or dispvm_template names; nullptr where there is none.
const PolicyVm* named_vm(const Token& token, const SystemInfo& system);

}  // namespace qubes::mgmt
