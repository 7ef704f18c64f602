// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/socket_request.h"

#include <algorithm>

#include "frame/prefixes.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kLongestMethod = 128;
constexpr std::size_t kLongestSource = 64;  // a name has 31, `uuid:` and its uuid 41

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_method(std::string_view text) {
  if (text.size() > kLongestMethod || text.back() == '.') return false;
  if (prefix_of(text) == nullptr || text.find("..") != text.npos) return false;
  return std::ranges::all_of(text,
                             [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_'; });
}

bool is_source(std::string_view text) {
  constexpr std::string_view kOthers = "._:-";
  if (text.empty() || text.size() > kLongestSource) return false;
  return std::ranges::all_of(
      text, [&](char c) { return is_letter_or_digit(c) || kOthers.find(c) != kOthers.npos; });
}

/// Cuts off what comes before the separator, which must be there.
std::optional<std::string_view> take(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  if (end == text.npos) return std::nullopt;
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end + 1);
  return part;
}

std::optional<std::string_view> target_of(std::string_view kind, std::string_view name) {
  if (kind == "name" && !name.empty()) return name;
  if (kind == "keyword" && name == "adminvm") return "dom0";
  return std::nullopt;
}

}  // namespace

std::optional<SocketRequest> parse_socket_request(std::string_view untrusted) {
  if (untrusted.size() > kLargestSocketRequest) return std::nullopt;
  std::string_view payload = untrusted;
  auto header = take(payload, '\0');
  if (!header) return std::nullopt;
  const auto service = take(*header, ' ');
  const auto source = service ? take(*header, ' ') : std::nullopt;
  const auto kind = source ? take(*header, ' ') : std::nullopt;
  const auto target = kind ? target_of(*kind, *header) : std::nullopt;
  if (!target) return std::nullopt;
  std::string_view argument = *service;
  const std::string_view method = take(argument, '+').value_or(*service);
  if (method.size() == service->size()) argument = {};
  if (method.empty() || !is_method(method) || !is_source(*source)) return std::nullopt;
  return SocketRequest{method, argument, *source, *target, payload};
}

}  // namespace qubes::mgmt
