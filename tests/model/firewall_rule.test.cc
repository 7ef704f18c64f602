// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/firewall_rule.h"

#include <catch2/catch.hpp>

#include "base/fault.h"

using namespace qubes::mgmt;

namespace {

std::string canonical(std::string_view line) { return FirewallRule::parse(line).text(); }

std::string refusal(std::string_view line) {
  try {
    return "accepted as " + canonical(line);
  } catch (const Fault& fault) {
    CHECK(fault.kind() == FaultKind::bad_value);
    return fault.what();
  }
}

using Pair = std::pair<std::string, std::string>;

void check_refused(const Pair& refused) {
  const auto& [given, says] = refused;
  INFO(given);
  CHECK(refusal(given).find(says) != std::string::npos);
}

}  // namespace

TEST_CASE("a rule comes back in canonical form", "[firewall]") {
  const auto& [given, expected] = GENERATE(values<Pair>({
      {"action=accept", "action=accept"},
      {"  action=drop  ", "action=drop"},
      {"proto=udp specialtarget=dns expire=4000000000 action=drop comment=c",
       "action=drop expire=4000000000 proto=udp specialtarget=dns comment=c"},
      {"action=accept dst4=10.0.0.1", "action=accept dst4=10.0.0.1/32"},
      {"action=accept dst4=10.0.0.1/8", "action=accept dst4=10.0.0.1/8"},
      {"action=accept dst4=10.0.0.1/008", "action=accept dst4=10.0.0.1/008"},
      {"action=accept dst4=0.0.0.0/0", "action=accept dst4=0.0.0.0/0"},
      {"action=accept dst6=2001:db8::1", "action=accept dst6=2001:db8::1/128"},
      {"action=accept dst6=2001:db8::/32", "action=accept dst6=2001:db8::/32"},
      {"action=accept dsthost=www.qubes-os.org", "action=accept dsthost=www.qubes-os.org"},
      {"action=accept dstname=a_b.c", "action=accept dsthost=a_b.c"},
      {"action=accept dsthost=10.0.0.1", "action=accept dst4=10.0.0.1/32"},
      {"action=accept dst4=::1", "action=accept dst6=::1/128"},
      {"action=accept dst6=host", "action=accept dsthost=host"},
      {"action=accept dsthost=2.pool.ntp.org.", "action=accept dsthost=2.pool.ntp.org."},
      {"action=accept proto=tcp dstports=80", "action=accept proto=tcp dstports=80-80"},
      {"action=accept proto=tcp dstports=0-65535", "action=accept proto=tcp dstports=0-65535"},
      {"dstports=1-1024 proto=udp action=drop", "action=drop proto=udp dstports=1-1024"},
      {"action=drop proto=icmp icmptype=008", "action=drop proto=icmp icmptype=8"},
      {"action=drop proto=icmp icmptype=255", "action=drop proto=icmp icmptype=255"},
      {"action=drop expire=1506000000", "action=drop expire=1506000000"},
      {"action=drop comment=No ICMP, [x]; a/b: c_d-e.f",
       "action=drop comment=No ICMP, [x]; a/b: c_d-e.f"},
      {"action=drop comment=", "action=drop"},
      {"action=drop comment=   ", "action=drop"},
      {"action=drop comment= a  b ", "action=drop comment= a  b"},
  }));
  CHECK(canonical(given) == expected);
  CHECK(canonical(expected) == expected);
}

TEST_CASE("refusals: words of a rule", "[firewall]") {
  check_refused(GENERATE(values<Pair>({
      {"", "is empty"},
      {"proto=tcp", "says its action"},
      {"action=", "'' cannot be the action"},
      {"action=ACCEPT", "'ACCEPT' cannot be the action"},
      {"action=reject", "accept and drop are accepted"},
      {"action=accept action=drop", "action twice"},
      {"action=accept what=is", "no key 'what'"},
      {"action=accept dpi=http", "no key 'dpi'"},
      {"action=accept proto", "'proto' in a firewall rule is no key=value"},
      {"action=accept  proto=tcp", "one blank parts them"},
      {"action=accept\tproto=tcp", "cannot be the action"},
      {"action=accept\r", "cannot be the action"},
      {"action=accept proto=TCP", "'TCP' cannot be the proto"},
      {"action=accept proto=sctp", "tcp, udp and icmp"},
  })));
}

TEST_CASE("refusals: a destination", "[firewall]") {
  check_refused(GENERATE(values<Pair>({
      {"action=accept dst4=1.2.3.4 dsthost=a", "dsthost twice"},
      {"action=accept dst4=10.0.0.1/33", "cannot be the destination"},
      {"action=accept dst4=10.0.0.1/", "cannot be the destination"},
      {"action=accept dst4=10.0.0.1/-1", "cannot be the destination"},
      {"action=accept dst4=10.0.0.1/8/8", "cannot be the destination"},
      {"action=accept dst4=10.0.0.1/0000", "cannot be the destination"},
      {"action=accept dst4=10.0.1", "cannot be the destination"},
      {"action=accept dst6=::1/129", "cannot be the destination"},
      {"action=accept dst6=1:2", "cannot be the destination"},
      {"action=accept dsthost=", "'' cannot be the destination"},
      {"action=accept dsthost=1.2.3.256", "'1.2.3.256' cannot be the destination"},
      {"action=accept dsthost=010.0.0.1", "cannot be the destination"},
      {"action=accept dsthost=Www.example.org", "cannot be the destination"},
      {"action=accept dsthost=a..b", "cannot be the destination"},
      {"action=accept dsthost=-x", "cannot be the destination"},
      {"action=accept dsthost=name/24", "cannot be the destination"},
      {"action=accept dsthost=acomment=b", "letters, digits"},
      {"action=accept dsthost=" + std::string(64, 'a'), "cannot be the destination"},
  })));
}

TEST_CASE("refusals: ports and types of ICMP", "[firewall]") {
  check_refused(GENERATE(values<Pair>({
      {"action=accept dstports=80", "needs proto=tcp or proto=udp"},
      {"action=accept proto=icmp dstports=80", "needs proto=tcp or proto=udp"},
      {"action=accept proto=tcp dstports=", "cannot be the dstports"},
      {"action=accept proto=tcp dstports=80-", "cannot be the dstports"},
      {"action=accept proto=tcp dstports=80-79", "the lower one first"},
      {"action=accept proto=tcp dstports=65536", "from 0 to 65535"},
      {"action=accept proto=tcp dstports=+80", "letters, digits"},
      {"action=accept proto=tcp dstports=8_0", "cannot be the dstports"},
      {"action=accept proto=tcp dstports=1-2-3", "cannot be the dstports"},
      {"action=accept icmptype=8", "needs proto=icmp"},
      {"action=accept proto=tcp icmptype=8", "needs proto=icmp"},
      {"action=accept proto=icmp icmptype=256", "0 to 255"},
      {"action=accept proto=icmp icmptype=0008", "0 to 255"},
      {"action=accept proto=icmp icmptype=-1", "0 to 255"},
  })));
}

TEST_CASE("refusals: expiry, comment and special target", "[firewall]") {
  check_refused(GENERATE(values<Pair>({
      {"action=accept specialtarget=ntp", "dns is accepted"},
      {"action=accept expire=soon", "seconds since 1970"},
      {"action=accept expire=-1", "seconds since 1970"},
      {"action=accept expire=1.5", "seconds since 1970"},
      {"action=accept expire=9999999999999999999", "seconds since 1970"},
      {"action=accept comment=a=b", "letters, digits"},
      {"action=accept comment=100%", "letters, digits"},
      {"action=accept comment=a proto=tcp", "letters, digits"},
      {"action=accept comment=\xc3\xb6", "letters, digits"},
  })));
}

TEST_CASE("a netvm is told a rule without its expiry and comment", "[firewall]") {
  const auto rule = FirewallRule::parse("action=drop proto=tcp expire=5 comment=x");
  CHECK(rule.match_text() == "action=drop proto=tcp");
  CHECK(rule.expire == 5);
  CHECK(rule.comment == "x");
}

TEST_CASE("a rule can be made of its keys, whose values may end in blanks", "[firewall]") {
  const std::vector<FirewallOption> options{
      {"comment", "x "}, {"dsthost", "::1"}, {"action", "accept"}};
  CHECK(FirewallRule::of(options).text() == "action=accept dst6=::1/128 comment=x");
}
