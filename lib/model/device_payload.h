// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/device_assignment.h"
#include "model/device_reference.h"

namespace qubes::mgmt {

using DeviceOptions = std::map<std::string, std::string, std::less<>>;

/// What is said of a device besides its name: options, and what may be said
/// once more of the device itself. Each is key=value or key='value', blanks
/// between; \' is a quote within quotes. Today's clients begin the names of
/// options with `_`. Throws malformed.
class DevicePayload {
 public:
  static constexpr std::string_view kGrammar =
      "OPTION=VALUE or OPTION='VALUE', blanks between; mode=MODE for how it is "
      "to be attached";
  static DevicePayload parse(std::string_view untrusted);

  /// What stands in it under one of the names that are no option; nothing where
  /// it does not.
  std::optional<std::string> said(std::string_view name) const;

  const DeviceOptions& options() const { return options_; }

 private:
  void take(const std::string& key, const std::string& value);

  DeviceOptions words_;
  DeviceOptions options_;
};

/// The device that a call is about, where the payload says the same once more.
/// Throws malformed where it says something else.
DeviceReference agreed_device(const DeviceReference& device, DeviceClass device_class,
                              std::string_view vm, const DevicePayload& payload);

/// How a device is to be attached from now on. Throws bad_device_mode.
struct AssignmentMode {
  static constexpr std::string_view kGrammar = "required, auto-attach or ask-to-attach";
  static constexpr std::array kFaults{FaultKind::bad_device_mode};
  static AssignmentMode parse(std::string_view untrusted);

  DeviceMode mode;
};

/// Codes of interfaces, seven characters each, without separators. Throws
/// malformed, bad_value, bad_property_value.
class InterfaceCodes {
 public:
  static constexpr std::string_view kGrammar =
      "codes of seven characters: b, u, m, p or *, then six hexadecimal digits "
      "or *";
  static constexpr std::array kFaults{FaultKind::bad_value, FaultKind::bad_property_value};
  static InterfaceCodes parse(std::string_view untrusted);

  const std::vector<std::string>& codes() const { return codes_; }

 private:
  std::vector<std::string> codes_;
};

/// The same, or `all`.
struct InterfaceCodesOrAll {
  static constexpr std::string_view kGrammar =
      "all, or codes of seven characters: b, u, m, p or *, then six "
      "hexadecimal digits or *";
  static constexpr std::array kFaults{FaultKind::bad_value, FaultKind::bad_property_value};
  static InterfaceCodesOrAll parse(std::string_view untrusted);

  bool is_all = false;
  InterfaceCodes some = {};
};

/// The code in a list of them that denies one of a device's interfaces; nothing
/// where none does.
std::optional<std::string> denying_code(std::string_view denied, const Device& device);

}  // namespace qubes::mgmt
