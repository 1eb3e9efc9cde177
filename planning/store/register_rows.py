"""The register as it stands: its records as they are kept, with the names of their codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd
import sqlalchemy as sa

from geo.locate import commune_of
from geo.tables import Communes
from planning.store import imports, layers, proposals, register_tables, schema


@dataclass(frozen=True, slots=True)
class RegisterRows:
    """Points and organisations of a province, tables as in `geo.tables`, and where points lie.

    `lies` and `lay` are the codes of the communes, present and former, in which each point lies
    on the newest boundaries and those before, empty in none. `communes` and `former` are full
    names by code, `districts` those of former communes, `offices` the BHXH cơ sở of communes
    that have one.
    """

    points: pd.DataFrame
    organisations: pd.DataFrame
    lies: list[str]
    lay: list[str]
    communes: Mapping[str, str]
    former: Mapping[str, str]
    districts: Mapping[str, str]
    offices: Mapping[str, str]
    shapes: tuple[Communes, Communes | None] | None = None

    def where(self, lon: float, lat: float) -> tuple[str, str]:
        """Return the codes of the present and the former commune of a place, empty in none."""
        found = [
            "" if each is None else str(commune_of([lon], [lat], each).fillna("").iloc[0])
            for each in self.shapes or (None, None)
        ]
        return found[0], found[1]


def digest(db: sa.Connection, province: str) -> str:
    """Return `state` as one short text."""
    return sha256(repr(state(db, province)).encode()).hexdigest()[:16]


def state(db: sa.Connection, province: str) -> tuple[object, ...]:
    """Return what changes with every change of the register: imports, mends, edits, decisions."""
    return imports.state(db), proposals.fingerprint(db, province)


def load(db: sa.Connection, province: str) -> RegisterRows:
    """Return points and organisations of a province, and where they lie."""
    days = [first for first, _ in layers.vintages(db, province)]
    points = layers.frame(db, schema.point, province_code=province)
    names, former, districts, offices = {}, {}, {}, {}
    shapes: tuple[Communes, Communes | None] | None = None
    lies = points["commune_code"].fillna("").tolist()
    lay = points["former_code"].fillna("").tolist()
    if days:
        present = layers.load_communes(db, province, days[-1])
        lies = commune_of(points["lon"], points["lat"], present).fillna("").tolist()
        names = dict(zip(present["code"], present["full_name"], strict=True))
        offices = layers.offices(db, province, days[-1])
        shapes = (present, None)
    if len(days) > 1:
        before = layers.load_communes(db, province, days[-2])
        shapes = (present, before)
        found = commune_of(points["lon"], points["lat"], before).fillna("").tolist()
        lay = [known or code for known, code in zip(lay, found, strict=True)]
        former = dict(zip(before["code"], before["full_name"], strict=True))
        given = before[before["district"].notna()]
        districts = dict(zip(given["code"], given["district"], strict=True))
    return RegisterRows(
        points=points,
        organisations=layers.frame(db, schema.organisation, province_code=province),
        lies=lies, lay=lay, communes=names, former=former, districts=districts, offices=offices, shapes=shapes,
    )  # fmt: skip


def staff(db: sa.Connection, province: str) -> pd.DataFrame:
    """Return the staff of a province, a row per person and point: personal data."""
    return layers.frame(db, schema.staff, province_code=province)


def inspections(db: sa.Connection, province: str) -> pd.DataFrame:
    """Return the inspections of a province with their ids."""
    return layers.frame(db, register_tables.inspection, province_code=province)
