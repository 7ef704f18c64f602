// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "frame/system_info.h"

namespace qubes::mgmt {
namespace {

Reply show(Context& context) { return Reply::scalar(system_info_json(system_info(context))); }

const Call call{
    {.name = "internal.GetSystemInfo",
     .summary = "say what the policy of qrexec depends on, of all VMs",
     .notes = "The policy daemon of qrexec asks for it at each call of a VM.",
     .scope = Scope::global,
     .access = Access::read,
     .needs = Needs::xen,
     .dest = Dest::dom0,
     .reply = "a JSON object with an object for each VM",
     .example = "internal.GetSystemInfo"},
    show,
};

}  // namespace
}  // namespace qubes::mgmt
