// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/firewall_rule.h"

#include <algorithm>
#include <array>

#include "base/fault.h"
#include "base/text.h"
#include "model/network_address.h"

namespace qubes::mgmt {
namespace {

constexpr std::string_view kCommentKey = "comment=";
constexpr std::string_view kMarks = ":;,./_[]-";
// Beyond it no clock of the system could tell that the rule has expired.
constexpr std::size_t kLongestNumber = 18;

Fault refused(std::string_view key, std::string_view value, std::string_view accepted) {
  return {FaultKind::bad_value, concat("'", printable(value), "' cannot be the ", key,
                                       " of a firewall rule: ", accepted)};
}

// Digits alone: no sign, no blank, no more of them than said.
template <class Number>
std::optional<Number> digits(std::string_view text, std::size_t longest) {
  const bool is_number =
      !text.empty() && text.size() <= longest && text.find_first_not_of("0123456789") == text.npos;
  return is_number ? to_number<Number>(text) : std::nullopt;
}

template <class Word>
struct Named {
  std::string_view name;
  Word word;
};

constexpr std::array kActions{Named<FirewallRule::Action>{"accept", FirewallRule::Action::accept},
                              Named<FirewallRule::Action>{"drop", FirewallRule::Action::drop}};
constexpr std::array kProtocols{
    Named<FirewallRule::Protocol>{"tcp", FirewallRule::Protocol::tcp},
    Named<FirewallRule::Protocol>{"udp", FirewallRule::Protocol::udp},
    Named<FirewallRule::Protocol>{"icmp", FirewallRule::Protocol::icmp}};

void read_action(FirewallRule& rule, std::string_view value) {
  const auto* found = std::ranges::find(kActions, value, &Named<FirewallRule::Action>::name);
  if (found == kActions.end()) throw refused("action", value, "accept and drop are accepted");
  rule.action = found->word;
}

void read_protocol(FirewallRule& rule, std::string_view value) {
  const auto* found = std::ranges::find(kProtocols, value, &Named<FirewallRule::Protocol>::name);
  if (found == kProtocols.end()) throw refused("proto", value, "tcp, udp and icmp are accepted");
  rule.protocol = found->word;
}

void read_destination(FirewallRule& rule, std::string_view value) {
  using Family = FirewallRule::Family;
  if (const auto address = with_prefix_length(value, NetworkFamily::ipv4))
    rule.destination = {Family::ipv4, *address};
  else if (const auto other = with_prefix_length(value, NetworkFamily::ipv6))
    rule.destination = {Family::ipv6, *other};
  else if (is_host_name(value))
    rule.destination = {Family::host, std::string{value}};
  else
    throw refused("destination", value,
                  "an IPv4 address with /0 to /32, an IPv6 address with /0 to /128, or the name "
                  "of a host in small letters is accepted");
}

void read_special_target(FirewallRule& rule, std::string_view value) {
  if (value != "dns") throw refused("specialtarget", value, "dns is accepted");
  rule.is_for_dns = true;
}

void read_ports(FirewallRule& rule, std::string_view value) {
  constexpr std::size_t kLongestPort = 5;
  const std::size_t dash = value.find('-');
  const auto first = digits<std::uint16_t>(value.substr(0, dash), kLongestPort);
  const auto last =
      dash == value.npos ? first : digits<std::uint16_t>(value.substr(dash + 1), kLongestPort);
  if (!first || !last || *first > *last)
    throw refused("dstports", value, "N or N-M is accepted, from 0 to 65535, the lower one first");
  rule.ports = {*first, *last};
}

void read_icmp_type(FirewallRule& rule, std::string_view value) {
  rule.icmp_type = digits<std::uint8_t>(value, 3);
  if (!rule.icmp_type) throw refused("icmptype", value, "0 to 255 is accepted");
}

void read_expire(FirewallRule& rule, std::string_view value) {
  rule.expire = digits<std::int64_t>(value, kLongestNumber);
  if (!rule.expire) throw refused("expire", value, "seconds since 1970 are accepted, as digits");
}

// Blanks at its end would be lost to whoever sends the rule again.
void read_comment(FirewallRule& rule, std::string_view value) {
  rule.comment = value.substr(0, value.find_last_not_of(' ') + 1);
}

struct Key {
  std::string_view name;
  /// Keys of one kind may stand for each other, and there is at most one of them.
  std::string_view kind;
  void (*read)(FirewallRule& rule, std::string_view value);
};

constexpr auto kKeys = std::to_array<Key>({
    {"action", "action", read_action},
    {"expire", "expire", read_expire},
    {"dst4", "dsthost", read_destination},
    {"dst6", "dsthost", read_destination},
    {"dsthost", "dsthost", read_destination},
    {"dstname", "dsthost", read_destination},
    {"proto", "proto", read_protocol},
    {"specialtarget", "specialtarget", read_special_target},
    {"dstports", "dstports", read_ports},
    {"icmptype", "icmptype", read_icmp_type},
    {"comment", "comment", read_comment},
});

const Key& find_key(std::string_view name) {
  for (const Key& key : kKeys)
    if (key.name == name) return key;
  throw Fault{FaultKind::bad_value, concat("a firewall rule has no key '", printable(name),
                                           "'; accepted is ", FirewallRule::kGrammar)};
}

void check_characters(const Key& key, std::string_view value) {
  if (consists_of(value, key.name == "comment" ? concat(kMarks, " ") : kMarks)) return;
  throw refused(key.name, value, "letters, digits and :;,./_[]- are accepted, blanks in comments");
}

void check_whole(const FirewallRule& rule) {
  const bool has_ports =
      rule.protocol == FirewallRule::Protocol::tcp || rule.protocol == FirewallRule::Protocol::udp;
  if (rule.ports && !has_ports)
    throw Fault{FaultKind::bad_value, "dstports needs proto=tcp or proto=udp in the same rule"};
  if (rule.icmp_type && rule.protocol != FirewallRule::Protocol::icmp)
    throw Fault{FaultKind::bad_value, "icmptype needs proto=icmp in the same rule"};
}

std::string_view destination_key(FirewallRule::Family family) {
  constexpr std::array<std::string_view, 3> keys{"dst4", "dst6", "dsthost"};
  return keys.at(static_cast<std::size_t>(family));
}

// The comment is the rest of the line, blanks and all, where a word begins with its key.
std::vector<FirewallOption> split_line(std::string_view line) {
  std::vector<FirewallOption> options;
  for (std::size_t at = 0; at <= line.size();) {
    const bool is_comment = line.substr(at).starts_with(kCommentKey);
    const std::size_t end = is_comment ? line.size() : std::min(line.find(' ', at), line.size());
    const std::string_view word = line.substr(at, end - at);
    const std::size_t equals = word.find('=');
    if (equals == word.npos)
      throw Fault{FaultKind::bad_value, concat("'", printable(word), "' in a firewall rule is no ",
                                               "key=value; one blank parts them")};
    options.push_back({std::string{word.substr(0, equals)}, std::string{word.substr(equals + 1)}});
    at = end + 1;
  }
  return options;
}

std::string joined(std::span<const FirewallOption> options) {
  std::string out;
  for (const FirewallOption& option : options)
    out += concat(out.empty() ? "" : " ", option.key, "=", option.value);
  return out;
}

}  // namespace

FirewallRule FirewallRule::of(std::span<const FirewallOption> untrusted) {
  FirewallRule rule;
  std::vector<std::string_view> seen;
  for (const FirewallOption& option : untrusted) {
    const Key& key = find_key(option.key);
    if (std::ranges::find(seen, key.kind) != seen.end())
      throw Fault{FaultKind::bad_value,
                  concat("a firewall rule has ", key.kind, " twice; once is accepted")};
    seen.push_back(key.kind);
    check_characters(key, option.value);
    key.read(rule, option.value);
  }
  if (std::ranges::find(seen, "action") == seen.end())
    throw Fault{FaultKind::bad_value,
                "a firewall rule says its action: action=accept or action=drop"};
  check_whole(rule);
  return rule;
}

FirewallRule FirewallRule::parse(std::string_view untrusted) {
  const std::size_t begin = untrusted.find_first_not_of(' ');
  if (begin == untrusted.npos)
    throw Fault{FaultKind::bad_value, concat("a firewall rule is empty; accepted is ", kGrammar)};
  return of(split_line(untrusted.substr(begin, untrusted.find_last_not_of(' ') + 1 - begin)));
}

std::vector<FirewallOption> FirewallRule::options() const {
  std::vector<FirewallOption> options;
  const auto add = [&](std::string_view key, std::string_view value) {
    options.push_back({std::string{key}, std::string{value}});
  };
  add("action", kActions.at(static_cast<std::size_t>(action)).name);
  if (expire) add("expire", std::to_string(*expire));
  if (destination) add(destination_key(destination->family), destination->text);
  if (protocol) add("proto", kProtocols.at(static_cast<std::size_t>(*protocol)).name);
  if (is_for_dns) add("specialtarget", "dns");
  if (ports) add("dstports", concat(ports->first, "-", ports->last));
  if (icmp_type) add("icmptype", std::to_string(*icmp_type));
  if (!comment.empty()) add("comment", comment);
  return options;
}

std::string FirewallRule::text() const { return joined(options()); }

std::string FirewallRule::match_text() const {
  FirewallRule bare = *this;
  bare.expire.reset();
  bare.comment.clear();
  return bare.text();
}

}  // namespace qubes::mgmt
