// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/catalogue.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "frame/call.h"
#include "frame/help.h"
#include "frame/request.h"
#include "frame/version.h"

namespace qubes::mgmt {
namespace {

using Json = nlohmann::ordered_json;
using Place = Source::Place;

struct StatusRow {
  int status;
  std::string_view meaning;
};

constexpr std::array kStatuses{
    StatusRow{0, "done"},
    StatusRow{1, "refused, in a way that the call declares"},
    StatusRow{2, "malformed request or wrong options"},
    StatusRow{3, "no such VM"},
    StatusRow{4, "permission or constraint refused"},
    StatusRow{65, "store damaged or of a newer version"},
    StatusRow{69, "Xen or a needed program is not there"},
    StatusRow{70, "internal error, details in the system log"},
    StatusRow{74, "I/O error, a full disk for instance"},
    StatusRow{75, "busy, try again"},
};

constexpr std::array<std::string_view, 2> kScopes{"local", "global"};
constexpr std::array<std::string_view, 3> kAccesses{"read", "write", "execute"};
constexpr std::array<std::string_view, 3> kNeeds{"store", "root", "xen"};
constexpr std::array<std::string_view, 3> kDests{"dom0", "vm", "any"};
constexpr std::array<std::string_view, 4> kPresences{"none", "optional", "required", "optional"};

template <class Words, class Enumerator>
std::string_view word_of(const Words& words, Enumerator value) {
  return words.at(static_cast<std::size_t>(value));
}

Json field_json(const Field* field) {
  if (field == nullptr) return {{"presence", "none"}};
  return {{"presence", word_of(kPresences, field->source.presence)},
          {"grammar", field->grammar},
          {"help", field->source.help}};
}

Json payload_json(const Call& call) {
  const Field* stream = call.field(Place::stream);
  Json json = field_json(stream != nullptr ? stream : call.field(Place::payload));
  json["kind"] = stream != nullptr ? "stream" : "text";
  return json;
}

Json target_json(const Call& call) {
  const Field* field = call.field(Place::target);
  return {{"kind", word_of(kDests, call.text.dest)},
          {"help", field != nullptr ? field->source.help : "dom0"}};
}

Json faults_json(const Call& call) {
  Json words = Json::array();
  for (const FaultKind kind : call.faults) words.push_back(word(kind));
  return words;
}

// By their prefix, without its dot.
Json names_json(const Call& call) {
  Json names = Json::object();
  for (const Prefix& prefix : kPrefixes)
    names[std::string{prefix.text.substr(0, prefix.text.size() - 1)}] = names_of(call, prefix.text);
  return names;
}

Json call_json(const Call& call) {
  const CallText& text = call.text;
  const auto shipped = text.shipped_reply.empty() ? text.reply : text.shipped_reply;
  return {{"name", text.name},
          {"variants", text.variants},
          {"names", names_json(call)},
          {"summary", text.summary},
          {"notes", text.notes},
          {"scope", word_of(kScopes, text.scope)},
          {"access", word_of(kAccesses, text.access)},
          {"needs", word_of(kNeeds, text.needs)},
          {"asks_xen", text.asks_xen != nullptr},
          {"synopsis", synopsis(call)},
          {"target", target_json(call)},
          {"argument", field_json(call.field(Place::argument))},
          {"payload", payload_json(call)},
          {"reply", {{"draft", text.reply}, {"shipped", text.is_shipped ? shipped : ""}}},
          {"faults", faults_json(call)},
          {"example", text.example}};
}

Json kinds_json() {
  Json kinds = Json::array();
  for (int i = 0; i <= static_cast<int>(FaultKind::busy); ++i) {
    const auto kind = static_cast<FaultKind>(i);
    kinds.push_back(
        {{"word", word(kind)}, {"wire", wire_name(kind)}, {"status", exit_status(kind)}});
  }
  return kinds;
}

}  // namespace

std::string catalogue_json() {
  Json statuses = Json::array();
  for (const StatusRow& row : kStatuses)
    statuses.push_back({{"status", row.status}, {"meaning", row.meaning}});
  std::vector<const Call*> calls{all_calls().begin(), all_calls().end()};
  std::ranges::sort(calls, {}, [](const Call* call) { return call->text.name; });
  Json list = Json::array();
  for (const Call* call : calls) list.push_back(call_json(*call));
  const Json catalogue{
      {"version", kVersion}, {"statuses", statuses}, {"faults", kinds_json()}, {"calls", list}};
  return catalogue.dump(1) + "\n";
}

}  // namespace qubes::mgmt
