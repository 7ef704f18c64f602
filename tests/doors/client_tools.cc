// SPDX-License-Identifier: GPL-2.0-or-later
#include "doors/client_tools.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <stdexcept>

#include "base/text.h"

namespace qubes::mgmt::test {
namespace {

using namespace std::string_literals;

const std::string kOk = "0\0"s;

std::string unescaped(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\n", at)) != text.npos; ++at)
    text.replace(at, 2, "\n");
  return text;
}

ClientCall parse_call(const std::string& line) {
  static const std::regex kCall{R"( +([^ @]+) @([^ ]+) +(?:<(.*)> +)?([^ ]+) *)"};
  std::smatch parts;
  if (!std::regex_match(line, parts, kCall)) throw std::runtime_error{"no call: " + line};
  return {"admin." + parts[1].str(), parts[2], unescaped(parts[3]), parts[4]};
}

// In the form of admin.vm.device.*: key='value', blanks between.
const std::string kPair = R"([\w-]+='(?:[^'\\]|\\')*')";
const std::string kPairs = "(?: +" + kPair + ")*";

/// What each line of an answer looks like, as the clients parse it.
const std::map<std::string, std::string> kLines{
    {"lines", R"([^ ]+)"},
    {"vms", R"([A-Za-z][\w.-]* class=\w+( [a-z]+=[^ ]+)*)"},
    {"properties", R"(\w+ default=(True|False) type=(str|int|bool|vm|label) .*)"},
    {"volume", R"((pool|vid|size|usage|rw|source|path|save_on_stop|snap_on_start|)"
               R"(revisions_to_keep|ephemeral|is_outdated)=.*)"},
    {"facts", R"(\w+=.*)"},
    {"usage", R"(\w+=[0-9]+)"},
    {"drivers", R"([\w-]+( [\w-]+)+)"},
    {"rules", R"(action=(accept|drop)( [a-z0-9]+=[^ ]+)*( comment=.*)?)"},
    {"available", R"([^ :]+:[^ ]+)" + kPairs},
    {"assigned", R"([A-Za-z][\w.-]*\+[^ :]+:[^ ]+)" + kPairs},
};

/// What a whole answer looks like.
const std::map<std::string, std::string> kWholes{
    {"nothing", ""},
    {"text", R"([^]*)"},
    {"property", R"(default=(True|False) type=(str|int|bool|vm|label) [^]*)"},
    {"flag", "[01]"},
    {"number", "[0-9]+"},
    {"token", "[A-Za-z0-9_-]{32}"},
    {"state", R"(mem=[0-9]+ mem_static_max=[0-9]+ cputime=[0-9]+ power_state=\w+)"},
};

/// Those that no client takes empty.
const std::vector<std::string> kNeverEmpty{"vms", "properties", "volume", "facts", "drivers"};

std::string fault_of_lines(const std::string& shape, const std::string& content) {
  if (content.empty())
    return std::ranges::find(kNeverEmpty, shape) == kNeverEmpty.end() ? "" : "it is empty";
  if (content.back() != '\n') return "its last line has no end";
  const std::regex pattern{kLines.at(shape)};
  for (const std::string& line : split(content.substr(0, content.size() - 1), '\n'))
    if (!std::regex_match(line, pattern)) return "line '" + line + "'";
  return "";
}

std::string filled(std::string text, const std::map<std::string, std::string>& words) {
  for (const auto& [name, value] : words)
    for (std::size_t at; (at = text.find("$" + name)) != text.npos;)
      text.replace(at, name.size() + 1, value);
  return text;
}

}  // namespace

std::vector<ClientTool> read_client_tools(const std::filesystem::path& table) {
  std::ifstream file{table};
  std::vector<ClientTool> tools;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (line.front() != ' ')
      tools.push_back({line, {}});
    else
      tools.at(tools.size() - 1).calls.push_back(parse_call(line));
  }
  return tools;
}

std::string shape_fault(const std::string& shape, const std::string& answer) {
  if (shape.front() == '!') {
    const std::string head = "2\0"s + shape.substr(1) + "\0\0%s\0"s;
    return answer.starts_with(head) ? "" : "expected " + shape.substr(1);
  }
  if (!answer.starts_with(kOk)) return "no success";
  const std::string content = answer.substr(kOk.size());
  if (kLines.contains(shape)) return fault_of_lines(shape, content);
  return std::regex_match(content, std::regex{kWholes.at(shape)}) ? "" : "it does not fit";
}

std::vector<std::string> play(const ClientTool& tool, std::map<std::string, std::string>& words,
                              const Ask& ask) {
  std::vector<std::string> faults;
  for (const ClientCall& call : tool.calls) {
    const ClientCall sent{filled(call.service, words), filled(call.target, words),
                          filled(call.payload, words), call.shape};
    const std::string answer = ask(sent);
    const std::string fault = shape_fault(call.shape, answer);
    if (!fault.empty())
      faults.push_back(concat(tool.command, ": ", sent.service, " to ", sent.target, " is no ",
                              call.shape, ": ", fault, ": ", printable(answer)));
    if (call.shape == "token" && fault.empty()) words["token"] = answer.substr(kOk.size());
  }
  return faults;
}

}  // namespace qubes::mgmt::test
