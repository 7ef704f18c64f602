// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "storage/new_image.h"
#include "storage/pool_driver.h"
#include "storage/sparse.h"
#include "storage/volume_files.h"

namespace qubes::mgmt {

/// Volumes kept as sparse files in a folder: the drivers `file-reflink` and `file`, which
/// differ in how a copy is made. The names of the files are those of Qubes OS.
///
/// A committed image is never written to. Start copies it, and the VM writes to the copy; stop
/// gives the former content a second name, as a revision, and then puts the copy in its place
/// with one rename, which is the moment of the commit. What a method makes bears a temporary
/// name until it is whole, and methods look only at what is there: so one that was killed is
/// finished by calling it again.
class FilePool : public PoolDriver {
 public:
  /// The folder must be there.
  FilePool(Folder folder, CopyBy copy_by) : folder_{std::move(folder)}, copy_by_{copy_by} {}

  std::optional<PoolSpace> space() const override;
  bool taken(const Vid& vid) const override;
  void create(const Vid& vid, std::uint64_t size) override;
  std::uint64_t import(const Vid& vid, int source, Progress& progress) override;
  void clone(const Vid& source, const Vid& vid) override;
  void remove(const Vid& vid) override;
  void verify(const VolumeSpec& volume) const override;

  /// Throws busy where a running image is still behind a loop device; so do stop() and
  /// cancel(). All wait a little for it to go away.
  StartedVolume start(const VolumeSpec& volume) override;
  void stop(const VolumeSpec& volume) override;

  /// Keeps a persistent volume's running image if an earlier guest has written to it.
  void cancel(const VolumeSpec& volume) override;

  bool is_started(const VolumeSpec& volume) const override;
  std::uint64_t size(const VolumeSpec& volume) const override;
  std::string path(const VolumeSpec& volume) const override;
  std::uint64_t usage(const VolumeSpec& volume) const override;

  std::vector<Revision> revisions(const Vid& vid) const override;

  std::string snapshot(const VolumeSpec& volume) override;
  void revert(const VolumeSpec& volume, std::string_view revision) override;
  void resize(const VolumeSpec& volume, std::uint64_t bytes) override;
  void replace(const VolumeSpec& volume, int source, std::uint64_t size,
               Progress& progress) override;
  void clear(const VolumeSpec& volume) override;
  void copy(const VolumeSpec& volume, const Descriptor& content, std::uint64_t size) override;
  Descriptor read(const Vid& vid) const override;
  bool is_outdated(const VolumeSpec& volume) const override;

  /// A pool within the pool's folder is seen as well.
  std::vector<Vid> list() const override;
  std::vector<std::string> leftovers() const override;
  void remove_leftover(const std::string& path) override;
  std::vector<VolumeDevice> devices() const override;
  void release(const std::string& device) override;

 private:
  VolumeFiles files(const Vid& vid) const { return {folder_, vid}; }
  VolumeFiles source_of(const VolumeSpec& volume) const;
  /// The image that a guest sees, or would; none where a start makes it anew.
  std::optional<struct stat> present(const VolumeSpec& volume) const;

  StartedVolume go_on(const VolumeFiles& files) const;
  StartedVolume start_persistent(const VolumeFiles& files) const;
  StartedVolume start_in_place(const VolumeFiles& files) const;
  StartedVolume start_dropped(const VolumeSpec& volume) const;
  void copy_source(const VolumeSpec& volume, const NewImage& image) const;
  void commit(const VolumeFiles& files, const VolumeSpec& volume) const;
  void drop(const std::string& image) const;

  /// The files of a persistent volume, cleaned. Throws not_halted where it is started.
  VolumeFiles changeable(const VolumeSpec& volume) const;
  std::uint64_t keep_running(const VolumeFiles& files) const;
  void put(const VolumeFiles& files, const VolumeSpec& volume, NewImage& image) const;

  Folder folder_;
  CopyBy copy_by_;
};

}  // namespace qubes::mgmt
