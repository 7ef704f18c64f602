// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace qubes::mgmt {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "this architecture is not known"
#endif

using Filter = std::vector<sock_filter>;

constexpr sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

/// Both architectures are little endian, so the low half of an argument comes first.
constexpr sock_filter load_argument(std::size_t index) {
  return load(offsetof(seccomp_data, args) + index * sizeof(__u64));
}

constexpr sock_filter answer(std::uint32_t value) { return BPF_STMT(BPF_RET | BPF_K, value); }

constexpr sock_filter kStop = answer(SECCOMP_RET_TRACE);
constexpr sock_filter kPass = answer(SECCOMP_RET_ALLOW);

constexpr sock_filter if_equal(std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no);
}

constexpr sock_filter if_any_bit(std::uint32_t bits, std::uint8_t yes, std::uint8_t no) {
  return BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, yes, no);
}

Filter opening_part(std::size_t flags_argument) {
  return {load_argument(flags_argument), if_any_bit(changing_open_flags(), 0, 1), kStop, kPass};
}

Filter mapping_part() {
  return {load_argument(2),
          if_any_bit(PROT_WRITE, 0, 4),
          load_argument(3),
          if_any_bit(MAP_ANONYMOUS, 2, 0),
          if_any_bit(MAP_SHARED, 0, 1),
          kStop,
          kPass};
}

Filter request_part(const Extras& extras) {
  if (extras.device_requests) return {kStop};
  Filter part{load_argument(1)};
  for (const std::uint32_t request : changing_requests()) {
    part.push_back(if_equal(request, 0, 1));
    part.push_back(kStop);
  }
  part.push_back(kPass);
  return part;
}

/// What is asked about a call once its number is known.
Filter part_for(const ChangingCall& call, const Extras& extras) {
  switch (call.rule) {
    case Rule::opening:
      return opening_part(call.arguments.size());
    case Rule::mapping:
      return mapping_part();
    case Rule::request:
      return request_part(extras);
    case Rule::sending:
      return {extras.streams ? kStop : kPass};
    case Rule::refused:
      return {answer(SECCOMP_RET_ERRNO | ENOSYS)};
    case Rule::always:
    case Rule::output:
    case Rule::opening_how:
      break;
  }
  return {kStop};
}

}  // namespace

Filter changing_filter(const Extras& extras) {
  Filter filter{load(offsetof(seccomp_data, arch)), if_equal(kArchitecture, 1, 0), kPass,
                load(offsetof(seccomp_data, nr))};
  for (const ChangingCall& call : changing_calls()) {
    const Filter part = part_for(call, extras);
    const auto behind = static_cast<std::uint8_t>(part.size());
    filter.push_back(if_equal(static_cast<std::uint32_t>(call.number), 0, behind));
    filter.insert(filter.end(), part.begin(), part.end());
  }
  filter.push_back(kPass);
  return filter;
}

int install_filter(Filter& filter) {
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  const auto install = [&program] {
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
  };
  if (install() == 0) return 0;
  // Root keeps what a set-uid program can do; others cannot have a filter without giving that up.
  if (errno != EACCES || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  return install() == 0 ? 0 : errno;
}

}  // namespace qubes::mgmt
