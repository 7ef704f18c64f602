// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace qubes::mgmt::test {

/// One request of a client, and what it expects back.
struct ClientCall {
  std::string service;  ///< "admin.vm.property.Get+label"
  std::string target;
  std::string payload;
  std::string shape;  ///< a word of shape_fault()
};

/// What one of Qubes' client tools asks for, in its order.
struct ClientTool {
  std::string command;
  std::vector<ClientCall> calls;
};

/// The tools of a table beside this file. A line that is not indented is a command; the indented
/// ones below it are calls: name without prefix, @target, perhaps <payload>, and the shape of the
/// answer. `\n` in a payload is a newline.
std::vector<ClientTool> read_client_tools(const std::filesystem::path& table);

/// What is wrong with an answer from a socket, for a client that expects this shape of it; empty
/// where nothing is. `!TYPE` is a refusal of that type. Throws for a shape that nobody knows.
std::string shape_fault(const std::string& shape, const std::string& answer);

/// Sends a request, and gives what comes back.
using Ask = std::function<std::string(const ClientCall& call)>;

/// Plays a tool. `$NAME` in what it sends stands for what `words` have for it; an answer of the
/// shape `token` becomes `$token`. Gives what was wrong, a line for each call.
std::vector<std::string> play(const ClientTool& tool, std::map<std::string, std::string>& words,
                              const Ask& ask);

}  // namespace qubes::mgmt::test
