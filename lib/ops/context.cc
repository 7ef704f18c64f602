// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/context.h"

#include <cassert>

namespace qubes::mgmt {

Change& Context::begin(Recorded recorded) {
  assert(!change_);
  return change_.emplace(store, origin, recorded);
}

Change& Context::change() {
  assert(change_);
  return *change_;
}

void Context::commit() {
  assert(change_);
  if (is_rehearsal()) {
    Rehearsed rehearsed{change_->preview(), {}};
    change_.reset();
    throw rehearsed;
  }
  change_->commit();
  change_.reset();
}

void Context::before_effect(std::string_view effect) const {
  if (is_rehearsal()) throw Rehearsed{{}, {std::string{effect}}};
}

}  // namespace qubes::mgmt
