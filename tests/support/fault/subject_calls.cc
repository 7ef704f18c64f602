// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "subject.h"

namespace qubes::mgmt::subject {
namespace {

constexpr char kText[] = "hello";
constexpr std::size_t kSize = sizeof kText - 1;

/// Keeps a result that does not matter: what counts is that the call was made.
void made(long result) { static_cast<void>(result); }

void tell(const char* what, long result) {
  const char* const error = result >= 0 ? "ok" : strerrorname_np(errno);
  std::printf("%s %s\n", what, error);
}

}  // namespace

int make_a_file() {
  const int file = open("a", O_CREAT | O_WRONLY, 0600);
  if (file < 0 || write(file, kText, kSize) != kSize) return 1;
  if (fsync(file) != 0 || close(file) != 0) return 1;
  return rename("a", "b") == 0 ? 0 : 1;
}

int change_nothing() {
  int ends[2];
  made(pipe(ends));
  made(write(ends[1], kText, kSize));
  const int null = open("/dev/null", O_CREAT | O_TRUNC | O_WRONLY, 0600);
  made(write(null, kText, kSize));
  const int memory = memfd_create("m", 0);
  made(write(memory, kText, kSize));
  made(write(-1, kText, kSize));
  const int self = open("/proc/self/exe", O_RDONLY);
  made(flock(self, LOCK_SH));
  const int protection = PROT_READ | PROT_WRITE;
  mmap(nullptr, 1, protection, MAP_PRIVATE, self, 0);
  mmap(nullptr, 1, PROT_READ, MAP_SHARED, self, 0);
  mmap(nullptr, 1, protection, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int size = 0;
  made(ioctl(self, FIGETBSZ, &size));
  // An io_uring could write without a call that is seen, so it must seem not to exist.
  if (syscall(SYS_io_uring_setup, 1, nullptr) != -1) return 1;
  return errno == ENOSYS || errno == EFAULT ? 0 : 1;
}

int change_everything() {
  open_how how{};
  how.flags = O_CREAT | O_RDWR;
  how.mode = 0600;
  const int file = static_cast<int>(syscall(SYS_openat2, AT_FDCWD, "a", &how, sizeof how));
  made(openat(AT_FDCWD, ".", O_TMPFILE | O_WRONLY, 0600));
  made(openat(AT_FDCWD, "a", O_TRUNC | O_WRONLY));
  made(write(file, kText, kSize));
  made(pwrite(file, kText, kSize, 0));
  const iovec part{const_cast<char*>(kText), kSize};
  made(writev(file, &part, 1));
  made(pwritev(file, &part, 1, 0));
  made(pwritev2(file, &part, 1, 0, RWF_DSYNC));
  made(sendfile(file, file, nullptr, 1));
  made(copy_file_range(file, nullptr, file, nullptr, 1, 0));
  made(ftruncate(file, 1));
  made(truncate("a", 2));
  made(fallocate(file, 0, 0, 1));
  made(fsync(file));
  made(fdatasync(file));
  made(sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE));
  made(fchmod(file, 0600));
  made(fchown(file, getuid(), getgid()));
  made(futimens(file, nullptr));
  made(fsetxattr(file, "user.a", kText, kSize, 0));
  made(fremovexattr(file, "user.a"));
  made(ioctl(file, FICLONE, -1));
  void* const page = mmap(nullptr, 1, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  made(msync(page, 1, MS_SYNC));
  made(linkat(AT_FDCWD, "a", AT_FDCWD, "b", 0));
  made(symlinkat("a", AT_FDCWD, "c"));
  made(mkdirat(AT_FDCWD, "d", 0700));
  made(mknodat(AT_FDCWD, "e", S_IFIFO | 0600, 0));
  made(renameat2(AT_FDCWD, "b", AT_FDCWD, "f", RENAME_NOREPLACE));
  made(unlinkat(AT_FDCWD, "f", 0));
  return 0;
}

int write_streams() {
  int ends[2];
  made(pipe(ends));
  made(write(ends[1], kText, kSize));
  made(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  made(send(ends[1], kText, kSize, 0));
  return 0;
}

int report_errors() {
  const int file = open("a", O_CREAT | O_WRONLY, 0600);
  tell("open", file);
  tell("write", write(file, kText, kSize));
  tell("reopen", open("a", O_CREAT | O_WRONLY, 0600));
  tell("mkdir", mkdir("d", 0700));
  tell("unlink", unlink("a"));
  return 0;
}

}  // namespace qubes::mgmt::subject
