// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace qubes::mgmt {

/// A UUID, by which a VM's domain is found in Xen whatever either is called. dom0's is all
/// zeros.
class Uuid {
 public:
  static constexpr std::string_view kGrammar = "a UUID, 8-4-4-4-12 hexadecimal digits";

  Uuid() = default;
  explicit Uuid(const std::array<std::uint8_t, 16>& bytes) : bytes_{bytes} {}

  /// Throws bad_uuid.
  static Uuid parse(std::string_view untrusted);

  /// A new one, of version 4.
  static Uuid random();

  std::string text() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

  auto operator<=>(const Uuid&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

}  // namespace qubes::mgmt
