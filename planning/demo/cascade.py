"""Targets and results of a laid network at every level, adding up to the person.

Every figure of an organisation is shared among its staff; points, organisations in communes,
offices and the province are sums of theirs.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.shares import largest_remainder
from geo.tables import PointTable
from planning.demo.campaigns import Campaign, Reached
from planning.demo.register import Register
from planning.model.performance import ALL_KEYS, KEYS, Level
from planning.model.periods import period

COLUMNS = ("programme", "period", "level", *ALL_KEYS, "target", "result")
# Spread of targets among staff and of what staff make of them: ours.
_TARGET_SPREAD, _RESULT_SPREAD = 0.3, 0.35
_RATE_SPREAD, _RATE_BOUNDS = 0.05, (0.9, 1.06)
_MOST_NUDGE = 400

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def lay_figures(
    campaigns: Sequence[Campaign], register: Register, commune: str, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one row per programme, period and whom it is about: `COLUMNS`, keys empty where not used.

    `commune` is the column of the point table that names the communes figures are given on:
    `former_code` or `commune_code`. `target` is missing where none was given. Staff have figures from the quarter on in which
    their point opened; at points that fell silent results end with the first period.
    """
    staff = _staff(register, commune, rng)
    parts = []
    for campaign in campaigns:
        for at, reached in enumerate(campaign.periods):
            rows = _province(reached)
            if campaign.shared_out:
                rows = _shared_out(campaign, at, staff, rng)
            parts.append(rows.assign(programme=campaign.programme.code, period=reached.period))
    whole = pd.concat(parts, ignore_index=True)
    return whole.astype({"target": "Int64", "result": "Int64"})[[*COLUMNS]]


def _staff(register: Register, commune: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per member of staff: whose, where, since when, how large a target."""
    points = register.points.set_index(PointTable.official_code)
    own = register.staff[["staff_id", "organisation", "organisation_code", "point_code"]]
    at = points.loc[own["point_code"]].reset_index(drop=True)
    return own.assign(
        point_id=at[PointTable.point_id],
        office=at[PointTable.office].fillna(""),
        commune_code=at[commune],
        opened=at[PointTable.opened],
        silent=at[PointTable.point_id].isin(register.silent),
        weight=rng.lognormal(0, _TARGET_SPREAD, len(own)),
        skill=rng.lognormal(0, _RESULT_SPREAD, len(own)),
    )


def _province(reached: Reached) -> pd.DataFrame:
    target = pd.NA if reached.target is None else reached.target
    keys = dict.fromkeys(ALL_KEYS, "")
    return pd.DataFrame([{"level": str(Level.PROVINCE), **keys, "target": target,
                          "result": reached.result}])  # fmt: skip


def _shared_out(
    campaign: Campaign, at: int, staff: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the rows of a campaign's levels in one period, without programme and period."""
    reached = campaign.periods[at]
    last = period(reached.period).last.isoformat()
    there = staff[staff["opened"] <= last].reset_index(drop=True)
    targets, results = _organisations(campaign, at, there, rng)
    weight: Floats = there["weight"].to_numpy(float)
    pull: Floats = there["skill"].where(~there["silent"] | (at == 0), 0.0).to_numpy(float)
    own = there.groupby("organisation", sort=True).indices
    target, result = np.zeros(len(there), dtype=np.int64), np.zeros(len(there), dtype=np.int64)
    for name, rows in own.items():
        target[rows] = largest_remainder(weight[rows], targets[str(name)])
        result[rows] = largest_remainder(pull[rows] * target[rows], results[str(name)])
    return _levels(there.assign(target=target, result=result), campaign.levels)


def _organisations(
    campaign: Campaign, at: int, staff: pd.DataFrame, rng: np.random.Generator
) -> tuple[dict[str, int], dict[str, int]]:
    """Return target and result of each organisation, by name, for one period."""
    reached = campaign.periods[at]
    assert reached.target is not None
    size = staff.groupby("organisation", sort=True)["weight"].sum()
    names = [str(each) for each in size.index]
    part = size.to_numpy() * np.array([campaign.parts.get(name, 1.0) for name in names])
    targets = largest_remainder(part, reached.target)
    mean = 100 * reached.result / reached.target
    final = at == len(campaign.periods) - 1
    # Before the last period everybody does a little better or worse than in it.
    drift = np.ones(len(names)) if final else rng.uniform(0.9, 1.1, len(names))
    last = campaign.periods[-1]
    assert last.target is not None
    scale = mean / (100 * last.result / last.target)
    fixed = {**campaign.wished, **campaign.exact}
    rates = np.array([fixed.get(name, np.nan) for name in names]) * scale * drift
    if final:
        targets = _exact(targets, names, campaign)
    results = np.where(np.isnan(rates), 0, np.round(np.nan_to_num(rates) * targets / 100))
    free = np.isnan(rates)
    luck = np.clip(rng.normal(1, _RATE_SPREAD, len(names)), *_RATE_BOUNDS)
    odds: Floats = targets.astype(np.float64) * luck
    counts = results.astype(np.int64)
    counts[free] = largest_remainder(odds[free], reached.result - int(counts[~free].sum()))
    return (
        dict(zip(names, targets.tolist(), strict=True)),
        dict(zip(names, counts.tolist(), strict=True)),
    )


def _exact(targets: Counts, names: list[str], campaign: Campaign) -> Counts:
    """Return the targets, moved by a few so that the exact rates come out to one decimal.

    What is moved is taken from or given to the largest target.
    """
    moved = targets.copy()
    largest = int(np.argmax(targets))
    for at, name in enumerate(names):
        rate = campaign.exact.get(name)
        if rate is None:
            continue
        step = next(
            each for each in sorted(range(-_MOST_NUDGE, _MOST_NUDGE), key=abs)
            if moved[at] + each > 0 and _gives(int(moved[at]) + each, rate)
        )  # fmt: skip
        moved[at] += step
        moved[largest] -= step
    return moved


def _gives(target: int, rate: float) -> bool:
    """Whether a whole result gives this rate on a target, clear of the edges of rounding."""
    return abs(100 * round(rate * target / 100) / target - rate) < 0.04


def _levels(staff: pd.DataFrame, levels: Sequence[Level]) -> pd.DataFrame:
    """Return the sums of staff at the levels named."""
    parts = []
    for level in levels:
        keys = list(KEYS[level])
        by = staff.groupby(keys, sort=True) if keys else staff.groupby(lambda _: 0)
        sums = by[["target", "result"]].sum().reset_index(drop=not keys)
        if level is Level.OFFICE and (sums["office"] == "").any():
            continue  # without an office for every point the offices' sums are not the province's
        blank = {key: "" for key in ALL_KEYS if key not in keys}
        parts.append(sums.assign(level=str(level), **blank))
    return pd.concat(parts, ignore_index=True)
