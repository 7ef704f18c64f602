// SPDX-License-Identifier: GPL-2.0-or-later

// Disks on a real Xen, through our own block script; and what libxl's children inherit.

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/text.h"
#include "lab_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::chrono_literals;

namespace {

DomainSpec with_disks(int number, std::vector<DiskSpec> disks) {
  DomainSpec spec = XenWorld::guest(number);
  spec.disks = std::move(disks);
  return spec;
}

/// A script that does something before it becomes the real one.
std::string wrapped_script(const std::string& before) {
  std::string path = "/run/wrapped-block";
  std::ofstream{path} << "#!/bin/sh\n"
                      << before << "\nexec " << XenWorld::guest(1).block_script << " \"$@\"\n";
  std::filesystem::permissions(path, std::filesystem::perms{0755});
  return path;
}

/// Starts the test of that name in a process of its own, which says nothing, for a guest and
/// a device which it finds in its environment.
pid_t begin_making_a_domain(int number, const std::string& device,
                            const std::string& script = XenWorld::guest(1).block_script) {
  ::setenv("GUEST", std::to_string(number).c_str(), 1);
  ::setenv("DEVICE", device.c_str(), 1);
  ::setenv("SCRIPT", script.c_str(), 1);
  const char* words[] = {"/proc/self/exe", "make a domain", "-o", "/dev/null", nullptr};
  pid_t child = 0;
  REQUIRE(::posix_spawn(&child, words[0], nullptr, nullptr, const_cast<char**>(words), environ) ==
          0);
  return child;
}

}  // namespace

TEST_CASE_METHOD(XenWorld, "a guest with disks") {
  const LoopDevice one{"one"};
  const LoopDevice two{"two"};
  const DomainSpec spec = with_disks(1, {{one.path(), "xvda", true}, {two.path(), "xvdd", false}});
  DomainId domain = 0;
  {
    Stopwatch watch{"create with two disks"};
    domain = start(spec);
  }
  const std::string store = run({"/usr/bin/xenstore-ls", "-f", "/local/domain/0/backend/vbd"});
  CHECK_THAT(store, Catch::Contains(concat("/51712/physical-device-path = \"", one.path())));
  CHECK_THAT(store, Catch::Contains("/51712/mode = \"w\""));
  CHECK_THAT(store, Catch::Contains(concat("/51760/physical-device-path = \"", two.path())));
  CHECK_THAT(store, Catch::Contains("/51760/mode = \"r\""));
  {
    Stopwatch watch{"destroy with two disks"};
    xen->destroy(domain);
  }
  CHECK(is_gone(domain, spec));
}

TEST_CASE_METHOD(XenWorld, "a device is written to by one disk only") {
  const LoopDevice device{"shared"};
  const bool first_writes = GENERATE(true, false);
  const bool second_writes = GENERATE(true, false);
  const DomainId first = start(with_disks(1, {{device.path(), "xvda", first_writes}}));
  const DomainSpec second = with_disks(2, {{device.path(), "xvdb", second_writes}});
  if (!first_writes && !second_writes) {
    start(second);
    return;
  }
  const Fault fault = fault_of([&] { xen->create(second); });
  CHECK(fault.kind() == FaultKind::failed);
  CHECK_THAT(fault.what(), Catch::StartsWith("cannot make a domain for guest2: " + device.path() +
                                             " is given to a guest already"));
  CHECK(domains->list().size() == 2);
  xen->destroy(first);
  start(second);
}

TEST_CASE_METHOD(XenWorld, "a device twice in one guest") {
  const LoopDevice device{"twice"};
  const DomainSpec spec =
      with_disks(1, {{device.path(), "xvda", true}, {device.path(), "xvdb", false}});
  CHECK_THAT(fault_of([&] { xen->create(spec); }).what(), Catch::Contains("given to a guest"));
  CHECK(domains->list().size() == 1);
}

TEST_CASE_METHOD(XenWorld, "a device that dom0 has mounted") {
  const LoopDevice device{"mounted"};
  run({"/usr/sbin/mke2fs", "-q", device.path()});
  run({"/usr/bin/mount", device.path(), "/mnt"});
  const Fault fault = fault_of([&] {
    xen->create(with_disks(1, {{device.path(), "xvda", true}}));
  });
  run({"/usr/bin/umount", "/mnt"});
  CHECK_THAT(fault.what(), Catch::EndsWith(device.path() + " is in use in dom0"));
  start(with_disks(1, {{device.path(), "xvda", true}}));
}

TEST_CASE_METHOD(XenWorld, "libxl's children get none of our descriptors") {
  const LoopDevice device{"inherit"};
  DomainSpec spec = with_disks(1, {{device.path(), "xvda", true}});
  spec.block_script = wrapped_script("ls -l /proc/$$/fd >/run/block-fds");
  start(spec);
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fdinfo"}) {
    const int number = std::stoi(entry.path().filename());
    std::ifstream info{entry.path()};
    std::string word;
    unsigned flags = 0;
    while (info >> word && word != "flags:") continue;
    info >> std::oct >> flags;
    INFO("descriptor " << number);
    if (number > 2) CHECK((flags & O_CLOEXEC) != 0);
  }
  std::ifstream seen{"/run/block-fds"};
  std::string line;
  std::getline(seen, line);  // the total
  while (std::getline(seen, line)) {
    INFO(line);
    const bool is_null = line.ends_with(" -> /dev/null");
    const bool is_own = line.ends_with("/wrapped-block") || line.ends_with("/block-fds");
    CHECK((is_null || is_own));
  }
}

TEST_CASE_METHOD(XenWorld, "children of our own, and SIGCHLD blocked on entry") {
  const LoopDevice device{"children"};
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGCHLD);
  REQUIRE(::sigprocmask(SIG_BLOCK, &ends, nullptr) == 0);
  pid_t child = 0;
  const char* words[] = {"/bin/true", nullptr};
  REQUIRE(::posix_spawn(&child, words[0], nullptr, nullptr, const_cast<char**>(words), environ) ==
          0);
  start(with_disks(1, {{device.path(), "xvda", true}}));
  ::sigprocmask(SIG_UNBLOCK, &ends, nullptr);
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

// Run by the test below, in a process of its own.
TEST_CASE("make a domain", "[.]") {
  const std::unique_ptr<Hypervisor> xen{qubes_mgmt_open_hypervisor()};
  DomainSpec spec =
      with_disks(std::atoi(std::getenv("GUEST")), {{std::getenv("DEVICE"), "xvda", true}});
  spec.block_script = std::getenv("SCRIPT");
  xen->create(spec);
}

TEST_CASE_METHOD(XenWorld, "a create that was killed is taken away by its uuid") {
  constexpr int kMoments = 12;
  const LoopDevice device{"killed"};
  const DomainSpec spec = guest(1);
  const Stopwatch watch{"killing creates"};
  ::waitpid(begin_making_a_domain(1, device.path()), nullptr, 0);
  const auto whole = watch.time();
  xen->destroy(domains->find(spec.uuid).value().id);
  int found = 0;
  for (int moment = 1; moment < kMoments; ++moment) {
    const pid_t child = begin_making_a_domain(1, device.path());
    std::this_thread::sleep_for(whole * moment / kMoments);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto domain = domains->find(spec.uuid);
    if (!domain) continue;
    ++found;
    CHECK(domain->state == DomainState::paused);
    CHECK(domain->cpu_time_ns == 0);
    xen->destroy(domain->id);
    CHECK(is_gone(domain->id, spec));
  }
  CHECK(found > 2);
  start(with_disks(1, {{device.path(), "xvda", true}}));
}

TEST_CASE_METHOD(XenWorld, "of many guests that want a device at once, one gets it") {
  const LoopDevice device{"wanted"};
  std::vector<pid_t> children;
  for (int number = 1; number <= 4; ++number)
    children.push_back(begin_making_a_domain(number, device.path()));
  int made = 0;
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    if (status == 0) ++made;
  }
  CHECK(made == 1);
  CHECK(domains->list().size() == 2);
}

TEST_CASE_METHOD(XenWorld, "libxl's children die with the process that was killed") {
  const LoopDevice device{"orphan"};
  const std::string script =
      wrapped_script("[ $1 = remove ] || { echo $$ >/run/script-pid; exec sleep 300; }");
  const pid_t child = begin_making_a_domain(1, device.path(), script);
  pid_t running = 0;
  REQUIRE(eventually([&] { return bool{std::ifstream{"/run/script-pid"} >> running}; }));
  CHECK(::kill(running, 0) == 0);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(eventually([&] { return ::kill(running, 0) != 0; }));
}

// Two minutes, so by name only: libxl kills the script after 40 s, and again at the removal.
TEST_CASE_METHOD(XenWorld, "a block script that hangs", "[.slow]") {
  const LoopDevice device{"hang"};
  DomainSpec spec = with_disks(1, {{device.path(), "xvda", true}});
  spec.block_script = wrapped_script("sleep 300");
  const Stopwatch watch{"until the script was given up"};
  CHECK(fault_of([&] { xen->create(spec); }).kind() == FaultKind::failed);
  CHECK(domains->list().size() == 1);
}
