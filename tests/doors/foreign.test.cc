// SPDX-License-Identifier: GPL-2.0-or-later
// Beside a qubesd that is not ours, nothing is changed.
#include "doors/doors_world.h"
#include "doors/exchange.h"

using namespace qubes::mgmt::test;
using namespace std::string_literals;

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kSet{"mgmt.vm.property.Set", "work", "label", "blue"};

struct BesideQubesd : TwoVms {
  BesideQubesd() { fs::create_directories(root.at("/run")); }

  SocketServer qubesd(const char* path) const { return {root.at(path), {"/bin/true"}, {}}; }
};

}  // namespace

TEST_CASE_METHOD(BesideQubesd, "what changes anything is refused while it answers", "[foreign]") {
  const SocketServer foreign = qubesd("/run/qubesd.sock");
  const std::string before = state();
  check_refused(shell(kSet), 4, "mgmt.vm.property.Set: work", "systemctl stop qubesd");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"mgmt.vm.Remove", "work"},
        {"mgmt.vm.Create.AppVM", "deb", "name=new", "label=red"},
        {"mgmt.vm.Start", "work"}})
    CHECK(shell(words).status == 4);
  CHECK(call({.method = "admin.vm.Remove", .target = "work"}).out == "");
  CHECK(call({.method = "mgmt.vm.Remove", .target = "work"}).out == "denied\n");
  CHECK(state() == before);
}

TEST_CASE_METHOD(BesideQubesd, "looking goes on while it answers", "[foreign]") {
  const SocketServer foreign = qubesd("/run/qubesd.sock");
  check_done(shell({"mgmt.vm.property.Get", "work", "label"}), "default=no red");
  CHECK(shell({"mgmt.vm.List"}).status == 0);
}

TEST_CASE_METHOD(BesideQubesd, "a socket that nobody answers is in nobody's way", "[foreign]") {
  { const SocketServer gone = qubesd("/run/qubesd.sock"); }
  REQUIRE(fs::is_socket(root.at("/run/qubesd.sock")));
  check_done(shell(kSet));
}

TEST_CASE_METHOD(BesideQubesd, "our own sockets are in nobody's way", "[foreign]") {
  const SocketServer ours = qubesd("/run/qubes-mgmt.sock");
  fs::create_symlink(root.at("/run/qubes-mgmt.sock"), root.at("/run/qubesd.sock"));
  check_done(shell(kSet));
}

TEST_CASE_METHOD(BesideQubesd, "a link to another server is not ours", "[foreign]") {
  const SocketServer foreign = qubesd("/run/other.sock");
  fs::create_symlink(root.at("/run/other.sock"), root.at("/run/qubesd.sock"));
  CHECK(shell(kSet).status == 4);
}
