// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "storage/pool_driver.h"

namespace qubes::mgmt {

/// Kernels in a folder, one folder below it each: `vmlinuz`, `initramfs` and, if the guest is
/// to be given modules, `modules.img`. The driver `linux-kernel`; it only reads.
///
/// A volume's id is the kernel's version; empty for a VM that brings its own kernel.
class KernelPool : public PoolDriver {
 public:
  explicit KernelPool(Folder folder) : folder_{std::move(folder)} {}

  std::optional<PoolSpace> space() const override { return std::nullopt; }
  bool taken(const Vid& vid) const override;

  // Refused, with pool_failed: kernels come from packages.
  void create(const Vid& vid, std::uint64_t size) override;
  std::uint64_t import(const Vid& vid, int source, Progress& progress) override;
  void clone(const Vid& source, const Vid& vid) override;
  void remove(const Vid& vid) override;

  void verify(const VolumeSpec& volume) const override;
  StartedVolume start(const VolumeSpec& volume) override;
  void stop(const VolumeSpec& volume) override;
  void cancel(const VolumeSpec& volume) override;
  bool is_started(const VolumeSpec& volume) const override;
  std::uint64_t size(const VolumeSpec& volume) const override;
  std::string path(const VolumeSpec& volume) const override;
  std::uint64_t usage(const VolumeSpec& volume) const override;
  std::vector<Revision> revisions(const Vid& vid) const override;

  // Refused, with bad_value.
  std::string snapshot(const VolumeSpec& volume) override;
  void revert(const VolumeSpec& volume, std::string_view revision) override;
  void resize(const VolumeSpec& volume, std::uint64_t size) override;
  void replace(const VolumeSpec& volume, int source, std::uint64_t size,
               Progress& progress) override;
  void clear(const VolumeSpec& volume) override;
  void copy(const VolumeSpec& volume, const Descriptor& content, std::uint64_t size) override;

  /// The modules image.
  Descriptor read(const Vid& vid) const override;
  bool is_outdated(const VolumeSpec& volume) const override;

  /// The kernels that are installed.
  std::vector<Vid> list() const override;
  std::vector<std::string> leftovers() const override;
  void remove_leftover(const std::string&) override {}
  std::vector<VolumeDevice> devices() const override { return {}; }
  void release(const std::string&) override {}

 private:
  Folder folder_;
};

}  // namespace qubes::mgmt
