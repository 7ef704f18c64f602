// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/operations.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"
#include "hypervisor/xen/config.h"

namespace qubes::mgmt::xen {
namespace {

constexpr std::uint64_t kKibPerMib = 1024;

bool is_there(Session& session, DomainId domain) {
  return libxl_domain_info(session.context(), nullptr, domain) != ERROR_DOMAIN_NOTFOUND;
}

/// The domain of this uuid that is not on its way out. One that is dying keeps only pages
/// which somebody else still maps: it has neither name nor devices, and is in nobody's way.
std::optional<DomainId> standing_domain(Session& session, const Uuid& uuid) {
  int count = 0;
  libxl_dominfo* const list = libxl_list_domain(session.context(), &count);
  if (list == nullptr) throw session.fault("list the domains");
  const auto* const found = std::find_if(list, list + count, [&](const libxl_dominfo& domain) {
    const std::uint8_t* bytes = libxl_uuid_bytearray_const(&domain.uuid);
    return !domain.dying && std::equal(uuid.bytes().begin(), uuid.bytes().end(), bytes);
  });
  const auto domain = found == list + count ? std::nullopt : std::optional{found->domid};
  libxl_dominfo_list_free(list, count);
  return domain;
}

void require_uuid_free(Session& session, const DomainSpec& spec) {
  if (const auto domain = standing_domain(session, spec.uuid))
    throw Fault{FaultKind::not_halted, concat("cannot make a domain for ", spec.name,
                                              ": Xen still has its domain ", *domain)};
}

Fault memory_fault(Session& session, const DomainSpec& spec, std::uint64_t wanted_kib) {
  const std::uint64_t wanted = (wanted_kib + kKibPerMib - 1) / kKibPerMib;
  const std::uint64_t left = free_memory_kib(session) / kKibPerMib;
  return Fault{FaultKind::no_memory, concat("not enough memory for ", spec.name, ": it takes ",
                                            wanted, " MiB and Xen has ", left, " MiB left")};
}

std::uint64_t memory_kib_of(Session& session, const DomainSpec& spec, DomainConfig& config) {
  std::uint64_t wanted = 0;
  session.check(libxl_domain_need_memory(session.context(), config.get(), ~DomainId{0}, &wanted),
                concat("tell how much memory ", spec.name, " takes"));
  return wanted;
}

bool find_disk(Session& session, DomainId domain, const std::string& frontend, DiskConfig& disk) {
  return libxl_vdev_to_device_disk(session.context(), domain, frontend.c_str(), disk.get()) == 0;
}

/// libxl takes a domain away again that it could not finish. Should that have failed too, it
/// is done here; what the second attempt says matters to nobody.
void remove_remains(Session& session, const Uuid& uuid) {
  if (const auto domain = standing_domain(session, uuid))
    libxl_domain_destroy(session.context(), *domain, nullptr);
}

}  // namespace

void require_there(Session& session, DomainId domain) {
  if (!is_there(session, domain))
    throw Fault{FaultKind::not_running, concat("domain ", domain, " is gone")};
}

DomainId create_domain(Session& session, const DomainSpec& spec) {
  session.begin();
  require_uuid_free(session, spec);
  DomainConfig config;
  describe(spec, *config.get());
  const std::uint64_t wanted = memory_kib_of(session, spec, config);
  if (wanted > free_memory_kib(session)) throw memory_fault(session, spec, wanted);

  session.begin();
  DomainId domain = 0;
  if (libxl_domain_create_new(session.context(), config.get(), &domain, nullptr, nullptr) == 0)
    return domain;
  const Fault fault = session.log().out_of_memory()
                          ? memory_fault(session, spec, wanted)
                          : session.fault(concat("make a domain for ", spec.name));
  remove_remains(session, spec.uuid);
  throw fault;
}

void destroy_domain(Session& session, DomainId domain) {
  session.begin();
  if (!is_there(session, domain)) return;
  const int rc = libxl_domain_destroy(session.context(), domain, nullptr);
  if (rc != 0 && is_there(session, domain)) throw session.fault(concat("destroy domain ", domain));
}

void pause_domain(Session& session, DomainId domain) {
  session.begin();
  require_there(session, domain);
  session.check(libxl_domain_pause(session.context(), domain, nullptr),
                concat("pause domain ", domain));
}

void unpause_domain(Session& session, DomainId domain) {
  session.begin();
  require_there(session, domain);
  session.check(libxl_domain_unpause(session.context(), domain, nullptr),
                concat("unpause domain ", domain));
}

void suspend_domain(Session& session, DomainId domain) {
  session.begin();
  require_there(session, domain);
  session.check(libxl_domain_suspend_only(session.context(), domain, nullptr),
                concat("suspend domain ", domain, ": its guest did not do so"));
}

void resume_domain(Session& session, DomainId domain) {
  // Cooperatively: the guest goes on where its own suspending has stopped it.
  constexpr int kFast = 1;
  session.begin();
  require_there(session, domain);
  session.check(libxl_domain_resume(session.context(), domain, kFast, nullptr),
                concat("resume domain ", domain));
}

bool has_disk(Session& session, DomainId domain, const std::string& frontend) {
  session.begin();
  DiskConfig config;
  return is_there(session, domain) && find_disk(session, domain, frontend, config);
}

void attach_disk(Session& session, DomainId domain, const DiskSpec& disk,
                 const std::string& block_script) {
  session.begin();
  require_there(session, domain);
  DiskConfig config;
  describe(disk, block_script, *config.get());
  session.check(libxl_device_disk_add(session.context(), domain, config.get(), nullptr),
                concat("attach disk ", disk.frontend, " to domain ", domain));
}

void detach_disk(Session& session, DomainId domain, const std::string& frontend) {
  session.begin();
  if (!is_there(session, domain)) return;
  DiskConfig config;
  if (!find_disk(session, domain, frontend, config)) return;
  session.check(libxl_device_disk_remove(session.context(), domain, config.get(), nullptr),
                concat("detach disk ", frontend, " from domain ", domain));
}

std::uint64_t free_memory_kib(Session& session) {
  std::uint64_t free = 0;
  session.check(libxl_get_free_memory(session.context(), &free),
                "tell how much memory Xen has left");
  return free;
}

}  // namespace qubes::mgmt::xen
