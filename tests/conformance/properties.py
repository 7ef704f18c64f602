# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases that a table of properties stands for.

A row says of a property: its type; the VMs of the fixture that have it; what it is on each where
nothing is set; a phrase of its help; what it accepts and refuses. From that follow Get, GetDefault
and Help on each VM, Set and Reset on each, and List and GetAll of each VM.
"""

VMS = ("dom0", "deb", "work", "alone", "disp", "far")


def of(row, vm, name="default"):
    """What a row says of a VM: one value for all, or a table of VMs with "*" for the others."""
    value = row.get(name)
    return value.get(vm, value.get("*")) if isinstance(value, dict) else value


def kind(row, vm):
    """Whether the property is settable, fixed when the VM is made, or computed."""
    return of(row, vm, "is") or "settable"


def value_on(row, vm):
    return of(row, vm, "value" if "value" in row else "default")


def is_stored(row, vm):
    return "value" in row and vm not in row.get("given", ())


def shown(row, vm, change=str):
    """The answer of Get in each form."""
    stored, value = is_stored(row, vm), change(value_on(row, vm))
    return {"draft": f"default={'no' if stored else 'yes'} {value}",
            "shipped": f"default={not stored} type={row['type']} {value}"}


def on_one_line(value):
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def line(row, vm):
    """The line of GetAll in each form."""
    return {form: f"{row['name']} {text}\n" for form, text in shown(row, vm, on_one_line).items()}


def reads(row, vm):
    default = of(row, vm)
    return [{"verb": "Get", **shown(row, vm)},
            {"verb": "GetDefault",
             "draft": "" if default is None else f"type={row['type']} {default}"},
            {"verb": "Help", "says": row["help"]}]


def after_reset(prefix, row, vm):
    return {f"{prefix}.Get {vm} {row['name']}": f"default=yes {of(row, vm)}"}


def writes(prefix, row, vm):
    """Set of what is accepted, and Reset after it and without it."""
    name = row["name"]
    has_default = of(row, vm) is not None
    for payload, value in row.get("accepted", {}).items() if kind(row, vm) == "settable" else ():
        after = {f"{prefix}.Get {vm} {name}": f"default=no {value}"}
        yield {"verb": "Set", "payload": payload, "then": after}
        if has_default:
            yield {"verb": "Reset", "before": [f"{prefix}.Set {vm} {name} '{payload}'"],
                   "then": after_reset(prefix, row, vm)}
    if kind(row, vm) != "fixed" and has_default:
        yield {"verb": "Reset", "then": after_reset(prefix, row, vm)}


def refusals(row, vm):
    if kind(row, vm) == "settable":
        yield from ({"verb": "Set", **fault} for fault in row.get("refused", ()))
    else:
        yield {"verb": "Set", "payload": "1", "fault": "bad-property-value"}
    if kind(row, vm) == "fixed":
        yield {"verb": "Reset", "fault": "bad-property-value"}
    elif of(row, vm) is None:
        yield {"verb": "Reset", "fault": "bad-value"}


def lacks():
    return [{"verb": verb, "fault": "no-such-property"}
            for verb in ("Get", "GetDefault", "Help", "Set", "Reset")]


def named(prefix, rows, **places):
    """Rows with the call in place of its verb. All its names show a value; the rest in turn."""
    for turn, row in enumerate(rows):
        verb = row["verb"]
        if verb not in ("Get", "GetAll", "List"):
            row = {"turn": turn, **row}
        rest = {key: value for key, value in row.items() if key != "verb"}
        yield {"call": f"{prefix}.{verb}", **places, **rest}


def of_property(prefix, row, vm, vms):
    places = {"target": vm, "argument": row["name"], "about": f"{row['name']} of {vm}"}
    if vm not in vms:
        return {"refused": list(named(prefix, lacks(), **places))}
    accepted = [*reads(row, vm), *writes(prefix, row, vm)]
    return {"accepted": list(named(prefix, accepted, **places)),
            "refused": list(named(prefix, refusals(row, vm), **places))}


def listings(prefix, rows, vm):
    have = [row for row in rows if vm in row["vms"]]
    lines = [line(row, vm) for row in have]
    answer = [{"verb": "List", "draft": "".join(row["name"] + "\n" for row in have)},
              {"verb": "GetAll", **{form: "".join(one[form] for one in lines)
                                    for form in ("draft", "shipped")}}]
    return {"accepted": list(named(prefix, answer, target=vm, about=f"all of {vm}"))}


def groups(table):
    """The groups of cases that the rows `property` and `global` of a file stand for."""
    for key, prefix, vms in (("property", "vm.property", VMS), ("global", "property", ("dom0",))):
        rows = [{"vms": vms, **row} for row in table.get(key, ())]
        for row in rows:
            for vm in vms:
                yield of_property(prefix, row, vm, row["vms"])
        for vm in vms if rows else ():
            yield listings(prefix, rows, vm)
