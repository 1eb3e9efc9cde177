"""The rows of a register's kind before and after a write, so that what changed can be told."""

import pandas as pd
import sqlalchemy as sa

from planning.model.compliance import Record
from planning.store import layers
from planning.store.register import KEYS, TABLES, Deed, record_changes

# The kinds of imports whose rows are records with a history.
OF_IMPORT: dict[str, Record] = {
    "points": Record.POINT, "organisations": Record.ORGANISATION, "staff": Record.STAFF,
}  # fmt: skip


def rows(
    db: sa.Connection, province: str, record: Record, record_id: str | None = None
) -> pd.DataFrame:
    """Return the rows of a kind as they stand now, or the one row of a record."""
    one = {} if record_id is None else {KEYS[record]: record_id}
    return layers.frame(db, TABLES[record], province_code=province, **one)


def tell(
    db: sa.Connection, province: str, record: Record, before: pd.DataFrame, deed: Deed,
    record_id: str | None = None,
) -> int:  # fmt: skip
    """Keep how the rows now differ from those before; return how many records differ.

    A list that came in for the first time, or went as a whole, is told by its import alone. The
    row of one record that was not there before came in by itself.
    """
    after = rows(db, province, record, record_id)
    if record_id is None and (before.empty or after.empty):
        return 0
    return record_changes(db, province, record, before, after, deed)
