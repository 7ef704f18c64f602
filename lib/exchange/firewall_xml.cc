// SPDX-License-Identifier: GPL-2.0-or-later
#include "exchange/firewall_xml.h"

#include "base/fault.h"
#include "base/text.h"
#include "exchange/xml.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kMostMarks = 1'000'000;

using Node = pugi::xml_node;
using Options = std::vector<FirewallOption>;

Fault refused(std::string_view why) { return {FaultKind::malformed, std::string{why}}; }

void require(const Node& node, std::string_view name) {
  if (node.name() != name)
    throw refused(concat("it has '", printable(node.name()), "' where '", name, "' is expected"));
}

FirewallRule read_rule(const Node& rule) {
  require(rule, "rule");
  Options options;
  for (const Node& property : xml_elements(rule.child("properties"))) {
    require(property, "property");
    options.push_back({xml_attribute(property, "name"), xml_text(property)});
  }
  return FirewallRule::of(options);
}

std::vector<FirewallRule> read_current(const Node& root) {
  std::vector<FirewallRule> rules;
  for (const Node& part : xml_elements(root)) {
    require(part, "rules");
    for (const Node& rule : xml_elements(part)) rules.push_back(read_rule(rule));
  }
  return rules;
}

std::string action(bool is_allowed) { return is_allowed ? "accept" : "drop"; }

bool is_allowed(const Node& root, const char* what, const std::string& otherwise) {
  const std::string word = root.attribute(what) ? xml_attribute(root, what) : otherwise;
  if (word != "allow" && word != "deny")
    throw refused(concat("its ", what, " is '", printable(word), "', not allow or deny"));
  return word == "allow";
}

// A rule of version 1 is an exception to the policy; a port alone meant TCP.
FirewallRule read_exception(const Node& node, const std::string& rule_action) {
  require(node, "rule");
  Options options{{"action", rule_action}};
  const std::string address = xml_attribute(node, "address");
  const std::string bits = xml_attribute(node, "netmask");
  if (!address.empty())
    options.push_back({"dsthost", bits.empty() ? address : concat(address, "/", bits)});
  const std::string port = xml_attribute(node, "port");
  const std::string last_port = xml_attribute(node, "toport");
  std::string protocol = xml_attribute(node, "proto");
  if (!port.empty() && protocol.empty()) protocol = "tcp";
  if (!protocol.empty() && protocol != "any") options.push_back({"proto", protocol});
  if (!port.empty())
    options.push_back({"dstports", last_port.empty() ? port : concat(port, "-", last_port)});
  const std::string expire = xml_attribute(node, "expire");
  if (!expire.empty()) options.push_back({"expire", expire});
  return FirewallRule::of(options);
}

// What version 1 said by attributes are rules since version 2.
std::vector<FirewallRule> read_first(const Node& root) {
  const std::string policy = xml_attribute(root, "policy");
  const bool lets_through = is_allowed(root, "policy", "");
  std::vector<FirewallRule> rules;
  rules.push_back(FirewallRule::of(
      Options{{"action", action(is_allowed(root, "dns", policy))}, {"specialtarget", "dns"}}));
  rules.push_back(FirewallRule::of(
      Options{{"action", action(is_allowed(root, "icmp", policy))}, {"proto", "icmp"}}));
  for (const Node& node : xml_elements(root))
    rules.push_back(read_exception(node, action(!lets_through)));
  if (lets_through) rules.push_back(FirewallRule::of(Options{{"action", "accept"}}));
  return rules;
}

}  // namespace

std::vector<FirewallRule> read_firewall_xml(std::string_view untrusted) {
  const XmlLimits limits{kLongestFirewallXml, kMostMarks};
  const bool is_first = untrusted.find("<QubesFirewallRules") != untrusted.npos;
  const auto document = parse_xml(untrusted, limits, is_first ? "QubesFirewallRules" : "firewall");
  const Node root = document->document_element();
  if (is_first) return read_first(root);
  if (const std::string version = xml_attribute(root, "version"); version != "2")
    throw refused(concat("its version is '", printable(version), "'; 2 is accepted"));
  return read_current(root);
}

std::string write_firewall_xml(std::span<const FirewallRule> rules) {
  XmlWriter out;
  out.open("firewall", {{"version", "2"}});
  out.open("rules");
  for (const FirewallRule& rule : rules) {
    out.open("rule");
    out.open("properties");
    for (const FirewallOption& option : rule.options()) {
      const bool is_destination = option.key == "dst4" || option.key == "dst6";
      out.text("property", {{"name", is_destination ? "dsthost" : option.key}}, option.value);
    }
    out.close("properties");
    out.close("rule");
  }
  out.close("rules");
  out.close("firewall");
  return out.bytes();
}

}  // namespace qubes::mgmt
