#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the table of cases through the real programs: run.py [--verbose] TOOLS [FILE...]

TOOLS is the folder of the programs. Without files it runs each table that lies beside this
script, and what the catalogue of the programs declares. README.md says how cases are written.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import sys
import tempfile
import threading
import tomllib

import cases
import checks
import frame_cases
import world

HERE = pathlib.Path(__file__).resolve().parent

# Of each call that has cases at all.
LEAST_ACCEPTED, LEAST_REFUSED = 3, 5


class Runner:
    """Runs groups of cases, each thread on roots of its own."""

    def __init__(self, tools, scratch, fixtures):
        self.tools, self.scratch = pathlib.Path(tools), pathlib.Path(scratch)
        catalogue = json.loads((self.tools / "catalogue.json").read_text(encoding="utf-8"))
        # Calls with no name of the API, internal.GetSystemInfo say, are tests/doors' to try.
        self.calls = [call for call in catalogue["calls"] if call["names"]["mgmt"]]
        self.by_name = {name.removeprefix("mgmt."): call for call in self.calls
                        for name in call["names"]["mgmt"]}
        self.faults = {row["word"]: row for row in catalogue["faults"]}
        self.fixtures = {name: self.build(number, steps)
                         for number, (name, steps) in enumerate(fixtures.items())}
        self.own = threading.local()

    def build(self, number, fixture):
        built = world.World(self.tools, self.scratch / f"fixture-{number}")
        for name in fixture.get("files", ()):
            path = built.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        for name in fixture.get("folders", ()):
            (built.root / name).mkdir(parents=True)
        for name, text in fixture.get("texts", {}).items():
            (built.root / name).parent.mkdir(parents=True, exist_ok=True)
            (built.root / name).write_text(text, encoding="utf-8")
        for step in fixture["steps"]:
            self.must_be_done(built, cases.read_request(step))
        return world.Snapshot(built)

    @staticmethod
    def must_be_done(place, request):
        result = place.call(request)
        if (result.status, result.err) != (0, b""):
            raise RuntimeError(f"{describe(request)}: {checks.result_text(result)}")

    def world_for(self, fixture):
        worlds = self.own.__dict__.setdefault("worlds", {})
        if fixture not in worlds:
            root = self.scratch / f"{threading.get_ident()}-{len(worlds)}"
            worlds[fixture] = world.World(self.tools, root)
            worlds[fixture].is_changed = True
        worlds[fixture].restore(self.fixtures[fixture])
        return worlds[fixture]

    def call_of(self, case):
        """The call in the catalogue, which may go by many names."""
        return self.by_name[case.call]

    def requests(self, case):
        """The case's request by each of the names that its call has."""
        call = self.call_of(case)
        for prefix in case.prefixes:
            if not call["names"][prefix]:
                continue
            method = f"{prefix}.{case.call}"
            request = world.Request(**{**vars(case.request), "method": method})
            if method not in call["names"][prefix]:
                request = earlier(request, case.call.rpartition(".")[2])
            yield request

    def run_group(self, group):
        """What is wrong with each case, as [(case, runs, problems)]."""
        return [(case, *self.run_case(case)) for case in group]

    def run_case(self, case):
        facts = self.fixtures[case.fixture].facts
        filled = cases.change_bytes(case, lambda data: re.sub(
            rb"\{(uuid|dispid|host) ([\w.-]+)\}", lambda found: fact(facts, found), data))
        problems = []
        requests = list(self.requests(filled))
        if case.turn is not None:
            requests = [requests[case.turn % len(requests)]]
        for request in requests:
            problems += self.run_one(filled, request)
        return len(requests), problems

    def run_one(self, case, request):
        place = self.world_for(case.fixture)
        for step in case.before:
            place.is_changed = True
            self.must_be_done(place, step)
        before = place.state() if place.is_changed else self.fixtures[case.fixture].state
        result = place.call(request)
        wanted = checks.problem(case.expected, request, result, self.faults)
        if wanted:
            yield report(request, wanted, checks.result_text(result))
        may_write = not case.expected.fault and self.call_of(case)["access"] != "read"
        after = None if may_write else place.state()
        place.is_changed = place.is_changed or after != before
        if not may_write and after != before:
            yield report(request, "nothing to be changed", difference(before, after))
        for step, expected in case.then:
            result = place.call(step)
            wanted = checks.problem(expected, step, result, self.faults)
            if wanted:
                yield report(request, f"afterwards {describe(step)}: {wanted}",
                             checks.result_text(result))


def earlier(request, vm_class):
    """The earlier form of Create: the class is the argument, the template the target."""
    return world.Request(**{**vars(request), "method": "mgmt1.vm.Create",
                            "target": request.argument or b"dom0",
                            "argument": vm_class.encode()})


def fact(facts, found):
    """What a case cannot know: what is random of a VM, what this machine has."""
    kind, name = found[1].decode(), found[2].decode()
    if kind in facts:
        return facts[kind][name].encode()
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2 ** 20
    values = {"memory": memory, "cpus": os.cpu_count(), "maxmem": min(4000, memory // 2)}
    return str(values[name]).encode()


def describe(request):
    places = [f"{name} {checks.shown(data)}" for name, data in
              (("argument", request.argument), ("payload", request.payload)) if data]
    target = f"keyword {request.keyword}" if request.keyword else checks.shown(request.target)
    return ", ".join([f"{request.method} of {request.source} to {target}", *places])


def report(request, wanted, got):
    return f"  sent      {describe(request)}\n  expected  {wanted}\n  got       {got}"


def difference(before, after):
    lines = [f"- {row}" for row in sorted(before - after)]
    return "\n            ".join([*lines, *(f"+ {row}" for row in sorted(after - before))])


def counts(runner, results):
    """Calls that have fewer cases than each should."""
    found = collections.defaultdict(lambda: [0, 0])
    for case, _, _ in results:
        found[runner.call_of(case)["name"]][bool(case.expected.fault)] += 1
    for name, (accepted, refused) in sorted(found.items()):
        if accepted and (accepted < LEAST_ACCEPTED or refused < LEAST_REFUSED):
            yield (f"{name} has {accepted} accepted and {refused} refused inputs; "
                   f"{LEAST_ACCEPTED} and {LEAST_REFUSED} at least")


def read_fixtures():
    return tomllib.loads((HERE / "fixtures.toml").read_text(encoding="utf-8"))


def run(options, scratch):
    runner = Runner(options.tools, scratch, read_fixtures())
    files = options.files or sorted(set(HERE.glob("*.toml")) - {HERE / "fixtures.toml"})
    groups = [group for file in files for group in cases.read_file(file)]
    if not options.files:
        groups += frame_cases.groups({"calls": runner.calls})
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = [one for group in pool.map(runner.run_group, groups) for one in group]
    failed = 0
    for case, _, problems in results:
        failed += bool(problems)
        if problems or options.verbose:
            print(f"{'FAILED' if problems else 'ok'} {case.where}")
        for problem in problems:
            print(problem)
    few = [] if options.files else list(counts(runner, results))
    for line in few:
        print(line)
    called = {runner.call_of(case)["name"] for case, _, _ in results}
    print(f"{len(results)} cases of {len(called)} calls, {sum(runs for _, runs, _ in results)} "
          f"by all their names, {failed} failed")
    return 1 if failed or few else 0


def read_options():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verbose", action="store_true", help="name each case")
    parser.add_argument("tools", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    return parser.parse_args()


if __name__ == "__main__":
    # In memory where that can be: what a disk keeps is tested elsewhere.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="qubes-conformance-", dir=memory) as folder:
        sys.exit(run(read_options(), folder))
