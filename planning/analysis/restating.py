"""Figures and points re-stated on the communes of another day, forwards or backwards.

What passed whole follows the change. Figures of a unit that was divided are apportioned by
people, in whole numbers by largest remainders, and marked; where no people are known to
share by, or no change names a unit, the figures are reported as not linked. So the sum
before is the sum after and what was not linked, to the unit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from geo.changes import crosswalk_of
from geo.errors import N_
from geo.locate import commune_of
from geo.shares import largest_remainder
from geo.tables import Communes, Crosswalk, DemandTable, UnitEvents
from planning.analysis.situation import Situation


class Basis(StrEnum):
    """By what a figure or a point was carried."""

    WHOLE = N_("whole")  # the unit passed whole
    PARTS = "people of the parts"  # people who live on the ground of both units
    UNITS = "people of the units"  # all people of each unit that shares: a rougher measure
    COORDINATES = N_("coordinates")  # where the point lies


class Loss(StrEnum):
    """Why something could not be linked."""

    UNNAMED = N_("no change names this unit")
    NO_PEOPLE = N_("the unit was divided and no people are known to share by")
    REST_UNKNOWN = N_("only a part of the unit is accounted for")
    DIVIDED = N_("the unit was divided; only coordinates can tell")
    OUTSIDE = N_("lies in no commune of that day")
    NO_CODE = N_("has no commune code")


@dataclass(frozen=True, slots=True)
class Step:
    """One change, walked in one direction.

    `links` gives for each unit before the step the units after it. `parts` are people by
    (before, after) on the ground both share, `units` all people of units after the step;
    either may lack what is not known. `partial` are units of which the step names a part only.
    """

    date: str
    links: Mapping[str, tuple[str, ...]]
    parts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)
    partial: frozenset[str] = frozenset()

    def weights(self, code: str) -> tuple[Basis, list[int]] | None:
        """Return by what, and with what weights, a unit is shared; None where not known."""
        after = self.links[code]
        parts = [self.parts.get((code, each), 0) for each in after]
        if sum(parts) > 0:
            return Basis.PARTS, parts
        units = [self.units[each] for each in after if each in self.units]
        if len(units) == len(after) and sum(units) > 0:
            return Basis.UNITS, units
        return None


@dataclass(frozen=True, slots=True)
class StepPeople:
    """People known about one change: of the parts (old, new), and of units on either side."""

    parts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    before: Mapping[str, int] = field(default_factory=dict)
    after: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Restated:
    """A table on other communes, and the account of how it came there.

    `table` has the columns kept apart, `code`, the figures (whole or missing), `apportioned`
    (some of it was shared by people) and `incomplete` (a figure that went into it is not
    known). `apportioned` lists date, from_code, to_code, basis and share (0..1) of every
    sharing; `unlinked` the figures that have no unit: code, the code and date where the way
    ended, and why. `balance` has a row per figure: before = after + unlinked.
    """

    table: pd.DataFrame
    apportioned: pd.DataFrame
    unlinked: pd.DataFrame
    balance: pd.DataFrame

    @property
    def balanced(self) -> bool:
        """Whether every figure adds up."""
        sums = self.balance
        return bool((sums["before"] == sums["after"] + sums["unlinked"]).all())


@dataclass(slots=True)
class _Carried:
    """The figures of one unit on their way."""

    origin: str
    code: str
    apart: tuple[Any, ...]
    figures: list[int | None]
    apportioned: bool = False


def people_around(situation: Situation) -> StepPeople:
    """Return the people known around the change into the vintage of a situation."""
    living = situation.demand.dropna(subset=DemandTable.former_code)
    sums = living.groupby([DemandTable.former_code, DemandTable.commune_code])["people"].sum()
    parts = {(str(old), str(new)): int(count)
             for (old, new), count in zip(sums.index.to_list(), sums, strict=True)}  # fmt: skip
    return StepPeople(parts, situation.former_population, situation.population)


def forward(date: str, table: Crosswalk, people: StepPeople = StepPeople()) -> Step:
    """Return the step from the units before a change to those after it."""
    parts = table.groupby("old_code")["new_code"].unique()
    links = {str(old): tuple(sorted(map(str, news))) for old, news in parts.items()}
    lone = set(table.loc[table["relation"] == "partial", "old_code"])
    partial = frozenset(code for code in lone if len(links[code]) == 1)
    return Step(date, links, people.parts, people.after, partial)


def backward(date: str, table: Crosswalk, people: StepPeople = StepPeople()) -> Step:
    """Return the step from the units after a change to those before it."""
    parts = table.groupby("new_code")["old_code"].unique()
    links = {str(new): tuple(sorted(map(str, olds))) for new, olds in parts.items()}
    turned = {(new, old): count for (old, new), count in people.parts.items()}
    return Step(date, links, turned, people.before)


def steps_between(
    events: UnitEvents, start: str, end: str, people: Mapping[str, StepPeople] | None = None
) -> list[Step]:
    """Return the changes between two days in the order they are walked; none on one vintage.

    `people` holds what is known of people by the day of the change.
    """
    known = people or {}
    first, last = sorted((start, end))
    dates = sorted(day for day in set(events["date"]) if first < day <= last)
    walk = forward if start <= end else backward
    return [
        walk(day, crosswalk_of(UnitEvents(events[events["date"] == day])),
             known.get(day, StepPeople()))
        for day in (dates if start <= end else dates[::-1])
    ]  # fmt: skip


def restate(
    table: pd.DataFrame, figures: Sequence[str], steps: Sequence[Step],
    *, apart: Sequence[str] = (), known: Collection[str] = (),
) -> Restated:  # fmt: skip
    """Carry whole-number `figures` of units (column `code`) through `steps`.

    Rows that differ in a column of `apart` are kept apart (an organisation, a period). A unit
    that a step names on neither side stays where the next step, or `known` after the last,
    has it; a missing figure stays missing.
    """
    carried = _started(table, figures, apart)
    before = _sums([each.figures for each in carried], len(figures))
    lost: list[dict[str, Any]] = []
    for each in carried:
        # Without a change between the days a code must be one of the units there are.
        foreign = not steps and known and each.code not in known
        if foreign or not each.code:
            why = Loss.UNNAMED if each.code else Loss.NO_CODE
            lost.append({"item": each, "date": None, "why": why})
    gone = {id(each["item"]) for each in lost}
    carried = [each for each in carried if id(each) not in gone]
    shared: dict[tuple[str, str, str], dict[str, Any]] = {}
    for at, step in enumerate(steps):
        after = steps[at + 1].links if at + 1 < len(steps) else known
        carried = _through(carried, step, after, lost, shared)
    unlinked = pd.DataFrame(
        [{"code": each["item"].origin, "ended_at": each["item"].code, "date": each["date"],
          "why": each["why"].value, **dict(zip(apart, each["item"].apart, strict=True)),
          **dict(zip(figures, each["item"].figures, strict=True))} for each in lost],
        columns=["code", "ended_at", "date", "why", *apart, *figures],
    ).astype(dict.fromkeys(figures, "Int64"))  # fmt: skip
    balance = pd.DataFrame(
        {
            "figure": list(figures), "before": before,
            "after": _sums([each.figures for each in carried], len(figures)),
            "unlinked": _sums([each["item"].figures for each in lost], len(figures)),
        }
    )  # fmt: skip
    marks = pd.DataFrame(
        list(shared.values()), columns=["date", "from_code", "to_code", "basis", "share"]
    )
    return Restated(_gathered(carried, figures, apart), marks, unlinked, balance)


def restate_points(
    points: pd.DataFrame, communes: Communes | None, steps: Sequence[Step],
    known: Collection[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Return, row by row, `code` on the day of `communes`, `basis` and `why` where it has none.

    `points` has `code`, `lon` and `lat` (degrees), each possibly missing. A point with
    coordinates goes where it lies; without, or without boundaries, whole units are followed.
    """
    placed = points["lon"].notna() & points["lat"].notna()
    rows: list[dict[str, str | None]] = []
    lies: dict[int, Any] = {}
    if communes is not None and placed.any():
        rows_placed = np.flatnonzero(placed)
        there = points.iloc[rows_placed]
        found = commune_of(there["lon"].to_numpy(), there["lat"].to_numpy(), communes)
        lies = dict(zip(rows_placed.tolist(), found, strict=True))
    for at, code in enumerate(points["code"]):
        if at not in lies:
            rows.append(_followed(code, steps, known))
        elif pd.isna(lies[at]):
            rows.append({"code": None, "basis": None, "why": Loss.OUTSIDE.value})
        else:
            rows.append({"code": lies[at], "basis": Basis.COORDINATES.value, "why": None})
    return pd.DataFrame(rows, columns=["code", "basis", "why"], index=points.index, dtype=object)


def _followed(code: Any, steps: Sequence[Step], known: Collection[str]) -> dict[str, str | None]:
    if pd.isna(code):
        return {"code": None, "basis": None, "why": Loss.NO_CODE.value}
    here = str(code)
    if not steps and known and here not in known:
        return {"code": None, "basis": None, "why": Loss.UNNAMED.value}
    for at, step in enumerate(steps):
        after = steps[at + 1].links if at + 1 < len(steps) else known
        onward = _onward(here, step, after)
        if isinstance(onward, Loss):
            return {"code": None, "basis": None, "why": onward.value}
        if len(onward) > 1:
            return {"code": None, "basis": None, "why": Loss.DIVIDED.value}
        here = onward[0]
    return {"code": here, "basis": Basis.WHOLE.value, "why": None}


def _onward(code: str, step: Step, after: Collection[str]) -> tuple[str, ...] | Loss:
    """Return the units that a unit went into, or why that cannot be said."""
    if code in step.partial:
        return Loss.REST_UNKNOWN
    if code in step.links:
        return step.links[code]
    begun = any(code in news for news in step.links.values())
    return (code,) if code in after and not begun else Loss.UNNAMED


def _through(
    carried: list[_Carried], step: Step, after: Collection[str], lost: list[dict[str, Any]],
    shared: dict[tuple[str, str, str], dict[str, Any]],
) -> list[_Carried]:  # fmt: skip
    """Carry everything through one step; add what ends to `lost`, what is divided to `shared`."""
    moved: list[_Carried] = []
    for item in carried:
        onward = _onward(item.code, step, after)
        if isinstance(onward, Loss):
            lost.append({"item": item, "date": step.date, "why": onward})
            continue
        if len(onward) == 1:
            moved.append(
                _Carried(item.origin, onward[0], item.apart, item.figures, item.apportioned)
            )
            continue
        by = step.weights(item.code)
        if by is None:
            lost.append({"item": item, "date": step.date, "why": Loss.NO_PEOPLE})
            continue
        basis, weights = by
        columns = [_shared_out(figure, weights) for figure in item.figures]
        for at, code in enumerate(onward):
            parts = [column[at] for column in columns]
            moved.append(_Carried(item.origin, code, item.apart, parts, apportioned=True))
            shared[step.date, item.code, code] = {
                "date": step.date, "from_code": item.code, "to_code": code,
                "basis": basis.value, "share": weights[at] / sum(weights),
            }  # fmt: skip
    return moved


def _shared_out(figure: int | None, weights: list[int]) -> list[int | None]:
    if figure is None:
        return [None] * len(weights)
    sign = -1 if figure < 0 else 1
    shares = largest_remainder(np.asarray(weights, np.float64), abs(figure))
    return [sign * int(each) for each in shares]


def _started(table: pd.DataFrame, figures: Sequence[str], apart: Sequence[str]) -> list[_Carried]:
    """Return one item per row; its code is empty where the table has none."""
    rows = zip(
        table["code"].tolist(), table[list(apart)].itertuples(index=False, name=None),
        table[list(figures)].itertuples(index=False, name=None), strict=True,
    )  # fmt: skip
    return [
        _Carried(_text(code), _text(code), tuple(None if pd.isna(each) else each for each in keys),
                 [None if pd.isna(each) else int(each) for each in values])
        for code, keys, values in rows
    ]  # fmt: skip


def _text(code: Any) -> str:
    return "" if pd.isna(code) else str(code)


def _gathered(
    carried: list[_Carried], figures: Sequence[str], apart: Sequence[str]
) -> pd.DataFrame:
    """Return one row per unit and kept-apart columns, in order of code."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for item in carried:
        row = rows.setdefault(
            (*item.apart, item.code),
            {**dict(zip(apart, item.apart, strict=True)), "code": item.code,
             **dict.fromkeys(figures), "apportioned": False, "incomplete": False},
        )  # fmt: skip
        row["apportioned"] |= item.apportioned
        for name, value in zip(figures, item.figures, strict=True):
            if value is None:
                row["incomplete"] = True
            else:
                row[name] = value + (row[name] or 0)
    frame = pd.DataFrame(
        list(rows.values()), columns=[*apart, "code", *figures, "apportioned", "incomplete"]
    )
    whole = frame.astype({**dict.fromkeys(figures, "Int64"), "apportioned": bool,
                          "incomplete": bool})  # fmt: skip
    return whole.sort_values("code", kind="stable").reset_index(drop=True)


def _sums(rows: Sequence[Sequence[int | None]], width: int) -> list[int]:
    return [sum(row[at] or 0 for row in rows) for at in range(width)]
