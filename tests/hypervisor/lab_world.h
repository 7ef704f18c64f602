// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/fault.h"
#include "hypervisor/xen/entry.h"
#include "support/eventually.h"

namespace qubes::mgmt::test {

/// A real Xen, with no domain but dom0 before and after each test.
struct XenWorld {
  XenWorld();
  ~XenWorld();
  XenWorld(const XenWorld&) = delete;
  XenWorld& operator=(const XenWorld&) = delete;

  /// Test guest number `number`: 16 MiB, a kernel of a few kB, no disk.
  static DomainSpec guest(int number, VirtMode mode = VirtMode::pv);

  /// Makes and starts it, and waits until it says that it is up.
  DomainId start(const DomainSpec& spec);

  /// Waits until the domain of this uuid has ended by itself, and says why it did.
  EndReason end_of(const DomainSpec& spec);

  /// Whether Xen, xenstore and dom0 hold nothing of such a domain any more.
  bool is_gone(DomainId domain, const DomainSpec& spec) const;

  std::unique_ptr<Domains> domains{qubes_mgmt_open_domains()};
  std::unique_ptr<GuestStore> keys{qubes_mgmt_open_guest_store()};
  std::unique_ptr<Hypervisor> xen{qubes_mgmt_open_hypervisor()};

 private:
  void destroy_all();
};

/// Waits until Xen has as much free memory as this: it gives pages back with some delay.
bool has_free(const Hypervisor& xen, std::uint64_t mib);

/// The fault of something that has to fail.
Fault fault_of(const std::function<void()>& work);

/// A loop device on an empty file of its own, until the end of the scope.
class LoopDevice {
 public:
  explicit LoopDevice(const std::string& name);
  ~LoopDevice();
  LoopDevice(const LoopDevice&) = delete;
  LoopDevice& operator=(const LoopDevice&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string file_;
  std::string path_;
};

/// Runs a program of dom0 and gives back what it prints; the test fails if the program does.
std::string run(const std::vector<std::string>& words);

/// Says how long something took, for the reader of the log.
class Stopwatch {
 public:
  explicit Stopwatch(std::string what) : what_{std::move(what)} {}
  ~Stopwatch();
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

  std::chrono::milliseconds time() const;

 private:
  std::string what_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace qubes::mgmt::test
