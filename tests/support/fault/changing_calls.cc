// SPDX-License-Identifier: GPL-2.0-or-later
#include "changing_calls.h"

#include <fcntl.h>
#include <linux/blkpg.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>

// Newer than the headers of some systems we build on; the numbers are the same everywhere.
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#define SYS_removexattrat 466
#endif

namespace qubes::mgmt {
namespace {

using enum Rule;
using enum Space;

constexpr ChangingCall kCalls[] = {
    {SYS_write, "write", output, taken, "o"},
    {SYS_pwrite64, "pwrite64", output, taken, "o"},
    {SYS_writev, "writev", output, taken, "o"},
    {SYS_pwritev, "pwritev", output, taken, "o"},
    {SYS_pwritev2, "pwritev2", output, taken, "o"},
    {SYS_sendfile, "sendfile", output, taken, "of"},
    {SYS_copy_file_range, "copy_file_range", output, taken, "f-o"},
    {SYS_splice, "splice", output, taken, "f-o"},
    {SYS_io_submit, "io_submit", always, taken, ""},
    {SYS_io_uring_setup, "io_uring_setup", refused, kept, ""},
    {SYS_sendto, "sendto", sending, kept, "o"},
    {SYS_sendmsg, "sendmsg", sending, kept, "o"},
    {SYS_sendmmsg, "sendmmsg", sending, kept, "o"},
    {SYS_openat, "openat", opening, taken, "dp"},
    {SYS_openat2, "openat2", opening_how, taken, "dp"},
    {SYS_truncate, "truncate", always, kept, "p"},
    {SYS_ftruncate, "ftruncate", always, kept, "f"},
    {SYS_fallocate, "fallocate", always, taken, "f"},
    {SYS_renameat2, "renameat2", always, kept, "dpdp"},
    {SYS_linkat, "linkat", always, taken, "dpdp"},
    {SYS_symlinkat, "symlinkat", always, taken, "pdp"},
    {SYS_unlinkat, "unlinkat", always, kept, "dp"},
    {SYS_mkdirat, "mkdirat", always, taken, "dp"},
    {SYS_mknodat, "mknodat", always, taken, "dp"},
    {SYS_fchmod, "fchmod", always, kept, "f"},
    {SYS_fchmodat, "fchmodat", always, kept, "dp"},
    {SYS_fchmodat2, "fchmodat2", always, kept, "dp"},
    {SYS_fchown, "fchown", always, kept, "f"},
    {SYS_fchownat, "fchownat", always, kept, "dp"},
    {SYS_utimensat, "utimensat", always, kept, "dp"},
    {SYS_setxattr, "setxattr", always, taken, "p"},
    {SYS_lsetxattr, "lsetxattr", always, taken, "p"},
    {SYS_fsetxattr, "fsetxattr", always, taken, "f"},
    {SYS_setxattrat, "setxattrat", always, taken, "dp"},
    {SYS_removexattr, "removexattr", always, kept, "p"},
    {SYS_lremovexattr, "lremovexattr", always, kept, "p"},
    {SYS_fremovexattr, "fremovexattr", always, kept, "f"},
    {SYS_removexattrat, "removexattrat", always, kept, "dp"},
    {SYS_fsync, "fsync", always, kept, "f"},
    {SYS_fdatasync, "fdatasync", always, kept, "f"},
    {SYS_sync_file_range, "sync_file_range", always, kept, "f"},
    {SYS_syncfs, "syncfs", always, kept, "f"},
    {SYS_sync, "sync", always, kept, ""},
    {SYS_ioctl, "ioctl", request, taken, "f"},
    {SYS_mmap, "mmap", mapping, kept, "----f"},
    {SYS_msync, "msync", always, kept, ""},
    {SYS_mount, "mount", always, kept, "pp"},
    {SYS_umount2, "umount2", always, kept, "p"},
    {SYS_move_mount, "move_mount", always, kept, "dpdp"},
    {SYS_pivot_root, "pivot_root", always, kept, "pp"},
#ifdef SYS_renameat
    {SYS_renameat, "renameat", always, kept, "dpdp"},
#endif
#ifdef SYS_open  // architectures older than the calls with a folder have these as well
    {SYS_open, "open", opening, taken, "p"},
    {SYS_creat, "creat", always, taken, "p"},
    {SYS_rename, "rename", always, kept, "pp"},
    {SYS_link, "link", always, taken, "pp"},
    {SYS_symlink, "symlink", always, taken, "pp"},
    {SYS_unlink, "unlink", always, kept, "p"},
    {SYS_mkdir, "mkdir", always, taken, "p"},
    {SYS_rmdir, "rmdir", always, kept, "p"},
    {SYS_mknod, "mknod", always, taken, "p"},
    {SYS_chmod, "chmod", always, kept, "p"},
    {SYS_chown, "chown", always, kept, "p"},
    {SYS_lchown, "lchown", always, kept, "p"},
    {SYS_utime, "utime", always, kept, "p"},
    {SYS_utimes, "utimes", always, kept, "p"},
    {SYS_futimesat, "futimesat", always, kept, "dp"},
#endif
};

constexpr std::uint32_t kRequests[] = {
    FICLONE,           FICLONERANGE,   FIDEDUPERANGE,       FS_IOC_SETFLAGS,    FS_IOC_FSSETXATTR,
    BLKDISCARD,        BLKSECDISCARD,  BLKZEROOUT,          BLKROSET,           BLKFLSBUF,
    BLKRRPART,         BLKPG,          LOOP_SET_FD,         LOOP_CLR_FD,        LOOP_SET_STATUS,
    LOOP_SET_STATUS64, LOOP_CHANGE_FD, LOOP_SET_CAPACITY,   LOOP_SET_DIRECT_IO, LOOP_SET_BLOCK_SIZE,
    LOOP_CONFIGURE,    LOOP_CTL_ADD,   LOOP_CTL_REMOVE,     LOOP_CTL_GET_FREE,  DM_REMOVE_ALL,
    DM_DEV_CREATE,     DM_DEV_REMOVE,  DM_DEV_RENAME,       DM_DEV_SUSPEND,     DM_TABLE_LOAD,
    DM_TABLE_CLEAR,    DM_TARGET_MSG,  DM_DEV_SET_GEOMETRY,
};

constexpr long highest_number() {
  return std::max_element(std::begin(kCalls), std::end(kCalls),
                          [](const auto& a, const auto& b) { return a.number < b.number; })
      ->number;
}

// A table by number, because each stop of a traced program looks here.
constexpr auto kByNumber = [] {
  std::array<const ChangingCall*, highest_number() + 1> table{};
  for (const ChangingCall& call : kCalls) table[call.number] = &call;
  return table;
}();

}  // namespace

std::span<const ChangingCall> changing_calls() { return kCalls; }

const ChangingCall* find_changing_call(long number) {
  if (number < 0 || number >= static_cast<long>(kByNumber.size())) return nullptr;
  return kByNumber[number];
}

std::span<const std::uint32_t> changing_requests() { return kRequests; }

std::uint32_t changing_open_flags() { return O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY); }

}  // namespace qubes::mgmt
