// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/volume_files.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "base/fault.h"
#include "base/text.h"
#include "storage/image_lock.h"
#include "storage/loop.h"
#include "storage/sparse.h"

namespace qubes::mgmt {
namespace {

constexpr std::chrono::seconds kLongestRelease{3};
constexpr std::chrono::milliseconds kPause{10};

bool is_same_file(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

bool is_pinned(const KeptImage& revision, const VolumeSpec& volume) {
  const auto& pinned = volume.pinned;
  return std::find(pinned.begin(), pinned.end(), std::to_string(revision.number)) != pinned.end();
}

}  // namespace

Descriptor VolumeFiles::committed() const {
  auto image = pool_.open(names.committed(), O_RDONLY);
  if (image) lock_image(image->number(), LOCK_SH);
  // It may have been given to a guest before it was locked.
  const auto now = pool_.status(names.committed());
  if (image && now && is_same_file(*now, status_of(image->number()))) return std::move(*image);
  throw Fault{FaultKind::pool_failed, concat("the image '", names.committed(), "' is missing")};
}

std::optional<Descriptor> VolumeFiles::writable(const std::string& name) const {
  return pool_.open(name, O_RDWR);
}

bool VolumeFiles::is_unwritten() const {
  const auto running = pool_.status(names.running());
  const auto committed = pool_.status(names.committed());
  return running && committed && is_same_time(*running, *committed);
}

std::vector<KeptImage> VolumeFiles::revisions() const {
  std::vector<KeptImage> found;
  const auto committed = pool_.status(names.committed());
  for (const std::string& name : pool_.names(names.folder())) {
    const auto number = names.revision_number(name);
    if (!number) continue;
    const std::string path = names.beside(name);
    const auto status = pool_.status(path);
    if (!status) continue;
    found.push_back({*number, path, *status, names.revision_time(name).value_or(status->st_mtime),
                     committed && is_same_file(*committed, *status)});
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

std::uint64_t VolumeFiles::keep_committed() const {
  const auto all = revisions();
  const auto kept =
      std::find_if(all.begin(), all.end(), [](const KeptImage& one) { return one.is_committed; });
  const std::uint64_t number = kept == all.end() ? next_number(all) : kept->number;
  if (kept == all.end()) {
    const Descriptor content = committed();
    pool_.link(names.committed(), names.revision(number, status_of(content.number()).st_mtime));
  }
  sync();
  return number;
}

void VolumeFiles::keep_former(const VolumeSpec& volume) const {
  if (volume.revisions_to_keep <= 0 || !pool_.exists(names.committed())) return;
  const std::uint64_t number = keep_committed();
  for (const auto all = revisions(); const KeptImage& one : all) {
    if (one.number != number || number == all.back().number || is_pinned(one, volume)) continue;
    pool_.rename(one.path, names.revision(next_number(all), one.made_at));
    sync();
  }
}

void VolumeFiles::prune(const VolumeSpec& volume) const {
  const auto keep = static_cast<std::size_t>(std::max(volume.revisions_to_keep, 0));
  auto all = revisions();
  std::erase_if(all,
                [&](const KeptImage& one) { return one.is_committed || is_pinned(one, volume); });
  for (std::size_t i = 0; i + keep < all.size(); ++i) pool_.remove(all[i].path);
}

void VolumeFiles::remove_revisions() const {
  for (const KeptImage& revision : revisions()) pool_.remove(revision.path);
}

void VolumeFiles::sync() const {
  if (pool_.exists(names.folder())) pool_.sync_parent_of(names.committed());
}

std::uint64_t next_number(const std::vector<KeptImage>& revisions) {
  return revisions.empty() ? 1 : revisions.back().number + 1;
}

void copy_time(const struct stat& from, int copy) {
  const std::array<timespec, 2> times{from.st_atim, from.st_mtim};
  if (futimens(copy, times.data()) != 0) throw system_fault("set the time of an image");
}

bool is_same_time(const struct stat& one, const struct stat& other) {
  return one.st_size == other.st_size && one.st_mtim.tv_sec == other.st_mtim.tv_sec &&
         one.st_mtim.tv_nsec == other.st_mtim.tv_nsec;
}

}  // namespace qubes::mgmt
