"""What was told of a programme, gathered for one period from its parts.

What is told of the very period counts. Else a programme that counts who is new adds up the
parts that were told, one that counts who is held takes the newest part.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.analysis.performance import spans
from planning.model.performance import Counts
from planning.model.periods import Period, PeriodKind, period

KEY = ["level", "organisation", "commune", "thing", "valid_from"]
_KINDS = list(PeriodKind)  # the longest first


Figures = tuple[NDArray[np.int64], NDArray[np.int64]]
# The targets or the results of a programme by period: whose they are, as places in the keys of
# the book, and how many.
Told = Mapping[Period, Figures]


@dataclass(frozen=True)
class Book:
    """Everything told of a programme.

    `keys` has the columns of `KEY`, one row for each whom figures are about.
    """

    keys: pd.DataFrame
    targets: Told
    results: Told


@dataclass(frozen=True)
class Gathered:
    """Figures of one period, one place for each key of the book.

    `has` says where there is a figure, `months` of which months of the year it tells, as
    bits. `parts` is what the parts of the period come to where they were told in whole and
    the period too (`both`): the two can differ.
    """

    value: NDArray[np.int64]
    has: NDArray[np.bool_]
    months: NDArray[np.int64]
    parts: NDArray[np.int64]
    both: NDArray[np.bool_]


def book(targets: pd.DataFrame, results: pd.DataFrame) -> Book:
    """Return the book of two tables with the columns of `KEY`, `period` and `value`."""
    rows = pd.concat([targets, results], ignore_index=True)
    for name in KEY:
        rows[name] = rows[name].astype("category")
    whose = np.asarray(rows.groupby(KEY, sort=False, observed=True).ngroup(), np.int64)
    first = np.unique(whose, return_index=True)[1]
    keys = rows[KEY].iloc[first].astype(str).reset_index(drop=True)
    value, cut = np.asarray(rows["value"], np.int64), len(targets)
    return Book(
        keys,
        _by_period(targets["period"], whose[:cut], value[:cut]),
        _by_period(results["period"], whose[cut:], value[cut:]),
    )


def _by_period(codes: pd.Series, whose: NDArray[np.int64], value: NDArray[np.int64]) -> Told:
    when, names = pd.factorize(codes)
    order = np.argsort(when, kind="stable")
    cuts = np.searchsorted(when[order], np.arange(1, len(names)))
    rows = np.split(order, cuts) if len(names) else []
    return {
        period(str(name)): (whose[each], value[each])
        for name, each in zip(names, rows, strict=True)
    }


def gather(
    told: Told, keys: int, counts: Counts, of: Period, without: NDArray[np.int64] | None = None
) -> Gathered:
    """Return the figures of a period of all so many keys.

    `without` are by key the months, as bits, whose new participants are not to count: what
    was told of a period that touches one of them counts only as far as its parts do not.
    """
    if counts is Counts.HELD:
        return _newest(told, keys, of)
    return _added(told, of, np.zeros(keys, np.int64) if without is None else without)


def told_in(told: Told, of: Period) -> tuple[Period, ...]:
    """Return the periods within one that something was told of."""
    return tuple(each for each in told if of.holds(each))


def _given(told: Told, keys: int, of: Period) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    value, has = np.zeros(keys, np.int64), np.zeros(keys, bool)
    if of in told:
        whose, figures = told[of]
        value[whose] = figures
        has[whose] = True
    return value, has


def _added(told: Told, of: Period, without: NDArray[np.int64]) -> Gathered:
    keys, all_months = len(without), spans.months(of)
    value, has = _given(told, keys, of)
    has &= (without & all_months) == 0
    value = np.where(has, value, 0)
    inner = [_added(told, each, without) for each in spans.parts(of) if told_in(told, each)]
    if not inner:
        return Gathered(value, has, np.where(has, all_months, 0), value, np.zeros(keys, bool))
    parts = reduce(np.add, [np.where(each.has, each.value, 0) for each in inner])
    some = reduce(np.logical_or, [each.has for each in inner])
    if of.kind is PeriodKind.MONTH:  # of weeks: a month is told when each of them is
        every = reduce(np.logical_and, [each.has for each in inner])
        whole = every & (len(inner) == len(spans.parts(of)))
        months = np.where(whole, all_months, 0)
    else:
        months = reduce(np.bitwise_or, [each.months for each in inner])
    return Gathered(
        np.where(has, value, parts), has | some, np.where(has, all_months, months),
        parts, has & some & (months == all_months),
    )  # fmt: skip


def _newest(told: Told, keys: int, of: Period) -> Gathered:
    value, has = _given(told, keys, of)
    all_months = spans.months(of)
    parts, some, months = (np.zeros(keys, kind) for kind in (np.int64, bool, np.int64))
    inner = [each for each in told_in(told, of) if each != of]
    # Of two that end on one day the longer is the surer: it comes last and stays.
    for each in sorted(inner, key=lambda it: (min(it.last, of.last), -_KINDS.index(it.kind))):
        newer, there = _given(told, keys, each)
        parts[there], some[there] = newer[there], True
        months[there] = spans.ended(each) & all_months
    return Gathered(
        np.where(has, value, parts), has | some, np.where(has, all_months, months),
        parts, has & some & (months == all_months),
    )  # fmt: skip
