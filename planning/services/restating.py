"""Re-state a table of figures by commune on the communes of another day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.changes import Change
from geo.errors import N_, FileError
from geo.names import heading_key
from geo.sources.fields import code_text, whole_number
from geo.sources.files import read_table
from geo.tables import UnitEvents
from planning.analysis.restating import Restated, StepPeople, restate, steps_between
from planning.analysis.situation import Situation
from planning.exports.as_csv import write_csv
from planning.exports.sheets import DEMONSTRATION, Sheet
from planning.model.errors import NotFoundError, NotReadyError, RequestError
from planning.services.requests import only_province, require_day, vintage_on
from planning.store import imports, layers
from planning.store.changes import load_events
from planning.store.session import Store
from planning.store.situation import load_situation

CODE_HEADINGS = ("code", "Mã xã", "commune_code", "Mã đơn vị hành chính", "old_code", "Mã xã cũ")


@dataclass(frozen=True, slots=True)
class RestateAsk:
    """Which table to re-state, and how.

    `figures` are the columns of whole numbers to carry, `apart` columns whose rows stay
    apart, `code` the column of commune codes (None: found by its heading). `to` is any day;
    `since` a day on which the codes hold, None: the one that fits most of them.
    """

    path: Path
    figures: tuple[str, ...]
    to: str
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


def restate_file(store: Store, ask: RestateAsk) -> RestatedFile:
    """Read a table and carry its figures to the communes of another day.

    Raises a `Refusal` when the table cannot be read or no change of communes is known.
    """
    for day in filter(None, (ask.since, ask.to)):
        require_day(day)
    province = only_province(store, ask.province)
    table = _read(ask)
    with store.reading() as db:
        events = load_events(db, province)
        days = [first for first, _ in layers.vintages(db, province)]
        synthetic = any(each.synthetic for each in imports.batches(db, province))
    if events is None:
        raise NotReadyError(
            N_("No change of communes of province %(province)s is known; import its crosswalk with “diemthu import crosswalk”."),
            province=province,
        )  # fmt: skip
    since = ask.since or _since(events, table["code"], ask)
    names = _names(store, province, ask.to)
    walked = steps_between(events, since, ask.to)
    people = {step.date: _people(store, province, step.date, days) for step in walked}
    steps = steps_between(events, since, ask.to, people)
    result = restate(table, ask.figures, steps, apart=ask.apart, known=names)
    dates = tuple(step.date for step in steps)
    return RestatedFile(province, since, ask.to, dates, result, names, synthetic)


def write(path: Path, restated: RestatedFile) -> None:
    """Write the re-stated table as CSV, with the names of the communes where known."""
    table = restated.result.table
    at = table.columns.get_loc("code")
    assert isinstance(at, int)
    table = table.copy()
    table.insert(at + 1, "name", table["code"].map(dict(restated.names)))
    notes = (("label", DEMONSTRATION),) if restated.synthetic else ()
    empty = np.empty(len(table), dtype=object)
    headings = {str(name): str(name) for name in table.columns}
    write_csv(path, Sheet("restated", table, headings, empty, notes))


def _read(ask: RestateAsk) -> pd.DataFrame:
    """Return the columns asked for: `code`, whole figures (missing where empty), the others."""
    wanted = (*(CODE_HEADINGS if ask.code is None else (ask.code,)), *ask.figures, *ask.apart)
    raw = read_table(ask.path, frozenset(map(heading_key, wanted)))
    columns = {heading_key(str(name)): str(name) for name in reversed(raw.cells.columns)}
    codes = CODE_HEADINGS if ask.code is None else (ask.code,)
    code = next((columns[key] for key in map(heading_key, codes) if key in columns), None)
    lacking = [each for each in (*ask.figures, *ask.apart) if heading_key(each) not in columns]
    if code is None or lacking:
        raise RequestError(
            N_("%(file)s has no column “%(column)s”; it has %(found)s."),
            file=ask.path.name, column=lacking[0] if lacking else codes[0],
            found=", ".join(f"“{each}”" for each in raw.cells.columns)[:300],
        )  # fmt: skip
    cells = {"code": [_code(each) for each in raw.cells[code]]}
    table = pd.DataFrame(cells, dtype=object)
    for name in ask.figures:
        written = raw.cells[columns[heading_key(name)]].tolist()
        table[name] = pd.array(_whole(written, raw.rows, name, ask.path.name), "Int64")
    for name in ask.apart:
        table[name] = raw.cells[columns[heading_key(name)]].astype(object).tolist()
    return table


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


def _names(store: Store, province: str, day: str) -> dict[str, str]:
    """Return the communes in force on a day by code, nothing where no boundaries hold."""
    try:
        vintage = vintage_on(store, province, day)
    except NotFoundError:
        return {}
    with store.reading() as db:
        communes = layers.load_communes(db, province, vintage)
    return dict(zip(communes["code"], communes["full_name"], strict=True))


def _people(store: Store, province: str, day: str, days: Sequence[str]) -> StepPeople:
    """Return the people known around a change: of the parts, and of the units on both sides."""
    if day not in days:
        return StepPeople()
    try:
        situation = load_situation(store, province, day)
    except NotReadyError:  # neither a population nor a grid
        return StepPeople()
    return StepPeople(_parts(situation), situation.former_population, situation.population)


def _parts(situation: Situation) -> dict[tuple[str, str], int]:
    living = situation.demand.dropna(subset="former_code")
    sums = living.groupby(["former_code", "commune_code"])["people"].sum()
    pairs = sums.index.to_list()
    return {(str(old), str(new)): int(count)
            for (old, new), count in zip(pairs, sums, strict=True)}  # fmt: skip


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): row[name] for name in row} for row in rows]
