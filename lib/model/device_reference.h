// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/fault.h"
#include "model/device.h"
#include "model/names.h"

namespace qubes::mgmt {

/// A port of a VM that offers devices, as that VM calls it. Throws malformed.
class DevicePort : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "letters, digits, '.', '_' and '-'";
  static DevicePort parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// A device as a caller names it: who offers it, at which port, and which one it has to be. `*`
/// in either of the last two stands for any. Throws malformed, and bad_value for the VM's name.
struct DeviceReference {
  static constexpr std::string_view kGrammar =
      "BACKEND+PORT, or BACKEND+PORT+IDENTITY with '+' for each ':' of the identity; '_' for any";
  static constexpr std::array kFaults{FaultKind::bad_value};
  static DeviceReference parse(std::string_view untrusted);

  /// As events and messages call it: BACKEND:PORT:IDENTITY.
  std::string text() const;

  /// What parse() takes; without an identity where any will do.
  std::string argument() const;

  bool matches(const Device& device) const;

  std::string backend;
  std::string port = "*";
  std::string identity = "*";
};

DeviceReference reference_to(const Device& device);

/// Whether two identities are one, however much of their marks a service's name has let through.
bool is_same_identity(std::string_view one, std::string_view other);

}  // namespace qubes::mgmt
