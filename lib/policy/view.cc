// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/view.h"

#include <unordered_set>

#include "base/fault.h"
#include "base/text.h"
#include "policy/choices.h"

namespace qubes::mgmt {
namespace {

Resolution denied(std::string reason) {
  Resolution resolution;
  resolution.reason = std::move(reason);
  resolution.notify = true;
  return resolution;
}

// A name that no keyword of a policy can be taken for. Wider than what a VM may be called:
// device models have names of their own.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.find_first_not_of(kCallMarks) == name.npos;
}

std::unordered_set<std::string> source_texts(std::string_view source, const PolicyVm* vm) {
  if (!is_plain_name(source)) return {};
  if (vm == nullptr) return {std::string{source}, "@anyvm", "*"};
  const auto texts = texts_of(*vm);
  return {texts.begin(), texts.end()};
}

}  // namespace

PolicyView::PolicyView(const Policy& policy, const SystemInfo& system, std::string_view source,
                       std::string_view service, std::string_view argument)
    : policy_{policy}, system_{system}, source_{source}, is_dom0_{source == "dom0"} {
  const PolicyVm* vm = system.find(source);
  if (vm != nullptr && vm->default_dispvm) default_dispvm_ = system.find(*vm->default_dispvm);
  const auto texts = source_texts(source, vm);
  const std::string with_sign = concat("+", argument);
  for (const PolicyRule& rule : policy.rules()) {
    if (!rule.calls.covers(service, with_sign) || !texts.contains(rule.source.text)) continue;
    rules_.push_back(&rule);
    first_.emplace(rule.target.text, &rule);
  }
}

Resolution PolicyView::resolve(std::string_view intended) const {
  std::optional<Token> token;
  try {
    token = Token::parse(intended.empty() ? "@default" : intended, TokenPlace::intended);
  } catch (const Fault& fault) {
    return denied(fault.what());
  }
  const auto destination = Destination::of(*token, system_);
  if (destination) return decide(*destination);
  return denied(concat("'", printable(token->value()), "' is no template for disposables"));
}

bool PolicyView::allows(const PolicyVm& vm) const {
  if (is_dom0_) return true;
  const Destination target = Destination::of(vm);
  const PolicyRule* rule = first_rule(target);
  // Nobody can be asked about each of a thousand VMs.
  if (rule == nullptr || rule->verdict.action != PolicyAction::allow) return false;
  return allow(*rule, target).action == PolicyAction::allow;
}

Resolution PolicyView::decide(const Destination& intended) const {
  if (is_dom0_) {
    Resolution resolution;
    resolution.action = PolicyAction::allow;
    resolution.target = intended.text();
    return resolution;
  }
  if (!policy_.problem().empty()) return denied(policy_.problem());
  const PolicyRule* rule = first_rule(intended);
  if (rule == nullptr) return denied("no rule matches");
  if (rule->verdict.action == PolicyAction::allow) return allow(*rule, intended);
  if (rule->verdict.action == PolicyAction::ask) return ask(*rule);
  return deny(*rule, "the rule says so");
}

Resolution PolicyView::allow(const PolicyRule& rule, const Destination& intended) const {
  const PolicyVerdict& verdict = rule.verdict;
  const auto target =
      verdict.target ? Destination::of(*verdict.target, system_) : std::optional{intended};
  if (!target || target->kind == TokenKind::default_vm)
    return deny(rule, "the rule allows the call, but names no target that exists");
  const auto last = settled(*target);
  if (!last)
    return deny(rule, "the rule allows a disposable, but the source has no template for it");
  if (!verdict.autostart && !starts_nothing(*last))
    return deny(rule,
                concat("the rule does not start a target, and ", last->text(), " is not running"));
  Resolution resolution = agreed(rule);
  resolution.target = last->text();
  return resolution;
}

Resolution PolicyView::ask(const PolicyRule& rule) const {
  const PolicyVerdict& verdict = rule.verdict;
  const std::set<std::string> targets = choices(rule);
  if (targets.empty()) return deny(rule, "the rule asks, but there is nothing to choose");
  Resolution resolution = agreed(rule);
  resolution.targets.assign(targets.begin(), targets.end());
  if (!verdict.default_target) return resolution;
  const auto first = Destination::of(*verdict.default_target, system_);
  const auto offered = first ? settled(*first) : first;
  const bool is_unset = first && !offered;
  if (is_unset) return resolution;
  if (!offered || !targets.contains(offered->text()))
    return deny(rule, "the rule offers a target first that is no choice");
  resolution.default_target = offered->text();
  return resolution;
}

Resolution PolicyView::agreed(const PolicyRule& rule) const {
  const PolicyVerdict& verdict = rule.verdict;
  Resolution resolution{verdict.action, policy_.place_of(rule)};
  resolution.user = verdict.user;
  resolution.notify = verdict.notify;
  resolution.autostart = verdict.autostart;
  return resolution;
}

Resolution PolicyView::deny(const PolicyRule& rule, std::string_view why) const {
  Resolution resolution = denied(std::string{why});
  resolution.place = policy_.place_of(rule);
  if (rule.verdict.action == PolicyAction::deny) resolution.notify = rule.verdict.notify;
  return resolution;
}

const PolicyRule* PolicyView::first_rule(const Destination& target) const {
  const PolicyRule* first = nullptr;
  for (const std::string& text : target.target_texts(default_dispvm_)) {
    const auto found = first_.find(text);
    if (found != first_.end() && (first == nullptr || found->second < first)) first = found->second;
  }
  return first;
}

// What `@dispvm` means to this source, if anything; all else as it is.
std::optional<Destination> PolicyView::settled(const Destination& target) const {
  if (target.kind != TokenKind::dispvm) return target;
  if (default_dispvm_ == nullptr) return std::nullopt;
  return Destination{TokenKind::dispvm_template, default_dispvm_};
}

bool PolicyView::starts_nothing(const Destination& target) const {
  if (target.kind == TokenKind::admin_vm) return true;
  return target.kind == TokenKind::vm && system_.is_running(*target.vm);
}

std::set<std::string> PolicyView::choices(const PolicyRule& rule) const {
  std::set<std::string> found;
  const auto add = [&](const Destination& destination) {
    const auto last = settled(destination);
    if (!last || last->kind == TokenKind::default_vm) return;
    if (rule.verdict.autostart || starts_nothing(*last)) found.insert(last->text());
  };
  if (rule.verdict.target) {
    const auto one = Destination::of(*rule.verdict.target, system_);
    if (one) add(*one);
    return found;
  }
  for (const auto& [text, choice] : choices_of(rules_, system_))
    if (text != source_) add(choice);
  return found;
}

}  // namespace qubes::mgmt
