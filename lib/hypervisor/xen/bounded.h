// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

namespace qubes::mgmt::xen {

/// The outcome of work that may hang for ever, as every request to a stopped xenstored does:
/// neither libxenstore nor libxl has a deadline for it, and neither gives up on a signal.
///
/// The work runs on a thread of its own. Nothing comes back past the limit; the thread is
/// then left to itself until the process ends, so the work must own whatever it uses.
template <class Work>
auto outcome_within(std::chrono::milliseconds limit, Work work)
    -> std::optional<std::future<decltype(work())>> {
  std::packaged_task<decltype(work())()> task{std::move(work)};
  auto outcome = task.get_future();
  std::thread thread{std::move(task)};
  if (outcome.wait_for(limit) != std::future_status::ready) {
    thread.detach();
    return std::nullopt;
  }
  thread.join();
  return outcome;
}

/// Throws no_xen: what `doing` names did not come to an end within the limit.
[[noreturn]] void throw_unanswered(std::string_view doing, std::chrono::milliseconds limit);

/// Something whose every use may hang: a connection to xenstored, a libxl context. A use
/// that does not come back throws no_xen; from then on all do, and at once.
template <class Thing>
class Guarded {
 public:
  Guarded(std::chrono::milliseconds limit, std::string_view doing) {
    auto outcome = outcome_within(limit, [] { return std::make_shared<Thing>(); });
    if (!outcome) throw_unanswered(doing, limit);
    thing_ = outcome->get();
  }

  /// What `work(thing)` returns. It runs on another thread and owns what it captures.
  template <class Work>
  auto use(std::chrono::milliseconds limit, std::string_view doing, Work work) const {
    if (stuck_) throw_unanswered(doing, limit);
    // A thread that is left behind keeps its share, so that what it uses never goes away.
    auto outcome = outcome_within(
        limit, [thing = thing_, work = std::move(work)]() mutable { return work(*thing); });
    stuck_ = !outcome;
    if (stuck_) throw_unanswered(doing, limit);
    return outcome->get();
  }

 private:
  mutable bool stuck_ = false;
  std::shared_ptr<Thing> thing_;
};

}  // namespace qubes::mgmt::xen
