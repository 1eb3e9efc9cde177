"""Coverage measured once per state of the data; key figures kept from one state to the next."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa

from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.analysis.figures import key_figures
from planning.analysis.situation import Situation
from planning.model.coverage import CoverageReport
from planning.model.figures import EarlierFigures, KeyFigures
from planning.model.standards import ServiceStandard
from planning.store import schema
from planning.store.session import Store
from planning.store.situation import METHOD_VERSION

_MOST_PER_VINTAGE = 400


def measured(
    store: Store, situation: Situation, standard: ServiceStandard, *, own: bool
) -> CoverageReport:
    """Return the coverage of a situation, measured once.

    With `own` the standard is the province's own, and the key figures are kept for as long as
    the province is, so that later data can be compared with these.
    """
    key = ("coverage", situation.fingerprint, standard.key)
    report = store.remembered(key, lambda: assess_coverage(situation, standard, StraightLine()))
    if own:
        keep(store, situation, report)
    return report


def keep(store: Store, situation: Situation, report: CoverageReport) -> None:
    """Keep the key figures of a situation as the newest of its vintage, unless they are."""
    which = _which(report.province_code, report.valid_from, report.standard)
    with store.reading() as db:
        now = _imports(db, report.province_code)
        if _is_kept(db, which, report.fingerprint, now):
            return
    table = schema.figures_kept
    with store.writing() as db:
        db.execute(
            sa.delete(table).where(*_where(which), table.c.fingerprint == report.fingerprint)
        )
        db.execute(
            sa.insert(table).values(
                **which, fingerprint=report.fingerprint, imports=now,
                data_date=situation.data_date,
                measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
                figures=key_figures(situation, report).as_dict(),
            )
        )  # fmt: skip
        rows = sa.select(table.c.id).where(*_where(which)).order_by(table.c.id.desc())
        db.execute(sa.delete(table).where(table.c.id.in_(rows.offset(_MOST_PER_VINTAGE))))


def kept(
    db: sa.Connection, province: str, valid_from: str, standard: ServiceStandard, fingerprint: str
) -> KeyFigures | None:
    """Return the figures of one state of the data, None where it was never measured."""
    table = schema.figures_kept
    which = _which(province, valid_from, standard)
    query = sa.select(table.c.figures).where(*_where(which), table.c.fingerprint == fingerprint)
    body = db.execute(query).scalar()
    return None if body is None else KeyFigures(**body)


def earlier(db: sa.Connection, report: CoverageReport) -> EarlierFigures | None:
    """Return the figures of the data before, by the same standard, method and boundaries.

    Figures of data that were taken back since are not those before.
    """
    table = schema.figures_kept
    which = _which(report.province_code, report.valid_from, report.standard)
    standing = set(_imports(db, report.province_code))
    rows = db.execute(
        sa.select(table.c.figures, table.c.data_date, table.c.imports)
        .where(*_where(which), table.c.fingerprint != report.fingerprint)
        .order_by(table.c.id.desc())
    )
    for row in rows:
        if standing.issuperset(row.imports):
            return EarlierFigures(KeyFigures(**row.figures), row.data_date)
    return None


def _which(province: str, valid_from: str, standard: ServiceStandard) -> dict[str, str]:
    return {
        "province_code": province, "valid_from": valid_from, "method": METHOD_VERSION,
        "standard": json.dumps(standard.as_dict()["radii_km"], sort_keys=True),
    }  # fmt: skip


def _where(which: dict[str, str]) -> list[sa.ColumnElement[bool]]:
    return [schema.figures_kept.c[name] == value for name, value in which.items()]


def _is_kept(db: sa.Connection, which: dict[str, str], fingerprint: str, now: list[int]) -> bool:
    table = schema.figures_kept
    newest = db.execute(
        sa.select(table.c.fingerprint, table.c.imports)
        .where(*_where(which))
        .order_by(table.c.id.desc())
        .limit(1)
    ).first()
    return newest is not None and newest.fingerprint == fingerprint and newest.imports == now


def _imports(db: sa.Connection, province: str) -> list[int]:
    """Return the numbers of the imports that stand, those undone left out."""
    table = schema.import_batch
    rows = db.execute(
        sa.select(table.c.id)
        .where(table.c.province_code == province, table.c.undone_at.is_(None))
        .order_by(table.c.id)
    )
    return [int(row[0]) for row in rows]
