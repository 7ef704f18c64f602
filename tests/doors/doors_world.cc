// SPDX-License-Identifier: GPL-2.0-or-later
#include "doors/doors_world.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "base/text.h"

namespace qubes::mgmt::test {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

constexpr std::array kStatuses{0, 1, 2, 3, 4, 65, 69, 74, 75};

// As rpc-links/ installs them: a link to the program by whatever name it was built, and what
// VMs tell of themselves to the socket.
fs::path install_services(const ScratchRoot& root) {
  const fs::path folder = root.at("/etc/qubes-rpc");
  fs::create_directories(folder);
  fs::create_directories(root.at("/run"));
  for (const CatalogueCall& call : catalogue_calls())
    for (const std::string& name : names_of(call)) {
      const bool is_of_vms = name.starts_with("qubes.");
      const fs::path program = tools_folder() / call["name"].get<std::string>();
      fs::create_symlink(is_of_vms ? root.at("/run/qubes-mgmt.misc.sock") : program, folder / name);
    }
  return folder;
}

std::vector<std::string> surroundings(const ScratchRoot& root) {
  return {"PATH=/usr/bin:/bin", "QUBES_MGMT_ROOT=" + root.path().string()};
}

std::vector<std::string> socket_call(std::initializer_list<std::string> prefixes) {
  std::vector<std::string> words{tools_folder() / "mgmt-socket-call"};
  words.insert(words.end(), prefixes);
  return words;
}

bool is_framed_refusal(const std::string& answer) {
  const auto parts = split(answer, '\0');
  return parts.size() == 6 && parts[0] == "2" && !parts[1].empty() && parts[2].empty() &&
         parts[3] == "%s" && !parts[4].empty() && parts[5].empty();
}

}  // namespace

std::vector<CatalogueCall> catalogue_calls() {
  std::ifstream file{QUBES_TEST_CATALOGUE};
  return nlohmann::json::parse(file).at("calls").get<std::vector<CatalogueCall>>();
}

std::vector<std::string> names_of(const CatalogueCall& call) {
  std::vector<std::string> names;
  for (const auto& of_prefix : call.at("names"))
    for (const auto& name : of_prefix) names.push_back(name);
  return names;
}

DoorsWorld::DoorsWorld()
    : services{install_services(root)},
      server{root.at("/run/qubes-mgmt.sock"), socket_call({}), surroundings(root)},
      misc_server{root.at("/run/qubes-mgmt.misc.sock"), socket_call({"qubes."}),
                  surroundings(root)},
      daemon{{root.at("/usr/local/etc/qubes-rpc"), services},
             {{"QUBES_MGMT_ROOT", root.path()}, {"QREXEC_MGMT_FRAMED", "1"}}} {}

std::string DoorsWorld::ask(const std::string& request) const {
  const Descriptor client = connect_to(server.path());
  return exchange(client.number(), request, client.number());
}

std::string broken_contract(const std::string& answer) {
  if (answer.find("internal error") != answer.npos) return "an internal error";
  const bool is_known = answer.empty() || answer.starts_with("0\0"s) || is_framed_refusal(answer);
  return is_known ? "" : "no answer in the frame: " + printable(answer);
}

std::string broken_contract(const std::string& name, const Result& result) {
  if (!name.starts_with("mgmt"))
    return result.status == 0 ? broken_contract(result.out)
                              : "status " + std::to_string(result.status);
  if (std::ranges::find(kStatuses, result.status) == kStatuses.end())
    return "status " + std::to_string(result.status) + ": " + result.err;
  const bool is_line_of_call = is_one_line(result.err) && result.err.starts_with(name + ": ");
  if (result.status == 0)
    return result.err.empty() || is_line_of_call ? "" : "done, and says " + printable(result.err);
  const bool is_said = result.status == 4 ? result.out == "denied\n" : result.out == result.err;
  if (!is_said || !is_line_of_call)
    return "refused by " + printable(result.out) + " and " + printable(result.err);
  return "";
}

}  // namespace qubes::mgmt::test
