// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/new_image.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/text.h"
#include "storage/sparse.h"

namespace qubes::mgmt {
namespace {

using Path = std::filesystem::path;

constexpr mode_t kFolderMode = 0770;
constexpr int kAttempts = 16;

// Two volumes of different VMs may share a folder, and the one that is being removed may take
// the empty folder away before we are in it.
Descriptor create(const Folder& pool, const Path& name) {
  pool.remove(name);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (name.has_parent_path()) pool.make(name.parent_path(), kFolderMode);
    if (auto file = pool.open(name, O_RDWR | O_CREAT | O_EXCL)) return std::move(*file);
  }
  throw Fault{FaultKind::busy, concat("the folder of '", name.native(), "' keeps being removed")};
}

}  // namespace

NewImage::NewImage(const Folder& pool, std::string name)
    : pool_{pool}, name_{std::move(name)}, file_{create(pool_, name_)} {}

NewImage::~NewImage() {
  if (name_.empty()) return;
  try {
    pool_.remove(name_);
    remove_empty_folders(pool_, name_);
  } catch (const Fault&) {
    // The next start, creation or removal of the volume tries again.
  }
}

void NewImage::sync() const {
  if (fsync(file()) != 0) throw system_fault(concat("save '", name_, "'"));
}

void NewImage::replace(const std::string& name) {
  pool_.rename(name_, name);
  name_.clear();
}

void NewImage::publish(const std::string& name) {
  if (!pool_.link(name_, name)) {
    const auto other = pool_.open(name, O_RDONLY);
    if (!other || !is_same_content(file(), other->number()))
      throw Fault{FaultKind::pool_failed, concat("there is a volume already: '", name, "'")};
  }
  pool_.sync_parent_of(name);
  pool_.remove(name_);
  name_.clear();
}

void remove_empty_folders(const Folder& pool, const std::string& name) {
  for (Path above = Path{name}.parent_path(); !above.empty(); above = above.parent_path()) {
    if (!pool.remove_empty(above)) return;
    pool.sync_parent_of(above);
  }
}

}  // namespace qubes::mgmt
