# SPDX-License-Identifier: GPL-2.0-or-later
"""Refusals that the declaration of each call stands for: too much, too little, the wrong target.

They come before anything of the call itself, so it does not matter that no VM runs here.
"""

import inputs
from cases import Case, Expected, PREFIXES
from world import Request

# A stream is read by the call itself, so what it holds is no matter of the declaration.
STREAM = "stream"

# All calls read a target in the same way, so each tries a share of the names that are none.
SHARES = 8


# What each of these takes; the others take any word as far as their declaration goes.
PAYLOADS = {
    "mgmt.vm.Create": b"name=new label=red",
    "mgmt.vm.device.Assign": b"mode=required",
    "mgmt.vm.device.Set.assignment": b"required",
    "mgmt.vm.firewall.InsertRule": b"action=drop",
    "mgmt.vm.firewall.Set": b"action=drop",
    "mgmt.vm.volume.CloneTo": b"T" * 32,
    "mgmt.vm.volume.Extend": b"1",
    "mgmt.vm.volume.Resize": b"1",
    "mgmt.vm.volume.Set.ephemeral": b"True",
    "mgmt.vm.volume.Set.revisions_to_keep": b"1",
    "mgmt.vm.volume.Set.rw": b"True",
}


# And what the grammars of arguments that begin so take.
ARGUMENTS = {"BACKEND+PORT": b"dom0+x", "r<number>, a": b"r1"}


def base(call):
    """A call that has all it asks for, and may be refused for other reasons only."""
    payload = PAYLOADS.get(call["name"], b"x")
    wanted = call["payload"]["presence"] == "required"
    return Request("", "dom0", b"dom0" if call["target"]["kind"] == "dom0" else b"work",
                   ARGUMENTS.get(call["argument"].get("grammar", "")[:12], b"x")
                   if call["argument"]["presence"] == "required" else b"",
                   payload if wanted else b"")


def with_places(request, **places):
    return Request(**{**vars(request), **places})


def presence(call, request):
    """Argument and payload: unexpected, missing, and not ASCII."""
    for name in ("argument", "payload"):
        if call[name].get("kind") == STREAM:
            continue
        rule = call[name]["presence"]
        if rule == "none":
            for data in (b"x", b"\n", b" ", b"x" * 5000):
                yield f"unexpected {name}", with_places(request, **{name: data}), "malformed"
        if rule == "required":
            yield f"no {name}", with_places(request, **{name: b""}), "malformed"
    if call["argument"]["presence"] != "none":
        for data in inputs.NOT_ASCII:
            yield "argument not ASCII", with_places(request, argument=data), "malformed"
    if call["payload"]["presence"] == "none":
        both = with_places(request, payload=b"x", target=b"dom0", argument=b"")
        yield "payload and target wrong", both, "malformed"


def targets(call, request, share):
    kind = call["target"]["kind"]
    wrong = {"dom0": [b"work", b"no-such-vm", b".work", b"uuid:"], "vm": [b"dom0"]}
    for target in wrong.get(kind, ()):
        yield "target", with_places(request, target=target), "malformed"
    for keyword in ("default", "dispvm", "dispvm:work", "anyvm", "tag:x"):
        yield "keyword", with_places(request, keyword=keyword), "malformed"
    if kind == "dom0":
        return
    yield "target", with_places(request, target=b"no-such-vm"), "no-such-vm"
    yield "target", with_places(request, target=b"uuid:" + b"1" * 8 + b"-1111" * 3 + b"-" +
                                b"1" * 12), "no-such-vm"
    for target in inputs.NOT_UUIDS:
        yield "uuid", with_places(request, target=target), "bad-uuid"
    for target in inputs.NOT_VM_NAMES[share::SHARES]:
        yield "name of the target", with_places(request, target=target), "bad-value"


def of_call(call, share):
    name = call["names"]["mgmt"][0].removeprefix("mgmt.")
    # Where the earlier form is called otherwise it has other places; its own cases say so.
    prefixes = tuple(prefix for prefix in PREFIXES
                     if prefix != "mgmt1" or "mgmt1." + name in call["names"]["mgmt1"])
    request = base(call)
    refusals = (*presence(call, request), *targets(call, request, share))
    for turn, (about, changed, fault) in enumerate(refusals):
        yield Case(f"declaration of {name}: {about}", name, changed, Expected(fault=fault),
                   prefixes=prefixes, turn=turn)


def groups(catalogue):
    return [list(of_call(call, number % SHARES))
            for number, call in enumerate(catalogue["calls"])]
