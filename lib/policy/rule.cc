// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/rule.h"

#include <algorithm>
#include <vector>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

Fault malformed(const std::string& text) { return {FaultKind::malformed, text}; }

bool is_of_call(std::string_view text) { return text.find_first_not_of(kCallMarks) == text.npos; }

PolicyAction action_of(std::string_view word) {
  if (word == "allow") return PolicyAction::allow;
  if (word == "ask") return PolicyAction::ask;
  if (word == "deny") return PolicyAction::deny;
  throw malformed(concat("'", printable(word), "' is no action; accepted are allow, ask and deny"));
}

bool yes_or_no(std::string_view key, std::string_view value) {
  if (value != "yes" && value != "no")
    throw malformed(concat(key, "= takes yes or no, not '", printable(value), "'"));
  return value == "yes";
}

std::string_view keys_of(PolicyAction action) {
  if (action == PolicyAction::deny) return "notify=";
  if (action == PolicyAction::allow) return "target=, user=, notify=, autostart=";
  return "target=, default_target=, user=, notify=, autostart=";
}

// Whether the parameter was one that this action has.
bool set(PolicyVerdict& verdict, std::string_view key, std::string_view value) {
  if (key == "notify") {
    verdict.notify = yes_or_no(key, value);
    return true;
  }
  if (verdict.action == PolicyAction::deny) return false;
  if (key == "target")
    verdict.target = Token::parse(value, TokenPlace::redirect);
  else if (key == "default_target" && verdict.action == PolicyAction::ask)
    verdict.default_target = Token::parse(value, TokenPlace::redirect);
  else if (key == "user")
    verdict.user = value;
  else if (key == "autostart")
    verdict.autostart = yes_or_no(key, value);
  else
    return false;
  return true;
}

}  // namespace

ServicePattern ServicePattern::parse(std::string_view service, std::string_view argument) {
  ServicePattern pattern;
  if (service != "*") {
    if (!is_of_call(service) || service.find('+') != service.npos)
      throw malformed(concat("'", printable(service), "' cannot be a service; accepted are * and ",
                             "a name of letters, digits, '_', '.' and '-'"));
    pattern.service = service;
  }
  if (argument == "*") return pattern;
  if (!argument.starts_with('+') || !is_of_call(argument))
    throw malformed(concat("'", printable(argument), "' cannot be an argument; accepted are * ",
                           "and '+' with letters, digits, '_', '.', '-' and '+' behind it"));
  if (!pattern.service) throw malformed("the service * takes no argument but *");
  pattern.argument = argument;
  return pattern;
}

bool ServicePattern::covers(std::string_view a_service, std::string_view an_argument) const {
  return (!service || *service == a_service) && (!argument || *argument == an_argument);
}

PolicyVerdict PolicyVerdict::parse(std::span<const std::string_view> words) {
  PolicyVerdict verdict{};
  verdict.action = action_of(words.front());
  verdict.notify = verdict.action == PolicyAction::deny;
  std::vector<std::string_view> seen;
  for (const std::string_view word : words.subspan(1)) {
    const std::size_t sign = word.find('=');
    const std::string_view key = word.substr(0, sign);
    if (sign == word.npos || !set(verdict, key, word.substr(sign + 1)))
      throw malformed(concat("'", printable(word), "' is no parameter of ", words.front(),
                             "; accepted are ", keys_of(verdict.action)));
    if (std::ranges::find(seen, key) != seen.end())
      throw malformed(concat(key, "= is given twice"));
    seen.push_back(key);
  }
  return verdict;
}

PolicyRule PolicyRule::parse(const ServicePattern& calls, std::span<const std::string_view> words) {
  constexpr std::size_t kBeforeAction = 2;
  if (words.size() <= kBeforeAction)
    throw malformed("a rule needs a source, a target and an action");
  PolicyRule rule{calls,
                  Token::parse(words[0], TokenPlace::source),
                  Token::parse(words[1], TokenPlace::target),
                  PolicyVerdict::parse(words.subspan(kBeforeAction)),
                  {}};
  const bool is_allow = rule.verdict.action == PolicyAction::allow;
  if (is_allow && rule.target.kind == TokenKind::default_vm && !rule.verdict.target)
    throw malformed("allow for @default needs target=, or there is nobody to send the call to");
  return rule;
}

}  // namespace qubes::mgmt
