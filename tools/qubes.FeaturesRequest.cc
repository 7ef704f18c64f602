// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/guest_reports.h"

namespace qubes::mgmt {
namespace {

Reply take(Context& context) {
  take_features_request(context);
  return Reply::nothing();
}

const Call call{
    {.name = "qubes.FeaturesRequest",
     .summary = "give the calling VM the features that it asks for",
     .notes = "The VM writes them below /features-request. Those it may ask for are given; a VM "
              "with a template gets none.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::dom0,
     .faults = {FaultKind::bad_value, FaultKind::no_such_vm, FaultKind::not_running},
     .example = "qubes.FeaturesRequest --as work"},
    take,
};

}  // namespace
}  // namespace qubes::mgmt
