// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt::xen {
namespace {

void require_readable(std::string_view what, const std::string& path) {
  struct stat status {};
  const bool found = ::stat(path.c_str(), &status) == 0 && ::access(path.c_str(), R_OK) == 0;
  if (found && S_ISREG(status.st_mode)) return;
  throw Fault{
      FaultKind::failed,
      concat(what, " ", path, " cannot be read: ", found ? "it is no file" : std::strerror(errno))};
}

}  // namespace

void require_block_device(const DiskSpec& disk) {
  struct stat status {};
  const bool found = ::stat(disk.device.c_str(), &status) == 0;
  if (found && S_ISBLK(status.st_mode)) return;
  throw Fault{FaultKind::failed,
              concat("disk ", disk.frontend, " cannot be given: ", disk.device, ": ",
                     found ? "it is no block device" : std::strerror(errno))};
}

void require_files(const DomainSpec& spec) {
  if (spec.kernel.empty() && spec.mode != VirtMode::hvm)
    throw Fault{FaultKind::failed, concat("a domain of mode ", text(spec.mode),
                                          " cannot boot from its root volume: it needs a kernel")};
  if (!spec.kernel.empty()) require_readable("kernel", spec.kernel);
  if (!spec.initramfs.empty()) require_readable("initramfs", spec.initramfs);
  for (const DiskSpec& disk : spec.disks)
    if (disk.backend == 0) require_block_device(disk);
}

}  // namespace qubes::mgmt::xen
