// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/domains.h"

#include <catch2/catch.hpp>

using namespace qubes::mgmt;
using Many = std::vector<Domain>;

namespace {

Domain domain(DomainId id, std::uint8_t vm, DomainState state) {
  std::array<std::uint8_t, 16> uuid{};
  uuid[15] = vm;
  return {id, Uuid{uuid}, state, EndReason::none, 0, 0, 0};
}

constexpr auto running = DomainState::running;
constexpr auto paused = DomainState::paused;
constexpr auto ended = DomainState::ended;
constexpr auto dying = DomainState::dying;

}  // namespace

TEST_CASE("a domain is found by its uuid", "[domains]") {
  const Many all{domain(1, 1, running), domain(2, 2, paused)};
  CHECK(xen::pick(all, domain(0, 2, paused).uuid)->id == 2);
  CHECK_FALSE(xen::pick(all, domain(0, 3, paused).uuid));
  CHECK_FALSE(xen::pick({}, domain(0, 3, paused).uuid));
}

TEST_CASE("a dying domain hides no other", "[domains]") {
  const Uuid uuid = domain(0, 1, running).uuid;
  CHECK(xen::pick({domain(9, 1, dying)}, uuid)->id == 9);
  CHECK(xen::pick({domain(9, 1, dying), domain(3, 1, ended)}, uuid)->id == 3);
  CHECK(xen::pick({domain(3, 1, ended), domain(9, 1, dying)}, uuid)->id == 3);
  CHECK(xen::pick({domain(3, 1, paused), domain(9, 1, running)}, uuid)->id == 9);
}

TEST_CASE("an end is one that was not seen before", "[domains]") {
  using xen::any_ended;
  const Many alive{domain(1, 1, running), domain(2, 2, running)};
  CHECK_FALSE(any_ended({}, {}));
  CHECK_FALSE(any_ended(alive, alive));
  CHECK(any_ended(alive, {domain(1, 1, running)}));
  CHECK(any_ended(alive, {domain(1, 1, running), domain(2, 2, ended)}));
  CHECK(any_ended(alive, {domain(1, 1, running), domain(2, 2, dying)}));
}

TEST_CASE("what begins, is paused or stays ended is no end", "[domains]") {
  using xen::any_ended;
  CHECK_FALSE(any_ended({}, {domain(1, 1, paused)}));
  CHECK_FALSE(any_ended({domain(1, 1, running)}, {domain(1, 1, paused)}));
  CHECK_FALSE(any_ended({domain(1, 1, ended)}, {domain(1, 1, ended)}));
}

TEST_CASE("a domain that came and ended in between counts", "[domains]") {
  using xen::any_ended;
  CHECK(any_ended({}, {domain(1, 1, ended)}));
  CHECK(any_ended({domain(1, 1, ended)}, {}));
  // The same number, another domain.
  CHECK(any_ended({domain(1, 1, running)}, {domain(1, 2, running)}));
}
