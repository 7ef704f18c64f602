// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/tokens.h"

#include <sys/random.h>

#include <array>

#include "base/fault.h"
#include "store/change.h"

namespace qubes::mgmt {
namespace {

constexpr std::int64_t kLifetime = 3600LL * 1'000'000;  // microseconds
constexpr std::size_t kLength = 32;

// Of the 62 letters and digits each is as likely as the others: bytes beyond their last whole
// multiple are drawn again.
std::string random_token() {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t kUsable = 256 / kLetters.size() * kLetters.size();
  std::string token;
  while (token.size() < kLength) {
    unsigned char byte = 0;
    if (::getrandom(&byte, 1, 0) != 1) throw system_fault("get random bytes");
    if (byte < kUsable) token += kLetters[byte % kLetters.size()];
  }
  return token;
}

}  // namespace

std::string TokenTable::add(std::int64_t volume) const {
  const std::int64_t now = now_in_store();
  store_.execute("DELETE FROM clone_token WHERE expires_at <= ?", now);
  std::string token = random_token();
  store_.execute("INSERT INTO clone_token (token, volume, expires_at) VALUES (?, ?, ?)", token,
                 volume, now + kLifetime);
  return token;
}

std::optional<std::int64_t> TokenTable::take(std::string_view token) const {
  auto rows =
      store_.query("DELETE FROM clone_token WHERE token = ? RETURNING volume, expires_at", token);
  if (!rows.next()) return std::nullopt;
  const std::int64_t volume = rows.number(0);
  const bool is_valid = rows.number(1) > now_in_store();
  while (rows.next()) {
  }
  return is_valid ? std::optional{volume} : std::nullopt;
}

}  // namespace qubes::mgmt
