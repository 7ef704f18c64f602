#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes what lets qrexec and sudo reach the calls:
rpc-links/render.py CATALOGUE.json OUTDIR BINDIR SERVICES

  services           a line for each service mgmt.* and mgmt1.*: its name, a tab, its program
  services-qubesd    the same for admin.* and qubes.*, for a dom0 without a qubesd of its own
  calls              the same for the programs of all names that a socket may ask for
  90-mgmt-default.policy, 90-mgmt-qubesd.policy    where qrexec finds the rules for each service
  mgmt-{local,global}-{ro,rwx}                     the rules: none as yet
  sudoers, sudoers-qubesd                          what the group qubes may run as root

BINDIR is where the programs will lie, SERVICES where the links to them will.
"""

import json
import pathlib
import sys

SPDX = "# SPDX-License-Identifier: GPL-2.0-or-later\n"

OURS = ("mgmt", "mgmt1")
SHIPPED = ("admin",)

# What VMs tell of themselves goes to the socket of Qubes' server for such, as it always did.
OF_VMS = ("qubes",)
OF_VMS_SOCKET = "/run/qubesd.misc.sock"

POLICY_HEAD = """\
## Do not edit: a new version replaces this file.
##
## Where qrexec finds the rules for the services of the Qubes OS Management API. Each line sends
## one service, whatever its argument, to one of four files that are yours to edit:
##
##   include/mgmt-local-ro     calls about one VM that change nothing
##   include/mgmt-local-rwx    calls about one VM that change or run something
##   include/mgmt-global-ro    calls about the whole machine that change nothing
##   include/mgmt-global-rwx   calls about the whole machine that change or run something
##
## No rule there allows anything as installed, and what no rule allows is denied.

"""

OF_VMS_HEAD = """
## A VM tells dom0 about itself, and about nobody else.
"""

INCLUDE_HEAD = """\
## {what}
##
## No VM may make these calls until a rule below says so. A rule is a line
##
##   SOURCE TARGET allow target=dom0
##
## with the VM that calls, the VM that the call is about, and always target=dom0: the calls run in
## dom0, and without these words qrexec would look for the service in the target itself. Instead
## of a name, @tag:TAG and @type:CLASS stand for many VMs, and @adminvm for dom0. The first rule
## that fits decides.
##
## For example, {example}:
##
##   {rule}
"""

# A file of calls that change nothing ends with this.
INCLUDE_WIDER = """
## Who may change may look as well.
!include include/{wider}
"""

LOCAL_EXAMPLE = ("so that the VM mgmtvm may do this to the VMs that it has made",
                 "mgmtvm @tag:created-by-mgmtvm allow target=dom0")
GLOBAL_EXAMPLE = ("so that the VM mgmtvm may do this",
                  "mgmtvm @adminvm allow target=dom0")

INCLUDES = {
    "mgmt-local-ro": ("Calls about one VM that change nothing.", *LOCAL_EXAMPLE),
    "mgmt-local-rwx": ("Calls about one VM that change or run something.", *LOCAL_EXAMPLE),
    "mgmt-global-ro": ("Calls about the whole machine that change nothing.", *GLOBAL_EXAMPLE),
    "mgmt-global-rwx": ("Calls about the whole machine that change or run something.",
                        *GLOBAL_EXAMPLE),
}

SUDOERS = """\
# Calls that need Xen, a volume or a file of root execute themselves once as root, by the name that
# they were called by. They keep what qrexec says of the caller, and nothing else of the
# environment.
Cmnd_Alias {alias} = {programs}
Defaults!{alias} env_reset, !env_check, env_keep = "{variables}"
Defaults!{alias} !requiretty, !use_pty
%qubes ALL=(root) NOPASSWD: {alias}
"""

QREXEC_VARIABLES = (
    "QREXEC_REMOTE_DOMAIN",
    "QREXEC_SERVICE_FULL_NAME",
    "QREXEC_SERVICE_ARGUMENT",
    "QREXEC_REQUESTED_TARGET_TYPE",
    "QREXEC_REQUESTED_TARGET",
    "QREXEC_REQUESTED_TARGET_KEYWORD",
    "QREXEC_MGMT_FRAMED",
)


def services(calls, prefixes):
    """Each service of these prefixes, sorted, with its call."""
    found = {name: call for call in calls for prefix in prefixes for name in call["names"][prefix]}
    return sorted(found.items())


def service_list(calls, prefixes, bindir):
    return "".join(f"{name}\t{bindir}/{call['name']}\n"
                   for name, call in services(calls, prefixes))


def socket_list(calls):
    return "".join(f"{name}\t{OF_VMS_SOCKET}\n" for name, _ in services(calls, OF_VMS))


def include_of(call):
    return f"mgmt-{call['scope']}-{'ro' if call['access'] == 'read' else 'rwx'}"


def policy(calls, prefixes):
    return SPDX + POLICY_HEAD + "".join(
        f"!include-service {name} * include/{include_of(call)}\n"
        for name, call in services(calls, prefixes))


def policy_of_vms(calls):
    return OF_VMS_HEAD + "".join(f"{name} * @anyvm @adminvm allow\n"
                                 for name, _ in services(calls, OF_VMS))


def include(name):
    what, example, rule = INCLUDES[name]
    wider = name.replace("-ro", "-rwx")
    text = SPDX + INCLUDE_HEAD.format(what=what, example=example, rule=rule)
    return text if wider == name else text + INCLUDE_WIDER.format(wider=wider)


def sudoers(calls, alias, paths):
    """The rule for the programs that these calls have, by paths(call). What only a socket knows
    runs as root already."""
    found = {path for call in calls if call["names"]["mgmt"]
             and (call["needs"] != "store" or call["asks_xen"]) for path in paths(call)}
    if not found:
        return SPDX
    return SPDX + SUDOERS.format(alias=alias, programs=", \\\n    ".join(sorted(found)),
                                 variables=" ".join(QREXEC_VARIABLES))


def main(catalogue_file, folder, bindir, service_folder):
    calls = json.loads(pathlib.Path(catalogue_file).read_text(encoding="utf-8"))["calls"]
    files = {
        "services": service_list(calls, OURS, bindir),
        "services-qubesd": service_list(calls, SHIPPED, bindir) + socket_list(calls),
        "calls": service_list(calls, OURS + SHIPPED, bindir),
        "90-mgmt-default.policy": policy(calls, OURS),
        "90-mgmt-qubesd.policy": policy(calls, SHIPPED) + policy_of_vms(calls),
        "sudoers": sudoers(calls, "QUBES_MGMT", lambda call: [
            f"{bindir}/{name}" for name in
            (call["name"], *call["names"]["mgmt"], *call["names"]["mgmt1"])]),
        "sudoers-qubesd": sudoers(calls, "QUBES_MGMT_QUBESD", lambda call: [
            f"{service_folder}/{name}" for name in call["names"]["admin"]]),
    }
    files.update((name, include(name)) for name in INCLUDES)
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        pathlib.Path(folder, name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
