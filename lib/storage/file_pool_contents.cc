// SPDX-License-Identifier: GPL-2.0-or-later

// What makes a pool's contents other than by running a guest, and what tells of them.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "base/fault.h"
#include "base/text.h"
#include "storage/file_pool.h"
#include "storage/loop.h"
#include "storage/new_image.h"
#include "storage/pool_walk.h"
#include "storage/source_mark.h"

namespace qubes::mgmt {
namespace {

// The kernel's clock for the times of files ticks at least this often.
constexpr std::chrono::milliseconds kLongestTick{10};

/// Knows how much there is to come where a stream does not.
class Expecting : public Progress {
 public:
  Expecting(Progress& listener, std::uint64_t total) : listener_{listener}, total_{total} {}
  void advance(std::uint64_t bytes, std::optional<std::uint64_t>) override {
    listener_.advance(bytes, total_);
  }

 private:
  Progress& listener_;
  std::uint64_t total_;
};

void check_persistent(const VolumeSpec& volume) {
  if (volume.kind != VolumeKind::persistent)
    throw Fault{FaultKind::pool_failed,
                concat("volume '", printable(volume.vid), "' keeps nothing when its VM stops")};
}

// A file system that knows whole seconds only cannot tell that nobody has written since.
const KeptImage* copy_of(const struct stat& image, const std::vector<KeptImage>& revisions) {
  if (image.st_mtim.tv_nsec == 0) return nullptr;
  for (const KeptImage& one : revisions)
    if (is_same_time(one.status, image)) return &one;
  return nullptr;
}

void resize_running(const VolumeFiles& files, const Folder& pool, std::uint64_t size) {
  const Descriptor image = files.writable(files.names.running()).value();
  const std::uint64_t present = size_of(image.number());
  if (size < present)
    throw Fault{FaultKind::not_halted, concat("'", files.names.running(), "' has ", present,
                                              " bytes and cannot shrink while it is used")};
  if (size > present) set_size(image.number(), size);
  if (fsync(image.number()) != 0) throw system_fault("save the size of an image");
  fit_loops(pool.path() / files.names.running());
}

}  // namespace

std::vector<Revision> FilePool::revisions(const Vid& vid) const {
  std::vector<Revision> found;
  for (const KeptImage& one : files(vid).revisions())
    found.push_back({std::to_string(one.number), one.made_at});
  return found;
}

std::string FilePool::snapshot(const VolumeSpec& volume) {
  check_persistent(volume);
  const VolumeFiles kept = files(volume.vid);
  kept.clean();
  const bool is_written = kept.is_running() && !kept.is_unwritten();
  return std::to_string(is_written ? keep_running(kept) : kept.keep_committed());
}

std::uint64_t FilePool::keep_running(const VolumeFiles& files) const {
  const Descriptor running = files.writable(files.names.running()).value();
  const struct stat before = status_of(running.number());
  const auto all = files.revisions();
  if (const KeptImage* kept = copy_of(before, all)) {
    files.sync();
    return kept->number;
  }
  // What is written from now on gives the running image another time than its copy's.
  std::this_thread::sleep_for(kLongestTick);
  const std::uint64_t number = next_number(all);
  const std::string name = files.names.revision(number, before.st_mtime);
  NewImage image{folder_, unfinished(name)};
  copy_image(running.number(), image.file(), copy_by_);
  copy_time(before, image.file());
  image.sync();
  image.replace(name);
  files.sync();
  return number;
}

void FilePool::revert(const VolumeSpec& volume, std::string_view revision) {
  const VolumeFiles reverted = changeable(volume);
  const auto all = reverted.revisions();
  const auto chosen = std::find_if(all.begin(), all.end(), [&](const KeptImage& one) {
    return std::to_string(one.number) == revision;
  });
  if (chosen == all.end())
    throw Fault{FaultKind::no_such_revision,
                concat("volume '", volume.vid, "' has no revision '", printable(revision), "'")};
  if (!chosen->is_committed) {
    NewImage image{folder_, unfinished(reverted.names.committed()), chosen->path};
    if (folder_.exists(reverted.names.committed())) reverted.keep_committed();
    image.replace(reverted.names.committed());
  }
  reverted.sync();
}

void FilePool::resize(const VolumeSpec& volume, std::uint64_t bytes) {
  const std::uint64_t size = whole_sectors(bytes);
  const VolumeFiles resized = files(volume.vid);
  resized.clean();
  if (resized.is_running()) return resize_running(resized, folder_, size);
  if (volume.kind == VolumeKind::fresh) return;  // made anew at each start
  check_persistent(volume);
  const Descriptor content = resized.committed();
  if (size_of(content.number()) != size) {
    NewImage image{folder_, unfinished(resized.names.committed())};
    copy_image(content.number(), image.file(), size, copy_by_);
    image.sync();
    image.replace(resized.names.committed());
  }
  resized.sync();
}

void FilePool::replace(const VolumeSpec& volume, int source, std::uint64_t size,
                       Progress& progress) {
  const VolumeFiles replaced = changeable(volume);
  NewImage image{folder_, replaced.names.importing()};
  set_size(image.file(), size);
  Expecting expecting{progress, size};
  const std::uint64_t bytes = fill_image(source, image.file(), size + 1, expecting);
  if (bytes != size)
    throw Fault{FaultKind::pool_failed, concat("expected ", size, " bytes, but ", bytes,
                                               bytes > size ? " or more came" : " came")};
  set_size(image.file(), whole_sectors(size));
  put(replaced, volume, image);
}

void FilePool::clear(const VolumeSpec& volume) {
  const VolumeFiles cleared = changeable(volume);
  const auto present = folder_.status(cleared.names.committed());
  NewImage image{folder_, unfinished(cleared.names.committed())};
  set_size(image.file(), present ? static_cast<std::uint64_t>(present->st_size) : volume.size);
  put(cleared, volume, image);
}

void FilePool::copy(const VolumeSpec& volume, const Descriptor& content, std::uint64_t size) {
  const VolumeFiles copied = changeable(volume);
  NewImage image{folder_, unfinished(copied.names.committed())};
  copy_image(content.number(), image.file(), size, copy_by_);
  put(copied, volume, image);
}

VolumeFiles FilePool::changeable(const VolumeSpec& volume) const {
  check_persistent(volume);
  VolumeFiles changed = files(volume.vid);
  changed.clean();
  if (changed.is_running())
    throw Fault{FaultKind::not_halted,
                concat("volume '", volume.vid, "' is started; its VM must be halted")};
  return changed;
}

// What is the content already may have been put there by a run that was killed then.
void FilePool::put(const VolumeFiles& files, const VolumeSpec& volume, NewImage& image) const {
  const auto present = folder_.open(files.names.committed(), O_RDONLY);
  if (!present || !is_same_content(image.file(), present->number())) {
    image.sync();
    files.keep_former(volume);
    image.replace(files.names.committed());
  }
  files.sync();
  files.prune(volume);
}

Descriptor FilePool::read(const Vid& vid) const { return files(vid).committed(); }

bool FilePool::is_outdated(const VolumeSpec& volume) const {
  if (volume.kind != VolumeKind::snapshot) return false;
  const auto snapshot = folder_.open(files(volume.vid).names.running(), O_RDONLY);
  const auto source = folder_.status(source_of(volume).names.committed());
  return snapshot && source && has_other_source(snapshot->number(), *source);
}

std::vector<Vid> FilePool::list() const {
  std::set<Vid> found;
  for (const std::string& path : image_paths(folder_))
    if (auto image = image_of(path); image && !image->is_leftover) found.insert(image->vid);
  return {found.begin(), found.end()};
}

std::vector<std::string> FilePool::leftovers() const {
  std::vector<std::string> paths = image_paths(folder_);
  std::erase_if(paths, [&](const std::string& path) {
    return !image_of(path)->is_leftover || !is_abandoned(folder_, path);
  });
  return paths;
}

void FilePool::remove_leftover(const std::string& path) {
  const auto image = image_of(path);
  if (!image || !image->is_leftover || !is_abandoned(folder_, path)) return;
  folder_.remove(path);
  folder_.sync_parent_of(path);
  remove_empty_folders(folder_, path);
}

std::vector<VolumeDevice> FilePool::devices() const {
  std::vector<VolumeDevice> found;
  const std::string pool = std::filesystem::canonical(folder_.path()).native() + "/";
  for (LoopDevice& loop : loop_devices()) {
    if (!loop.file.starts_with(pool)) continue;
    if (const auto image = image_of(loop.file.substr(pool.size())))
      found.push_back({image->vid, std::move(loop.device), std::move(loop.file)});
  }
  return found;
}

void FilePool::release(const std::string& device) { free_loop(device); }

}  // namespace qubes::mgmt
