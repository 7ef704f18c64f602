// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/settle_program.h"

#include <syslog.h>

#include "base/fault.h"
#include "frame/privileges.h"
#include "frame/surroundings.h"
#include "frame/wiring.h"
#include "ops/settle.h"
#include "store/open.h"

namespace qubes::mgmt {
namespace {

void log(const std::string& text) {
  ::openlog("qubes-mgmt", LOG_PID, LOG_DAEMON);
  ::syslog(LOG_ERR, "settle: %s", text.c_str());
}

}  // namespace

int run_settle_program() {
  set_surroundings_right();
  try {
    const Root root = scratch_or_real_root();
    const auto store = open_store(root, StoreAccess::write, make_first_pool);
    RealOutside outside{root};
    Context context{store, root, outside, {"dom0", "settle", "", ""}, Rehearsal::no};
    const Unsettled left = settle_all(context);
    for (const std::string& failure : left.failures) log(failure);
    if (left.worked_on > 0) return kSomebodyAtWork;
    if (!left.failures.empty()) return exit_status(FaultKind::failed);
    return left.running > 0 ? kSomebodyLeft : kNobodyLeft;
  } catch (const std::exception& error) {
    log(error.what());
    const auto* fault = dynamic_cast<const Fault*>(&error);
    return exit_status(fault != nullptr ? fault->kind() : FaultKind::internal);
  }
}

}  // namespace qubes::mgmt
