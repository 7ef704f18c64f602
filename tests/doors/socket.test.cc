// SPDX-License-Identifier: GPL-2.0-or-later
// The protocol of Qubes' server, byte by byte, with clients of all kinds.
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "doors/doors_world.h"
#include "doors/exchange.h"
#include "doors/generator.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::string_literals;
using namespace std::chrono_literals;

namespace {

/// The program alone, with one socket as stdin and stdout, and the answer on it.
std::string ask_program(const World& world, std::vector<std::string> options,
                        const std::string& request) {
  options.insert(options.begin(), tools_folder() / "mgmt-socket-call");
  const SocketServer server{
      world.root.at("/run/alone.sock"), options, {"QUBES_MGMT_ROOT=" + world.root.path().string()}};
  const Descriptor client = connect_to(server.path());
  const std::string answer = exchange(client.number(), request, client.number());
  std::filesystem::remove(server.path());
  return answer;
}

const std::string kGet = socket_request("admin.vm.property.Get+label", "work");
const std::string kLabel = "0\0default=False type=label red"s;

}  // namespace

TEST_CASE_METHOD(DoorsWorld, "answers are framed for every prefix", "[socket]") {
  CHECK(ask(kGet) == kLabel);
  CHECK(ask(socket_request("mgmt.vm.property.Get+label", "work")) == "0\0default=no red"s);
  CHECK(ask(socket_request("mgmt1.vm.property.Get+label", "work")) == "0\0default=no red"s);
  CHECK(ask(socket_request("mgmt.vm.property.Set+label", "work", "blue")) == "0\0"s);
  CHECK(ask(socket_request("mgmt.vm.property.Get+label", "nobody")) ==
        shipped_fault("QubesVMNotFoundError", "no VM is called 'nobody'"));
  CHECK(query("SELECT source || ' ' || call FROM change ORDER BY seq DESC LIMIT 1") ==
        std::vector{"dom0 mgmt.vm.property.Set"s});
}

TEST_CASE_METHOD(DoorsWorld, "the caller is whom the request names", "[socket]") {
  CHECK(ask(socket_request("admin.vm.List", "dom0", "", "work")).find("deb ") == std::string::npos);
  CHECK(ask(socket_request("admin.vm.List", "dom0")).find("deb ") != std::string::npos);
  CHECK(ask("admin.vm.List+ work keyword adminvm\0"s) == "0\0"s);
}

TEST_CASE_METHOD(DoorsWorld, "what is no request is answered by no bytes", "[socket]") {
  const std::string before = state();
  for (const std::string& request :
       {""s, "\0"s, "admin.vm.List"s, "admin.vm.List dom0 name dom0"s, "admin.vm.List\0"s,
        "admin.vm.Remove+ dom0 keyword default\0"s, "admin.vm.Remove+ dom0 dispvm work\0"s,
        socket_request("admin.vm.Lost", "dom0"), socket_request("mgmt.vm.Create", "dom0"),
        socket_request("mgmt-catalogue", "dom0"), socket_request("../tools/mgmt.vm.List", "dom0"),
        socket_request("mgmt.vm.Create.AppVM.deb", "dom0"), socket_request("admin.vm.list", "dom0"),
        socket_request("mgmt.vm.List+x", "dom0"), socket_request("mgmt.vm.List", "dom0", "x"),
        socket_request("admin.vm.property.Get+\xc3\xa4", "work"),
        socket_request("admin.vm.Remove", "work", "", "")}) {
    INFO(request);
    CHECK(ask(request) == "");
  }
  CHECK(state() == before);
}

TEST_CASE_METHOD(DoorsWorld, "an argument with a slash names no other call", "[socket]") {
  const std::string before = state();
  CHECK(ask(socket_request("mgmt.vm.List+/mgmt.vm.Remove", "work")) == "");
  CHECK(ask(socket_request("mgmt.vm.Create.AppVM+/mgmt.vm.Create.StandaloneVM", "dom0",
                           "name=new label=red"))
            .starts_with("2\0QubesValueError\0"s));
  CHECK(state() == before);
}

TEST_CASE_METHOD(DoorsWorld, "a socket serves only its own calls", "[socket]") {
  const std::string info = socket_request("internal.GetSystemInfo", "dom0");
  CHECK(ask_program(*this, {"internal."}, info).starts_with("0\0{\"domains\":{"s));
  CHECK(ask_program(*this, {"admin.", "mgmt."}, info) == "");
  CHECK(ask_program(*this, {"admin.", "mgmt."}, kGet) == kLabel);
  CHECK(ask_program(*this, {"internal."}, kGet) == "");
}

TEST_CASE_METHOD(DoorsWorld, "a request may come byte by byte", "[socket]") {
  const Descriptor client = connect_to(server.path());
  for (const char byte : kGet) send_all(client.number(), {&byte, 1});
  CHECK(exchange(client.number(), "", client.number()) == kLabel);
}

TEST_CASE_METHOD(DoorsWorld, "a request is made when it has come whole, not before", "[socket]") {
  const std::string before = state();
  const Descriptor client = connect_to(server.path());
  send_all(client.number(), socket_request("admin.vm.property.Set+label", "work", "blu"));
  CHECK_FALSE(can_be_read(client.number(), 300ms));
  CHECK(state() == before);
  CHECK(exchange(client.number(), "e", client.number()) == "0\0"s);
  CHECK(state() != before);
}

TEST_CASE_METHOD(DoorsWorld, "who sends too slowly is not waited for", "[socket]") {
  const std::string before = state();
  const SocketServer impatient{root.at("/run/impatient.sock"),
                               {tools_folder() / "mgmt-socket-call", "--seconds", "1"},
                               {"QUBES_MGMT_ROOT=" + root.path().string()}};
  const Descriptor client = connect_to(impatient.path());
  send_all(client.number(), socket_request("admin.vm.property.Set+label", "work", "blue"));
  REQUIRE(can_be_read(client.number(), 20s));
  char byte;
  CHECK(::recv(client.number(), &byte, 1, 0) == 0);
  CHECK(state() == before);
}

TEST_CASE_METHOD(DoorsWorld, "takes 64 KiB and no byte more", "[socket]") {
  const std::string header = socket_request("mgmt.vm.property.Set+default_user", "work");
  const auto ask_with = [&](std::size_t size) {
    return ask(header + std::string(size - header.size(), 'x'));
  };
  CHECK(ask_with(65'537) == "");
  CHECK(ask_with(5'000'000) == "");
  CHECK(query("SELECT 1 FROM vm_property").empty());
  CHECK(ask_with(65'536) == "0\0"s);
  CHECK(query("SELECT length(value) FROM vm_property") ==
        std::vector{std::to_string(65'536 - header.size())});
}

TEST_CASE_METHOD(DoorsWorld, "bytes of any kind arrive as they were sent", "[socket]") {
  const std::string request =
      socket_request("mgmt.vm.property.Set+kernelopts", "work", "a=\"b c\"");
  CHECK(ask(request) == "0\0"s);
  CHECK(query("SELECT value FROM vm_property WHERE name = 'kernelopts'") ==
        std::vector{"a=\"b c\""s});
  CHECK(
      ask(socket_request("mgmt.vm.property.Set+kernelopts", "work", "a\0b"s)).starts_with("2\0"s));
}

TEST_CASE_METHOD(DoorsWorld, "callers that vanish leave everything in order", "[socket]") {
  for (int i = 0; i < 60; ++i) {
    const Descriptor client = connect_to(server.path());
    const std::string request =
        socket_request("admin.vm.property.Set+memory", "work", "5" + std::to_string(100 + i));
    if (i % 3 != 0) send_all(client.number(), request.substr(0, i % 3 == 1 ? request.size() : 9));
    if (i % 2 == 0) ::shutdown(client.number(), SHUT_WR);
  }
  CHECK(ask(kGet) == kLabel);
  CHECK(query("PRAGMA integrity_check") == std::vector{"ok"s});
  CHECK(query("SELECT max(seq) - count(*) FROM event") == std::vector{"0"s});
}

TEST_CASE_METHOD(DoorsWorld, "a burst of callers is answered to the last", "[socket]") {
  std::vector<Descriptor> clients;
  for (int i = rounds(200, 1'000); i > 0; --i) {
    clients.push_back(connect_to(server.path()));
    send_all(clients.back().number(), kGet);
    ::shutdown(clients.back().number(), SHUT_WR);
  }
  std::size_t answered = 0;
  for (const Descriptor& client : clients)
    answered += exchange(client.number(), "", client.number()) == kLabel ? 1U : 0U;
  CHECK(answered == clients.size());
}

TEST_CASE_METHOD(DoorsWorld, "who reads late still gets the whole answer", "[socket]") {
  const Descriptor client = connect_to(server.path());
  const int small = 4096;
  ::setsockopt(client.number(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  send_all(client.number(), socket_request("admin.vm.property.List", "work"));
  ::shutdown(client.number(), SHUT_WR);
  std::this_thread::sleep_for(300ms);
  const std::string late = exchange(client.number(), "", client.number());
  CHECK(late == ask(socket_request("admin.vm.property.List", "work")));
  CHECK(late.size() > 300);
}

TEST_CASE_METHOD(DoorsWorld, "an answer ends with its last byte, not with the program",
                 "[socket]") {
  // Like systemd, this process holds the connection until it has seen the program's end.
  const SocketPair pair;
  const std::string program = tools_folder() / "mgmt-socket-call";
  const std::string surroundings = "QUBES_MGMT_ROOT=" + root.path().string();
  const char* const environment[] = {surroundings.c_str(), nullptr};
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(pair.theirs.number(), STDIN_FILENO);
    ::dup2(pair.theirs.number(), STDOUT_FILENO);
    ::execle(program.c_str(), program.c_str(), nullptr, environment);
    ::_exit(127);
  }
  CHECK(exchange(pair.ours.number(), kGet, pair.ours.number(), 20s) == kLabel);
  ::waitpid(child, nullptr, 0);
}
