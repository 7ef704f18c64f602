// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"

namespace qubes::mgmt {
namespace {

// A function's own static, since calls enter before any other object of the library is made.
std::vector<const Call*>& registered() {
  static std::vector<const Call*> calls;
  return calls;
}

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

void Call::enter() const { registered().push_back(this); }

std::span<const Call* const> all_calls() { return registered(); }

}  // namespace qubes::mgmt
