// SPDX-License-Identifier: GPL-2.0-or-later
// Today's clients of Qubes, played call by call at the socket.
#include "doors/client_tools.h"

#include "doors/doors_world.h"

using namespace qubes::mgmt::test;
using namespace std::string_literals;

TEST_CASE("a client notices an answer of another shape", "[doors]") {
  CHECK(shape_fault("nothing", "0\0"s) == "");
  CHECK(shape_fault("nothing", "0\0x"s) != "");
  CHECK(shape_fault("nothing", "") != "");
  CHECK(shape_fault("vms", "0\0a class=AppVM state=Halted uuid=x\n"s) == "");
  CHECK(shape_fault("vms", "0\0a state=Halted\n"s) != "");
  CHECK(shape_fault("vms", "0\0a class=AppVM"s) != "");
  CHECK(shape_fault("vms", "0\0"s) != "");
  CHECK(shape_fault("property", "0\0default=True type=vm "s) == "");
  CHECK(shape_fault("property", "0\0default=yes x"s) != "");
  CHECK(shape_fault("rules", "0\0action=drop proto=icmp comment=No ICMP\n"s) == "");
  CHECK(shape_fault("rules", "0\0r1 action=drop\n"s) != "");
  CHECK(shape_fault("available", "0\0sda:x:y:b1 name='a b' size='\\''\n"s) == "");
  CHECK(shape_fault("available", "0\0sda\n"s) != "");
  CHECK(shape_fault("!QubesVMNotFoundError", "2\0QubesVMNotFoundError\0\0%s\0x\0"s) == "");
  CHECK(shape_fault("!QubesVMNotFoundError", "2\0QubesException\0\0%s\0x\0"s) != "");
}

TEST_CASE_METHOD(DoorsWorld, "each client tool gets what it asks for", "[doors]") {
  std::map<std::string, std::string> words{{"template", "deb"}, {"sector", some_image(512)}};
  const auto tools = read_client_tools(QUBES_TEST_CLIENT_TOOLS "/client_tools.txt");
  CHECK(tools.size() > 50);
  for (const ClientTool& tool : tools) {
    const auto faults = play(tool, words, [&](const ClientCall& call) {
      return ask(socket_request(call.service, call.target, call.payload));
    });
    CHECK(faults == std::vector<std::string>{});
  }
}
