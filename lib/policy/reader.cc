// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "base/fault.h"
#include "base/text.h"
#include "policy/lines.h"

namespace qubes::mgmt {
namespace {

constexpr std::string_view kRunFolder = "/run/qubes/policy.d";
constexpr std::string_view kEtcFolder = "/etc/qubes/policy.d";
constexpr std::string_view kCompatFolder = "/etc/qubes-rpc/policy";

constexpr std::size_t kMostReads = 100'000;
constexpr std::size_t kMostRules = 250'000;
constexpr std::size_t kDeepest = 64;

Fault malformed(const std::string& text) { return {FaultKind::malformed, text}; }

void check_count(PolicyReader::Words words, std::size_t parameters) {
  if (words.size() != parameters + 1)
    throw malformed(concat(printable(words.front()), " takes ", parameters,
                           " words behind it, not ", words.size() - 1));
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

// The short syntax of included files is that of Qubes 4.0, which had `$` for `@`.
std::string modernised(std::string_view line) {
  std::string out = replaced(std::string{line}, "$include:", "!include ");
  std::ranges::replace(out, '$', '@');
  std::ranges::replace(out, ',', ' ');
  return out;
}

/// A file of Qubes 4.0, whose name says which calls it is for.
struct CompatFile {
  std::string service, argument, name;

  // For all arguments last, so that the files for one argument come before it.
  auto key() const { return std::tuple{service, argument == "*", argument}; }
};

CompatFile compat_file(const std::string& name) {
  const std::size_t plus = name.find('+');
  return {name.substr(0, plus), plus == name.npos ? "*" : name.substr(plus), name};
}

}  // namespace

void PolicyReader::read() {
  std::map<std::string, Path> chosen;
  for (const std::string_view folder : {kRunFolder, kEtcFolder})
    for (const std::string& name : policies_in(folder)) chosen.try_emplace(name, folder);
  for (const auto& [name, folder] : chosen) {
    base_ = folder;
    read_policy(load(name));
  }
}

void PolicyReader::read_policy(const Loaded& file) {
  read_lines(file, [this](std::string_view line) {
    const auto words = words_of(line);
    if (line.front() == '!') return obey(words);
    if (words.size() < 2)
      throw malformed("a rule needs a service, an argument, a source, a target and an action");
    add(ServicePattern::parse(words[0], words[1]), std::span{words}.subspan(2));
  });
}

void PolicyReader::read_folder(const Path& folder) {
  for (const std::string& name : policies_in(folder)) read_policy(load((folder / name).native()));
}

void PolicyReader::read_service(const Loaded& file, const ServicePattern& calls) {
  read_lines(file, [&](std::string_view line) {
    const std::string modern = modernised(line);
    const auto words = words_of(modern);
    if (modern.front() == '!') return obey_in_service(words, calls);
    add(calls, words);
  });
}

void PolicyReader::read_lines(const Loaded& file, const HandleLine& handle) {
  const auto is_same = [&](std::uint32_t number) { return files[number] == files[file.number]; };
  if (std::ranges::any_of(open_, is_same))
    throw malformed(concat("'", printable(files[file.number]), "' includes itself"));
  if (open_.size() >= kDeepest)
    throw malformed(concat("includes are more than ", kDeepest, " deep"));
  if (++reads_ > kMostReads) throw malformed(concat("more than ", kMostReads, " files included"));
  const auto outer = std::exchange(position_, PolicyPosition{file.number, 0});
  open_.push_back(file.number);
  for (PolicyLines lines{file.bytes}; lines.next();) {
    position_->line = lines.number();
    if (is_statement(lines.text())) handle(lines.text());
  }
  open_.pop_back();
  position_ = outer;
}

void PolicyReader::read_compat() {
  std::vector<CompatFile> found;
  for (const std::string& name : names_in(kCompatFolder))
    if (is_file(Path{kCompatFolder} / name) && name.find_first_not_of(kCallMarks) == name.npos)
      found.push_back(compat_file(name));
  std::ranges::sort(found, {}, &CompatFile::key);
  const std::string outer = std::exchange(base_, kCompatFolder);
  for (const CompatFile& file : found) {
    const ServicePattern calls = ServicePattern::parse(file.service, file.argument);
    const Loaded& loaded = load(file.name);
    read_service(loaded, calls);
    // What such a file does not allow was denied; one for all arguments left it to others.
    if (!calls.argument) continue;
    const auto inner = std::exchange(position_, PolicyPosition{loaded.number, 0});
    for (const std::string_view target : {"@anyvm", "@adminvm"})
      add(calls, std::array<std::string_view, 3>{"@anyvm", target, "deny"});
    position_ = inner;
  }
  base_ = outer;
}

void PolicyReader::obey(Words words) {
  const std::string_view directive = words.front();
  if (directive == "!include") {
    check_count(words, 1);
    return read_policy(load(words[1]));
  }
  if (directive == "!include-dir") {
    check_count(words, 1);
    return read_folder(resolved(words[1]));
  }
  if (directive == "!include-service") {
    check_count(words, 3);
    const auto calls = ServicePattern::parse(words[1], words[2]);
    return read_service(load(words[3]), calls);
  }
  if (directive != "!compat-4.0")
    throw malformed(concat("'", printable(directive), "' is no directive; accepted are !include, ",
                           "!include-dir, !include-service and !compat-4.0"));
  check_count(words, 0);
  read_compat();
}

void PolicyReader::obey_in_service(Words words, const ServicePattern& calls) {
  if (words.front() != "!include")
    throw malformed(concat("'", printable(words.front()), "' is no directive here; accepted is ",
                           "!include, in a file that says source, target and action only"));
  check_count(words, 1);
  read_service(load(words[1]), calls);
}

void PolicyReader::add(const ServicePattern& calls, Words words) {
  if (rules.size() >= kMostRules) throw malformed(concat("more than ", kMostRules, " rules"));
  rules.push_back(PolicyRule::parse(calls, words));
  rules.back().position = *position_;
}

}  // namespace qubes::mgmt
