// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/device_reference.h"

#include <algorithm>

#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kLongestPort = 128;
constexpr std::size_t kLongestIdentity = 512;
constexpr std::size_t kInterfaceSize = kUnknownInterface.size();

// A service's name has no room for these: what stands for them there is `_`.
std::string folded(std::string_view identity) {
  std::string out{identity};
  std::ranges::replace(out, '*', '_');
  std::ranges::replace(out, '?', '_');
  return out;
}

// Of codes of interfaces, in which `_` never stands for itself.
void unfold_interfaces(std::string& interfaces) {
  if (interfaces.size() % kInterfaceSize != 0) return;
  for (std::size_t i = 0; i < interfaces.size(); ++i)
    if (interfaces[i] == '_') interfaces[i] = i % kInterfaceSize == 0 ? '?' : '*';
}

std::string identity_of(std::vector<std::string> parts) {
  if (parts.empty() || (parts.size() == 1 && (parts[0] == "_" || parts[0] == "*"))) return "*";
  unfold_interfaces(parts.back());
  return join(parts, ":");
}

}  // namespace

DevicePort DevicePort::parse(std::string_view untrusted) {
  if (untrusted.empty() || untrusted.size() > kLongestPort || !consists_of(untrusted, "._-"))
    throw Fault{FaultKind::malformed, concat("'", printable(untrusted), "' cannot be a port: up ",
                                             "to 128 ", kGrammar, " are accepted")};
  return DevicePort{untrusted};
}

DeviceReference DeviceReference::parse(std::string_view untrusted) {
  std::vector<std::string> parts = split(untrusted, '+');
  if (parts.size() < 2)
    throw Fault{FaultKind::malformed,
                concat("'", printable(untrusted), "' names no device: ", "expected ", kGrammar)};
  DeviceReference reference{.backend = VmName::parse(parts[0]).text()};
  if (parts[1] != "_" && parts[1] != "*") reference.port = DevicePort::parse(parts[1]).text();
  reference.identity = identity_of({parts.begin() + 2, parts.end()});
  if (reference.identity.size() > kLongestIdentity || !consists_of(reference.identity, "._-:*?"))
    throw Fault{FaultKind::malformed,
                concat("'", printable(reference.identity), "' cannot be the identity of a ",
                       "device: up to 512 letters, digits, '.', '_' and '-' are accepted, and ",
                       "'+' for each ':'")};
  return reference;
}

std::string DeviceReference::text() const { return concat(backend, ":", port, ":", identity); }

std::string DeviceReference::argument() const {
  const std::string place = concat(backend, "+", port == "*" ? "_" : port);
  if (identity == "*") return place;
  std::string id = folded(identity);
  std::ranges::replace(id, ':', '+');
  return concat(place, "+", id);
}

bool DeviceReference::matches(const Device& device) const {
  return backend == device.backend && (port == "*" || port == device.port) &&
         (identity == "*" || is_same_identity(identity, device.identity));
}

DeviceReference reference_to(const Device& device) {
  return {device.backend, device.port, device.identity};
}

bool is_same_identity(std::string_view one, std::string_view other) {
  return folded(one) == folded(other);
}

}  // namespace qubes::mgmt
