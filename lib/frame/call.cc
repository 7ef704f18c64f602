// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"

#include <algorithm>
#include <array>

namespace qubes::mgmt {
namespace {

// A function's own static, since calls enter before any other object of the library is made.
std::vector<const Call*>& registered() {
  static std::vector<const Call*> calls;
  return calls;
}

constexpr std::array kOfAnyCall{FaultKind::malformed, FaultKind::denied,    FaultKind::store_failed,
                                FaultKind::internal,  FaultKind::io_failed, FaultKind::busy};

}  // namespace

std::string_view Call::part_of(const Input& input, const Source& source) {
  switch (source.place) {
    case Source::Place::variant:
      return input.variant;
    case Source::Place::target:
      return input.target;
    case Source::Place::argument:
      return input.argument;
    case Source::Place::payload:
      return input.payload;
    case Source::Place::stream:
      break;
  }
  return {};
}

const Field* Call::field(Source::Place place) const {
  for (const Field& field : fields)
    if (field.source.place == place) return &field;
  return nullptr;
}

std::vector<FaultKind> Call::all_faults(
    std::initializer_list<std::span<const FaultKind>> of_parameters) const {
  std::vector<FaultKind> all = text.faults;
  const auto add = [&](FaultKind kind) {
    if (std::ranges::find(all, kind) == all.end()) all.push_back(kind);
  };
  for (const auto kinds : of_parameters) std::ranges::for_each(kinds, add);
  if (text.needs != Needs::store || text.asks_xen != nullptr) add(FaultKind::no_xen);
  std::ranges::for_each(kOfAnyCall, add);
  return all;
}

void Call::enter() const { registered().push_back(this); }

std::span<const Call* const> all_calls() { return registered(); }

}  // namespace qubes::mgmt
