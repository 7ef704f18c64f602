// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/feature.h"
#include "model/names.h"
#include "model/value_type.h"
#include "model/vm.h"

namespace qubes::mgmt {

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

  /// The value in force of a property of the VM that `reference` ("template", "netvm") names;
  /// nothing where that is none, or the chain of them is endless.
  virtual std::optional<std::string> of(std::string_view reference,
                                        std::string_view property) const = 0;

  /// The value in force of a global property.
  virtual std::string global(std::string_view property) const = 0;

  virtual std::optional<std::string> feature(std::string_view name,
                                             FeatureLookup where = FeatureLookup::own) const = 0;

  /// Whether the VM lists services that it supports, and not this one.
  virtual bool lacks_service(std::string_view service) const = 0;

  /// MiB of memory that this host has; 0 where it cannot be told.
  virtual std::uint64_t host_memory() const = 0;

  /// The options that a kernel brings for VMs without PCI devices.
  virtual std::optional<std::string> kernel_options(std::string_view kernel) const = 0;

  /// What Xen knows of the VM: its domain's number; -1 while halted.
  virtual std::int64_t domain() const = 0;

  /// When it was started, as seconds since 1970 with a fraction; empty while halted.
  virtual std::string start_time() const = 0;
};

/// What else is so of a property. Several are joined by |.
enum PropertyMark : unsigned {
  kOfDom0 = 1,           ///< dom0 may be given it too; its other properties only show
  kInherited = 2,        ///< VMs of a template take its value where they have none set
  kAsksXen = 4,          ///< whether it can be set depends on what the VM does at the moment
  kShowsXen = 8,         ///< its value is what Xen says at the moment
  kChangesIcon = 16,     ///< the icon follows from it
  kChangesGateway = 32,  ///< so do gateway and gateway6
};

/// One property of a VM: the single source of its type, its default, what it accepts and its
/// help. Rules that need the store or Xen are in ops/property_checks.
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
  unsigned marks = 0;

  bool is_of(VmClass vm_class) const;
  bool has(PropertyMark mark) const { return (marks & mark) != 0; }
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
