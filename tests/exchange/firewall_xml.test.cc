// SPDX-License-Identifier: GPL-2.0-or-later
#include "exchange/firewall_xml.h"

#include <catch2/catch.hpp>

#include "base/fault.h"
#include "base/text.h"

using namespace qubes::mgmt;

namespace {

std::string lines(std::string_view xml) {
  std::string all;
  for (const FirewallRule& rule : read_firewall_xml(xml)) all += rule.text() + "\n";
  return all;
}

const std::string kRules =
    "action=accept dst4=10.0.0.1/32 proto=tcp dstports=80-80\n"
    "action=drop expire=5 dst6=::1/128 comment=a, b\n"
    "action=accept dsthost=a.example\n"
    "action=drop proto=icmp icmptype=8\n"
    "action=accept specialtarget=dns\n";

std::string rule_xml(const std::string& properties) {
  return "<firewall version=\"2\"><rules><rule><properties>" + properties +
         "</properties></rule></rules></firewall>";
}

}  // namespace

TEST_CASE("the rules that were written are read", "[firewall]") {
  std::vector<FirewallRule> rules;
  for (const std::string& line : split(kRules, '\n'))
    if (!line.empty()) rules.push_back(FirewallRule::parse(line));
  const std::string xml = write_firewall_xml(rules);
  CHECK(lines(xml) == kRules);
  CHECK(xml.find("dst4") == std::string::npos);
  CHECK(xml.find("<property name=\"dsthost\">10.0.0.1/32</property>") != std::string::npos);
  CHECK(lines(write_firewall_xml({})) == "");
}

TEST_CASE("rules as Qubes writes them are read", "[firewall]") {
  CHECK(lines(rule_xml("<property name=\"action\">accept</property>"
                       "<property name=\"dstports\">443</property>"
                       "<property name=\"proto\">tcp</property>")) ==
        "action=accept proto=tcp dstports=443-443\n");
}

TEST_CASE("rules of Qubes 3 become rules of today", "[firewall]") {
  CHECK(lines("<QubesFirewallRules policy=\"deny\" dns=\"allow\" icmp=\"deny\" yumProxy=\"deny\">"
              "<rule address=\"10.0.0.0\" netmask=\"8\" proto=\"tcp\" port=\"80\" toport=\"90\"/>"
              "<rule address=\"example.org\" port=\"443\"/><rule address=\"1.2.3.4\" proto=\"any\" "
              "expire=\"7\"/></QubesFirewallRules>") ==
        "action=accept specialtarget=dns\n"
        "action=drop proto=icmp\n"
        "action=accept dst4=10.0.0.0/8 proto=tcp dstports=80-90\n"
        "action=accept dsthost=example.org proto=tcp dstports=443-443\n"
        "action=accept expire=7 dst4=1.2.3.4/32\n");
  CHECK(lines("<QubesFirewallRules policy=\"allow\"/>") ==
        "action=accept specialtarget=dns\naction=accept proto=icmp\naction=accept\n");
}

TEST_CASE("a rule that is none refuses the file", "[firewall]") {
  CHECK_THROWS_WITH(read_firewall_xml(rule_xml("<property name=\"action\">perhaps</property>")),
                    Catch::Contains("'perhaps' cannot be the action"));
  CHECK_THROWS_WITH(read_firewall_xml("<firewall version=\"3\"/>"),
                    Catch::Contains("its version is '3'"));
  CHECK_THROWS_WITH(read_firewall_xml("<QubesFirewallRules policy=\"maybe\"/>"),
                    Catch::Contains("its policy is 'maybe'"));
  CHECK_THROWS_WITH(read_firewall_xml("<firewall version=\"2\"><rule/></firewall>"),
                    Catch::Contains("where 'rules' is expected"));
}
