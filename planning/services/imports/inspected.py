"""Imports of inspections of points: added to those kept, or in place of the same one."""

import pandas as pd
import sqlalchemy as sa

from geo.errors import N_
from geo.findings import Severity
from geo.sources.inspections import InspectionFile, read_inspections
from geo.sources.rows import Seen, mapped, there
from planning.services.imports.asked import ImportAsk
from planning.services.imports.looking_up import KnownRegister, see_each
from planning.services.imports.reading import Kept, Reading
from planning.services.requests import now, only_province
from planning.store import performance_writing
from planning.store.session import Store

_KEY = ["point_id", "day", "document"]
_POINT = Seen(
    Severity.LEFT_OUT, "point-unknown",
    N_("is the code of no point of the register; %(count)s rows name it."),
    N_("Correct it, or import the list of points first."),
)  # fmt: skip
_TWICE = Seen(
    Severity.BLOCKS, "inspection-twice",
    N_("row %(other)s tells of this point on this day under this number of minutes too."),
    N_("Delete one of the rows, or give each its own minutes."),
)  # fmt: skip
_FUTURE = Seen(
    Severity.LEFT_OUT, "day-in-future", N_("lies in the future; no inspection has been made then.")
)


def inspections(store: Store, ask: ImportAsk) -> Reading:
    """Read inspections; keeping adds them to those there are.

    One of the same point, day and minutes is replaced. A point is found by its official code,
    a former one among them.
    """
    code = only_province(store, ask.province)
    file = read_inspections(ask.path, ask.choices)
    with store.reading() as db:
        known = KnownRegister(db, code)
    rows = _found(file, known)
    keys = [
        {str(name): str(value) for name, value in row.items()}
        for row in rows[_KEY].drop_duplicates().to_dict("records")
    ]
    parts = {"inspection": keys}

    def keep(db: sa.Connection) -> list[Kept]:
        performance_writing.save_part(db, code, "inspection", parts, rows)
        options = {"good_rows": ask.good_rows}
        left_out = file.rows - len(rows)
        return [Kept(code, ask.kind, len(rows), left_out=left_out, options=options)]

    return Reading(
        file.report, file.rows, len(rows), keep, lambda _: (code,), file.recognised,
        whole_only=True, parts=parts,
    )  # fmt: skip


def _found(file: InspectionFile, known: KnownRegister) -> pd.DataFrame:
    """Return the usable rows with the id of their point in place of its code."""
    cells, rows = file.cells, file.frame
    codes = cells.without(rows["point_code"].to_numpy(dtype=object), ~file.usable)
    points = mapped(codes, known.points.get)
    see_each(cells, there(codes) & ~there(points), "point_code", _POINT)
    late = file.usable & (rows["day"] > now()[:10]).to_numpy()
    cells.see(late, "day", _FUTURE)
    good = there(points) & ~late
    ids = [each.point_id for each in points[good]]
    found = rows[good].drop(columns="point_code").assign(point_id=ids)
    twice = found.duplicated(_KEY)
    told: dict[int, dict[str, object]] = {}
    for at, row in found[twice].iterrows():
        same = found[(found[_KEY] == row[_KEY]).all(axis=1)].index[0]
        told[int(str(at))] = {"other": int(cells.rows[same])}
    unsaid = {at: each for at, each in told.items() if not _said(file, at)}
    cells.see(unsaid, "day", _TWICE, unsaid.__getitem__)
    return found[~twice].reset_index(drop=True)


def _said(file: InspectionFile, at: int) -> bool:
    """Whether the reader said already that a row stands twice: both have one code."""
    row = int(file.cells.rows[at])
    return any(each.code == _TWICE.code and each.row == row for each in file.report)
