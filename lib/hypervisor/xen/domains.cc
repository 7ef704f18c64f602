// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/domains.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <utility>

#include "base/fault.h"
#include "base/text.h"
#include "hypervisor/xen/presence.h"

extern "C" {
#include <xenctrl.h>
}

namespace qubes::mgmt::xen {
namespace {

constexpr unsigned kPage = 256;
constexpr std::uint64_t kKibPerPage = XC_PAGE_SIZE / 1024;

DomainState state_of(unsigned flags) {
  if (flags & XEN_DOMINF_dying) return DomainState::dying;
  if (flags & XEN_DOMINF_shutdown) return DomainState::ended;
  return flags & XEN_DOMINF_paused ? DomainState::paused : DomainState::running;
}

EndReason reason_of(unsigned flags) {
  if (!(flags & XEN_DOMINF_shutdown)) return EndReason::none;
  switch ((flags >> XEN_DOMINF_shutdownshift) & XEN_DOMINF_shutdownmask) {
    case SHUTDOWN_poweroff:
      return EndReason::poweroff;
    case SHUTDOWN_reboot:
      return EndReason::reboot;
    case SHUTDOWN_suspend:
      return EndReason::suspend;
    case SHUTDOWN_watchdog:
      return EndReason::watchdog;
    case SHUTDOWN_soft_reset:
      return EndReason::soft_reset;
    default:
      return EndReason::crash;
  }
}

Domain domain_of(const xc_domaininfo_t& info) {
  std::array<std::uint8_t, 16> uuid;
  std::copy(std::begin(info.handle), std::end(info.handle), uuid.begin());
  return {.id = info.domain,
          .uuid = Uuid{uuid},
          .state = state_of(info.flags),
          .reason = reason_of(info.flags),
          .memory_kib = info.tot_pages * kKibPerPage,
          .max_memory_kib = info.max_pages * kKibPerPage,
          .cpu_time_ns = info.cpu_time};
}

const Domain* same(const std::vector<Domain>& domains, const Domain& domain) {
  const auto found = std::find_if(domains.begin(), domains.end(), [&](const Domain& other) {
    return other.id == domain.id && other.uuid == domain.uuid;
  });
  return found == domains.end() ? nullptr : &*found;
}

}  // namespace

bool any_ended(const std::vector<Domain>& before, const std::vector<Domain>& now) {
  const auto went = [&](const Domain& domain) { return !same(now, domain); };
  const auto ended = [&](const Domain& domain) {
    const Domain* earlier = same(before, domain);
    return !lives(domain) && !(earlier && earlier->state == domain.state);
  };
  return std::any_of(before.begin(), before.end(), went) ||
         std::any_of(now.begin(), now.end(), ended);
}

std::optional<Domain> pick(const std::vector<Domain>& domains, const Uuid& uuid) {
  std::optional<Domain> best;
  for (const Domain& domain : domains)
    if (domain.uuid == uuid && (!best || comes_before(domain, *best))) best = domain;
  return best;
}

XenDomains::XenDomains() {
  require_xen();
  xen_.reset(xc_interface_open(&log_, &log_, 0));
  if (!xen_) throw Fault{FaultKind::no_xen, concat("cannot reach Xen: ", log_.cause())};
  seen_ = list();
}

void XenDomains::close(xc_interface_core* xen) { xc_interface_close(xen); }

std::vector<Domain> XenDomains::list() const {
  std::vector<Domain> domains;
  std::vector<xc_domaininfo_t> page(kPage);
  for (std::uint32_t first = 0;;) {
    const int count = xc_domain_getinfolist(xen_.get(), first, kPage, page.data());
    if (count < 0)
      throw Fault{FaultKind::no_xen, concat("Xen does not say which domains there are (",
                                            std::strerror(errno), "): this machine is no dom0")};
    std::transform(page.begin(), page.begin() + count, std::back_inserter(domains), domain_of);
    if (count < static_cast<int>(kPage)) return domains;
    first = domains.back().id + 1;
  }
}

std::optional<Domain> XenDomains::find(const Uuid& uuid) const { return pick(list(), uuid); }

bool XenDomains::wait_for_end(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  if (!store_) watch();
  for (;;) {
    // The watch is there before this look, so no end can fall between the two.
    const auto before = std::exchange(seen_, list());
    if (any_ended(before, seen_)) return true;
    if (std::chrono::steady_clock::now() >= end) return false;
    sleep_until(end);
  }
}

void XenDomains::watch() {
  Store store;
  wakeup_ = store.use("watching for the end of domains", [](xs_handle* handle) {
    if (!xs_watch(handle, "@releaseDomain", "end"))
      throw store_fault("watching for the end of domains");
    return xs_fileno(handle);
  });
  store_.emplace(std::move(store));
}

void XenDomains::sleep_until(std::chrono::steady_clock::time_point end) const {
  using std::chrono::milliseconds;
  const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
  // libxenstore wakes nobody up when xenstored dies; Xen itself still tells of ends then.
  constexpr milliseconds kLongest = std::chrono::minutes{1};
  pollfd event{wakeup_, POLLIN, 0};
  const auto time = std::clamp(left, milliseconds{0}, kLongest);
  if (::poll(&event, 1, static_cast<int>(time.count())) <= 0) return;
  store_->use("taking note of a domain's end", [](xs_handle* handle) {
    while (const Handle<char*, std::free> note{xs_check_watch(handle)}) continue;
    if (errno != EAGAIN) throw store_fault("waiting for the end of domains");
  });
}

}  // namespace qubes::mgmt::xen
