// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/new_image.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/text.h"
#include "storage/image_lock.h"
#include "storage/sparse.h"

namespace qubes::mgmt {
namespace {

using Path = std::filesystem::path;

constexpr mode_t kFolderMode = 0770;
constexpr int kAttempts = 16;

// Two volumes of different VMs may share a folder, and the one that is being removed may take
// the empty folder away before we are in it.
Descriptor create(const Folder& pool, const Path& name) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (name.has_parent_path()) pool.make(name.parent_path(), kFolderMode);
    if (auto file = pool.open(name, O_RDWR | O_CREAT | O_EXCL)) {
      lock_image(file->number(), LOCK_EX);
      return std::move(*file);
    }
  }
  throw Fault{FaultKind::busy, concat("the folder of '", name.native(), "' keeps being removed")};
}

Descriptor link(const Folder& pool, const std::string& name, const std::string& existing) {
  auto file = pool.open(existing, O_RDONLY);
  if (!file || !pool.link(existing, name))
    throw Fault{FaultKind::pool_failed, concat("the image '", existing, "' is missing")};
  return std::move(*file);
}

}  // namespace

NewImage::TemporaryName::~TemporaryName() {
  if (name.empty()) return;
  try {
    pool.remove(name);
    remove_empty_folders(pool, name);
  } catch (const Fault&) {
    // The next start, creation or removal of the volume tries again.
  }
}

NewImage::NewImage(const Folder& pool, const std::string& name)
    : temporary_{pool, name}, file_{create(pool, name)} {}

NewImage::NewImage(const Folder& pool, const std::string& name, const std::string& existing)
    : temporary_{pool, name}, file_{link(pool, name, existing)} {}

void NewImage::sync() const {
  if (fsync(file()) != 0) throw system_fault(concat("save '", temporary_.name, "'"));
}

void NewImage::replace(const std::string& name) {
  temporary_.pool.rename(temporary_.name, name);
  finish();
}

void NewImage::publish(const std::string& name) {
  if (!temporary_.pool.link(temporary_.name, name)) {
    const auto other = temporary_.pool.open(name, O_RDONLY);
    if (!other || !is_same_content(file(), other->number()))
      throw Fault{FaultKind::pool_failed, concat("there is a volume already: '", name, "'")};
  }
  temporary_.pool.sync_parent_of(name);
  temporary_.pool.remove(temporary_.name);
  finish();
}

// A loop device may hold the file, and with it the lock, for as long as a guest runs.
void NewImage::finish() {
  temporary_.name.clear();
  lock_image(file(), LOCK_UN);
}

bool is_abandoned(const Folder& pool, const std::string& name) {
  const auto image = pool.open(name, O_RDONLY);
  return image && lock_image(image->number(), LOCK_SH | LOCK_NB);
}

void remove_empty_folders(const Folder& pool, const std::string& name) {
  for (Path above = Path{name}.parent_path(); !above.empty(); above = above.parent_path()) {
    if (pool.remove_empty(above))
      pool.sync_parent_of(above);
    else if (pool.exists(above))
      return;
  }
}

}  // namespace qubes::mgmt
