"""Which candidate a planner means: by its id, by coordinates, or by the name of a host."""

import re
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import in_metres
from geo.errors import N_
from geo.locate import commune_of
from geo.names import clean
from planning.analysis.situation import Situation
from planning.model.errors import RequestError
from planning.model.siting import AT_HOST_M
from planning.model.wishes import CandidateKind, RuleWishes
from planning.siting.stating.candidates import Candidates, described, kept_out, known_hosts

_PLACE = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,2}(?:\.\d+)?)\s*")
Mask = NDArray[np.bool_]
NOT_APPROVED = N_("“%(place)s” is locked in, but a point there was not approved; lift that decision first, or take it from the list.")  # fmt: skip


def with_named(
    found: Candidates, situation: Situation, wishes: RuleWishes
) -> tuple[Candidates, Mask]:
    """Return the candidates without those locked out and with every one locked in, and which.

    A place that is no candidate's id means every candidate within 250 m where it is locked
    out, and the nearest of these where it is locked in; without any, a place locked in
    becomes a candidate, whatever the other rules say about candidates. Where the province did not
    approve a point, none can be locked in.
    """
    out = np.zeros(len(found.xy), dtype=bool)
    for text in wishes.locked_out:
        out |= _meant(text, found, situation)[1]
    chosen: set[str] = set()
    new: list[pd.DataFrame] = []
    for text in wishes.locked_in:
        place, near = _meant(text, found, situation)
        if near.any():
            xy = in_metres(place["lon"], place["lat"], situation.crs)
            away = np.where(near, np.hypot(*(found.xy - xy).T), np.inf)
            at = int(away.argmin())
            if out[at]:
                raise RequestError(
                    N_("“%(place)s” is locked in, and locked out by another entry; take it from one of the lists."),
                    place=text,
                )  # fmt: skip
            chosen.add(str(found.table["id"].iloc[at]))
        else:
            if kept_out(in_metres(place["lon"], place["lat"], situation.crs), situation).any():
                raise RequestError(NOT_APPROVED, place=text)
            added = described(_placed(text, place, situation), found.hosts, situation)
            chosen.add(str(added["id"].iloc[0]))
            new.append(added)
    table = pd.concat([found.table[~out], *new], ignore_index=True) if new else found.table[~out]
    table = table.drop_duplicates("id").sort_values(["lon", "lat", "name"], ignore_index=True)
    xy = in_metres(table["lon"], table["lat"], situation.crs) if len(table) else np.empty((0, 2))
    return Candidates(table, xy, found.hosts), table["id"].isin(chosen).to_numpy(dtype=bool)


def place_named(text: str, situation: Situation) -> tuple[float, float]:
    """Return the place that a text means, in degrees: coordinates, or the name of a host."""
    place = _place_of(text, known_hosts(situation)).iloc[0]
    return float(place["lon"]), float(place["lat"])


def _meant(text: str, found: Candidates, situation: Situation) -> tuple[pd.DataFrame, Mask]:
    """Return the place that a text names (one row) and the candidates that it means."""
    same = (found.table["id"] == text.strip()).to_numpy(dtype=bool)
    if same.any():
        return found.table[same], same
    place = _place_of(text, found.hosts)
    xy = in_metres(place["lon"], place["lat"], situation.crs)
    return place, np.hypot(*(found.xy - xy).T) <= AT_HOST_M


def _place_of(text: str, hosts: pd.DataFrame) -> pd.DataFrame:
    """Return the row of the host of this name, or a row of the coordinates written."""
    match = _PLACE.fullmatch(text)
    if match:
        lon, lat = float(match[1]), float(match[2])
        return pd.DataFrame({"lon": [lon], "lat": [lat], "name": [None],
                             "kind": [CandidateKind.NAMED.value]})  # fmt: skip
    wanted = clean(text).casefold()
    names = hosts["name"].map(lambda each: clean(each).casefold())
    rows = hosts[names == wanted]
    if not len(rows):
        close = get_close_matches(wanted, list(names), n=3, cutoff=0.6)
        known = [str(hosts.loc[names == each, "name"].iloc[0]) for each in dict.fromkeys(close)]
        raise RequestError(
            N_("No host is called “%(name)s”; near to it are: %(known)s. A place may also be written as “longitude,latitude”."),
            name=text, known=", ".join(known) or "–",
        )  # fmt: skip
    if len(rows) > 1:
        places = "; ".join(f"{row.lon:.6f},{row.lat:.6f}" for row in rows.itertuples())
        raise RequestError(
            N_("%(count)s hosts are called “%(name)s”; write which one by its place: %(places)s."),
            count=len(rows), name=text, places=places,
        )  # fmt: skip
    return rows


def _placed(text: str, place: pd.DataFrame, situation: Situation) -> pd.DataFrame:
    """Return the row of a place with the commune it lies in; refuse one that lies in none."""
    code = commune_of(place["lon"], place["lat"], situation.communes)
    if code.isna().any():
        raise RequestError(
            N_("“%(place)s” lies in no commune of the province; write longitude before latitude, in degrees."),
            place=text,
        )  # fmt: skip
    return place.reset_index(drop=True).assign(commune_code=code)[
        ["lon", "lat", "kind", "name", "commune_code"]
    ]
