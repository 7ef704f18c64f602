// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace qubes::mgmt {

/// The ways in which the policy language names VMs.
enum class TokenKind {
  vm,               // its name, or uuid: and its uuid
  wildcard,         // *
  any_vm,           // @anyvm, all but dom0
  admin_vm,         // @adminvm, dom0
  default_vm,       // @default, for who names no target
  dispvm,           // @dispvm, a disposable of the source's own choice
  type,             // @type:CLASS
  tag,              // @tag:TAG
  dispvm_tag,       // @dispvm:@tag:TAG
  dispvm_template,  // @dispvm:VM
};

/// Where a token stands. Each place takes some kinds and refuses the others.
enum class TokenPlace : unsigned { source = 1, target = 2, redirect = 4, intended = 8 };

/// One name in a policy, or in a call that a policy is asked about.
struct Token {
  /// Throws malformed where this place does not take this word. Whether what it names exists is
  /// not asked: a policy may speak of VMs that are yet to come.
  static Token parse(std::string_view word, TokenPlace place);

  /// What stands behind the kind's own prefix: a name, a class, a tag.
  std::string_view value() const;

  TokenKind kind;

  /// Spelled in one way: `dom0` and its uuid are `@adminvm`, uuids have small letters.
  std::string text;
};

}  // namespace qubes::mgmt
