"""Lay a network with a profile's published figures on the places of a province."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.demand import largest_remainder
from geo.tables import Communes, CommuneTable, DemandTable, Points, PointTable, columns, points
from planning.demo.organisations import assign, draw_house_of, enterprise_code, official_codes
from planning.demo.placing import FARTHEST_M, NEAR_M, choose_places, scatter
from planning.demo.profiles import NetworkProfile
from planning.demo.settlement import NetworkPlaces, Settlement, settle
from planning.demo.shares import bounded_shares, crowded_bounds, fits
from planning.demo.wording import (
    FIRST_DAY,
    HOURS,
    LABEL,
    addresses,
    days,
    draw_houses,
    is_urban,
    point_names,
)

__all__ = ["Network", "NetworkPlaces", "lay_network"]

NO_FORMER = "Former communes are not known: every present commune has a point instead."
NO_CROWDING = "The published numbers of crowded former communes do not fit here; not laid out."
TOO_MANY = "There are more communes than points: the least peopled ones have none."
NO_SIGNS = "No number of signs is published for this profile: signs are unknown."
NO_ONLINE = "No number of online points is published for this profile: none are laid."


@dataclass(frozen=True, slots=True)
class Network:
    """A laid network: its points, its organisations, and what could not be laid out.

    `organisations` has one row each: organisation_code, name, points_direct,
    points_online, staff, districts. `notes` are sentences.
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
    communes = _scope(profile, places.communes)
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
    table = _described(profile, laid.assign(owner=owner), ground, communes, rng)
    notes = [*ground.notes, *notes]
    notes += [NO_SIGNS] if profile.signs is None else []
    notes += [NO_ONLINE] if profile.online == 0 else []
    return Network(table, _organisations(profile, table, laid, owner), notes)


def _scope(profile: NetworkProfile, communes: Communes) -> Communes:
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
    last = units.assign(weight=weights).groupby("present")["weight"].idxmax()
    spare = [at for at in order if units.index[at] not in set(last)]
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


def _described(
    profile: NetworkProfile,
    laid: pd.DataFrame,
    ground: Settlement,
    communes: Communes,
    rng: np.random.Generator,
) -> Points:
    """Return the point table: codes, names, signs, staff and dates of the laid places."""
    direct = (laid["kind"] == "direct").to_numpy()
    own = communes.set_index(CommuneTable.code)
    present = laid[DemandTable.commune_code]
    full_name = present.map(own[CommuneTable.full_name])
    house = draw_house_of(profile, laid["owner"].to_numpy(), rng)
    house[~direct] = draw_houses("online", int((~direct).sum()), rng)
    house = np.where((house == "BĐ-VHX") & full_name.map(is_urban).to_numpy(), "bưu cục", house)
    province = str(own[CommuneTable.province_code].iloc[0])
    code = official_codes(province, present, laid["owner"].to_numpy())
    opened = days(pd.Series([FIRST_DAY.isoformat()] * len(laid)), profile.as_of, rng)
    sign, staff = _signs(profile, laid, rng), _staff(profile, laid, rng)
    values = {
        PointTable.point_id: code,
        PointTable.official_code: code,
        PointTable.name: point_names(pd.Series(house), laid["unit"].map(ground.units["name"])),
        PointTable.host_type: house,
        PointTable.address: addresses(full_name, (profile.hamlet, profile.quarter), rng),
        PointTable.organisation: [profile.organisations[at].name for at in laid["owner"]],
        PointTable.organisation_code: [enterprise_code(at) for at in laid["owner"]],
        PointTable.written_code: present,
        PointTable.former_code: laid["unit"] if ground.by_former else None,
        PointTable.office: present.map(own[CommuneTable.office]),
        PointTable.sign: sign,
        PointTable.sign_date: days(opened, profile.as_of, rng).where(sign.fillna(value=False)),
        PointTable.staff_count: staff,
        PointTable.permanent_staff: pd.array(np.where(direct, True, pd.NA), dtype="boolean"),
        PointTable.opening_hours: np.where(direct, HOURS, None),
        PointTable.opened: opened,
    }
    blank = dict.fromkeys(columns(PointTable))
    frame = pd.DataFrame({**blank, **laid[["lon", "lat", "kind", "commune_code"]], **values})
    return points(frame.assign(status="open", note=LABEL))


def _signs(profile: NetworkProfile, laid: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Return which direct points have a sign; unknown where no number is published."""
    sign = pd.Series(pd.NA, index=laid.index, dtype="boolean")
    if profile.signs is not None:
        rows = np.flatnonzero(laid["kind"] == "direct")
        sign.iloc[rows] = False
        sign.iloc[rng.permutation(rows)[: profile.signs]] = True
    return sign


def _staff(profile: NetworkProfile, laid: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Return the staff of direct points: one each, the others mostly at chief points."""
    staff = pd.Series(pd.NA, index=laid.index, dtype="Int64")
    rows = np.flatnonzero(laid["kind"] == "direct")
    odds = 1.0 + 2.0 * laid["first"].to_numpy()[rows]
    spare = rng.multinomial(profile.staff - len(rows), odds / odds.sum())
    staff.iloc[rows] = 1 + spare
    return staff


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
