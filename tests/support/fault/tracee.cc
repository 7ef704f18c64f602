// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracee.h"

#include <elf.h>
#include <linux/audit.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstring>

namespace qubes::mgmt {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif

std::size_t read_memory(pid_t process, std::uint64_t address, char* to, std::size_t size) {
  const iovec here{to, size};
  const iovec there{reinterpret_cast<void*>(address), size};
  return static_cast<std::size_t>(
      std::max<ssize_t>(0, process_vm_readv(process, &here, 1, &there, 1, 0)));
}

}  // namespace

std::optional<CallEntry> call_entered(pid_t process) {
  __ptrace_syscall_info info{};
  if (ptrace(PTRACE_GET_SYSCALL_INFO, process, sizeof info, &info) <= 0) return {};
  if (info.arch != kArchitecture) return {};
  CallEntry entry{};
  if (info.op == PTRACE_SYSCALL_INFO_SECCOMP) {
    entry.number = static_cast<long>(info.seccomp.nr);
    std::copy(std::begin(info.seccomp.args), std::end(info.seccomp.args), entry.arguments.begin());
    return entry;
  }
  if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return {};
  entry.number = static_cast<long>(info.entry.nr);
  std::copy(std::begin(info.entry.args), std::end(info.entry.args), entry.arguments.begin());
  return entry;
}

void skip_call(pid_t process, int error) {
  user_regs_struct registers{};
  iovec all{&registers, sizeof registers};
  if (ptrace(PTRACE_GETREGSET, process, NT_PRSTATUS, &all) != 0) return;
#if defined(__x86_64__)
  registers.orig_rax = static_cast<unsigned long long>(-1);
  registers.rax = static_cast<unsigned long long>(-static_cast<long long>(error));
#elif defined(__aarch64__)
  int none = -1;
  iovec number{&none, sizeof none};
  ptrace(PTRACE_SETREGSET, process, NT_ARM_SYSTEM_CALL, &number);
  registers.regs[0] = static_cast<unsigned long long>(-static_cast<long long>(error));
#endif
  ptrace(PTRACE_SETREGSET, process, NT_PRSTATUS, &all);
}

std::string text_at(pid_t process, std::uint64_t address) {
  constexpr std::size_t kPart = 256;  // divides a page, so no part is half readable
  std::string text;
  while (address != 0 && text.size() < PATH_MAX) {
    char part[kPart];
    const std::size_t got = read_memory(process, address, part, kPart - address % kPart);
    if (got == 0) break;
    const std::size_t length = strnlen(part, got);
    text.append(part, length);
    if (length < got) break;
    address += got;
  }
  return text;
}

std::optional<std::uint64_t> word_at(pid_t process, std::uint64_t address) {
  std::uint64_t word = 0;
  const auto bytes = reinterpret_cast<char*>(&word);
  if (read_memory(process, address, bytes, sizeof word) != sizeof word) return {};
  return word;
}

std::string descriptor_link(pid_t process, int descriptor) {
  return "/proc/" + std::to_string(process) + "/fd/" + std::to_string(descriptor);
}

std::string link_target(const std::string& link) {
  char target[PATH_MAX];
  const ssize_t length = readlink(link.c_str(), target, sizeof target);
  return length < 0 ? std::string{} : std::string(target, static_cast<std::size_t>(length));
}

}  // namespace qubes::mgmt
