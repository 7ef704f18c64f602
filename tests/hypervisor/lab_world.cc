// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab_world.h"

#include <iostream>

#include "base/process.h"
#include "base/text.h"

namespace qubes::mgmt::test {

using namespace std::chrono_literals;

XenWorld::XenWorld() {
  destroy_all();
  REQUIRE(domains->list().size() == 1);
}

XenWorld::~XenWorld() { destroy_all(); }

void XenWorld::destroy_all() {
  for (const Domain& domain : domains->list())
    if (domain.id != 0) xen->destroy(domain.id);
  CHECK(eventually([&] { return domains->list().size() == 1; }));
}

DomainSpec XenWorld::guest(int number, VirtMode mode) {
  return {
      .name = concat("guest", number),
      .uuid = Uuid::parse(concat("7e57ab1e-0000-4000-8000-00000000000", number)),
      .mode = mode,
      .memory_mib = 16,
      .max_memory_mib = 16,
      .vcpus = 1,
      .kernel = concat("/var/lib/qubes/vm-kernels/test-guest-", text(mode), "/vmlinuz"),
      .initramfs = "",
      .kernelopts = "",
      .disks = {},
      .block_script = program_folder().parent_path().parent_path() / "tools/qubes-mgmt-block",
  };
}

DomainId XenWorld::start(const DomainSpec& spec) {
  const DomainId domain = xen->create(spec);
  xen->unpause(domain);
  REQUIRE(eventually([&] { return keys->read(domain, "/data/up") == "1"; }));
  return domain;
}

EndReason XenWorld::end_of(const DomainSpec& spec) {
  const auto ended = [&] {
    const auto domain = domains->find(spec.uuid);
    return domain && domain->state == DomainState::ended;
  };
  for (int looks = 0; looks < 20 && !ended(); ++looks) domains->wait_for_end(1s);
  REQUIRE(ended());
  return domains->find(spec.uuid)->reason;
}

bool XenWorld::is_gone(DomainId domain, const DomainSpec& spec) const {
  const std::string store = run({"/usr/bin/xenstore-ls", "-f"});
  const auto mentions = [&](const std::string& path) {
    return store.find(path) != std::string::npos;
  };
  return !domains->find(spec.uuid) && !mentions(concat("/local/domain/", domain, "/")) &&
         !mentions(concat("/libxl/", domain)) && !mentions(spec.uuid.text()) &&
         !mentions(concat("/backend/vbd/", domain)) &&
         run({"/usr/bin/find", "/var/lib/xen", "-name", "*" + spec.uuid.text() + "*"}).empty();
}

bool has_free(const Hypervisor& xen, std::uint64_t mib) {
  return eventually([&] { return xen.free_memory_mib() >= mib; });
}

Fault fault_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Fault& fault) {
    std::cout << "  fault (" << word(fault.kind()) << "): " << fault.what() << '\n';
    return fault;
  }
  FAIL("nothing was refused");
  return Fault{FaultKind::internal, ""};
}

LoopDevice::LoopDevice(const std::string& name) : file_{"/var/lib/qubes/" + name} {
  run({"/usr/bin/truncate", "--size=64M", file_});
  path_ = run({"/usr/sbin/losetup", "--find", "--show", file_});
  path_.pop_back();
}

LoopDevice::~LoopDevice() {
  run({"/usr/sbin/losetup", "--detach", path_});
  run({"/usr/bin/rm", file_});
}

std::string run(const std::vector<std::string>& words) {
  const ProcessResult result = run_program(words, 30s);
  INFO(words.front() << ": " << result.errors);
  CHECK(result.status == 0);
  return result.output;
}

Stopwatch::~Stopwatch() { std::cout << "  " << what_ << ": " << time().count() << " ms\n"; }

std::chrono::milliseconds Stopwatch::time() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begin_);
}

}  // namespace qubes::mgmt::test
