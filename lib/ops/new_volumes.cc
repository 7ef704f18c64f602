// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "base/fault.h"
#include "base/text.h"
#include "ops/globals.h"
#include "ops/vms.h"
#include "ops/volumes.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

constexpr std::uint64_t kGiB = 1ULL << 30U;
constexpr std::uint64_t kRootSize = 10 * kGiB;
constexpr std::uint64_t kPrivateSize = 2 * kGiB;
constexpr std::uint64_t kVolatileSize = 10 * kGiB;
constexpr std::uint64_t kDisposableVolatileSize = 12 * kGiB;

Pool pool_for(const Context& context, std::string_view volume) {
  const std::string name = global_value(context, concat("default_pool_", volume));
  if (auto pool = PoolTable{context.store}.find(name)) return *pool;
  throw Fault{FaultKind::pool_failed, concat("the pool '", name, "' for new volumes is gone")};
}

// The id has the form that Qubes gives it. A VM that was renamed may still hold it.
Vid free_vid(const Context& context, VmClass vm_class, const std::string& name,
             std::string_view volume, const Pool& pool) {
  const std::string_view folder = vm_class == VmClass::TemplateVM ? "vm-templates" : "appvms";
  const auto driver = context.outside.open_pool(pool);
  for (int attempt = 1;; ++attempt) {
    const std::string suffix = attempt == 1 ? "" : concat("-", attempt);
    Vid vid = concat(folder, "/", name, suffix, "/", volume);
    if (!VolumeTable{context.store}.is_taken(pool.id, vid) && !driver->taken(vid)) return vid;
  }
}

Volume own_volume(const Context& context, VmClass vm_class, const std::string& name,
                  std::string_view volume, std::uint64_t size) {
  const Pool pool = pool_for(context, volume);
  Volume own;
  own.name = volume;
  own.pool = pool.id;
  own.vid = free_vid(context, vm_class, name, volume, pool);
  own.size = size;
  own.revisions_to_keep = revisions_to_keep_of(pool);
  own.save_on_stop = true;
  return own;
}

// What a snapshot is made of: the nearest volume of that name up the templates that is not a
// snapshot itself.
Volume source_of(const Context& context, Vm vm, std::string_view volume) {
  for (;;) {
    const auto found = VolumeTable{context.store}.find(vm.qid, volume);
    if (!found)
      throw Fault{FaultKind::pool_failed, concat("'", vm.name, "' has no volume ", volume)};
    if (!found->snap_on_start) return *found;
    vm = VmTable{context.store}.get(vm.template_qid.value());
  }
}

Volume snapshot_volume(const Context& context, const std::string& name, std::string_view volume,
                       const Vm& template_vm) {
  const Volume source = source_of(context, template_vm, volume);
  Volume snapshot;
  snapshot.name = volume;
  snapshot.pool = source.pool;
  snapshot.vid =
      free_vid(context, VmClass::AppVM, name, volume, PoolTable{context.store}.get(source.pool));
  snapshot.size = source.size;
  snapshot.source = source.id;
  snapshot.snap_on_start = true;
  return snapshot;
}

Volume fresh_volume(const Context& context, VmClass vm_class, const std::string& name) {
  Volume fresh = own_volume(context, vm_class, name, "volatile",
                            vm_class == VmClass::DispVM ? kDisposableVolatileSize : kVolatileSize);
  fresh.save_on_stop = false;
  return fresh;
}

Volume kernel_volume(const Context& context) {
  Volume kernel;
  kernel.name = "kernel";
  kernel.pool = pool_for(context, "kernel").id;
  kernel.rw = false;
  return kernel;
}

}  // namespace

std::vector<Volume> volumes_for(const Context& context, VmClass vm_class, const std::string& name,
                                const std::optional<Vm>& template_vm) {
  const bool is_disposable = vm_class == VmClass::DispVM;
  std::vector<Volume> volumes;
  if (vm_class == VmClass::RemoteVM) return volumes;
  volumes.push_back(template_vm ? snapshot_volume(context, name, "root", *template_vm)
                                : own_volume(context, vm_class, name, "root", kRootSize));
  volumes.push_back(is_disposable ? snapshot_volume(context, name, "private", *template_vm)
                                  : own_volume(context, vm_class, name, "private", kPrivateSize));
  volumes.push_back(fresh_volume(context, vm_class, name));
  volumes.push_back(kernel_volume(context));
  return volumes;
}

void follow_template(Context& context, const Vm& vm) {
  const Vm changed = VmTable{context.store}.get(vm.qid);
  const Vm template_vm = VmTable{context.store}.get(changed.template_qid.value());
  const VolumeTable table{context.store};
  for (const Volume& volume : table.of_vm(vm.qid))
    if (volume.snap_on_start)
      table.set_source(volume.id, source_of(context, template_vm, volume.name));
  for (const Vm& child : VmTable{context.store}.based_on(vm.qid)) follow_template(context, child);
}

}  // namespace qubes::mgmt
