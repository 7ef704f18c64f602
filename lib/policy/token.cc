// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/token.h"

#include <array>

#include "base/fault.h"
#include "base/text.h"
#include "model/uuid.h"

namespace qubes::mgmt {
namespace {

constexpr unsigned kSource = static_cast<unsigned>(TokenPlace::source);
constexpr unsigned kTarget = static_cast<unsigned>(TokenPlace::target);
constexpr unsigned kRedirect = static_cast<unsigned>(TokenPlace::redirect);
constexpr unsigned kIntended = static_cast<unsigned>(TokenPlace::intended);

struct Spelling {
  TokenKind kind;
  std::string_view text;
  bool takes_value;
  unsigned places;
};

// The longer prefix stands before the one which it begins with.
constexpr auto kSpellings = std::to_array<Spelling>({
    {TokenKind::wildcard, "*", false, kSource | kTarget},
    {TokenKind::any_vm, "@anyvm", false, kSource | kTarget},
    {TokenKind::admin_vm, "@adminvm", false, kSource | kTarget | kRedirect | kIntended},
    {TokenKind::default_vm, "@default", false, kTarget | kIntended},
    {TokenKind::dispvm, "@dispvm", false, kTarget | kRedirect | kIntended},
    {TokenKind::type, "@type:", true, kSource | kTarget},
    {TokenKind::tag, "@tag:", true, kSource | kTarget},
    {TokenKind::dispvm_tag, "@dispvm:@tag:", true, kSource | kTarget},
    {TokenKind::dispvm_template, "@dispvm:", true, kSource | kTarget | kRedirect | kIntended},
});

constexpr std::string_view kUuidPrefix = "uuid:";
constexpr std::string_view kDom0 = "uuid:00000000-0000-0000-0000-000000000000";

std::string accepted(TokenPlace place) {
  std::string list = "the name of a VM, uuid: and its uuid";
  for (const Spelling& spelling : kSpellings) {
    if ((spelling.places & static_cast<unsigned>(place)) == 0) continue;
    list += concat(", ", spelling.text, spelling.takes_value ? "..." : "");
  }
  return list;
}

std::string_view title(TokenPlace place) {
  if (place == TokenPlace::source) return "source";
  return place == TokenPlace::redirect ? "redirected target" : "target";
}

// A uuid in the one spelling that is compared; names as they are.
std::string vm_text(std::string_view word) {
  if (!word.starts_with(kUuidPrefix)) return std::string{word};
  return concat(kUuidPrefix, Uuid::parse(word.substr(kUuidPrefix.size())).text());
}

bool fits(const Spelling& spelling, std::string_view word) {
  if (!spelling.takes_value) return word == spelling.text;
  if (!word.starts_with(spelling.text)) return false;
  const std::string_view value = word.substr(spelling.text.size());
  return !value.empty() && value.front() != '@';
}

Token spelled(const Spelling& spelling, std::string_view word) {
  if (spelling.kind != TokenKind::dispvm_template) return {spelling.kind, std::string{word}};
  return {spelling.kind, concat(spelling.text, vm_text(word.substr(spelling.text.size())))};
}

}  // namespace

Token Token::parse(std::string_view word, TokenPlace place) {
  if (!word.empty() && word != "*" && word.front() != '@') {
    std::string name = vm_text(word);
    if (name == "dom0" || name == kDom0) return {TokenKind::admin_vm, "@adminvm"};
    return {TokenKind::vm, std::move(name)};
  }
  for (const Spelling& spelling : kSpellings)
    if ((spelling.places & static_cast<unsigned>(place)) != 0 && fits(spelling, word))
      return spelled(spelling, word);
  throw Fault{FaultKind::malformed, concat("'", printable(word), "' cannot be a ", title(place),
                                           "; accepted are ", accepted(place))};
}

std::string_view Token::value() const {
  std::string_view rest = text;
  for (const Spelling& spelling : kSpellings)
    if (spelling.kind == kind) rest.remove_prefix(spelling.text.size());
  return rest;
}

}  // namespace qubes::mgmt
