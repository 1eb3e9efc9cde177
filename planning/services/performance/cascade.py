"""Targets as they were handed down: what each was given beside what its parts come to."""

from dataclasses import dataclass

import pandas as pd

from planning.analysis.performance.cascade import Step, steps
from planning.analysis.performance.rolling import INDEX, PAIR
from planning.analysis.performance.standing import whole
from planning.model.people import User
from planning.model.performance import Level, Programme
from planning.model.periods import Period
from planning.services.performance import looking
from planning.services.performance.below import located, named
from planning.services.performance.communes import ResultsAsk
from planning.services.performance.looking import Basis, Choice
from planning.store.ledgers import ledger as books
from planning.store.ledgers.ledger import Figures
from planning.store.session import Store

MOST_DIFFERING = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """A target and the sum of its parts, to the person; `difference` = target − sum."""

    name: str
    given: int
    below: int
    difference: int


@dataclass(frozen=True, slots=True)
class StepSeen:
    """One step down: `differing` of `divided` targets do not add up, `undivided` have no parts.

    `given` and `below` are the sums over those divided. `listed` are the greatest differences.
    """

    parent: Level
    child: Level
    divided: int
    undivided: int
    differing: int
    given: int
    below: int
    listed: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of the tree: what was given, what its parts come to (None: no parts).

    `open` is what stands in the address to see its parts, empty where nothing is below.
    """

    level: Level
    name: str
    given: int | None
    below: int | None
    open: str


@dataclass(frozen=True, slots=True)
class CascadeSeen:
    """The targets of a programme in a period, step by step, and one branch of the tree.

    `way` leads from the province to what is open, `branches` are its parts. `whole` is the
    target of the province, None where it has none.
    """

    choice: Choice
    programme: Programme
    period: Period
    basis: Basis
    whole: int | None
    steps: tuple[StepSeen, ...]
    way: tuple[Branch, ...]
    branches: tuple[Branch, ...]


def cascade(
    store: Store, user: User, ask: ResultsAsk, commune: str = "", point: str = "",
    *, most: int | None = MOST_DIFFERING,
) -> CascadeSeen | Choice:  # fmt: skip
    """Return the cascade of the targets, and the branch of its tree that is open.

    Each step lists its `most` greatest differences, None: all of them. The branch is what is
    below the organisation asked for, below it in `commune`, below `point`; without them what is
    below the province. Raises what `overview` raises.
    """
    ledger = books.open_ledger(store, ask.province, ask.programme)
    choice = looking.choices(store, ledger)
    of = books.period_named(ledger, ask.period)
    if of is None:
        return choice
    now = looking.looked_at(store, user, ledger, of)
    way, branches = _tree(store, user, now, (ask.organisation, commune, point))
    return CascadeSeen(
        choice, ledger.programme, of, looking.basis(store, now), now.targets.province,
        tuple(_seen(store, user, now, each, most) for each in steps(now.targets)), way, branches,
    )  # fmt: skip


def _seen(store: Store, user: User, now: Figures, step: Step, most: int | None) -> StepSeen:
    table, differing = step.table, step.differing
    rows = differing.iloc[:most]
    names = _names(store, user, now, step.parent, rows)
    listed = tuple(
        Difference(name, int(given), int(below), int(difference))
        for name, given, below, difference in zip(
            names, rows["given"], rows["below"], rows["difference"], strict=True
        )
    )
    return StepSeen(
        step.parent, step.child, len(table), step.undivided, len(differing),
        int(table["given"].sum()), int(table["below"].sum()), listed,
    )  # fmt: skip


def _names(store: Store, user: User, now: Figures, level: Level, rows: pd.DataFrame) -> list[str]:
    """Return what the rows of a level are called."""
    network = now.network
    if level is Level.PROVINCE:
        return [""] * len(rows)
    if level in (Level.POINT, Level.STAFF):
        bare = rows.set_index("thing")[[]].assign(target=None, result=None)
        return [each.name for each in named(store, user, now, level, bare)]
    if level is Level.ORGANISATION_IN_COMMUNE:
        return [
            f"{network.organisations.get(one, one)} – {network.communes.get(two, two)}"
            for one, two in zip(rows["organisation"], rows["commune"], strict=True)
        ]
    known = {Level.ORGANISATION: network.organisations, Level.COMMUNE: network.communes}
    names = known.get(level, {})
    return [names.get(each, each) for each in rows[INDEX[level][0]]]


def _tree(
    store: Store, user: User, now: Figures, opened: tuple[str, str, str]
) -> tuple[tuple[Branch, ...], tuple[Branch, ...]]:
    """Return the way down to what is open, and the parts of it."""
    organisation, commune, point = opened
    levels = now.targets.levels
    pairs, points, staff = (
        levels[each] for each in (Level.ORGANISATION_IN_COMMUNE, Level.POINT, Level.STAFF)
    )
    way = [_branches(store, user, now, Level.PROVINCE, levels[Level.PROVINCE])]
    rows, level = levels[Level.ORGANISATION], Level.ORGANISATION
    if organisation:
        way.append(_branches(store, user, now, level, rows[rows.index == organisation]))
        rows = pairs[pairs.index.get_level_values("organisation") == organisation]
        level = Level.ORGANISATION_IN_COMMUNE
    if organisation and commune:
        here = rows.index.get_level_values("commune") == commune
        way.append(_branches(store, user, now, level, rows[here]))
        where = located(now, Level.POINT, points.index)
        mine = (where[PAIR] == [organisation, commune]).all(axis=1)
        rows, level = points[mine.to_numpy()], Level.POINT
    if organisation and commune and point:
        way.append(_branches(store, user, now, level, rows[rows.index == point]))
        at = located(now, Level.STAFF, staff.index)["point"] == point
        rows, level = staff[at.to_numpy()], Level.STAFF
    return tuple(each for one in way for each in one), _branches(store, user, now, level, rows)


def _branches(
    store: Store, user: User, now: Figures, level: Level, rows: pd.DataFrame
) -> tuple[Branch, ...]:
    flat = rows.reset_index() if INDEX[level] else rows
    names = _names(store, user, now, level, flat)
    keys = flat[INDEX[level][-1]].astype(str) if INDEX[level] else [""] * len(flat)
    return tuple(
        Branch(level, name, whole(given), whole(below),
               "" if pd.isna(below) else key)
        for name, given, below, key in zip(names, flat["given"], flat["below"], keys, strict=True)
    )  # fmt: skip
