// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qubes::mgmt {

/// An open file descriptor, closed at the end of its scope. -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_{number} {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset();
    number_ = std::exchange(other.number_, -1);
    return *this;
  }

  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void reset();

  /// Leaves it open, for somebody else to close.
  int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

/// A folder held open, so that what is done below it cannot be led elsewhere by a link that
/// somebody swaps in. Names given to it are relative; no part of one is followed as a link.
/// Everything it opens is O_CLOEXEC. Faults: io_failed, denied.
class Folder {
 public:
  /// Opens the folder itself, following links in the path to it.
  explicit Folder(const std::filesystem::path& path);

  /// The folder below this one; made, with its parents, where it is missing. What is made has
  /// exactly this mode and is durable.
  Folder make(const std::filesystem::path& relative, mode_t mode) const;

  /// Opens a file below it as openat() does; no descriptor where the file, or with O_CREAT its
  /// folder, is missing. What O_CREAT makes has the mode 0600.
  std::optional<Descriptor> open(const std::filesystem::path& relative, int flags) const;

  /// Makes a file, of exactly this mode, that must not be there yet.
  Descriptor create(const std::filesystem::path& relative, mode_t mode) const;

  bool exists(const std::filesystem::path& relative) const;

  /// Whether it is a folder itself, and no link to one.
  bool is_folder(const std::filesystem::path& relative) const;

  /// What stat() says of it, where it exists.
  std::optional<struct stat> status(const std::filesystem::path& relative) const;

  void rename(const std::filesystem::path& from, const std::filesystem::path& to) const;

  /// A second name for the same file. Says whether it was made: false where `to` exists.
  bool link(const std::filesystem::path& from, const std::filesystem::path& to) const;

  /// Removes a file or an empty folder; says whether there was one.
  bool remove(const std::filesystem::path& relative) const;

  /// Removes a folder if it is empty; says whether it did.
  bool remove_empty(const std::filesystem::path& relative) const;

  /// The names in the folder `relative` ("." for itself), sorted; none where it is missing.
  std::vector<std::string> names(const std::filesystem::path& relative) const;

  /// Makes what was created, renamed and removed in the folder of `relative` durable.
  void sync_parent_of(const std::filesystem::path& relative) const;

  const std::filesystem::path& path() const { return path_; }

 private:
  Folder(std::filesystem::path path, Descriptor descriptor);

  int descend(const std::filesystem::path& relative, int flags, mode_t mode) const;
  std::optional<Descriptor> parent(const std::filesystem::path& relative, int flags) const;
  /// Where it made one, the folder above, which is then still to be synced.
  std::optional<Descriptor> make_one(const std::filesystem::path& relative, mode_t mode) const;

  std::filesystem::path path_;
  Descriptor descriptor_;
};

/// The whole content of a small file, up to `limit` bytes; nothing where there is none.
std::optional<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 65536);

/// Fills the buffer from a descriptor, however many calls it takes; less only at the end.
/// Throws io_failed.
std::size_t read_full(int descriptor, std::span<char> buffer);

/// All that a descriptor still has to give, up to `limit` bytes; malformed beyond it.
std::string read_all(int descriptor, std::size_t limit);

/// Writes all of it, however many calls it takes. Throws io_failed.
void write_all(int descriptor, std::string_view bytes);

}  // namespace qubes::mgmt
