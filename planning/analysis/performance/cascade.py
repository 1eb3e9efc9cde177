"""Whether targets add up: every parent beside the sum of its children, step by step."""

from dataclasses import dataclass

import pandas as pd

from planning.analysis.performance.rolling import BRANCHES, INDEX, Rolled
from planning.model.performance import Level

# Parent → children, as targets are handed down; the province has three ways.
STEPS: tuple[tuple[Level, Level], ...] = (
    (Level.PROVINCE, Level.OFFICE),
    (Level.PROVINCE, Level.ORGANISATION),
    (Level.PROVINCE, Level.COMMUNE),
    (Level.OFFICE, Level.COMMUNE),
    (Level.ORGANISATION, Level.ORGANISATION_IN_COMMUNE),
    (Level.COMMUNE, Level.ORGANISATION_IN_COMMUNE),
    (Level.ORGANISATION_IN_COMMUNE, Level.POINT),
    (Level.POINT, Level.STAFF),
)


@dataclass(frozen=True)
class Step:
    """One step down: the parents that were given a figure, and what their children come to.

    `table` has a row for each parent that was divided further: its key columns, `given`,
    `below` and `difference` = given − below. `undivided` parents have no child with a figure.
    """

    parent: Level
    child: Level
    table: pd.DataFrame
    undivided: int

    @property
    def differing(self) -> pd.DataFrame:
        """The rows whose sum is another, the greatest difference first."""
        rows = self.table[self.table["difference"] != 0]
        order = rows["difference"].abs().sort_values(ascending=False, kind="stable").index
        return rows.loc[order]


def steps(rolled: Rolled) -> tuple[Step, ...]:
    """Return every step at which something was given."""
    found = (_step(rolled, parent, child) for parent, child in STEPS)
    return tuple(each for each in found if each is not None)


def _step(rolled: Rolled, parent: Level, child: Level) -> Step | None:
    whole = rolled.levels[parent]
    if parent is Level.PROVINCE:
        assert child in BRANCHES
        below = pd.Series([rolled.branches.get(child)] * len(whole), whole.index, dtype="Int64")
        whole = whole.assign(below=below)
    rows = whole[whole["given"].notna()]
    if rows.empty:
        return None
    divided = rows[rows["below"].notna()]
    table = divided[["given", "below"]].astype("int64")
    table["difference"] = table["given"] - table["below"]
    if INDEX[parent]:
        table = table.reset_index()
    return Step(parent, child, table.reset_index(drop=True), len(rows) - len(divided))
