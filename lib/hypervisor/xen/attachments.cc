// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/attachments.h"

#include <cerrno>
#include <cstdlib>
#include <thread>

#include "base/text.h"

namespace qubes::mgmt::xen {
namespace {

constexpr unsigned kMostPci = 256;
constexpr std::chrono::milliseconds kStep{20};
constexpr std::string_view kConnected = "4";

std::string read_key(xs_handle* store, const std::string& path) {
  unsigned length = 0;
  const Handle<char, std::free> value{
      static_cast<char*>(xs_read(store, XBT_NULL, path.c_str(), &length))};
  if (value) return std::string{value.get(), length};
  if (errno != ENOENT) throw store_fault(concat("reading ", path));
  return "";
}

std::vector<std::string> list(xs_handle* store, const std::string& path) {
  unsigned count = 0;
  const Handle<char*, std::free> names{xs_directory(store, XBT_NULL, path.c_str(), &count)};
  if (names) return {names.get(), names.get() + count};
  if (errno != ENOENT) throw store_fault(concat("listing ", path));
  return {};
}

// What libxl names by kind and path: "phy:/dev/sda", or the path alone.
std::string device_in(const std::string& params) {
  const std::size_t path = params.find('/');
  return path == params.npos ? params : params.substr(path);
}

}  // namespace

std::optional<DomainId> backend_in(std::string_view path) {
  constexpr std::string_view kHome = "/local/domain/";
  if (!path.starts_with(kHome)) return std::nullopt;
  path.remove_prefix(kHome.size());
  return to_number<DomainId>(path.substr(0, path.find('/')));
}

std::vector<AttachedDisk> XenAttachments::disks(DomainId domain) const {
  const std::string folder = concat("/libxl/", domain, "/device/vbd");
  return store_.use(concat("listing ", folder), [=](xs_handle* store) {
    std::vector<AttachedDisk> disks;
    for (const std::string& number : list(store, folder)) {
      const std::string own = concat(folder, "/", number);
      const auto backend = backend_in(read_key(store, own + "/backend"));
      if (!backend) continue;  // being taken away
      disks.push_back({read_key(store, own + "/dev"), *backend,
                       device_in(read_key(store, own + "/params")),
                       read_key(store, own + "/mode") == "w",
                       read_key(store, own + "/device-type") == "cdrom"});
    }
    return disks;
  });
}

std::string XenAttachments::read(const std::string& path) const {
  return store_.use(concat("reading ", path),
                    [=](xs_handle* store) { return read_key(store, path); });
}

std::string XenAttachments::backend_of(DomainId domain, const std::string& frontend) const {
  const std::string folder = concat("/libxl/", domain, "/device/vbd");
  return store_.use(concat("listing ", folder), [=](xs_handle* store) -> std::string {
    for (const std::string& number : list(store, folder))
      if (read_key(store, concat(folder, "/", number, "/dev")) == frontend)
        return read_key(store, concat(folder, "/", number, "/backend"));
    return "";
  });
}

std::string XenAttachments::trouble_with(DomainId domain, const std::string& frontend,
                                         std::chrono::milliseconds limit) const {
  const std::string backend = backend_of(domain, frontend);
  if (backend.empty()) return "it was taken away again";
  for (const auto deadline = std::chrono::steady_clock::now() + limit;;) {
    const std::string status = read(backend + "/hotplug-status");
    if (status == "error") {
      const std::string untrusted = read(backend + "/hotplug-error");
      return concat("its back end says: ", printable(untrusted));
    }
    if (status == "connected" && read(backend + "/state") == kConnected) return "";
    if (std::chrono::steady_clock::now() >= deadline) return "its back end does not serve it";
    std::this_thread::sleep_for(kStep);
  }
}

std::vector<std::string> XenAttachments::pci(DomainId domain) const {
  const std::string folder = concat("/libxl/", domain, "/device/pci/0");
  return store_.use(concat("listing ", folder), [=](xs_handle* store) {
    std::vector<std::string> addresses;
    const auto count = to_number<unsigned>(read_key(store, folder + "/num_devs")).value_or(0);
    for (unsigned i = 0; i < count && i < kMostPci; ++i) {
      std::string address = read_key(store, concat(folder, "/dev-", i));
      if (!address.empty()) addresses.push_back(std::move(address));
    }
    return addresses;
  });
}

}  // namespace qubes::mgmt::xen
