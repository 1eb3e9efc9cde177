"""To whom figures belong: points, staff, organisations, communes of one vintage."""

from collections.abc import Hashable
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
import sqlalchemy as sa

from geo.locate import commune_of
from geo.names import name_key
from geo.tables import Communes
from planning.analysis.performance.rolling import Places
from planning.analysis.staffing import rows_by_code
from planning.store import layers, performance
from planning.store.changes import every_former
from planning.store.session import Store


@dataclass(frozen=True)
class Network:
    """The network as figures are rolled up in it, and what everything is called.

    `offices` has every commune of the vintage, with an empty text where no office is known: of
    a former commune that which looks after all of it now. Figures are rolled up by offices that
    the boundaries name alone.
    `listed` has name, code and status of each point.
    """

    places: Places
    organisations: dict[str, str]
    communes: dict[str, str]
    offices: dict[str, str]
    listed: pd.DataFrame


def load(store: Store, province: str, valid_from: str, state: Hashable) -> Network:
    """Return the network of a province on the communes of one vintage, read once for a state."""
    key = ("results network", province, valid_from, state)
    return store.remembered(key, lambda: _loaded(store, province, valid_from))


def _loaded(store: Store, province: str, valid_from: str) -> Network:
    with store.reading() as db:
        organisations = performance.organisations(db, province)
        points = performance.points(db, province)
        staff = performance.staff(db, province)
        communes = layers.load_communes(db, province, valid_from)
        heirs = _heirs(db, province)
    named = communes["office"].fillna("").astype(str)
    offices = dict(zip(communes["code"].astype(str), named, strict=True))
    codes = {name_key(name): code for code, name in organisations.items()}
    at = _points(points, communes, codes, offices)
    ids, rows = at.index.astype(str), rows_by_code(points.reset_index())
    point = [ids[rows[code][-1]] if code in rows else ""
             for code in staff["point_code"].fillna("").astype(str)]  # fmt: skip
    placed = staff.assign(point=point, organisation=_whose(staff, codes))
    names = dict(zip(communes["code"].astype(str), communes["full_name"].astype(str), strict=True))
    places = Places(valid_from, at, placed[["point", "organisation"]],
                    MappingProxyType({code: each for code, each in offices.items() if each}))  # fmt: skip
    listed = points[["name", "official_code", "status"]].fillna("")
    after = {code: each or heirs.get(code, "") for code, each in offices.items()}
    return Network(places, organisations, names, after, listed)


def _heirs(db: sa.Connection, province: str) -> dict[str, str]:
    """Return by former commune the office that looks after all of it now."""
    vintages, table = layers.vintages(db, province), every_former(db, province)
    if table is None or not vintages:
        return {}
    offices = layers.offices(db, province, vintages[-1][0])
    found: dict[str, set[str]] = {}
    for old, new in zip(table["old_code"], table["new_code"], strict=True):
        found.setdefault(str(old), set()).add(offices.get(str(new), ""))
    return {old: next(iter(each)) for old, each in found.items() if len(each) == 1}


def _points(
    points: pd.DataFrame, communes: Communes, codes: dict[str, str], offices: dict[str, str]
) -> pd.DataFrame:
    placed = points[["lon", "lat"]].astype(float)
    lies = commune_of(placed["lon"], placed["lat"], communes)
    commune = pd.Series(lies.to_numpy(), points.index, dtype=object).fillna("").astype(str)
    return pd.DataFrame(
        {"organisation": _whose(points, codes), "commune": commune,
         "office": commune.map(offices).fillna("")},
        index=points.index,
    )  # fmt: skip


def _whose(rows: pd.DataFrame, codes: dict[str, str]) -> list[str]:
    """Return the code of the organisation of each row, else of the organisation so called."""
    given = rows["organisation_code"].fillna("").astype(str)
    called = rows["organisation"].fillna("").astype(str)
    known = {name: codes.get(name_key(name), "") for name in called.unique()}
    return [code or known[name] for code, name in zip(given, called, strict=True)]
