// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/file_pool.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <limits>

#include "base/fault.h"
#include "base/text.h"
#include "storage/image_check.h"
#include "storage/image_lock.h"
#include "storage/loop.h"
#include "storage/source_mark.h"

namespace qubes::mgmt {
namespace {

constexpr std::uint64_t kSector = 512;

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

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
  set_size(image.file(), whole_sectors(size));
  image.sync();
  image.publish(made.names.committed());
}

std::uint64_t FilePool::import(const Vid& vid, int source, Progress& progress) {
  const VolumeFiles made = files(vid);
  made.make_way();
  NewImage image{folder_, made.names.importing()};
  const std::uint64_t bytes = fill_image(source, image.file(), kNoLimit, progress);
  if (bytes == 0) throw Fault{FaultKind::pool_failed, "the image is empty"};
  check_image_is_whole(image.file(), bytes);
  set_size(image.file(), whole_sectors(bytes));
  image.sync();
  image.publish(made.names.committed());
  return whole_sectors(bytes);
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
  removed.remove_revisions();
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
  started.prune(volume);
  return in_place;
}

void FilePool::stop(const VolumeSpec& volume) {
  if (volume.kind == VolumeKind::fixed) return;
  const VolumeFiles stopped = files(volume.vid);
  stopped.clean();
  if (volume.kind == VolumeKind::persistent)
    commit(stopped, volume);
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

std::optional<struct stat> FilePool::present(const VolumeSpec& volume) const {
  if (volume.kind == VolumeKind::fixed) return std::nullopt;
  const ImageNames names{volume.vid};
  auto found = folder_.status(names.running());
  if (!found && volume.kind == VolumeKind::persistent) found = folder_.status(names.committed());
  return found;
}

std::uint64_t FilePool::size(const VolumeSpec& volume) const {
  const auto found = present(volume);
  return found ? static_cast<std::uint64_t>(found->st_size) : volume.size;
}

std::string FilePool::path(const VolumeSpec& volume) const {
  if (volume.kind == VolumeKind::fixed) return "";
  return folder_.path() / ImageNames{volume.vid}.running();
}

std::uint64_t FilePool::usage(const VolumeSpec& volume) const {
  const auto found = present(volume);
  return found ? static_cast<std::uint64_t>(found->st_blocks) * kSector : 0;
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
  copy_time(status_of(content.number()), image.file());
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
  // A revision, or who is reading it, keeps the content: so the guest gets a copy after all.
  if (!image || status_of(image->number()).st_nlink > 1 ||
      !lock_image(image->number(), LOCK_EX | LOCK_NB))
    return start_persistent(files);
  StartedVolume started = make_loop(image->number(), LoopAccess::read_write);
  folder_.rename(files.names.committed(), files.names.running());
  files.sync();
  lock_image(image->number(), LOCK_UN);  // the device would hold it as long as the guest runs
  return started;
}

StartedVolume FilePool::start_dropped(const VolumeSpec& volume) const {
  const ImageNames names{volume.vid};
  NewImage image{folder_, unfinished(names.running())};
  if (volume.kind == VolumeKind::snapshot)
    copy_source(volume, image);
  else
    set_size(image.file(), volume.size);
  StartedVolume started = make_loop(image.file(), LoopAccess::read_write);
  image.replace(names.running());
  return started;
}

void FilePool::copy_source(const VolumeSpec& volume, const NewImage& image) const {
  const Descriptor source = source_of(volume).committed();
  copy_image(source.number(), image.file(), copy_by_);
  mark_source(image.file(), status_of(source.number()));
}

void FilePool::commit(const VolumeFiles& files, const VolumeSpec& volume) const {
  if (const auto image = files.writable(files.names.running())) {
    files.wait_until_free();
    if (fsync(image->number()) != 0) throw system_fault("save what the guest has written");
    files.keep_former(volume);
    folder_.rename(files.names.running(), files.names.committed());
  }
  // Also where it was renamed by a run that was killed then.
  files.sync();
  files.prune(volume);
}

void FilePool::drop(const std::string& image) const {
  folder_.remove(image);
  remove_empty_folders(folder_, image);
}

}  // namespace qubes::mgmt
