"""Of which months targets and results of a period were told, and of which they were not."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.analysis.performance import spans
from planning.analysis.performance.gathering import Gathered, Told, told_in
from planning.model.performance import Level
from planning.model.periods import Period

IN_COMMUNES = (Level.COMMUNE, Level.ORGANISATION_IN_COMMUNE)


@dataclass(frozen=True, slots=True)
class Telling:
    """What of a period was not told.

    `missing` are the months without any result, `behind` how many of those told of lack a
    month that others have. `unaimed` are the months without any target where others have one,
    `uneven` of how many results tell of months that their targets do not.
    """

    missing: tuple[str, ...]
    behind: int
    unaimed: tuple[str, ...]
    uneven: int


def telling(
    keys: pd.DataFrame, seen: NDArray[np.bool_], told: tuple[Gathered, Gathered], of: Period
) -> Telling:
    """Return what was not told of a period, of the keys of a book that are seen.

    `told` are targets and results, gathered for the period.
    """
    targets, results = told
    has = results.has & seen
    fewer = has & (results.months != _expected(keys, results.months, has))
    more = has & targets.has & (results.months & ~targets.months != 0)
    return Telling(
        _lacking(results, seen, of), int(fewer.sum()), _lacking(targets, seen, of), int(more.sum())
    )


def told_anew(keys: pd.DataFrame, told: Told, of: Period, here: str) -> NDArray[np.int64]:
    """Return by key the months of which other communes than those of `here` are not to count.

    They are, as bits, the months that the same organisation, or communes alone, told of at
    the same level on the communes of `here`. None for keys that are not by commune or of `here`.
    """
    by_commune = keys["level"].isin(IN_COMMUNES).to_numpy()
    ours = by_commune & (keys["valid_from"] == here).to_numpy()
    away = by_commune & ~ours
    if not (away.any() and ours.any()):
        return np.zeros(len(keys), np.int64)
    whose = np.asarray(keys.groupby(["level", "organisation"]).ngroup(), np.int64)
    months = np.zeros(len(keys), np.int64)  # by number of level and organisation
    for each in told_in(told, of):
        rows = told[each][0]
        months[np.unique(whose[rows[ours[rows]]])] |= spans.months(each)
    return np.where(away, months[whose], 0)


def _lacking(told: Gathered, seen: NDArray[np.bool_], of: Period) -> tuple[str, ...]:
    there = told.months[told.has & seen]
    every = int(np.bitwise_or.reduce(there, initial=0))
    return spans.named(spans.months(of) & ~every if len(there) else 0, of.year)


def _expected(
    keys: pd.DataFrame, months: NDArray[np.int64], has: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return by key the months that others tell: communes of one vintage beside their like.

    Where months were told on the communes of two vintages neither has to tell those of the
    other.
    """
    every = int(np.bitwise_or.reduce(months[has], initial=0))
    expected = np.full(len(keys), every, np.int64)
    vintage = keys["valid_from"].where(keys["level"].isin(IN_COMMUNES), "").to_numpy()
    named = set(vintage[has]) - {""}
    for each in named if len(named) > 1 else ():
        own = vintage == each
        expected[own] = np.bitwise_or.reduce(months[own & has], initial=0)
    return expected
