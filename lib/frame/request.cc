// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/request.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::string_view kPrefix = "mgmt.";
constexpr std::string_view kEarlierPrefix = "mgmt1.";
constexpr std::string_view kShippedPrefix = "admin.";

/// A name that begins with the prefix, around its variant.
struct NameParts {
  std::string before;
  std::string after;
};

NameParts parts_of(const CallText& text, std::string_view prefix) {
  const std::string_view head = text.variant_after.empty() ? text.name : text.variant_after;
  return {concat(prefix, head.substr(kPrefix.size()), "."),
          std::string{text.name.substr(head.size())}};
}

std::string variant_in(const CallText& text, std::string_view prefix, std::string_view name) {
  const auto [before, after] = parts_of(text, prefix);
  name.remove_prefix(before.size());
  name.remove_suffix(after.size());
  return std::string{name};
}

}  // namespace

std::vector<std::string> names_of(const Call& call, std::string_view prefix) {
  if (!prefix_of(prefix)->is_of_api || !call.text.name.starts_with(kPrefix)) {
    if (!call.text.name.starts_with(prefix)) return {};
    return {std::string{call.text.name}};
  }
  if (prefix == kShippedPrefix && !call.text.is_shipped) return {};
  if (prefix == kEarlierPrefix && !call.text.earlier_name.empty())
    return {std::string{call.text.earlier_name}};
  if (call.text.variants.empty()) return {concat(prefix, call.text.name.substr(kPrefix.size()))};
  const auto [before, after] = parts_of(call.text, prefix);
  std::vector<std::string> names;
  for (const std::string_view variant : call.text.variants)
    names.push_back(concat(before, variant, after));
  return names;
}

MethodName parse_method(const Call& call, std::string_view untrusted) {
  for (const Prefix& prefix : kPrefixes) {
    const auto names = names_of(call, prefix.text);
    if (std::ranges::find(names, untrusted) == names.end()) continue;
    const bool is_earlier = !call.text.earlier_name.empty() && prefix.text == kEarlierPrefix;
    const bool has_variant = !call.text.variants.empty() && !is_earlier;
    return {prefix.dialect, std::string{call.text.name},
            has_variant ? variant_in(call.text, prefix.text, untrusted) : "", is_earlier};
  }
  throw Fault{FaultKind::malformed,
              concat("'", printable(untrusted), "' is not a name of this program")};
}

void resolve_method(const Call& call, Request& request) {
  const MethodName method = parse_method(call, request.method);
  request.dialect = method.dialect;
  request.input.variant = method.variant;
  if (!method.is_earlier) return;
  // The class stood in the argument and the template was the target.
  const auto& variants = call.text.variants;
  if (std::ranges::find(variants, request.input.argument) == variants.end())
    throw Fault{FaultKind::malformed,
                concat("'", printable(request.input.argument), "' is not a class of VMs")};
  request.input.variant = request.input.argument;
  request.input.argument = request.input.target == "dom0" ? "" : request.input.target;
  request.input.target = "dom0";
}

}  // namespace qubes::mgmt
