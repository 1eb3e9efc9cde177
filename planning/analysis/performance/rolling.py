"""Figures rolled up through the network: staff → point → organisation in commune → the rest.

What is given at a level counts there; where nothing is given, the sum of the level below
does. Where both are there the difference is kept beside, never mended.
"""

from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from planning.model.performance import Level

PAIR = ["organisation", "commune"]
# The columns that say whom a figure of a level is about.
INDEX: dict[Level, list[str]] = {
    Level.PROVINCE: [],
    Level.OFFICE: ["thing"],
    Level.ORGANISATION: ["organisation"],
    Level.COMMUNE: ["commune"],
    Level.ORGANISATION_IN_COMMUNE: PAIR,
    Level.POINT: ["thing"],
    Level.STAFF: ["thing"],
}
# By what the figure of a province is summed up where none is given: the first that there is.
BRANCHES = (Level.ORGANISATION, Level.OFFICE, Level.COMMUNE)


@dataclass(frozen=True)
class Places:
    """Where points and staff belong on one vintage of communes.

    `points` is by point: organisation, commune and office; `staff` by member of staff: point,
    organisation. Codes are texts, empty where not known. `offices` gives the office of each
    commune that has one.
    """

    valid_from: str
    points: pd.DataFrame
    staff: pd.DataFrame
    offices: MappingProxyType[str, str]


@dataclass(frozen=True)
class Rolled:
    """Figures by level; each table has `value`, `given` and `below`, missing where there is none.

    `branches` is what the province comes to by each of `BRANCHES` that has figures.
    """

    levels: dict[Level, pd.DataFrame]
    branches: dict[Level, int]

    @property
    def province(self) -> int | None:
        """The figure of the whole province."""
        found = self.levels[Level.PROVINCE]["value"]
        return None if found.empty or pd.isna(found.iloc[0]) else int(found.iloc[0])

    @property
    def apart(self) -> dict[Level, int]:
        """The sums of the province by different ways where they differ and none was given for it.

        Where one was given, each of them is a step of the cascade.
        """
        given = self.levels[Level.PROVINCE]["given"]
        if given.notna().any() or len(set(self.branches.values())) < 2:
            return {}
        return self.branches


def roll_up(own: pd.DataFrame, places: Places) -> Rolled:
    """Roll up figures as they were given: `level`, `organisation`, `commune`, `thing`, `value`."""
    staff = _merged(_given(own, Level.STAFF), None)
    points = _merged(_given(own, Level.POINT), _of_points(staff, places))
    pairs = _merged(_given(own, Level.ORGANISATION_IN_COMMUNE), _of_pairs(points, staff, places))
    of_pair = pairs["value"].groupby(level="organisation").sum()
    organisations = _merged(_given(own, Level.ORGANISATION), of_pair.drop("", errors="ignore"))
    in_pair = pairs["value"].groupby(level="commune").sum()
    communes = _merged(_given(own, Level.COMMUNE), in_pair.drop("", errors="ignore"))
    office = communes.index.map(lambda code: places.offices.get(code, ""))
    of_office = communes["value"].groupby(pd.Index(office, name="thing")).sum()
    offices = _merged(_given(own, Level.OFFICE), of_office.drop("", errors="ignore"))
    levels = {
        Level.STAFF: staff, Level.POINT: points, Level.ORGANISATION_IN_COMMUNE: pairs,
        Level.ORGANISATION: organisations, Level.COMMUNE: communes, Level.OFFICE: offices,
    }  # fmt: skip
    # Who belongs to no organisation, no commune or no office still belongs to the province.
    rest = {Level.ORGANISATION: int(of_pair.get("", 0)), Level.COMMUNE: int(in_pair.get("", 0))}
    # Offices that were told of, but of whose communes nobody knows, speak for those of no office.
    alone = offices["given"].notna() & offices["below"].isna()
    unplaced = rest[Level.COMMUNE] + int(of_office.get("", 0))
    rest[Level.OFFICE] = 0 if alone.any() else unplaced
    branches = {
        each: int(levels[each]["value"].sum()) + rest[each]
        for each in BRANCHES
        if len(levels[each])
    }
    told = [*branches.values(), *([int(pairs["value"].sum())] if len(pairs) else [])]
    below = pd.Series(told[:1], dtype="Int64")
    levels[Level.PROVINCE] = _merged(_given(own, Level.PROVINCE), below)
    return Rolled(levels, branches)


def _given(own: pd.DataFrame, level: Level) -> "pd.Series[int]":
    rows = own[own["level"] == level]
    names = INDEX[level]
    if not names:
        return pd.Series(rows["value"].to_numpy(), dtype="Int64")
    return rows.groupby(names, sort=False)["value"].sum().astype("Int64")


def _merged(given: "pd.Series[int]", below: "pd.Series[int] | None") -> pd.DataFrame:
    if below is None:
        below = given.iloc[:0]
    index = given.index.union(below.index)
    found = pd.DataFrame(
        {"given": given.reindex(index), "below": below.astype("Int64").reindex(index)}, index=index
    )
    found["value"] = found["given"].fillna(found["below"])
    return found


def _of_points(staff: pd.DataFrame, places: Places) -> "pd.Series[int]":
    at = places.staff["point"].reindex(staff.index).fillna("")
    known = at != ""
    return staff["value"][known].groupby(pd.Index(at[known], name="thing")).sum()


def _of_pairs(points: pd.DataFrame, staff: pd.DataFrame, places: Places) -> "pd.Series[int]":
    """Return what points come to by organisation and commune, and staff that have no point."""
    where = places.points[PAIR].reindex(points.index).fillna("")
    at = places.staff[["point", "organisation"]].reindex(staff.index).fillna("")
    lone = at["point"] == ""
    loose = at[lone].assign(commune="")
    whole = pd.concat([where.assign(value=points["value"]),
                       loose.assign(value=staff["value"][lone])[[*PAIR, "value"]]])  # fmt: skip
    return whole.groupby(PAIR, sort=False)["value"].sum()
