// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/bounded.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "base/fault.h"

using namespace qubes::mgmt;
using namespace std::chrono_literals;

namespace {

struct Thing {
  int uses = 0;
};

/// Lets work hang until the test ends it.
struct Gate {
  Gate() = default;
  ~Gate() { open.set_value(); }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  std::promise<void> open;
  std::shared_future<void> opened = open.get_future().share();
};

template <class Work>
FaultKind kind_of(Work work) {
  try {
    work();
  } catch (const Fault& fault) {
    return fault.kind();
  }
  return FaultKind::internal;
}

}  // namespace

TEST_CASE("work within the limit gives its result", "[bounded]") {
  const xen::Guarded<Thing> thing{10s, "making"};
  CHECK(thing.use(10s, "using", [](Thing& it) { return ++it.uses; }) == 1);
  CHECK(thing.use(10s, "using", [](Thing& it) { return ++it.uses; }) == 2);
}

TEST_CASE("a fault of the work comes through, and the thing stays usable", "[bounded]") {
  const xen::Guarded<Thing> thing{10s, "making"};
  CHECK(kind_of([&] {
          thing.use(10s, "using", [](Thing&) { throw Fault{FaultKind::no_memory, "none"}; });
        }) == FaultKind::no_memory);
  CHECK(thing.use(10s, "using", [](Thing& it) { return ++it.uses; }) == 1);
}

TEST_CASE("work that hangs is left behind, and the thing with it", "[bounded]") {
  const Gate gate;
  const xen::Guarded<Thing> thing{10s, "making"};
  const auto hang = [opened = gate.opened](Thing&) { opened.wait(); };
  CHECK(kind_of([&] { thing.use(20ms, "hanging", hang); }) == FaultKind::no_xen);
  // Neither waits again nor touches what the other thread still uses.
  CHECK(kind_of([&] { thing.use(1h, "using", [](Thing&) {}); }) == FaultKind::no_xen);
}

TEST_CASE("a thing that cannot even be made in time", "[bounded]") {
  struct Slow {
    Slow() { std::this_thread::sleep_for(300ms); }
  };
  CHECK(kind_of([] { xen::Guarded<Slow>{20ms, "making"}; }) == FaultKind::no_xen);
}
