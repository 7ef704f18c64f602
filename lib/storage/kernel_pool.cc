// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/kernel_pool.h"

#include <fcntl.h>

#include "base/fault.h"
#include "base/text.h"
#include "storage/loop.h"

namespace qubes::mgmt {
namespace {

const Vid& checked(const Vid& vid) {
  if (vid != "." && vid != ".." && vid.find('/') == vid.npos) return vid;
  throw Fault{FaultKind::pool_failed,
              concat("'", printable(vid), "' cannot be the version of a kernel")};
}

Fault refusal(std::string_view what) {
  return {FaultKind::pool_failed,
          concat("a pool of kernels is only read: ", what, " is done by installing packages")};
}

}  // namespace

bool KernelPool::taken(const Vid& vid) const { return vid.empty() || folder_.exists(checked(vid)); }

void KernelPool::create(const Vid&, std::uint64_t) { throw refusal("adding a kernel"); }

std::uint64_t KernelPool::import(const Vid&, int, Progress&) { throw refusal("adding a kernel"); }

void KernelPool::clone(const Vid&, const Vid&) { throw refusal("adding a kernel"); }

void KernelPool::remove(const Vid&) { throw refusal("removing a kernel"); }

void KernelPool::verify(const VolumeSpec& volume) const {
  if (volume.kind != VolumeKind::fixed)
    throw Fault{FaultKind::pool_failed,
                concat("a pool of kernels cannot keep the volume '", printable(volume.vid), "'")};
  if (volume.vid.empty() || folder_.exists(checked(volume.vid) + "/vmlinuz")) return;
  throw Fault{FaultKind::pool_failed,
              concat("kernel '", printable(volume.vid), "' is missing: there is no vmlinuz of it")};
}

StartedVolume KernelPool::start(const VolumeSpec& volume) {
  verify(volume);
  if (volume.vid.empty()) return {};
  const auto modules = folder_.open(checked(volume.vid) + "/modules.img", O_RDONLY);
  return modules ? make_loop(modules->number(), LoopAccess::read_only) : StartedVolume{};
}

void KernelPool::stop(const VolumeSpec&) {}

void KernelPool::cancel(const VolumeSpec&) {}

bool KernelPool::is_started(const VolumeSpec&) const { return false; }

std::uint64_t KernelPool::usage(const VolumeSpec&) const { return 0; }

std::vector<std::string> KernelPool::revisions(const Vid&) const { return {}; }

}  // namespace qubes::mgmt
