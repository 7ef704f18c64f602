// SPDX-License-Identifier: GPL-2.0-or-later
// What a test guest has instead of an operating system: its entry point, hypercalls, and the pages
// that it shares with xenstored and xenconsoled. Compiled twice: -m64 for a PV kernel, -m32 for a
// PVH one.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Without it the headers speak the interface of Xen 3.0, with other hypercalls.
#define __XEN_INTERFACE_VERSION__ __XEN_LATEST_INTERFACE_VERSION__
extern "C" {
#include <xen/event_channel.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>
#include <xen/io/console.h>
#include <xen/io/xs_wire.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xen/xen.h>
// After the others, as it uses their types.
#include <xen/arch-x86/hvm/start_info.h>
}

// Called by the entry code with what Xen hands over: start_info or hvm_start_info.
extern "C" [[noreturn]] void guest_main(void* handed_over);

namespace guest {

template <typename Page>
struct Channel {
  Page* page;
  evtchn_port_t port;
};

struct Machine {
  Channel<xenstore_domain_interface> store;
  Channel<xencons_interface> console;
  const char* command_line;
};

inline Machine machine;

// Xen's own page of event bits is mapped over this one.
alignas(4096) inline uint8_t shared_info_page[4096];

#ifdef __x86_64__

// The notes that tell Xen how to load a PV kernel; addresses are physical ones, from 0.
asm(R"(
    .pushsection .note.Xen, "a", @note
    .macro note type, value:vararg
    .align 4
    .long 4, 2f - 1f, \type
    .asciz "Xen"
1:  \value
2:  .align 4
    .endm
    note 1, .quad _start        # XEN_ELFNOTE_ENTRY
    note 3, .quad 0             # XEN_ELFNOTE_VIRT_BASE
    note 4, .quad 0             # XEN_ELFNOTE_PADDR_OFFSET
    note 5, .asciz "xen-3.0"    # XEN_ELFNOTE_XEN_VERSION
    note 6, .asciz "test-guest" # XEN_ELFNOTE_GUEST_OS
    note 8, .asciz "generic"    # XEN_ELFNOTE_LOADER
    note 9, .asciz "yes"        # XEN_ELFNOTE_PAE_MODE
    .popsection
    .pushsection .text.start, "ax"
    .globl _start
_start:
    cld
    mov %rsi, %rdi
    call guest_main
    .popsection
)");

inline long hypercall(long number, long a, long b, long c = 0) {
  long result;
  asm volatile("syscall"
               : "=a"(result), "+D"(a), "+S"(b), "+d"(c)
               : "a"(number)
               : "rcx", "r8", "r10", "r11", "memory");
  return result;
}

// Every page of the guest is mapped at its physical address; Xen's table tells that of a machine
// page.
template <typename Page>
Page* page_at(uint64_t machine_frame) {
  auto* physical_frames = reinterpret_cast<uint64_t*>(MACH2PHYS_VIRT_START);
  return reinterpret_cast<Page*>(physical_frames[machine_frame] << 12);
}

inline void find_machine(void* handed_over) {
  auto* info = static_cast<start_info*>(handed_over);
  machine.store = {page_at<xenstore_domain_interface>(info->store_mfn), info->store_evtchn};
  machine.console = {page_at<xencons_interface>(info->console.domU.mfn), info->console.domU.evtchn};
  machine.command_line = reinterpret_cast<const char*>(info->cmd_line);
  constexpr long kPresentWritableUser = 7;
  hypercall(__HYPERVISOR_update_va_mapping, reinterpret_cast<long>(shared_info_page),
            static_cast<long>(info->shared_info) | kPresentWritableUser, UVMF_INVLPG);
}

#else

// A PVH kernel begins in 32-bit protected mode without paging, and stays there.
asm(R"(
    .pushsection .note.Xen, "a", @note
    .align 4
    .long 4, 4, 18              # XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long _start
    .popsection
    .pushsection .text.start, "ax"
    .globl _start
_start:
    cld
    mov $stack_end, %esp
    push %ebx
    call guest_main
    .popsection
    .pushsection .bss
    .align 4096
    .globl hypercall_page
hypercall_page:
    .skip 4096
    .skip 16384
stack_end:
    .popsection
)");
extern "C" uint8_t hypercall_page[4096];

inline long hypercall(long number, long a, long b, long c = 0) {
  long result;
  void* entry = hypercall_page + number * 32;
  asm volatile("call *%[entry]"
               : "=a"(result), "+b"(a), "+c"(b), "+d"(c)
               : [entry] "0"(entry)
               : "memory");
  return result;
}

struct CpuId {
  uint32_t eax, ebx, ecx, edx;
  explicit CpuId(uint32_t leaf) {
    asm volatile("cpuid" : "=a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx) : "a"(leaf), "c"(0));
  }
};

// Xen fills the hypercall page when its address is written to a register that a cpuid leaf names.
// The leaves may be moved up when Xen also shows those of another hypervisor.
inline void fill_hypercall_page() {
  constexpr uint32_t kXenV = 0x566e6558;  // the first letters of XenVMMXenVMM
  uint32_t base = 0x40000000;
  while (CpuId(base).ebx != kXenV) base += 0x100;
  asm volatile("wrmsr" ::"c"(CpuId(base + 2).ebx), "a"(hypercall_page), "d"(0) : "memory");
}

inline uint64_t parameter(uint32_t index) {
  xen_hvm_param request = {DOMID_SELF, 0, index, 0};
  hypercall(__HYPERVISOR_hvm_op, HVMOP_get_param, reinterpret_cast<long>(&request));
  return request.value;
}

template <typename Page>
Channel<Page> channel(uint32_t frame, uint32_t port) {
  return {reinterpret_cast<Page*>(static_cast<uintptr_t>(parameter(frame) << 12)),
          static_cast<evtchn_port_t>(parameter(port))};
}

inline void find_machine(void* handed_over) {
  fill_hypercall_page();
  machine.store = channel<xenstore_domain_interface>(HVM_PARAM_STORE_PFN, HVM_PARAM_STORE_EVTCHN);
  machine.console = channel<xencons_interface>(HVM_PARAM_CONSOLE_PFN, HVM_PARAM_CONSOLE_EVTCHN);
  auto* info = static_cast<hvm_start_info*>(handed_over);
  machine.command_line =
      info->cmdline_paddr
          ? reinterpret_cast<const char*>(static_cast<uintptr_t>(info->cmdline_paddr))
          : "";
  xen_add_to_physmap request = {};
  request.domid = DOMID_SELF;
  request.space = XENMAPSPACE_shared_info;
  request.gpfn = reinterpret_cast<uintptr_t>(shared_info_page) >> 12;
  hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, reinterpret_cast<long>(&request));
}

#endif

inline void notify(evtchn_port_t port) {
  evtchn_send send = {port};
  hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_send, reinterpret_cast<long>(&send));
}

// Sleeps until something happens on the port, and takes note of it.
inline void wait_for(evtchn_port_t port) {
  sched_poll poll = {};
  set_xen_guest_handle(poll.ports, &port);
  poll.nr_ports = 1;
  hypercall(__HYPERVISOR_sched_op, SCHEDOP_poll, reinterpret_cast<long>(&poll));
  constexpr unsigned kBits = 8 * sizeof(xen_ulong_t);
  auto* pending = reinterpret_cast<shared_info*>(shared_info_page)->evtchn_pending;
  __atomic_and_fetch(&pending[port / kBits], ~(xen_ulong_t{1} << port % kBits), __ATOMIC_SEQ_CST);
}

[[noreturn]] inline void shut_down(unsigned reason) {
  sched_shutdown request = {reason};
  for (;;) hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown, reinterpret_cast<long>(&request));
}

// Writes to the console; what nobody reads is dropped.
inline void say(const char* text) {
  xencons_interface* ring = machine.console.page;
  for (; *text; ++text) {
    XENCONS_RING_IDX end = ring->out_prod;
    if (end - __atomic_load_n(&ring->out_cons, __ATOMIC_ACQUIRE) >= sizeof ring->out) break;
    ring->out[MASK_XENCONS_IDX(end, ring->out)] = *text;
    __atomic_store_n(&ring->out_prod, end + 1, __ATOMIC_RELEASE);
  }
  notify(machine.console.port);
}

}  // namespace guest
