// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/shell.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <deque>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "frame/help.h"
#include "frame/version.h"
#include "model/names.h"

namespace qubes::mgmt {
namespace {

using Words = std::deque<std::string>;

struct Options {
  bool help = false;
  bool version = false;
  bool json = false;
  bool exit_code = false;
  bool dry_run = false;
  bool verbose = false;
  std::string as = "dom0";
  std::string file;
};

Fault wrong_option(const std::string& word) {
  return {FaultKind::malformed,
          concat("no option is called '", printable(word), "'; --help lists them")};
}

// What is left after the options. Words may begin with a dash, as a negative number does, but
// not look like an option.
Words words_of(const std::vector<std::string>& remaining) {
  Words words{remaining.begin(), remaining.end()};
  for (const std::string& word : words) {
    const bool is_number = word.size() > 1 && word[0] == '-' && word[1] >= '0' && word[1] <= '9';
    if (word.size() > 1 && word[0] == '-' && !is_number) throw wrong_option(word);
  }
  return words;
}

Words parse(const Call& call, int argc, char** argv, Options& options) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.add_flag("-h,--help", options.help);
  app.add_flag("--version", options.version);
  app.add_flag("--json", options.json);
  app.add_flag("--verbose", options.verbose);
  if (call.text.answers_truth) app.add_flag("--exit-code", options.exit_code);
  app.add_option("--as", options.as);
  if (call.text.access != Access::read) app.add_flag("--dry-run", options.dry_run);
  if (call.field(Source::Place::stream) != nullptr) app.add_option("--file", options.file);
  // Everything after `--` is words, whatever it looks like.
  int own = 1;
  while (own < argc && std::string_view{argv[own]} != "--") ++own;
  try {
    app.parse(own, argv);
  } catch (const CLI::ParseError& error) {
    throw Fault{FaultKind::malformed, concat(error.what(), "; --help lists the options")};
  }
  Words words = words_of(app.remaining());
  for (int i = own + 1; i < argc; ++i) words.emplace_back(argv[i]);
  return words;
}

std::string take(Words& words) {
  std::string word = std::move(words.front());
  words.pop_front();
  return word;
}

// An argument that may be left out is: when no word is left, or the next one is the payload's
// key=value already, which no argument can be.
bool is_left_out(const Source& source, const Words& words) {
  if (words.empty()) return true;
  return source.presence == Presence::optional && words.front().find('=') != std::string::npos;
}

void take_argument(const Call& call, Words& words, Input& input) {
  const Field* field = call.field(Source::Place::argument);
  if (field == nullptr || is_left_out(field->source, words)) return;
  std::string word = take(words);
  const std::size_t end = field->source.end.empty() ? word.npos : word.find(field->source.end);
  input.argument = word.substr(0, end);
  if (end != word.npos) words.push_front(word.substr(end + field->source.end.size()));
}

void take_payload(const Field* field, Words& words, Request& request) {
  if (field == nullptr || (words.empty() && field->source.presence == Presence::required)) return;
  request.payload_is_on_stream = false;
  if (words.empty() && field->source.presence == Presence::said)
    throw Fault{FaultKind::malformed,
                concat("expected one word more: ", field->source.help, " (say '' for none)")};
  const std::vector<std::string> rest{words.begin(), words.end()};
  request.input.payload = join(rest, field->source.between);
  words.clear();
}

Request place(const Call& call, Words words, const std::string& method) {
  Request request{.door = Door::shell,
                  .dialect = Dialect::draft,
                  .method = method,
                  .caller = "dom0",
                  .input = {}};
  request.input.target = "dom0";
  if (const Field* field = call.field(Source::Place::target)) {
    if (words.empty() && field->source.presence == Presence::required)
      throw Fault{FaultKind::malformed, concat("expected the name of ", field->source.help)};
    if (!words.empty()) request.input.target = take(words);
  }
  take_argument(call, words, request.input);
  const Field* payload = call.field(Source::Place::payload);
  take_payload(payload, words, request);
  if (payload == nullptr) request.payload_is_on_stream = false;
  if (!words.empty())
    throw Fault{FaultKind::malformed,
                concat("unexpected word '", printable(words.front()), "'; --help shows the usage")};
  return request;
}

std::string caller_named(const std::string& word) try {
  return VmName::parse(word).text();
} catch (const Fault& fault) {
  throw Fault{FaultKind::malformed, concat("--as: ", fault.what())};
}

void open_file(const std::string& file, Input& input) {
  if (file.empty()) return;
  input.stream = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (input.stream < 0) throw system_fault(concat("open ", file));
}

// A person cannot type an image, and would wait for nothing.
void refuse_terminal(const Call& call, const Input& input) {
  if (call.field(Source::Place::stream) == nullptr || ::isatty(input.stream) == 0) return;
  throw Fault{FaultKind::malformed, "give the image on standard input, or by --file FILE"};
}

}  // namespace

std::variant<ShellRequest, ShellText> read_command_line(const Call& call, int argc, char** argv) {
  const std::string_view path = argv[0];
  const std::string method{path.substr(path.rfind('/') + 1)};
  Options options;
  Words words = parse(call, argc, argv, options);
  if (options.help) return ShellText{help_text(call, method)};
  if (options.version) return ShellText{concat(method, " ", kVersion, "\n")};
  ShellRequest shell{.request = place(call, std::move(words), method),
                     .as_json = options.json,
                     .as_exit_code = options.exit_code,
                     .rehearsal = options.dry_run ? Rehearsal::yes : Rehearsal::no,
                     .is_verbose = options.verbose};
  shell.request.caller = caller_named(options.as);
  open_file(options.file, shell.request.input);
  refuse_terminal(call, shell.request.input);
  return shell;
}

}  // namespace qubes::mgmt
