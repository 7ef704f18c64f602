// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/wiring.h"

#include <dlfcn.h>
#include <unistd.h>

#include <filesystem>

#include "base/fault.h"
#include "base/process.h"
#include "base/text.h"
#include "hypervisor/xen/entry.h"
#include "storage/drivers.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) { return ::access(path.c_str(), F_OK) == 0; }

bool machine_runs_xen() { return is_there("/dev/xen/privcmd") || is_there("/proc/xen/privcmd"); }

void require_machine_runs_xen() {
  if (!machine_runs_xen())
    throw Fault{FaultKind::no_xen,
                "this machine runs no Xen, without which no VM can be started or stopped"};
}

fs::path library_folder() {
  Dl_info info{};
  ::dladdr(reinterpret_cast<void*>(&is_there), &info);
  return fs::canonical(info.dli_fname).parent_path();
}

// A function of one of the shared objects that lie beside this one, or below it in a build.
void* entry(const char* object, const char* function) {
  fs::path file = library_folder() / object;
  if (!is_there(file)) file = library_folder() / "hypervisor/xen" / object;
  void* opened = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* found = opened != nullptr ? ::dlsym(opened, function) : nullptr;
  if (found != nullptr) return found;
  throw Fault{FaultKind::no_xen, concat("cannot load the part that knows Xen: ", ::dlerror())};
}

template <class Interface>
std::unique_ptr<Interface> open(const char* object, const char* function) {
  require_machine_runs_xen();
  using Opener = Interface* (*)();
  return std::unique_ptr<Interface>{reinterpret_cast<Opener>(entry(object, function))()};
}

constexpr const char* kXen = "libqubesmgmt-xen.so";
constexpr const char* kXenlight = "libqubesmgmt-xenlight.so";

}  // namespace

Domains* RealOutside::domains() {
  if (!machine_runs_xen()) return nullptr;
  if (!domains_) domains_ = open<Domains>(kXen, "qubes_mgmt_open_domains");
  return domains_.get();
}

Hypervisor& RealOutside::hypervisor() {
  if (!hypervisor_) hypervisor_ = open<Hypervisor>(kXenlight, "qubes_mgmt_open_hypervisor");
  return *hypervisor_;
}

Attachments& RealOutside::attachments() {
  if (!attachments_) attachments_ = open<Attachments>(kXen, "qubes_mgmt_open_attachments");
  return *attachments_;
}

GuestStore& RealOutside::guest_store() {
  if (!guest_store_) guest_store_ = open<GuestStore>(kXen, "qubes_mgmt_open_guest_store");
  return *guest_store_;
}

std::unique_ptr<PoolDriver> RealOutside::open_pool(const Pool& pool) {
  const auto folder = pool.options.find("dir_path");
  if (folder == pool.options.end())
    throw Fault{FaultKind::pool_failed, concat("pool '", pool.name, "' has no dir_path")};
  return mgmt::open_pool(pool.driver, root_.at(folder->second));
}

std::string make_first_pool(const Root& root) {
  const fs::path folder = root.at("/var/lib/qubes");
  std::error_code refused;  // a caller without the right to leaves it to the first that has it
  fs::create_directories(folder / "vm-kernels", refused);
  return std::string{best_file_driver(folder)};
}

std::string RealOutside::program(std::string_view name) const {
  const fs::path beside = program_folder() / name;
  if (is_there(beside)) return beside;
  return program_folder().parent_path() / "libexec/qubes-mgmt" / name;
}

}  // namespace qubes::mgmt
