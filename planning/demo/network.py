"""Lay a network with a profile's published figures on the places of a province."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import N_
from geo.shares import largest_remainder
from geo.tables import Communes, CommuneTable, DemandTable, Points, PointTable
from planning.demo.described import described
from planning.demo.organisations import assign, enterprise_code
from planning.demo.placing import FARTHEST_M, NEAR_M, choose_places, scatter
from planning.demo.profiles import NetworkProfile
from planning.demo.settlement import NetworkPlaces, Settlement, settle
from planning.demo.shares import bounded_shares, crowded_bounds, fits
from planning.model.errors import RequestError

__all__ = ["Network", "NetworkPlaces", "lay_network"]

# How much more a crowded commune draws than its people alone would: an assumption.
_CROWDED = 1.7

NO_FORMER = N_("Former communes are not known: every present commune has a point instead.")
NO_CROWDING = N_("The published numbers of crowded former communes do not fit here; not laid out.")
TOO_MANY = N_("There are more communes than points: the least peopled ones have none.")
NO_SIGNS = N_("No number of signs is published for this profile: signs are unknown.")
NO_ONLINE = N_("No number of online points is published for this profile: none are laid.")


@dataclass(frozen=True, slots=True)
class Network:
    """A laid network: its points, its organisations, and what could not be laid out.

    `organisations` has one row each: organisation_code, name, points_direct,
    points_online, staff, districts. `notes` are message ids.
    """

    points: Points
    organisations: pd.DataFrame
    notes: list[str]


def lay_network(
    profile: NetworkProfile, places: NetworkPlaces, rng: np.random.Generator
) -> Network:
    """Return a network of invented points whose totals are those of `profile`.

    The same places and the same state of `rng` give the same network. Points lie where
    people live, closer together around markets, no two at one spot.
    """
    communes = communes_meant(profile, places.communes)
    if not len(communes):
        raise RequestError(
            N_(
                "None of this province's communes is among those the profile speaks of; import the boundaries the profile was published for."
            )
        )
    ground = settle(places, communes, rng)
    wanted, notes = _direct_counts(profile, ground, rng)
    chosen = choose_places(ground.places, wanted, rng)
    direct = ground.places.iloc[chosen].reset_index(drop=True).assign(kind="direct")
    online = _online_places(profile, ground, rng).assign(kind="online")
    laid = pd.concat([direct, online], ignore_index=True)
    laid = laid.assign(
        first=(laid["kind"] == "direct") & ~laid.duplicated(["kind", "unit"]),
        district=laid["unit"].map(ground.units["district"]),
    )
    laid[["lon", "lat"]] = _spots(laid, ground, places, rng)
    owner = np.concatenate(
        [
            assign(profile, laid[laid["kind"] == kind].reset_index(drop=True), rng)
            for kind in ("direct", "online")
        ]
    )
    table = described(profile, laid.assign(owner=owner), ground, communes, rng)
    notes = [*ground.notes, *notes]
    notes += [NO_SIGNS] if profile.signs is None else []
    notes += [NO_ONLINE] if profile.online == 0 else []
    return Network(table, _organisations(profile, table, laid, owner), notes)


def communes_meant(profile: NetworkProfile, communes: Communes) -> Communes:
    """Return the communes the profile speaks of: in its own province those in its range."""
    own = communes[CommuneTable.province_code] == profile.province_code
    code = communes[CommuneTable.code]
    inside = (code >= profile.first_code) & (code <= profile.last_code)
    return Communes(communes[~own | inside].sort_values(CommuneTable.code).reset_index(drop=True))


def _direct_counts(
    profile: NetworkProfile, ground: Settlement, rng: np.random.Generator
) -> tuple[pd.Series, list[str]]:
    """Return the number of direct points of each unit, and what could not be met."""
    units = ground.units
    weights = units["people"].to_numpy() * rng.lognormal(0, 0.3, len(units))
    notes = [] if ground.by_former else [NO_FORMER]
    crowding = profile.crowding
    if crowding is not None and ground.by_former and fits(crowding, len(units), profile.direct):
        known = np.flatnonzero(units.index == crowding.most_code)
        fullest = int(known[0]) if len(known) else int(np.argmax(weights))
        low, high = crowded_bounds(crowding, weights, fullest)
        weights = np.where(low >= crowding.least, _CROWDED * weights, weights)
    else:
        notes += [NO_CROWDING] if crowding is not None and ground.by_former else []
        notes += [TOO_MANY] if len(units) > profile.direct else []
        low = _served(profile, ground, weights)
        high = np.where(low > 0, profile.direct, 0)
    counts = bounded_shares(weights, profile.direct, low, high)
    return pd.Series(counts, index=units.index), notes


def _served(profile: NetworkProfile, ground: Settlement, weights: np.ndarray) -> np.ndarray:
    """Return 1 for units that get a point, 0 for those left without, shape (n,).

    The least peopled are left without, but in no present commune all of them.
    """
    units = ground.units
    without = round(profile.without_point * len(units)) if ground.by_former else 0
    low = np.ones(len(units), dtype=np.int64)
    order = np.argsort(weights, kind="stable")
    kept = set(units.assign(weight=weights).groupby("present")["weight"].idxmax())
    spare = [at for at in order if units.index[at] not in kept]
    low[spare[:without]] = 0
    low[order[: max(0, len(units) - profile.direct)]] = 0
    return low


def _online_places(
    profile: NetworkProfile, ground: Settlement, rng: np.random.Generator
) -> pd.DataFrame:
    people = np.sqrt(ground.units["people"].to_numpy())
    wanted = pd.Series(largest_remainder(people, profile.online), index=ground.units.index)
    spread_out = ground.places.assign(pull=np.sqrt(ground.places["pull"]))
    return ground.places.iloc[choose_places(spread_out, wanted, rng)].reset_index(drop=True)


def _spots(
    laid: pd.DataFrame, ground: Settlement, places: NetworkPlaces, rng: np.random.Generator
) -> np.ndarray:
    checks = [(str(DemandTable.commune_code), places.communes)]
    if ground.shapes_known and places.former is not None:
        checks.append(("unit", places.former))
    near = ground.shapes_known and places.former is None
    return scatter(laid, ground.crs, checks, NEAR_M if near else FARTHEST_M, rng)


def _organisations(
    profile: NetworkProfile, table: Points, laid: pd.DataFrame, owner: np.ndarray
) -> pd.DataFrame:
    direct = (table[PointTable.kind] == "direct").to_numpy()
    rows = []
    for at, each in enumerate(profile.organisations):
        own = owner == at
        rows.append(
            {
                "organisation_code": enterprise_code(at),
                "name": each.name,
                "points_direct": int((own & direct).sum()),
                "points_online": int((own & ~direct).sum()),
                "staff": int(table[PointTable.staff_count][own & direct].sum()),
                "districts": int(laid["district"][own & direct].nunique()),
            }
        )
    return pd.DataFrame(rows)
