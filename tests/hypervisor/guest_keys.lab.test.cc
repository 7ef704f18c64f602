// SPDX-License-Identifier: GPL-2.0-or-later

// Keys of guests in a real xenstore, and a xenstored that does not answer.

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "base/text.h"
#include "lab_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::chrono_literals;

namespace {

/// Who may use a key, as xenstore-ls writes it: "n0,r7".
std::string access_to(DomainId domain, const std::string& key) {
  const std::string path = concat("/local/domain/", domain, key, " = ");
  const std::string all = run({"/usr/bin/xenstore-ls", "-fp"});
  const auto at = all.find(path);
  if (at == std::string::npos) return "no such key";
  const auto begin = all.find('(', at) + 1;
  return all.substr(begin, all.find(')', begin) - begin);
}

/// Stops xenstored until the end of the scope.
struct Stopped {
  Stopped() {
    std::ifstream{"/run/xen/xenstored.pid"} >> pid;
    ::kill(pid, SIGSTOP);
  }
  ~Stopped() { ::kill(pid, SIGCONT); }
  Stopped(const Stopped&) = delete;
  Stopped& operator=(const Stopped&) = delete;

  pid_t pid = 0;
};

/// Makes libxenstore look for xenstored elsewhere until the end of the scope.
struct Elsewhere {
  explicit Elsewhere(const char* path) { ::setenv("XENSTORED_PATH", path, 1); }
  ~Elsewhere() { ::unsetenv("XENSTORED_PATH"); }
  Elsewhere(const Elsewhere&) = delete;
  Elsewhere& operator=(const Elsewhere&) = delete;
};

void open_hypervisor() { const std::unique_ptr<Hypervisor> xen{qubes_mgmt_open_hypervisor()}; }
void open_guest_store() { const std::unique_ptr<GuestStore> keys{qubes_mgmt_open_guest_store()}; }

}  // namespace

TEST_CASE_METHOD(XenWorld, "keys belong to dom0 or to the guest") {
  const DomainId domain = xen->create(guest(1));
  keys->write(domain, "/qubes-vm-type", "AppVM", KeyOwner::dom0);
  keys->write(domain, "/qubes-block-devices", "", KeyOwner::guest);
  keys->write(domain, "/deep/er/key", "x", KeyOwner::dom0);
  CHECK(access_to(domain, "/qubes-vm-type") == concat("n0,r", domain));
  CHECK(access_to(domain, "/qubes-block-devices") == concat("n", domain));
  CHECK(access_to(domain, "/deep/er/key") == concat("n0,r", domain));
  // What is below the guest's own folder would inherit its owner.
  keys->write(domain, "/data/from-dom0", "x", KeyOwner::dom0);
  CHECK(access_to(domain, "/data/from-dom0") == concat("n0,r", domain));
}

TEST_CASE_METHOD(XenWorld, "keys are written, read, listed and removed") {
  const DomainId domain = xen->create(guest(1));
  const std::string bytes{"a\0b\n\xff", 5};
  keys->write(domain, "/t/one", bytes, KeyOwner::dom0);
  keys->write(domain, "/t/two", "", KeyOwner::dom0);
  CHECK(keys->read(domain, "/t/one") == bytes);
  CHECK(keys->read(domain, "/t/two") == "");
  CHECK(keys->read(domain, "/t/three") == std::nullopt);
  CHECK(keys->read(domain, "/t/one/below") == std::nullopt);
  CHECK(keys->list(domain, "/t") == std::vector<std::string>{"one", "two"});
  CHECK(keys->list(domain, "/t/one").empty());
  CHECK(keys->list(domain, "/nothing").empty());
  CHECK(keys->list(domain, "/").size() > 3);
  keys->remove(domain, "/t");
  keys->remove(domain, "/t");
  keys->remove(domain, "/u/v");
  CHECK(keys->read(domain, "/t/one") == std::nullopt);
}

TEST_CASE_METHOD(XenWorld, "nothing is written beside a domain") {
  const DomainId domain = xen->create(guest(1));
  CHECK(fault_of([&] { keys->write(domain, "/../0/x", "y", KeyOwner::dom0); }).kind() ==
        FaultKind::bad_value);
  CHECK(fault_of([&] { keys->remove(domain, "/"); }).kind() == FaultKind::bad_value);
  CHECK(fault_of([&] {
          keys->write(domain, "/x", std::string(5000, 'x'), KeyOwner::dom0);
        }).kind() == FaultKind::failed);
  xen->destroy(domain);
  CHECK(fault_of([&] { keys->write(domain, "/x", "y", KeyOwner::dom0); }).kind() ==
        FaultKind::not_running);
  CHECK(fault_of([&] { keys->request_shutdown(domain); }).kind() == FaultKind::not_running);
  CHECK(keys->list(domain, "/").empty());
}

TEST_CASE_METHOD(XenWorld, "a stopped xenstored hangs nobody") {
  const DomainId domain = start(guest(1));
  CHECK_FALSE(domains->wait_for_end(0ms));
  {
    const Stopped stopped;
    const Stopwatch watch{"all that asked a stopped xenstored"};
    CHECK(fault_of([&] { keys->read(domain, "/name"); }).kind() == FaultKind::no_xen);
    CHECK(fault_of([&] { keys->read(domain, "/name"); }).kind() == FaultKind::no_xen);
    CHECK(fault_of(open_hypervisor).kind() == FaultKind::no_xen);
    CHECK(domains->find(guest(1).uuid)->id == domain);
    CHECK_FALSE(domains->wait_for_end(100ms));
    CHECK(watch.time() < 40s);
  }
  const std::unique_ptr<GuestStore> fresh{qubes_mgmt_open_guest_store()};
  CHECK(fresh->read(domain, "/name") == "guest1");
}

// Two minutes, so by name only.
TEST_CASE_METHOD(XenWorld, "a xenstored that stops in mid-work", "[.slow]") {
  const DomainId domain = xen->create(guest(1));
  {
    const Stopped stopped;
    CHECK(fault_of([&] { xen->destroy(domain); }).kind() == FaultKind::no_xen);
    const Stopwatch watch{"the second refusal"};
    CHECK(fault_of([&] { xen->unpause(domain); }).kind() == FaultKind::no_xen);
    CHECK(watch.time() < 1s);
  }
  xen.reset(qubes_mgmt_open_hypervisor());
}

TEST_CASE("a xenstored that has died is noticed at once") {
  const char* const path = GENERATE("/run/nonexistent", "/run/dead-socket");
  ::unlink("/run/dead-socket");
  sockaddr_un address{AF_UNIX, "/run/dead-socket"};
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  ::close(socket);

  const Elsewhere elsewhere{path};
  const Stopwatch watch{"both refusals"};
  CHECK(fault_of(open_guest_store).kind() == FaultKind::no_xen);
  CHECK(fault_of(open_hypervisor).kind() == FaultKind::no_xen);
  CHECK(watch.time() < 2s);
  const std::unique_ptr<Domains> domains{qubes_mgmt_open_domains()};
  CHECK(domains->list().size() == 1);
}
