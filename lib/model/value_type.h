// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace qubes::mgmt {

/// What kind of value a property has, a VM's or a global one.
enum class ValueType { text, number, boolean, vm, label };

/// What the type is called on the wire.
constexpr std::string_view text(ValueType type) {
  constexpr std::array<std::string_view, 5> names{"str", "int", "bool", "vm", "label"};
  return names.at(static_cast<std::size_t>(type));
}

/// Brings an untrusted value into the canonical form of its type. A vm is a valid name or
/// empty, a label any text: whether they exist, the store knows. Throws bad_value, naming the
/// property.
std::string decoded(std::string_view property, ValueType type, std::string_view untrusted);

}  // namespace qubes::mgmt
