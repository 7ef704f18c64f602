// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/names.h"
#include "model/vm.h"

namespace qubes::mgmt {

enum class ValueType { text, number, boolean, vm, label };

/// What the type is called on the wire.
constexpr std::string_view text(ValueType type) {
  constexpr std::array<std::string_view, 5> names{"str", "int", "bool", "vm", "label"};
  return names.at(static_cast<std::size_t>(type));
}

/// Who gives a property its value.
enum class Origination {
  settable,     ///< anybody who may, at any time that its rules allow
  at_creation,  ///< the creation of the VM; never again
  computed,     ///< nobody: it follows from other things at each look
};

/// What a default or a computed value may depend on. All texts are values in canonical form;
/// no VM and "none" are the empty text.
class PropertyFacts {
 public:
  virtual ~PropertyFacts() = default;

  virtual const Vm& vm() const = 0;

  /// The value in force of another property of the same VM.
  virtual std::string value(std::string_view property) const = 0;

  /// The value in force of a property of the template; none without a template.
  virtual std::optional<std::string> of_template(std::string_view property) const = 0;

  /// The value in force of a property of the VM of this name; none without such a VM.
  virtual std::optional<std::string> of_vm(std::string_view vm,
                                           std::string_view property) const = 0;

  /// A stored property of all of Qubes.
  virtual std::optional<std::string> global(std::string_view property) const = 0;

  /// A feature of the VM itself.
  virtual std::optional<std::string> feature(std::string_view name) const = 0;

  /// MiB of memory that this host has; 0 where it cannot be told.
  virtual std::uint64_t host_memory() const = 0;

  /// The newest of the installed kernels, or empty.
  virtual std::string newest_kernel() const = 0;

  /// What Xen knows of the VM: its domain's number; -1 while halted.
  virtual std::int64_t domain() const = 0;

  /// When it was started, as seconds since 1970 with a fraction; empty while halted.
  virtual std::string start_time() const = 0;
};

/// One property of a VM: the single source of its type, its default, what it accepts and its
/// help. Rules that need the store or Xen are in ops/property_rules.
struct Property {
  std::string_view name;
  ValueType type;
  /// Those that name other VMs, or need them, are listed after the plain ones.
  enum class Stage { plain, referring } stage;
  std::span<const VmClass> classes;
  Origination origination;
  /// Checks a value that has its type's form already; returns it as it is to be stored.
  std::string (*accept)(std::string_view value);
  /// The value where none is stored.
  std::string (*fallback)(const PropertyFacts& facts);
  std::string_view help;

  bool is_of(VmClass vm_class) const;
};

/// Those of a class, in the order in which they are listed.
std::vector<const Property*> properties_of(VmClass vm_class);

/// Throws no_such_property, with the nearest name.
const Property& find_property(VmClass vm_class, const PropertyName& name);

/// Decodes an untrusted value by the property's type, then lets the property check it. A vm
/// is a valid name or empty, a label any text: whether they exist, the store knows.
/// Throws bad_value, bad_property_value.
std::string accepted_value(const Property& property, std::string_view untrusted);

}  // namespace qubes::mgmt
