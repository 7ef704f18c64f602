// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/domain_spec.h"

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/kernels.h"

namespace qubes::mgmt {
namespace {

// What Xen itself takes for each domain, about: page tables, grant tables, consoles.
constexpr std::uint64_t kOverheadMib = 8;

std::uint64_t number(const StoreFacts& facts, std::string_view property) {
  return to_number<std::uint64_t>(facts.value(property)).value_or(0);
}

VirtMode mode_of(const StoreFacts& facts) {
  const std::string mode = facts.value("virt_mode");
  if (mode == "pv") return VirtMode::pv;
  return mode == "hvm" ? VirtMode::hvm : VirtMode::pvh;
}

// As Qubes' own kernels expect it, before what the user adds.
constexpr std::string_view kCommonKernelopts = "root=/dev/mapper/dmroot nomodeset console=hvc0";

std::string command_line(const StoreFacts& facts) {
  std::string line{kCommonKernelopts};
  if (const std::string own = facts.value("kernelopts"); !own.empty()) line += concat(" ", own);
  return line;
}

}  // namespace

DomainSpec domain_spec(const Context& context, const Vm& vm) {
  const StoreFacts facts{context, vm};
  DomainSpec spec{};
  spec.name = vm.name;
  spec.uuid = vm.uuid;
  spec.mode = mode_of(facts);
  spec.memory_mib = number(facts, "memory");
  // A guest keeps what it starts with as long as nothing balances memory between guests.
  spec.max_memory_mib = spec.memory_mib;
  spec.vcpus = static_cast<unsigned>(number(facts, "vcpus"));
  spec.block_script = context.outside.program("qubes-mgmt-block");
  const std::string kernel = facts.value("kernel");
  if (!kernel.empty()) {
    const KernelFiles files = kernel_files(context, kernel);
    spec.kernel = files.kernel;
    spec.initramfs = files.initramfs;
    spec.kernelopts = command_line(facts);
  } else if (spec.mode != VirtMode::hvm) {
    throw Fault{FaultKind::failed,
                concat("cannot start '", vm.name, "': it has no kernel, and a ", text(spec.mode),
                       " VM cannot boot its root volume alone; set its property kernel")};
  }
  return spec;
}

void require_memory(const Hypervisor& xen, const Vm& vm, const DomainSpec& spec) {
  const std::uint64_t wanted = spec.memory_mib + kOverheadMib;
  const std::uint64_t free = xen.free_memory_mib();
  if (free >= wanted) return;
  throw Fault{FaultKind::no_memory,
              concat("not enough memory to start '", vm.name, "': it needs ", wanted, " MiB, ",
                     free, " MiB are free; shut another VM down or set its memory lower")};
}

}  // namespace qubes::mgmt
