// SPDX-License-Identifier: GPL-2.0-or-later
// Every call there is by every name it has, as qrexec and as a socket bring it.
#include <fstream>

#include "doors/doors_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::string_literals;

namespace {

std::string argument_for(const CatalogueCall& call) {
  return call["argument"]["presence"] == "none" ? "" : "label";
}

std::string payload_for(const CatalogueCall& call) {
  if (call["payload"]["kind"] == "stream") return some_image(4096);
  return call["payload"]["presence"] == "none" ? "" : "name=other label=red";
}

}  // namespace

TEST_CASE("every call answers a VM's call by each of its names", "[doors]") {
  std::size_t count = 0;
  for (const CatalogueCall& call : catalogue_calls()) {
    const DoorsWorld world;
    for (const std::string& name : names_of(call))
      for (const std::string target : {"work", "dom0", "@adminvm", "nobody", "@default"}) {
        // dom0's own programs alone ask these, and by no service.
        if (name.starts_with("internal.")) continue;
        INFO(name << " " << target);
        const Result result = world.daemon.call({.source = "work",
                                                 .target = target,
                                                 .service = name + "+" + argument_for(call),
                                                 .input = payload_for(call)});
        CHECK(broken_contract(name, result) == "");
        ++count;
      }
    CHECK(world.query("PRAGMA integrity_check") == std::vector{"ok"s});
  }
  CHECK(count > 200);
}

TEST_CASE("every call that only looks answers a socket as it answers qrexec", "[doors]") {
  const DoorsWorld world;
  for (const CatalogueCall& call : catalogue_calls())
    for (const std::string& name : names_of(call)) {
      if (call["access"] != "read") continue;
      INFO(name);
      const std::string service = name + "+" + argument_for(call);
      const std::string target = call["target"]["kind"] == "dom0" ? "dom0" : "work";
      const std::string answer = world.ask(socket_request(service, target));
      CHECK(broken_contract(answer) == "");
      const Result result =
          world.daemon.call({.source = "dom0", .target = target, .service = service});
      if (!name.starts_with("mgmt"))
        CHECK(result.out == answer);
      else if (result.status == 0)
        CHECK("0\0"s + result.out == answer);
    }
}

TEST_CASE("every call answers a socket in the frame, whatever its prefix", "[doors]") {
  for (const CatalogueCall& call : catalogue_calls()) {
    const DoorsWorld world;
    for (const std::string& name : names_of(call))
      for (const std::string target : {"work", "dom0", "nobody"}) {
        INFO(name << " " << target);
        CHECK(broken_contract(world.ask(socket_request(name + "+" + argument_for(call), target,
                                                       payload_for(call)))) == "");
      }
  }
}

TEST_CASE_METHOD(DoorsWorld, "qrexec finds services in its own order", "[doors]") {
  const auto service = [&](const char* file, const std::string& text) {
    std::filesystem::create_directories(root.at(file).parent_path());
    std::filesystem::remove(root.at(file));
    std::ofstream{root.at(file)} << "#!/bin/sh\n" << text << "\n";
    std::filesystem::permissions(root.at(file), std::filesystem::perms::owner_all);
  };
  service("/usr/local/etc/qubes-rpc/mgmt.vm.List", "echo $1");
  service("/etc/qubes-rpc/mgmt.vm.List+a", "echo whole");
  CHECK(daemon.call({.service = "mgmt.vm.List+a"}).out == "whole\n");
  CHECK(daemon.call({.service = "mgmt.vm.List+b/c d"}).out == "b_c_d\n");
  CHECK(daemon.call({.service = "mgmt.vm.Lost"}).status == 127);
  CHECK(daemon.call({.service = "+a"}).status == 126);
  CHECK(daemon.call({.service = std::string(256, 'a')}).status == 125);
  CHECK(daemon.call({.service = "mgmt.vm.property.Get+" + std::string(300, 'a')}).status == 1);
}

TEST_CASE_METHOD(DoorsWorld, "a caller of qrexec does not choose the frame", "[doors]") {
  const Result result = daemon.call(
      {.source = "work", .target = "work", .service = "mgmt.vm.property.Get+label", .input = ""});
  CHECK(result.out == "default=no red");
  CHECK(daemon.call({.source = "work", .target = "work", .service = "admin.vm.property.Get+label"})
            .out == "0\0default=False type=label red"s);
}

TEST_CASE_METHOD(DoorsWorld, "a service reads no more of its caller than it needs", "[doors]") {
  const Result result =
      daemon.call({.source = "work", .service = "mgmt.vm.List", .input = some_image(3'000'000)});
  CHECK(result.status == 2);
}
