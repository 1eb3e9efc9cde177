"""Keep targets, results, programmes, counts of need and inspections, replacing just what is meant."""

from collections.abc import Mapping
from typing import Any, cast

import pandas as pd
import sqlalchemy as sa

from planning.model.performance import DEFAULT_PROGRAMMES, Counts, Programme
from planning.store import layers
from planning.store.performance_tables import need_count, programme, result, target
from planning.store.register_tables import inspection
from planning.store.replaced import Parts, forget

TABLES: Mapping[str, sa.Table] = {
    each.name: each for each in (target, result, need_count, inspection)
}


def save_part(
    db: sa.Connection, province: str, table: str, parts: Parts, rows: pd.DataFrame
) -> None:  # fmt: skip
    """Replace the rows of a table that `parts` mean by `rows`, a column for each of the table's."""
    forget(db, province, parts)
    if len(rows):
        plain = pd.DataFrame(rows).astype(object).assign(province_code=province)
        # Pandas' stub allows any key; the columns of a table are named by text.
        db.execute(sa.insert(TABLES[table]), cast("list[dict[str, Any]]", plain.to_dict("records")))


def save_programmes(db: sa.Connection, province: str, rows: pd.DataFrame) -> None:
    """Replace the programmes of a province: code, name, unit, counts, in their order."""
    layers.replace(db, programme, province, rows.assign(position=range(len(rows))))


def kept_programmes(db: sa.Connection, province: str) -> tuple[Programme, ...]:
    """Return the programmes of a province, those every province starts with where it has none."""
    rows = db.execute(
        sa.select(programme)
        .where(programme.c.province_code == province)
        .order_by(programme.c.position)
    )
    own = tuple(Programme(row.code, row.name, row.unit, Counts(row.counts)) for row in rows)
    return own or DEFAULT_PROGRAMMES


def programmes_with_figures(db: sa.Connection, province: str) -> set[str]:
    """Return the codes of programmes that have targets or results."""
    found: set[str] = set()
    for table in (target, result):
        rows = db.execute(
            sa.select(table.c.programme).distinct().where(table.c.province_code == province)
        )
        found |= set(rows.scalars())
    return found


def kept_figures(
    db: sa.Connection, province: str, table: str, programmes: set[str], periods: set[str]
) -> pd.DataFrame:  # fmt: skip
    """Return the figures of some programmes and periods, without the column of the province."""
    kept = TABLES[table]
    columns = [each for each in kept.columns if each.name != "province_code"]
    rows = db.execute(
        sa.select(*columns).where(
            kept.c.province_code == province,
            kept.c.programme.in_(sorted(programmes)),
            kept.c.period.in_(sorted(periods)),
        )
    )
    return pd.DataFrame(rows.all(), columns=[each.name for each in columns])
