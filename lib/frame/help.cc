// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/help.h"

#include <algorithm>

#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kWidth = 79;
constexpr std::size_t kColumn = 14;

// Fills lines with words; each begins with so many blanks.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::string line(indent, ' ');
  for (const std::string& word : split(text, ' ')) {
    const bool is_first = line.size() == indent;
    if (!is_first && line.size() + 1 + word.size() > kWidth) {
      out += line + "\n";
      line.assign(indent, ' ');
    }
    if (line.size() > indent) line += ' ';
    line += word;
  }
  return out + line + "\n";
}

std::string entry(std::string_view term, std::string_view text) {
  std::string block = wrapped(text, kColumn);
  const std::string head = concat("  ", term);
  if (head.size() + 2 > kColumn) return concat(head, "\n", block);
  block.replace(0, head.size(), head);
  return block;
}

std::string_view word_for(const Source& source) {
  switch (source.place) {
    case Source::Place::target:
      return "VM";
    case Source::Place::argument:
      return "ARGUMENT";
    case Source::Place::payload:
      return "PAYLOAD";
    default:
      return "";
  }
}

bool is_word(const Field& field) { return !word_for(field.source).empty(); }

}  // namespace

std::string synopsis(const Call& call) {
  std::string out;
  for (const Field& field : call.fields) {
    if (!is_word(field)) continue;
    const bool may_be_left_out = field.source.presence == Presence::optional ||
                                 (field.source.place == Source::Place::payload &&
                                  field.source.presence == Presence::required);
    out += may_be_left_out ? concat(" [", word_for(field.source), "]")
                           : concat(" ", word_for(field.source));
  }
  if (call.field(Source::Place::stream) != nullptr) out += " < FILE";
  return out;
}

std::string help_text(const Call& call, std::string_view name) {
  std::string out = concat("Usage: ", name, " [OPTIONS]", synopsis(call), "\n\n");
  out += wrapped(concat(call.text.summary, "."), 0);
  if (!call.text.notes.empty()) out += "\n" + wrapped(call.text.notes, 0);
  out += "\n";
  for (const Field& field : call.fields) {
    if (field.source.place == Source::Place::variant) continue;
    const std::string_view term = is_word(field) ? word_for(field.source) : "stdin";
    out += entry(term, concat(field.source.help, "; ", field.grammar));
  }
  out += "\nOptions:\n";
  out += entry("--json", "answer in JSON");
  if (call.text.access != Access::read)
    out += entry("--dry-run", "say what would change, and change nothing");
  if (call.field(Source::Place::stream) != nullptr)
    out += entry("--file FILE", "read from this file instead of standard input");
  if (call.text.answers_truth)
    out += entry("--exit-code", "answer by the exit status alone: 0 for 1, 1 for 0");
  out += entry("--as VM", "act as if this VM had called");
  out += entry("--verbose", "say more about what goes wrong");
  out += entry("--help", "print this");
  out += entry("--version", "print the version");
  out += concat("\nExample: ", call.text.example, "\n");
  const bool has_page = call.text.name.starts_with("mgmt.");
  out += wrapped(concat("Exit statuses and more: ",
                        has_page ? concat("man ", call.text.name, ", ") : "", "man 7 mgmt"),
                 0);
  return out;
}

}  // namespace qubes::mgmt
