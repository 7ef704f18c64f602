// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qubes::mgmt {

/// One key and value of a rule, unchecked.
struct FirewallOption {
  std::string key;
  std::string value;
};

/// One rule about the traffic that leaves a VM. The first that fits decides; where none does,
/// the traffic is dropped. Grammar and canonical form are those of Qubes' admin.vm.firewall.*;
/// what its server only lets pass by accident (numbers with a sign, a damaged address taken
/// for a host's name, CRLF) is refused.
struct FirewallRule {
  static constexpr std::string_view kGrammar =
      "action=accept|drop, then any of expire=SECONDS, dst4=ADDRESS[/BITS], "
      "dst6=ADDRESS[/BITS], dsthost=NAME, proto=tcp|udp|icmp, specialtarget=dns, "
      "dstports=N[-M], icmptype=N, and comment=TEXT last, with one blank between";

  /// Throws bad_value.
  static FirewallRule parse(std::string_view untrusted);
  static FirewallRule of(std::span<const FirewallOption> untrusted);

  enum class Action { accept, drop };
  enum class Protocol { tcp, udp, icmp };
  enum class Family { ipv4, ipv6, host };

  struct Destination {
    Family family;
    /// An address with its prefix length, its host bits kept, or a name.
    std::string text;

    bool operator==(const Destination&) const = default;
  };

  struct Ports {
    std::uint16_t first;
    std::uint16_t last;

    bool operator==(const Ports&) const = default;
  };

  Action action = Action::drop;
  std::optional<Destination> destination;
  std::optional<Protocol> protocol;
  /// specialtarget=dns: the name servers of the netvm.
  bool is_for_dns = false;
  std::optional<Ports> ports;
  std::optional<std::uint8_t> icmp_type;
  /// From when on it no longer fits, in seconds since 1970, UTC.
  std::optional<std::int64_t> expire;
  std::string comment;

  bool operator==(const FirewallRule&) const = default;

  /// In canonical form; parse() gives the same rule again.
  std::string text() const;

  /// The same without expire and comment: what a netvm is told, and what the store keeps.
  std::string match_text() const;

  /// The keys and values of text(), in its order.
  std::vector<FirewallOption> options() const;
};

}  // namespace qubes::mgmt
