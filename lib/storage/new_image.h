// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "base/file.h"

namespace qubes::mgmt {

/// An image in the making. It bears a name of its own until it is whole and gets its final
/// one; if it does not come to that, the end of the scope removes it, and the folders that it
/// alone was in. Faults of all: io_failed, denied.
class NewImage {
 public:
  /// Makes the folders to it where they are missing. What a killed run left under this name
  /// must be gone already. Until it gets its final one, the file is locked: see is_abandoned().
  NewImage(const Folder& pool, const std::string& name);

  /// A second name of an image that is there, to be read only.
  NewImage(const Folder& pool, const std::string& name, const std::string& existing);

  int file() const { return file_.number(); }

  /// Makes the content durable. What outlives this boot needs it before it gets its name.
  void sync() const;

  /// Gives it its name, in place of whatever bore that.
  void replace(const std::string& name);

  /// Gives it a name that no other content bears; otherwise throws pool_failed. A name that
  /// this very content bears already was given by a run that was killed.
  void publish(const std::string& name);

 private:
  void finish();

  /// Goes at the end of the scope, unless it has become empty.
  struct TemporaryName {
    ~TemporaryName();
    const Folder& pool;
    std::string name;
  };

  TemporaryName temporary_;  // before the file, which may fail to be made below new folders
  Descriptor file_;
};

/// Whether there is an image of this temporary name that nobody is filling.
bool is_abandoned(const Folder& pool, const std::string& name);

/// Removes the folders above a file, below the pool's own, that are empty.
void remove_empty_folders(const Folder& pool, const std::string& name);

}  // namespace qubes::mgmt
