// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/volume_files.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "base/fault.h"
#include "base/text.h"
#include "storage/loop.h"

namespace qubes::mgmt {
namespace {

constexpr std::chrono::seconds kLongestRelease{3};
constexpr std::chrono::milliseconds kPause{10};

bool is_same_file(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

bool is_same_time(const timespec& one, const timespec& other) {
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

}  // namespace

Descriptor VolumeFiles::committed() const {
  auto image = pool_.open(names.committed(), O_RDONLY);
  if (!image)
    throw Fault{FaultKind::pool_failed, concat("the image '", names.committed(), "' is missing")};
  return std::move(*image);
}

std::optional<Descriptor> VolumeFiles::writable(const std::string& name) const {
  return pool_.open(name, O_RDWR);
}

bool VolumeFiles::is_unwritten() const {
  const auto running = pool_.status(names.running());
  const auto committed = pool_.status(names.committed());
  return running && committed && running->st_size == committed->st_size &&
         is_same_time(running->st_mtim, committed->st_mtim);
}

std::vector<Revision> VolumeFiles::revisions() const {
  std::vector<Revision> found;
  const auto committed = pool_.status(names.committed());
  for (const std::string& name : pool_.names(names.folder())) {
    const auto number = names.revision_number(name);
    if (!number) continue;
    const std::string path = names.beside(name);
    const auto status = pool_.status(path);
    found.push_back({*number, path, committed && status && is_same_file(*committed, *status)});
  }
  std::sort(found.begin(), found.end(), [](auto& a, auto& b) { return a.number < b.number; });
  return found;
}

bool VolumeFiles::is_taken() const {
  return pool_.exists(names.committed()) || is_running() || !revisions().empty();
}

void VolumeFiles::clean() const {
  for (const std::string& name : pool_.names(names.folder()))
    if (names.is_leftover(name)) pool_.remove(names.beside(name));
}

// A committed image alone may be what a killed run made; NewImage::publish() compares.
void VolumeFiles::make_way() const {
  clean();
  if (is_running() || !revisions().empty())
    throw Fault{FaultKind::pool_failed,
                concat("there is a volume already: '", names.committed(), "'")};
}

// The hypervisor lets go of a device a moment after the domain is gone.
void VolumeFiles::wait_until_free() const {
  const auto end = std::chrono::steady_clock::now() + kLongestRelease;
  for (;;) {
    const std::string device = loop_of(pool_.path() / names.running());
    if (device.empty()) return;
    if (std::chrono::steady_clock::now() >= end)
      throw Fault{FaultKind::busy, concat("'", names.running(), "' is still used as ", device)};
    std::this_thread::sleep_for(kPause);
  }
}

void VolumeFiles::keep_revision() const {
  const auto content = pool_.status(names.committed());
  if (!content) return;
  const auto all = revisions();
  const bool done = std::any_of(all.begin(), all.end(), [](auto& one) { return one.is_committed; });
  const std::uint64_t next = all.empty() ? 1 : all.back().number + 1;
  if (!done) pool_.link(names.committed(), names.revision(next, content->st_mtime));
  sync();
}

void VolumeFiles::prune(std::size_t keep) const {
  const auto all = revisions();
  for (std::size_t i = 0; i + keep < all.size(); ++i) pool_.remove(all[i].path);
}

void VolumeFiles::sync() const {
  if (pool_.exists(names.folder())) pool_.sync_parent_of(names.committed());
}

void copy_time(int committed, int running) {
  struct stat status;
  if (fstat(committed, &status) != 0) throw system_fault("look at an image");
  const std::array<timespec, 2> times{status.st_atim, status.st_mtim};
  if (futimens(running, times.data()) != 0) throw system_fault("set the time of an image");
}

}  // namespace qubes::mgmt
