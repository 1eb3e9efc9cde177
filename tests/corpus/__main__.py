"""Write every bad file of the corpus: `python -m tests.corpus FOLDER`; or say what comes of them.

`--report` examines all of them on the toy province and prints a table by group.
"""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.corpus import province
from tests.corpus.cases import CASES
from tests.corpus.expecting import Action, Case, problems
from tests.corpus.trying import Tried, tried, tried_apart

KINDS = ("stopped, said why", "mended when agreed", "rows left out", "read, and told", "accepted")


def write(folder: Path) -> int:
    """Write every file into a folder of its own, named as its case; return how many."""
    for case in CASES:
        place = folder / case.id
        place.mkdir(parents=True, exist_ok=True)
        case.make(place)
    return len(CASES)


def outcome_of(case: Case, found: Tried) -> str:
    """Return which of `KINDS` came of a case."""
    if case.action is Action.ACCEPTS:
        return KINDS[4]
    if found.kept is None:
        return KINDS[0]
    if case.action in (Action.ASKS, Action.BLOCKS):
        return KINDS[1]
    return KINDS[2] if case.action is Action.LEAVES_OUT else KINDS[3]


def report() -> str:
    """Return the table of what came of every file, by group."""
    counts: Counter[tuple[str, str]] = Counter()
    as_expected: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        province.database(home / "province.db", home)
        for case in CASES:
            place = home / case.id
            place.mkdir()
            found = (tried_apart if case.hostile else tried)(case, home / "province.db", place)
            counts[case.group, outcome_of(case, found)] += 1
            as_expected[case.group] += not problems(case, found.seen) and found.left_alone
    groups = dict.fromkeys(each.group for each in CASES)
    lines = [
        "| group | files | " + " | ".join(KINDS) + " | as expected |",
        "|---|---" + "|--:" * 6 + "|",
    ]
    for group in [*groups, "all"]:
        ours = list(groups) if group == "all" else [group]
        numbers = [sum(counts[each, kind] for each in ours) for kind in KINDS]
        good = sum(as_expected[each] for each in ours)
        lines.append(
            f"| {group} | {sum(numbers)} | " + " | ".join(map(str, numbers)) + f" | {good} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Do what the command line says."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, help="where to write the files")
    asked.add_argument("--report", action="store_true", help="examine them all and print a table")
    given = asked.parse_args()
    if given.folder is None and not given.report:
        asked.error("name a folder, or ask for --report")
    if given.folder is not None:
        sys.stdout.write(f"{write(given.folder)} files in {given.folder}\n")
    if given.report:
        sys.stdout.write(report() + "\n")


if __name__ == "__main__":
    main()
