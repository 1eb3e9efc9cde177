"""Re-state a table of figures by commune on the communes of another day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.changes import Change
from geo.errors import N_, FileError
from geo.names import heading_key
from geo.sources.fields import code_text, number, whole_number
from geo.sources.files import RawTable, read_table
from geo.sources.points import HEADINGS as POINT_HEADINGS
from geo.tables import Communes, UnitEvents
from planning.analysis.restating import (
    Restated,
    StepPeople,
    people_around,
    restate,
    restate_points,
    steps_between,
)
from planning.exports.as_csv import write_csv
from planning.exports.sheets import DEMONSTRATION, Sheet
from planning.model.errors import NotFoundError, NotReadyError, RequestError
from planning.services.requests import only_province, require_day, vintage_on
from planning.store import imports, layers
from planning.store.changes import load_events
from planning.store.session import Store
from planning.store.situation import load_situation

# What a re-stated figure rests on: where any of it is invented, the figure is a demonstration.
_RESTS_ON = frozenset({"boundaries", "population", "grid", "crosswalk"})
CODE_HEADINGS = ("code", "Mã xã", "commune_code", "Mã đơn vị hành chính", "old_code", "Mã xã cũ")
_LAT, _LON = POINT_HEADINGS["lat"], POINT_HEADINGS["lon"]


@dataclass(frozen=True, slots=True)
class RestateAsk:
    """Which table to re-state, and how.

    `figures` are the columns of whole numbers to carry, `apart` columns whose rows stay
    apart, `code` the column of commune codes (None: found by its heading). `to` is any day;
    `since` a day on which the codes hold, None: the one that fits most of them. Without
    figures every row is placed by itself.
    """

    path: Path
    to: str
    figures: tuple[str, ...] = ()
    since: str | None = None
    code: str | None = None
    apart: tuple[str, ...] = ()
    province: str | None = None


@dataclass(frozen=True)
class RestatedFile:
    """A re-stated table: from which day to which, through which changes, and its account."""

    province: str
    since: str
    to: str
    changes: tuple[str, ...]
    result: Restated
    names: Mapping[str, str]
    synthetic: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the account as plain values for JSON; the table itself is the CSV."""
        result = self.result
        return {
            "province_code": self.province, "from": self.since, "to": self.to,
            "changes": list(self.changes), "synthetic": self.synthetic,
            "balance": _plain(result.balance), "apportioned": _plain(result.apportioned),
            "unlinked": _plain(result.unlinked),
        }  # fmt: skip


@dataclass(frozen=True)
class PlacedRows:
    """The rows of a file as they are, with the commune of each on another day.

    `table` has the columns of the file, `code_then` and `name_then` (missing where not
    known), `basis` and `why` as `planning.analysis.restating.restate_points` gives them.
    """

    province: str
    to: str
    table: pd.DataFrame
    synthetic: bool


def restate_file(store: Store, ask: RestateAsk) -> RestatedFile:
    """Read a table and carry its figures to the communes of another day.

    Raises a `Refusal` when the table cannot be read or no change of communes is known.
    """
    province = _province(store, ask)
    table = _read(ask)
    events, days, synthetic = _known(store, province)
    since = ask.since or _since(events, table["code"], ask)
    known = _communes(store, province, ask.to)
    names = {} if known is None else dict(zip(known["code"], known["full_name"], strict=True))
    walked = steps_between(events, since, ask.to)
    people = {step.date: _people(store, province, step.date, days) for step in walked}
    steps = steps_between(events, since, ask.to, people)
    result = restate(table, ask.figures, steps, apart=ask.apart, known=names)
    dates = tuple(step.date for step in steps)
    return RestatedFile(province, since, ask.to, dates, result, names, synthetic)


def place_rows(store: Store, ask: RestateAsk) -> PlacedRows:
    """Read a table and say of every row in which commune of another day it is.

    A row with coordinates goes where they lie; one without follows its commune code where
    the commune passed whole.
    """
    province = _province(store, ask)
    raw = read_table(ask.path, frozenset(map(heading_key, (*_codes(ask), *_LAT, *_LON))))
    code, lat, lon = (_column(raw, names) for names in (_codes(ask), _LAT, _LON))
    if code is None and (lat is None or lon is None):
        raise _lacking(ask, raw, _codes(ask)[0])
    none = [None] * len(raw.cells)
    points = pd.DataFrame(
        {
            "code": pd.Series(none if code is None else map(_code, raw.cells[code]), dtype=object),
            "lon": _degrees(none if lon is None else raw.cells[lon]),
            "lat": _degrees(none if lat is None else raw.cells[lat]),
        }
    )
    known = _communes(store, province, ask.to)
    located = points["lon"].notna() & points["lat"].notna() & (known is not None)
    steps, synthetic = [], _synthetic(store, province)
    if (points["code"].notna() & ~located).any():
        events, _, _ = _known(store, province)
        since = ask.since or _since(events, points["code"], ask)
        steps = steps_between(events, since, ask.to)
    names = {} if known is None else dict(zip(known["code"], known["full_name"], strict=True))
    placed = restate_points(points, known, steps, names)
    table = raw.cells.reset_index(drop=True).assign(
        code_then=placed["code"], name_then=placed["code"].map(names),
        basis=placed["basis"], why=placed["why"],
    )  # fmt: skip
    return PlacedRows(province, ask.to, table, synthetic)


def write(path: Path, restated: RestatedFile) -> None:
    """Write the re-stated table as CSV, with the names of the communes where known."""
    table = restated.result.table
    at = table.columns.get_loc("code")
    assert isinstance(at, int)
    table = table.copy()
    table.insert(at + 1, "name", table["code"].map(dict(restated.names)))
    _write(path, table, synthetic=restated.synthetic)


def write_rows(path: Path, placed: PlacedRows) -> None:
    """Write the rows with their communes as CSV."""
    _write(path, placed.table, synthetic=placed.synthetic)


def _write(path: Path, table: pd.DataFrame, *, synthetic: bool) -> None:
    notes = (("label", DEMONSTRATION),) if synthetic else ()
    empty = np.empty(len(table), dtype=object)
    headings = {str(name): str(name) for name in table.columns}
    write_csv(path, Sheet("restated", table, headings, empty, notes))


def _province(store: Store, ask: RestateAsk) -> str:
    for day in filter(None, (ask.since, ask.to)):
        require_day(day)
    return only_province(store, ask.province)


def _known(store: Store, province: str) -> tuple[UnitEvents, list[str], bool]:
    """Return the changes of a province, its vintages, and whether any of that is invented."""
    with store.reading() as db:
        events = load_events(db, province)
        days = [first for first, _ in layers.vintages(db, province)]
    if events is None:
        raise NotReadyError(
            N_("No change of communes of province %(province)s is known; import its crosswalk with “diemthu import crosswalk”."),
            province=province,
        )  # fmt: skip
    return events, days, _synthetic(store, province)


def _synthetic(store: Store, province: str) -> bool:
    """Return whether anything that a re-stated figure rests on is invented."""
    with store.reading() as db:
        found = imports.batches(db, province)
    return any(each.synthetic for each in found if each.kind in _RESTS_ON)


def _read(ask: RestateAsk) -> pd.DataFrame:
    """Return the columns asked for: `code`, whole figures (missing where empty), the others."""
    raw = read_table(
        ask.path, frozenset(map(heading_key, (*_codes(ask), *ask.figures, *ask.apart)))
    )
    columns = {heading_key(str(name)): str(name) for name in reversed(raw.cells.columns)}
    code = _column(raw, _codes(ask))
    lacking = [each for each in (*ask.figures, *ask.apart) if heading_key(each) not in columns]
    if code is None or lacking:
        raise _lacking(ask, raw, lacking[0] if lacking else _codes(ask)[0])
    cells = {"code": [_code(each) for each in raw.cells[code]]}
    table = pd.DataFrame(cells, dtype=object)
    for name in ask.figures:
        written = raw.cells[columns[heading_key(name)]].tolist()
        table[name] = pd.array(_whole(written, raw.rows, name, ask.path.name), "Int64")
    for name in ask.apart:
        table[name] = raw.cells[columns[heading_key(name)]].astype(object).tolist()
    return table


def _codes(ask: RestateAsk) -> tuple[str, ...]:
    return CODE_HEADINGS if ask.code is None else (ask.code,)


def _column(raw: RawTable, names: Sequence[str]) -> str | None:
    """Return the first column that has one of the names, None without any."""
    columns = {heading_key(str(name)): str(name) for name in reversed(raw.cells.columns)}
    return next((columns[key] for key in map(heading_key, names) if key in columns), None)


def _lacking(ask: RestateAsk, raw: RawTable, column: str) -> RequestError:
    return RequestError(
        N_("%(file)s has no column “%(column)s”; it has %(found)s."),
        file=ask.path.name, column=column,
        found=", ".join(f"“{each}”" for each in raw.cells.columns)[:300],
    )  # fmt: skip


def _degrees(cells: Iterable[Any]) -> pd.Series:
    read = [None if pd.isna(each) else number(str(each)) for each in cells]
    return pd.Series(read, dtype=float)


def _code(cell: Any) -> str | None:
    return None if pd.isna(cell) else code_text(str(cell), 5)


def _whole(cells: Sequence[Any], rows: Sequence[int], name: str, file: str) -> list[int | None]:
    read = [None if pd.isna(each) else whole_number(str(each)) for each in cells]
    bad = [at for at, each in enumerate(cells) if not pd.isna(each) and read[at] is None]
    if bad:
        raise FileError(
            N_("%(file)s, row %(row)s: “%(value)s” under “%(column)s” is no whole number, nor are %(others)s others; mend them or leave the column out."),
            file=file, row=rows[bad[0]], value=str(cells[bad[0]])[:40], column=name,
            others=len(bad) - 1,
        )  # fmt: skip
    return read


def _since(events: UnitEvents, codes: pd.Series, ask: RestateAsk) -> str:
    """Return a day on whose units most of the codes are; refuse when that leaves a choice."""
    dates = sorted(set(events["date"]))
    known = {Change(day).day_before: set(events.loc[events["date"] == day, "old_code"].dropna())
             for day in dates}  # fmt: skip
    known[dates[-1]] = set(events.loc[events["date"] == dates[-1], "new_code"].dropna())
    fits = {day: int(codes.isin(units).sum()) for day, units in known.items()}
    best = [day for day, count in fits.items() if count == max(fits.values())]
    if len(best) > 1:
        raise RequestError(
            N_("The codes of %(file)s fit the communes of %(days)s equally well; say with --from on which day they hold."),
            file=ask.path.name, days=", ".join(best),
        )  # fmt: skip
    return best[0]


def _communes(store: Store, province: str, day: str) -> Communes | None:
    """Return the communes in force on a day, None where no boundaries hold."""
    try:
        vintage = vintage_on(store, province, day)
    except NotFoundError:
        return None
    with store.reading() as db:
        return layers.load_communes(db, province, vintage)


def _people(store: Store, province: str, day: str, days: Sequence[str]) -> StepPeople:
    """Return the people known around a change: of the parts, and of the units on both sides."""
    if day not in days:
        return StepPeople()
    try:
        return people_around(load_situation(store, province, day))
    except NotReadyError:  # neither a population nor a grid
        return StepPeople()


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): row[name] for name in row} for row in rows]
