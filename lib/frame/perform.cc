// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/perform.h"

#include <algorithm>

#include "base/file.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kLargestUnexpectedPayload = 65536;

void check_presence(const Field* field, std::string_view given, std::string_view what) {
  const Presence presence = field == nullptr ? Presence::none : field->source.presence;
  if (presence == Presence::none && !given.empty())
    throw Fault{FaultKind::malformed,
                concat("unexpected ", what, " '", printable(given), "': this call takes none")};
  if (presence == Presence::required && given.empty())
    throw Fault{FaultKind::malformed,
                concat("expected ", what, ": ", field->source.help, " (", field->grammar, ")")};
}

void check_dest(const Call& call, const std::string& target) {
  const bool is_dom0 = target == "dom0" || target == "uuid:00000000-0000-0000-0000-000000000000";
  if (call.text.dest == Dest::dom0 && !is_dom0)
    throw Fault{FaultKind::malformed, "this call is sent to dom0 and to no other VM"};
  if (call.text.dest == Dest::vm && is_dom0)
    throw Fault{FaultKind::malformed, "this call is sent to a VM, not to dom0"};
}

}  // namespace

void check_parts(const Call& call, Request& request) {
  Input& input = request.input;
  const bool is_ascii = std::ranges::all_of(
      input.argument, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!is_ascii) throw Fault{FaultKind::malformed, "the argument is not ASCII"};
  if (call.field(Source::Place::stream) == nullptr) {
    const Field* field = call.field(Source::Place::payload);
    const std::size_t limit = field == nullptr ? kLargestUnexpectedPayload : field->source.limit;
    if (request.payload_is_on_stream) input.payload = read_all(input.stream, limit);
    check_presence(field, input.payload, "payload");
  }
  check_presence(call.field(Source::Place::argument), input.argument, "argument");
  check_dest(call, input.target);
}

Reply perform(const Call& call, Context& context, const Input& input) {
  switch (call.text.access) {
    case Access::read: {
      const sqlite::Snapshot snapshot{context.store};
      return call.run(context, input);
    }
    case Access::write: {
      context.begin();
      Reply reply = call.run(context, input);
      context.commit();
      return reply;
    }
    case Access::execute:
      break;
  }
  return call.run(context, input);
}

}  // namespace qubes::mgmt
