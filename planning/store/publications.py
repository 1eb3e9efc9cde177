"""Publications as they are kept, and what the register has that may be published."""

import json
import zlib
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from planning.model.publishing import Publication
from planning.store import register_tables, schema

_kept = register_tables.publication.c
_point = schema.point.c
_organisation = schema.organisation.c
_staff = schema.staff.c
_HEAD = (_kept.id, _kept.province_code, _kept.day, _kept.document, _kept.sha256, _kept.by,
         _kept.at, _kept.withdrawn_at)  # fmt: skip
SHOWN = ("open", "suspended")  # of points: neither those to come nor those that are gone


@dataclass(frozen=True, slots=True)
class PublicationHead:
    """A publication without its lists."""

    id: int
    province: str
    day: str
    document: str
    sha256: str
    by: str
    at: str
    withdrawn_at: str | None


def insert(
    db: sa.Connection, publication: Publication, *, by: str, at: str
) -> PublicationHead:  # fmt: skip
    """Keep a publication; it is in force from now on."""
    act = publication.act
    made = db.execute(
        sa.insert(register_tables.publication).values(
            province_code=publication.province, day=act.day, document=act.document,
            sha256=publication.sha256, body=zlib.compress(publication.as_bytes(), 9), by=by, at=at,
        )
    )  # fmt: skip
    (number,) = made.inserted_primary_key or (0,)
    return PublicationHead(int(number), publication.province, act.day, act.document,
                           publication.sha256, by, at, None)  # fmt: skip


def withdraw(db: sa.Connection, number: int, *, at: str) -> None:
    """Note that a publication is shown to nobody any more."""
    table = register_tables.publication
    db.execute(sa.update(table).where(table.c.id == number).values(withdrawn_at=at))


def listed(db: sa.Connection, province: str) -> list[PublicationHead]:
    """Return the publications of a province, newest first."""
    query = sa.select(*_HEAD).where(_kept.province_code == province).order_by(_kept.id.desc())
    return [PublicationHead(*row) for row in db.execute(query)]


def newest(db: sa.Connection, province: str) -> PublicationHead | None:
    """Return the newest publication of a province, withdrawn or not, None where there is none."""
    query = sa.select(*_HEAD).where(_kept.province_code == province).order_by(_kept.id.desc())
    row = db.execute(query.limit(1)).first()
    return None if row is None else PublicationHead(*row)


def body(db: sa.Connection, number: int) -> bytes:
    """Return the very bytes that were published, which the hash is of."""
    query = sa.select(_kept.body).where(_kept.id == number)
    return zlib.decompress(db.execute(query).scalar_one())


def read(published: bytes) -> Publication:
    """Return what the bytes of a publication say."""
    return Publication.of(json.loads(published))


# --- what there is to publish ---------------------------------------------------------------
# Only what may be published is selected, and of staff what tells whether a code is personal.


def organisations(db: sa.Connection, province: str) -> list[sa.Row]:
    """Return code, name, address and area of every organisation."""
    query = sa.select(_organisation.organisation_code, _organisation.name, _organisation.address,
                      _organisation.area).where(_organisation.province_code == province)  # fmt: skip
    return list(db.execute(query.order_by(_organisation.organisation_code)))


def points(db: sa.Connection, province: str) -> list[sa.Row]:
    """Return the points that the public can go to, and those that are suspended."""
    query = (
        sa.select(
            _point.official_code, _point.name, _point.kind, _point.status, _point.address,
            _point.commune_code, _point.written_code, _point.organisation_code,
            _point.organisation, _point.opening_hours, _point.lon, _point.lat,
        )
        .where(_point.province_code == province, _point.status.in_(SHOWN))
        .order_by(_point.point_id)
    )  # fmt: skip
    return list(db.execute(query))


class Collector(NamedTuple):
    """A person who collects; `secrets` are shown to nobody, but held against what is shown."""

    staff_id: str
    name: str
    organisation: str | None
    organisation_code: str | None
    secrets: tuple[str, ...]


def staff(db: sa.Connection, province: str) -> list[Collector]:
    """Return every person once, by the row of their own number, with the secrets of every row."""
    query = sa.select(
        _staff.staff_id, _staff.person_id, _staff.name, _staff.organisation,
        _staff.organisation_code, _staff.phone, _staff.card_number, _staff.certificate,
    ).where(_staff.province_code == province)  # fmt: skip
    # In which order texts stand differs between databases; what is published must not.
    rows = sorted(db.execute(query), key=lambda it: (it.staff_id != it.person_id, it.staff_id))
    persons: dict[str, list[sa.Row]] = {}
    for row in rows:
        persons.setdefault(row.person_id, []).append(row)
    return [_collector(each) for each in persons.values()]


def _collector(rows: list[sa.Row]) -> Collector:
    first = rows[0]
    told = {each for row in rows for each in (row.phone, row.card_number, row.certificate) if each}
    return Collector(first.staff_id, first.name, first.organisation, first.organisation_code,
                     tuple(sorted(told)))  # fmt: skip


def commune_names(db: sa.Connection, province: str) -> dict[str, str]:
    """Return the full name of every commune of every vintage, the newest name of each."""
    table = schema.commune.c
    query = sa.select(table.code, table.full_name).where(table.province_code == province)
    return {code: name for code, name in db.execute(query.order_by(table.valid_from))}  # noqa: C416 - rows are no pairs
