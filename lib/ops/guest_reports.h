// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "model/pending_updates.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// Gives the calling VM those features that it asks for and may ask for: by the keys of
/// qubes.FeaturesRequest, or by those of the older qubes.NotifyTools. A VM with a template gets
/// none, as its template speaks for it.
/// Faults: no_such_vm, not_running, malformed; no_xen.
void take_features_request(Context& context);
void take_tools_report(Context& context);

/// Notes, within the open change, whether the calling VM has updates to install. Where it has a
/// template these are the template's, whose word counts more while it runs.
void take_updates_notice(Context& context, PendingUpdates updates);

}  // namespace qubes::mgmt
