#!/usr/bin/env python3
"""Compare a run of the reference's suite with what is known to fail, and with the floor.

  known_failures.py check  REFERENCE.json RUN.json AREAS.tsv
  known_failures.py update REFERENCE.json RUN.json AREAS.tsv
  known_failures.py unexpected REFERENCE.json RUN.json AREAS.tsv     the files with failures that are not listed
  known_failures.py merge REFERENCE.json RUN.json AREAS.tsv AGAIN.json    counts what passed the second time

A failure is a test that passes in the reference and did not pass in the run, in a file that was run. Every failure
stands in tests/known-failures.txt below a reason, and everything that stands there fails: `check` says what does not
agree, and its status is then 1. tests/conformance-floor.txt has the passes of each area; none may fall.

`update` writes both files from the run. Reasons that were given stay. A new failure gets the reason of the first
rule that fits, else none, and `check` complains until somebody gives one. The floor only rises.

The list: a line `rule FILES TESTS = reason` with two globs; a line `= reason` begins a group, `~ reason` one whose
tests end differently from run to run (they may pass); any other line is `FILE TEST`.
"""

import fnmatch
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "tests"
LIST = ROOT / "known-failures.txt"
FLOOR = ROOT / "conformance-floor.txt"
NO_REASON = "No reason is given."
HEAD = """\
# Tests of the reference's suite that pass there and not here, each group with its reason.
# .ci/conformance checks this list; UPDATE=1 .ci/conformance writes it and keeps the reasons.
"""


def load_files(path):
    return json.loads(pathlib.Path(path).read_text())["files"]


def outcomes(reference, run):
    """(failures, passes) as sets of (file, test), of the reference's passes in files that were run."""
    failures, passes = set(), set()
    for name, record in reference.items():
        if name in run:
            mine = run[name]["tests"]
            for test, outcome in record["tests"].items():
                if outcome == "P":
                    (passes if mine.get(test) == "P" else failures).add((name, test))
    return failures, passes


class Known:
    """The list: rules, and a reason and its kind for each failure."""

    def __init__(self, text):
        self.rules, self.reasons = [], {}
        kind, reason = "=", NO_REASON
        for line in text.splitlines():
            line = line.rstrip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("rule "):
                globs, _, words = line[5:].partition(" = ")
                files, _, tests = globs.partition(" ")
                self.rules.append((files.strip(), tests.strip() or "*", words.strip()))
            elif line[0] in "=~" and line[1:2] == " ":
                kind, reason = line[0], line[2:].strip()
            else:
                name, _, test = line.partition(" ")
                self.reasons[name, test] = (kind, reason)

    def reason(self, failure):
        known = self.reasons.get(failure)
        if known and known[1] != NO_REASON:
            return known
        for files, tests, words in self.rules:
            if fnmatch.fnmatchcase(failure[0], files) and fnmatch.fnmatchcase(failure[1], tests):
                return "=", words
        return "=", NO_REASON

    def written(self, failures):
        groups = {}
        for failure in failures:
            groups.setdefault(self.reason(failure), []).append(failure)
        lines = [HEAD]
        lines += [f"rule {files} {tests} = {words}\n" for files, tests, words in self.rules]
        for (kind, reason), members in sorted(groups.items(), key=lambda item: (item[0][1] == NO_REASON, item[0])):
            lines.append(f"\n{kind} {reason}\n")
            lines += [f"{name} {test}\n" for name, test in sorted(members)]
        return "".join(lines)


def by_area(areas, tests):
    table = dict(line.split("\t")[:2] for line in pathlib.Path(areas).read_text().splitlines()[1:] if line)
    counts = {}
    for name, _ in tests:
        area = table.get(name, "other")
        counts[area] = counts.get(area, 0) + 1
    return counts


def read_floor():
    if not FLOOR.exists():
        return {}
    lines = [line.split() for line in FLOOR.read_text().splitlines() if line and not line.startswith("#")]
    return {area: int(count) for area, count in lines}


def complain(what, tests):
    if tests:
        print(f"{len(tests)} {what}:")
        for name, test in sorted(tests)[:40]:
            print(f"    {name} {test}")
        if len(tests) > 40:
            print(f"    … and {len(tests) - 40} more")


def main():
    action, reference, run, areas = sys.argv[1:5]
    reference, run = load_files(reference), load_files(run)
    if action == "merge":
        whole_run = json.loads(pathlib.Path(sys.argv[3]).read_text())
        for name, record in load_files(sys.argv[5]).items():
            tests = whole_run["files"][name]["tests"]
            tests.update({test: outcome for test, outcome in record["tests"].items() if outcome == "P"})
        pathlib.Path(sys.argv[3]).write_text(json.dumps(whole_run))
        return 0
    failures, passes = outcomes(reference, run)
    known = Known(LIST.read_text() if LIST.exists() else "")
    counts, floor = by_area(areas, passes), read_floor()
    # The floor is about runs of all files.
    whole = {line.split("\t")[0] for line in pathlib.Path(areas).read_text().splitlines()[1:] if line} <= set(run)
    if action == "update":
        kept = {failure for failure in known.reasons if failure[0] not in run}
        # What ends differently from run to run stays, however it ended now.
        kept |= {failure for failure, (kind, _) in known.reasons.items() if kind == "~"}
        LIST.write_text(known.written(failures | kept))
        if whole:
            risen = {area: max(counts.get(area, 0), floor.get(area, 0)) for area in {*counts, *floor}}
            lines = [f"{area} {count}\n" for area, count in sorted(risen.items())]
            FLOOR.write_text("# How many of the reference's passes each area has at least; they may only rise.\n"
                             + "".join(lines))
        return 0
    unlisted = failures - set(known.reasons)
    if action == "unexpected":
        print(" ".join(sorted({name for name, _ in unlisted})))
        return 0
    loose = {failure for failure, (kind, _) in known.reasons.items() if kind == "~"}
    passing = {failure for failure in known.reasons if failure in passes} - loose
    stale = {failure for failure in known.reasons if failure[0] in run} - failures - passes
    unexplained = {failure for failure in failures if known.reason(failure)[1] == NO_REASON}
    complain("tests fail that are not in tests/known-failures.txt", unlisted)
    complain("tests pass that are listed as failures", passing)
    complain("tests are listed that the reference does not pass", stale)
    complain("failures have no reason", unexplained & set(known.reasons))
    fallen = [(area, counts.get(area, 0), least) for area, least in floor.items() if counts.get(area, 0) < least]
    for area, count, least in fallen if whole else []:
        print(f"{area}: {count} tests pass, {least} did before")
    bad = bool(unlisted or passing or stale or unexplained or (whole and fallen))
    print(f"known failures: {len(known.reasons)} listed, {len(failures)} seen: {'they disagree' if bad else 'agreed'}")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
