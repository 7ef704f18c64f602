#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks each program what it is: tests/shape/help.py FOLDER

Looks at every program mgmt* in the folder that a person may run. --help is not empty, not wider
than 80 columns, and goes to standard output; --version is one line; an option that does not exist
is refused with status 2 and one line on standard error.
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys

import tree

WIDTH = 80

# Programs of the build and of the lab, which no person runs.
NOT_FOR_PEOPLE = {"mgmt-catalogue", "mgmt-socket-call"}
SECONDS = 20


def run(program, option):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("QREXEC", "QUBES"))}
    return subprocess.run([program, option], capture_output=True, text=True, check=False, cwd="/",
                          stdin=subprocess.DEVNULL, timeout=SECONDS, errors="replace",
                          env={**environment, "LC_ALL": "C"})


def is_one_line(text):
    return text.endswith("\n") and text.count("\n") == 1 and text.strip()


def check_help(program):
    done = run(program, "--help")
    if done.returncode != 0 or done.stderr:
        yield f"--help ends with {done.returncode} and says {done.stderr!r}"
    if not done.stdout.endswith("\n"):
        yield "--help prints nothing, or no whole line"
    for line in done.stdout.splitlines():
        if len(line) > WIDTH:
            yield f"--help is wider than {WIDTH} columns: {line.strip()}"
        if line != line.rstrip():
            yield f"--help has blanks at the end of a line: {line.strip()}"


def check_version(program):
    done = run(program, "--version")
    if done.returncode != 0 or done.stderr or not is_one_line(done.stdout):
        yield f"--version ends with {done.returncode}, prints {done.stdout!r}, says {done.stderr!r}"


def check_wrong_option(program):
    done = run(program, "--no-such-option")
    if done.returncode != 2 or done.stdout or not is_one_line(done.stderr):
        yield (f"a wrong option ends with {done.returncode}, prints {done.stdout!r}, "
               f"says {done.stderr!r}")


def check_program(program):
    problems = []
    try:
        for check in (check_help, check_version, check_wrong_option):
            problems += check(program)
    except (OSError, subprocess.TimeoutExpired) as error:
        problems.append(str(error))
    return [f"{program.name}: {problem}" for problem in problems]


def check(folder):
    programs = [file for file in sorted(folder.glob("mgmt*"))
                if file.is_file() and os.access(file, os.X_OK) and file.name not in NOT_FOR_PEOPLE]
    if not programs:
        return [f"{folder}: no programs"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(check_program, programs)
        return [problem for problems in found for problem in problems]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tree.end(check(pathlib.Path(sys.argv[1]).resolve()))
