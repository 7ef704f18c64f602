// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/file_pool.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "base/fault.h"
#include "base/text.h"
#include "storage/image_check.h"
#include "storage/loop.h"
#include "storage/new_image.h"

namespace qubes::mgmt {
namespace {

constexpr std::uint64_t kSector = 512;

void set_size(int file, std::uint64_t size) {
  if (size > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max()))
    throw Fault{FaultKind::pool_failed, concat("a volume of ", size, " bytes is too large")};
  if (ftruncate(file, static_cast<off_t>(size)) != 0)
    throw system_fault(concat("make a volume of ", size, " bytes"));
}

std::uint64_t round_up(std::uint64_t size) { return (size + kSector - 1) / kSector * kSector; }

}  // namespace

std::optional<PoolSpace> FilePool::space() const {
  const auto opened = folder_.open(".", O_RDONLY | O_DIRECTORY);
  struct statvfs found;
  if (!opened || fstatvfs(opened->number(), &found) != 0)
    throw system_fault("find out how much space the pool has");
  return PoolSpace{found.f_frsize * found.f_blocks,
                   found.f_frsize * (found.f_blocks - found.f_bfree)};
}

bool FilePool::taken(const Vid& vid) const { return files(vid).is_taken(); }

void FilePool::create(const Vid& vid, std::uint64_t size) {
  const VolumeFiles made = files(vid);
  made.make_way();
  NewImage image{folder_, unfinished(made.names.committed())};
  set_size(image.file(), size);
  image.sync();
  image.publish(made.names.committed());
}

std::uint64_t FilePool::import(const Vid& vid, int source, Progress& progress) {
  const VolumeFiles made = files(vid);
  made.make_way();
  NewImage image{folder_, made.names.importing()};
  const std::uint64_t bytes = fill_image(source, image.file(), progress);
  if (bytes == 0) throw Fault{FaultKind::pool_failed, "the image is empty"};
  check_image_is_whole(image.file(), bytes);
  set_size(image.file(), round_up(bytes));
  image.sync();
  image.publish(made.names.committed());
  return round_up(bytes);
}

void FilePool::clone(const Vid& source, const Vid& vid) {
  const VolumeFiles made = files(vid);
  made.make_way();
  const Descriptor content = files(source).committed();
  NewImage image{folder_, unfinished(made.names.committed())};
  copy_image(content.number(), image.file(), copy_by_);
  image.sync();
  image.publish(made.names.committed());
}

// The committed image goes last: as long as anything is there, the volume is.
void FilePool::remove(const Vid& vid) {
  const VolumeFiles removed = files(vid);
  removed.clean();
  folder_.remove(removed.names.running());
  removed.prune(0);
  folder_.remove(removed.names.committed());
  removed.sync();
  remove_empty_folders(folder_, removed.names.committed());
}

void FilePool::verify(const VolumeSpec& volume) const {
  if (volume.kind == VolumeKind::snapshot) source_of(volume).committed();
  if (volume.kind == VolumeKind::persistent && !files(volume.vid).is_running())
    files(volume.vid).committed();
}

StartedVolume FilePool::start(const VolumeSpec& volume) {
  if (volume.kind == VolumeKind::fixed) return {};
  const VolumeFiles started = files(volume.vid);
  started.clean();
  if (volume.kind != VolumeKind::persistent) return start_dropped(volume);
  if (volume.revisions_to_keep >= 0) return start_persistent(started);
  StartedVolume in_place = start_in_place(started);
  started.prune(0);
  return in_place;
}

void FilePool::stop(const VolumeSpec& volume) {
  if (volume.kind == VolumeKind::fixed) return;
  const VolumeFiles stopped = files(volume.vid);
  stopped.clean();
  if (volume.kind == VolumeKind::persistent)
    commit(stopped, volume.revisions_to_keep);
  else
    drop(stopped.names.running());
}

void FilePool::cancel(const VolumeSpec& volume) {
  if (volume.kind != VolumeKind::persistent) return stop(volume);
  const VolumeFiles cancelled = files(volume.vid);
  cancelled.clean();
  const bool in_place = !folder_.exists(cancelled.names.committed());
  if (!cancelled.is_running() || !(in_place || cancelled.is_unwritten())) return;
  cancelled.wait_until_free();
  if (in_place)
    folder_.rename(cancelled.names.running(), cancelled.names.committed());
  else
    folder_.remove(cancelled.names.running());
  cancelled.sync();
}

bool FilePool::is_started(const VolumeSpec& volume) const {
  return volume.kind != VolumeKind::fixed && files(volume.vid).is_running();
}

std::uint64_t FilePool::usage(const VolumeSpec& volume) const {
  if (volume.kind == VolumeKind::fixed) return 0;
  const ImageNames names{volume.vid};
  auto found = folder_.status(names.running());
  if (!found && volume.kind == VolumeKind::persistent) found = folder_.status(names.committed());
  return found ? static_cast<std::uint64_t>(found->st_blocks) * kSector : 0;
}

std::vector<std::string> FilePool::revisions(const Vid& vid) const {
  std::vector<std::string> ids;
  for (const Revision& revision : files(vid).revisions())
    if (!revision.is_committed) ids.push_back(std::to_string(revision.number));
  return ids;
}

VolumeFiles FilePool::source_of(const VolumeSpec& volume) const {
  if (volume.source) return files(*volume.source);
  throw Fault{FaultKind::pool_failed, concat("volume '", volume.vid, "' has no source")};
}

StartedVolume FilePool::go_on(const VolumeFiles& files) const {
  files.wait_until_free();
  return make_loop(files.writable(files.names.running()).value().number(), LoopAccess::read_write);
}

StartedVolume FilePool::start_persistent(const VolumeFiles& files) const {
  if (files.is_running()) return go_on(files);
  const Descriptor content = files.committed();
  NewImage image{folder_, unfinished(files.names.running())};
  copy_image(content.number(), image.file(), copy_by_);
  copy_time(content.number(), image.file());
  image.sync();
  // The device goes along with the file's name, so that nothing is started without one.
  StartedVolume started = make_loop(image.file(), LoopAccess::read_write);
  image.replace(files.names.running());
  files.sync();
  return started;
}

StartedVolume FilePool::start_in_place(const VolumeFiles& files) const {
  if (files.is_running()) return go_on(files);
  const auto image = files.writable(files.names.committed());
  if (!image) files.committed();
  StartedVolume started = make_loop(image->number(), LoopAccess::read_write);
  folder_.rename(files.names.committed(), files.names.running());
  files.sync();
  return started;
}

StartedVolume FilePool::start_dropped(const VolumeSpec& volume) const {
  const ImageNames names{volume.vid};
  NewImage image{folder_, unfinished(names.running())};
  if (volume.kind == VolumeKind::snapshot)
    copy_image(source_of(volume).committed().number(), image.file(), copy_by_);
  else
    set_size(image.file(), volume.size);
  StartedVolume started = make_loop(image.file(), LoopAccess::read_write);
  image.replace(names.running());
  return started;
}

void FilePool::commit(const VolumeFiles& files, int revisions_to_keep) const {
  if (const auto image = files.writable(files.names.running())) {
    files.wait_until_free();
    if (fsync(image->number()) != 0) throw system_fault("save what the guest has written");
    if (revisions_to_keep > 0) files.keep_revision();
    folder_.rename(files.names.running(), files.names.committed());
  }
  // Also where it was renamed by a run that was killed then.
  files.sync();
  files.prune(static_cast<std::size_t>(std::max(revisions_to_keep, 0)));
}

void FilePool::drop(const std::string& image) const {
  folder_.remove(image);
  remove_empty_folders(folder_, image);
}

}  // namespace qubes::mgmt
