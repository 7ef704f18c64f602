#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the manual out of the catalogue: man/render.py CATALOGUE.json OUTDIR

OUTDIR/man1 gets a page for each call, with links for its other names in the shell, and for each
program that is no call, and OUTDIR/man7 the overview. Both folders are made anew.
"""

import json
import pathlib
import re
import shutil
import sys

from roff import (bold, capitalized, escape, head, inline, italic, literal, paragraphs, sentences,
                  tagged)

HERE = pathlib.Path(__file__).resolve().parent

# The pages that no call is behind.
BY_HAND = [("mgmt", 7), ("mgmt-doctor", 1), ("mgmt-import", 1), ("mgmt-export", 1)]

NEEDS = {
    "store": "It works on the store alone: root and members of the group qubes run it as "
             "themselves.",
    "root": "It works on volumes or on files of root. Run by anybody else it executes itself once "
            "through sudo.",
    "store and perhaps Xen": "It works on the store alone, as any member of the group qubes, but "
                             "for some arguments asks Xen. For these, run by anybody but root, it "
                             "executes itself once through sudo.",
    "xen": "It needs Xen. Run by anybody but root it executes itself once through sudo.",
}

TARGETS = {
    "vm": "the name of a VM other than dom0, or uuid: and its uuid",
    "any": "the name of a VM, dom0 too, or uuid: and its uuid",
}


def pattern(call):
    """The name of the call, with CLASS for what differs between its variants."""
    if not call["variants"]:
        return call["name"]
    words = call["names"]["mgmt"][0].split(".")
    return ".".join("CLASS" if word == call["variants"][0] else word for word in words)


def is_said(call):
    """Whether a shell user must say the payload even where it is empty, as in a Set."""
    return call["payload"]["presence"] == "optional" and "PAYLOAD" in call["synopsis"].split()


def words(text):
    """A synopsis as roff: the words in capitals, which stand for others, are italic."""
    return re.sub(r"[A-Z]+", lambda word: italic(word.group()), text)


def synopsis(call):
    name = pattern(call)
    target = bold("dom0") if call["target"]["kind"] == "dom0" else italic("VM")
    service = bold(name)
    if call["argument"]["presence"] == "required":
        service += rf"\fB+\fR{italic('ARGUMENT')}"
    elif call["argument"]["presence"] == "optional":
        service += rf"[\fB+\fR{italic('ARGUMENT')}]"
    stdin = [] if call["payload"]["presence"] == "none" else [f"< {italic('PAYLOAD')}"]
    return [".SH SYNOPSIS",
            f".SY {escape(name)}", words(f"[OPTION]... {call['synopsis'].strip()}"), ".YS",
            f".SY {escape('qrexec-client-vm')}", " ".join([target, service, *stdin]), ".YS"]


def description(call):
    lines = [".SH DESCRIPTION"]
    lines += paragraphs(call["notes"]) or [capitalized(inline(call["summary"]))]
    if call["variants"]:
        classes = ", ".join(bold(variant) for variant in call["variants"])
        lines += [".PP", f"{italic('CLASS')} is one of {classes}."]
    return lines


def payload_text(call):
    payload = call["payload"]
    if payload["kind"] == "stream":
        return "It is read from standard input, or from the file that --file names."
    if is_said(call):
        return "It may be empty; in a shell it must be said, and '' is the empty one."
    if payload["presence"] == "required":
        return "Where a shell user does not say it, it is read from standard input."
    return "It may be left out."


def parameter(name, texts, form):
    lines = [line for text in texts for line in sentences(text)]
    return tagged(italic(name), [*lines, ".br", f"Form: {inline(form)}"], width=10)


def target(call):
    """The VM, as far as there is a choice."""
    kind = call["target"]["kind"]
    if kind == "dom0":
        return []
    more = "In a shell it may be left out, for dom0." if "[VM]" in call["synopsis"] else ""
    return parameter("VM", [capitalized(call["target"]["help"]), more], TARGETS[kind])


def parameters(call):
    lines = target(call)
    argument, payload = call["argument"], call["payload"]
    if argument["presence"] != "none":
        more = "It may be left out." if argument["presence"] == "optional" else ""
        lines += parameter("ARGUMENT", [capitalized(argument["help"]), more], argument["grammar"])
    if payload["presence"] != "none":
        lines += parameter("PAYLOAD", [capitalized(payload["help"]), payload_text(call)],
                           payload["grammar"])
    return [".SH PARAMETERS", *lines] if lines else []


def other_name(call, prefix):
    """The pattern of the call's name in another dialect; none where it has no such name."""
    names = call["names"][prefix]
    if not names:
        return None
    variant = call["variants"][0] if call["variants"] else None
    return ".".join("CLASS" if word == variant else word for word in names[0].split("."))


def output(call):
    lines = [".SH OUTPUT"]
    ours = [name for name in (pattern(call), other_name(call, "mgmt1")) if name]
    admin = other_name(call, "admin")
    for names, form in ((ours, call["reply"]["draft"]),
                        ([admin] if admin else [], call["reply"]["shipped"])):
        if names:
            lines += tagged(", ".join(bold(name) for name in names),
                            ["Nothing." if form == "nothing" else inline(form)])
    return lines


def needs(call):
    asks_xen = call["needs"] == "store" and call["asks_xen"]
    return "store and perhaps Xen" if asks_xen else call["needs"]


def exit_status(call, catalogue):
    """The statuses that this call may end with, and under each the refusals that lead to it."""
    faults = {fault["word"]: fault for fault in catalogue["faults"]}
    possible = set(call["faults"])
    lines = [".SH EXIT STATUS"]
    for status in catalogue["statuses"]:
        words = [word for word in faults
                 if word in possible and faults[word]["status"] == status["status"]]
        if status["status"] != 0 and not words:
            continue
        kinds = [f"{bold(word)} ({escape(faults[word]['wire'])})" for word in words]
        text = [inline(capitalized(status["meaning"]))]
        lines += tagged(bold(str(status["status"])), text + [
            line for kind in kinds for line in (".br", kind)])
    if call["names"]["admin"]:
        lines += [".PP", *sentences("Under its admin name the call ends with 0 and says in its "
                                    "answer which refusal it is, by the name in parentheses.")]
    return lines


def access(call):
    include = f"mgmt-{call['scope']}-{'ro' if call['access'] == 'read' else 'rwx'}"
    file = italic(f"/etc/qubes/policy.d/include/{include}")
    return [".SH ACCESS", *sentences(NEEDS[needs(call)]), ".PP",
            f"VMs may make this call as far as {file} says."]


def siblings(call, catalogue):
    """The calls about the same thing."""
    def family(name):
        return name.rpartition(".")[0]
    return sorted(other["name"] for other in catalogue["calls"]
                  if family(other["name"]) == family(call["name"]) and other is not call)


def see_also(call, catalogue):
    names = [f"{bold(name)}(1)," for name in siblings(call, catalogue)]
    return [".SH SEE ALSO", *names, f"{bold('mgmt')}(7)"]


def page(call, catalogue):
    lines = head(call["name"], 1, catalogue["version"])
    lines += [".SH NAME", f"{escape(call['name'])} \\- {inline(call['summary'])}"]
    lines += synopsis(call) + description(call) + parameters(call) + output(call)
    lines += exit_status(call, catalogue) + access(call)
    lines += [".SH EXAMPLE", *literal([escape(line) for line in call["example"].split("\n")])]
    lines += see_also(call, catalogue)
    return "\n".join(lines) + "\n"


def links(call):
    """The other names under which a shell user finds the call."""
    names = call["names"]["mgmt"] + call["names"]["mgmt1"]
    return [name for name in names if name != call["name"]]


def compact(rows, width):
    """A list with no empty lines between its rows, each a tag and a phrase."""
    lines = [line for tag, text in rows
             for line in tagged(bold(tag), sentences(capitalized(text)), width)]
    return [".PD 0", *lines, ".PD"]


def call_list(catalogue):
    rows = sorted((pattern(call), call["summary"]) for call in catalogue["calls"])
    return compact(rows, 2 + max(len(name) for name, _ in rows))


def status_list(catalogue):
    return compact([(str(row["status"]), row["meaning"]) for row in catalogue["statuses"]], 8)


def by_hand(name, section, catalogue):
    """A page written by hand, with what the catalogue knows filled in."""
    parts = {"@CALLS@": call_list(catalogue), "@STATUSES@": status_list(catalogue),
             "@HEAD@": head(escape(name), section, catalogue["version"])[1:]}
    lines = []
    for line in (HERE / f"{name}.{section}.in").read_text(encoding="utf-8").splitlines():
        lines += parts.get(line, [line])
    return "\n".join(lines) + "\n"


def main(catalogue_file, folder):
    catalogue = json.loads(pathlib.Path(catalogue_file).read_text(encoding="utf-8"))
    for name in ("man1", "man7"):
        shutil.rmtree(pathlib.Path(folder, name), ignore_errors=True)
        pathlib.Path(folder, name).mkdir(parents=True)
    # The others nobody types, and no page is for them.
    catalogue["calls"] = [call for call in catalogue["calls"] if call["names"]["mgmt"]]
    for call in catalogue["calls"]:
        for link in links(call):
            pathlib.Path(folder, "man1", f"{link}.1").write_text(
                f".so man1/{call['name']}.1\n", encoding="utf-8")
        pathlib.Path(folder, "man1", f"{call['name']}.1").write_text(
            page(call, catalogue), encoding="utf-8")
    for name, section in BY_HAND:
        pathlib.Path(folder, f"man{section}", f"{name}.{section}").write_text(
            by_hand(name, section, catalogue), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
