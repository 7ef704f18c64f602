#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the layers: tests/shape/layers.py [CHECKOUT]

base <- model <- {store, hypervisor, storage, guest, exchange, policy, backup} <- ops <- frame,
tools. Reads every #include below lib/ and tools/, and looks for calls that only the outermost
layers may make.
"""

import re

import tree

MIDDLE = {"store", "hypervisor", "storage", "guest", "exchange", "policy", "backup"}
BELOW_OPS = {"base", "model", *MIDDLE}

MAY_INCLUDE = {
    "base": {"base"},
    "model": {"base", "model"},
    **{layer: {"base", "model", layer} for layer in MIDDLE},
    "ops": {*BELOW_OPS, "ops"},
    "frame": {*BELOW_OPS, "ops", "frame"},
    # A call declares itself and hands on to ops/; the other programs put parts together.
    "call": {"base", "model", "ops", "frame"},
    "program": {*BELOW_OPS, "ops", "frame"},
}

# Who may include what in spite of the above: the beginning of a file's path, and of the header's.
EXCEPTIONS = [
    ("lib/hypervisor/xen/", "guest/"),        # over xenstore a guest is told what it is told
    ("lib/guest/", "hypervisor/domains.h"),   # a guest is known by its domain's number
]

# The driver for Xen, as against its interface, is known to these alone.
XEN_HEADERS = "hypervisor/xen/"
XEN_USERS = ("lib/hypervisor/", "lib/frame/", "tools/")

XEN_FILES = ("lib/hypervisor/xen/", "tools/qubes-mgmt-block.cc", "tools/qubes-mgmt-reaper.cc")

# Headers that are dear to compile or drag a library in, and the few files that may have them.
HEAVY = [
    (r"sqlite3.*\.h", (
        "lib/store/sqlite.cc",
        "lib/store/capture.cc",   # the session extension
        "lib/store/change.cc",    # how far a transaction has come
    )),
    (r"libxl.*\.h|xen.*\.h|xs\.h|xen/.*", XEN_FILES),
    (r"CLI/.*", ("lib/frame/shell.cc", "lib/frame/typed_program.cc")),
    (r"nlohmann/.*", ("lib/frame/catalogue.cc", "lib/frame/json.cc",
                       "lib/frame/system_info.cc")),
    (r"openssl/.*|archive.*\.h|zlib\.h|zstd\.h", ("lib/backup/",)),
    (r"pugixml\.hpp|yaml-cpp/.*", ("lib/exchange/",)),
    (r"libcryptsetup\.h", ("lib/storage/",)),
    (r"catch2/.*", ()),
]

# What only frame/ and the programs may do.
OUTERMOST = [
    (r"\bstd::(cout|cerr|clog|cin)\b", "prints"),
    (r"\b(f|d|v|vf|vd)?printf\s*\(|\b(puts|fputs|putchar|perror)\s*\(", "prints"),
    (r"\b(_exit|_Exit|exit|quick_exit|abort)\s*\(", "exits"),
    (r"\b(getenv|secure_getenv|setenv|unsetenv|putenv|clearenv)\s*\(|\benviron\b",
     "uses the environment"),
]

# Files that fork, and so end children of their own.
FORKING = ("lib/hypervisor/xen/session.cc",)

# What nobody may do: no shell, and no program that PATH finds.
NOBODY = [
    (r"\b(system|popen|wordexp)\s*\(", "starts a shell"),
    (r"\b(execlp|execvp|execvpe|posix_spawnp)\s*\(", "lets PATH find a program"),
]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?P<mark>[<"])(?P<name>[^>"\n]+)[>"]', re.M)


def layer_of(path):
    if path.parts[0] == "tools":
        return "call" if re.fullmatch(r"(mgmt|internal|qubes)\..+\.cc", path.name) else "program"
    return path.parts[1] if len(path.parts) > 2 else None


def is_exception(path, header):
    return any(path.startswith(user) and header.startswith(used) for user, used in EXCEPTIONS)


def check_own(path, header):
    """A header of ours, named from lib/ on."""
    layer, used = layer_of(path), header.split("/")[0]
    name = path.as_posix()
    if used not in MAY_INCLUDE or "/" not in header:
        return f'"{header}" names no layer of lib/'
    if header.startswith(XEN_HEADERS) and not name.startswith(XEN_USERS):
        return f'"{header}" is the driver; include the interface'
    if used not in MAY_INCLUDE[layer] and not is_exception(name, header):
        return f"{layer} may not include {header}"
    return None


def check_foreign(path, header):
    for pattern, users in HEAVY:
        if re.fullmatch(pattern, header) and not path.as_posix().startswith(tuple(users)):
            return f"<{header}> belongs into {', '.join(users) or 'tests only'}"
    if header == "iostream" and layer_of(path) not in ("frame", "program"):
        return "<iostream> belongs into frame/ and programs"
    return None


def check_includes(path, text):
    for found in INCLUDE.finditer(tree.without_comments(text)):
        header = found["name"]
        own = found["mark"] == '"'
        problem = check_own(path, header) if own else check_foreign(path, header)
        if own and not problem:
            problem = check_foreign(path, header)
        if problem:
            yield tree.line_of(text, found.start("mark")), problem


def check_calls(path, text):
    rules = list(NOBODY)
    if layer_of(path) not in ("frame", "program"):
        rules += OUTERMOST
    code = tree.bare(text)
    for pattern, problem in rules:
        for found in re.finditer(pattern, code):
            if found.group().startswith("_exit") and path.as_posix() in FORKING:
                continue
            yield tree.line_of(code, found.start()), f"{problem}: {found.group().strip()}"


def check(root):
    for path in tree.files(root):
        if path.parts[0] not in ("lib", "tools") or path.suffix not in tree.CPP:
            continue
        if layer_of(path) not in MAY_INCLUDE:
            yield f"{path}: lies in no known layer"
            continue
        text = tree.read(root, path)
        for line, problem in [*check_includes(path, text), *check_calls(path, text)]:
            yield f"{path}:{line}: {problem}"


if __name__ == "__main__":
    tree.end(list(check(tree.root_argument())))
