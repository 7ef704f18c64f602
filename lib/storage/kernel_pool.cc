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

std::string kernel_of(const Vid& vid) { return checked(vid) + "/vmlinuz"; }

std::string modules_of(const Vid& vid) { return checked(vid) + "/modules.img"; }

Fault read_only() { return {FaultKind::bad_value, "kernels are read-only"}; }

Fault refusal(std::string_view what) {
  return {FaultKind::pool_failed,
          concat("a pool of kernels is only read: ", what, " is done by installing packages")};
}

}  // namespace

// An id that no kernel can have is in nobody's way; that none is added here, the rest says.
bool KernelPool::taken(const Vid& vid) const {
  return vid.empty() || (vid.find('/') == vid.npos && folder_.exists(checked(vid)));
}

void KernelPool::create(const Vid&, std::uint64_t) { throw refusal("adding a kernel"); }

std::uint64_t KernelPool::import(const Vid&, int, Progress&) { throw refusal("adding a kernel"); }

void KernelPool::clone(const Vid&, const Vid&) { throw refusal("adding a kernel"); }

void KernelPool::remove(const Vid& vid) {
  if (taken(vid)) throw refusal("removing a kernel");
}

void KernelPool::verify(const VolumeSpec& volume) const {
  if (volume.kind != VolumeKind::fixed)
    throw Fault{FaultKind::pool_failed,
                concat("a pool of kernels cannot keep the volume '", printable(volume.vid), "'")};
  if (volume.vid.empty() || folder_.exists(kernel_of(volume.vid))) return;
  throw Fault{FaultKind::pool_failed,
              concat("kernel '", printable(volume.vid), "' is missing: there is no vmlinuz of it")};
}

StartedVolume KernelPool::start(const VolumeSpec& volume) {
  verify(volume);
  if (volume.vid.empty()) return {};
  const auto modules = folder_.open(modules_of(volume.vid), O_RDONLY);
  return modules ? make_loop(modules->number(), LoopAccess::read_only) : StartedVolume{};
}

void KernelPool::stop(const VolumeSpec&) {}

void KernelPool::cancel(const VolumeSpec&) {}

bool KernelPool::is_started(const VolumeSpec&) const { return false; }

std::uint64_t KernelPool::size(const VolumeSpec& volume) const { return volume.size; }

std::string KernelPool::path(const VolumeSpec& volume) const {
  return volume.vid.empty() ? "" : folder_.path() / volume.vid / "modules.img";
}

std::uint64_t KernelPool::usage(const VolumeSpec&) const { return 0; }

std::vector<Revision> KernelPool::revisions(const Vid&) const { return {}; }

std::string KernelPool::snapshot(const VolumeSpec&) { throw read_only(); }

void KernelPool::revert(const VolumeSpec&, std::string_view) { throw read_only(); }

void KernelPool::resize(const VolumeSpec&, std::uint64_t) { throw read_only(); }

void KernelPool::replace(const VolumeSpec&, int, std::uint64_t, Progress&) { throw read_only(); }

void KernelPool::clear(const VolumeSpec&) { throw read_only(); }

void KernelPool::copy(const VolumeSpec&, const Descriptor&, std::uint64_t) { throw read_only(); }

Descriptor KernelPool::read(const Vid& vid) const {
  if (auto modules = folder_.open(modules_of(vid), O_RDONLY)) return std::move(*modules);
  throw Fault{FaultKind::pool_failed, concat("kernel '", printable(vid), "' has no modules.img")};
}

bool KernelPool::is_outdated(const VolumeSpec&) const { return false; }

std::vector<Vid> KernelPool::list() const {
  std::vector<Vid> kernels;
  for (const std::string& name : folder_.names("."))
    if (folder_.is_folder(name) && folder_.exists(kernel_of(name))) kernels.push_back(name);
  return kernels;
}

std::vector<std::string> KernelPool::leftovers() const { return {}; }

}  // namespace qubes::mgmt
