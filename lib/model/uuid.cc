// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/uuid.h"

#include <sys/random.h>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kLength = 36;

bool is_dash(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

}  // namespace

Uuid Uuid::parse(std::string_view untrusted) {
  const auto refuse = [&] {
    return Fault{FaultKind::bad_uuid, concat("'", printable(untrusted), "' is not ", kGrammar)};
  };
  if (untrusted.size() != kLength) throw refuse();
  Uuid uuid;
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < kLength; ++i) {
    if (is_dash(i) != (untrusted[i] == '-')) throw refuse();
    if (is_dash(i)) continue;
    const std::size_t digit = kDigits.find(lower(untrusted.substr(i, 1)));
    if (digit == kDigits.npos) throw refuse();
    auto& byte = uuid.bytes_.at(nibble / 2);
    byte = static_cast<std::uint8_t>(byte << 4U | digit);
    ++nibble;
  }
  return uuid;
}

Uuid Uuid::random() {
  Uuid uuid;
  if (::getrandom(uuid.bytes_.data(), uuid.bytes_.size(), 0) !=
      static_cast<ssize_t>(uuid.bytes_.size()))
    throw system_fault("get random bytes");
  // The version and the variant of RFC 4122.
  uuid.bytes_[6] = static_cast<std::uint8_t>((uuid.bytes_[6] & 0x0fU) | 0x40U);
  uuid.bytes_[8] = static_cast<std::uint8_t>((uuid.bytes_[8] & 0x3fU) | 0x80U);
  return uuid;
}

std::string Uuid::text() const {
  std::string out;
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    if (is_dash(out.size())) out += '-';
    out += kDigits[bytes_[i] >> 4U];
    out += kDigits[bytes_[i] & 0x0fU];
  }
  return out;
}

}  // namespace qubes::mgmt
