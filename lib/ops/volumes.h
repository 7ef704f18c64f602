// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/vm.h"
#include "ops/context.h"
#include "store/intents.h"
#include "store/volumes.h"

namespace qubes::mgmt {

/// A VM's volume together with the driver that keeps it.
struct KeptVolume {
  Volume volume;
  VolumeSpec spec;
  std::shared_ptr<PoolDriver> driver;

  bool is_started() const { return driver->is_started(spec); }
};

/// All of a VM's, in order; of each pool the driver is opened once.
std::vector<KeptVolume> kept_volumes(const Context& context, const Vm& vm);

/// What the guest calls each of a VM's volumes, in their order: those that came with another name
/// than Qubes' own four, and were not lent, have the first places from xvde that are free.
std::vector<std::string> frontends_of(const std::vector<Volume>& volumes);

/// Whether it is the name of one that each VM has.
bool is_built_in(std::string_view name);

/// How many former contents a new volume of the pool keeps.
int revisions_to_keep_of(const Pool& pool);

/// The first from xvde. Throws failed where all are taken.
std::string free_frontend(const std::vector<std::string>& taken);

/// One by itself, that is no kernel's.
KeptVolume keep_volume(const Context& context, const Volume& volume);

/// Throws pool_failed, naming what is missing, if one of them could not be started.
void verify_volumes(const std::vector<KeptVolume>& volumes);

/// A volume as a disk of a guest. The holder keeps its device until Xen does.
struct StartedDisk {
  DiskSpec disk;
  Descriptor holder;
};

/// Starts them all. If one fails, those that this call started are as before.
std::vector<StartedDisk> start_volumes(const std::vector<KeptVolume>& volumes);

/// Ends what start_volumes() began, with the guest gone: what is to be kept is committed.
void stop_volumes(const std::vector<KeptVolume>& volumes);

/// Ends it for a guest that never ran: what was not started before is dropped.
void cancel_volumes(const std::vector<KeptVolume>& volumes, const std::vector<VolumeId>& started);

/// Those that start_volumes() would start anew, rather than go on with.
std::vector<VolumeId> not_yet_started(const std::vector<KeptVolume>& volumes);

/// The volumes that a new VM of this class gets, their ids made from its name and not taken.
/// `template_vm` is what it is based on, if anything.
std::vector<Volume> volumes_for(const Context& context, VmClass vm_class, const std::string& name,
                                const std::optional<Vm>& template_vm);

/// Makes snapshots follow a VM's new template, and those of disposables based on it.
void follow_template(Context& context, const Vm& vm);

}  // namespace qubes::mgmt
