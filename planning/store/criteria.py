"""The checklist of a province: every criterion with the days on which it counts."""

from collections.abc import Sequence

import sqlalchemy as sa

from planning.model.proposals import Criterion
from planning.store import review_tables

_line = review_tables.criterion.c


def load(db: sa.Connection, province: str) -> tuple[Criterion, ...]:
    """Return every line there ever was, in the order of the list; none as it was never edited."""
    query = (
        sa.select(_line.code, _line.text, _line.mandatory, _line.basis, _line.valid_from,
                  _line.valid_to)
        .where(_line.province_code == province)
        .order_by(_line.position, _line.valid_from)
    )  # fmt: skip
    return tuple(Criterion(*tuple(row)) for row in db.execute(query))


def save(db: sa.Connection, province: str, lines: Sequence[Criterion]) -> None:
    """Replace the whole list; lines of one code stand together, where its first one stands."""
    order = {each.code: place for place, each in reversed(list(enumerate(lines)))}
    db.execute(sa.delete(review_tables.criterion).where(_line.province_code == province))
    for each in lines:
        db.execute(
            sa.insert(review_tables.criterion).values(
                province_code=province, code=each.code, valid_from=each.valid_from,
                text=each.text, mandatory=each.mandatory, basis=each.basis,
                valid_to=each.valid_to, position=order[each.code],
            )
        )  # fmt: skip
