"""Whom the rows of a table of targets and results are about, found in the register."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import Severity
from geo.names import name_key
from geo.places import Match
from geo.sources.figures import FigureFile
from geo.sources.rows import Cells, Seen, Texts, mapped, there
from planning.model.performance import ALL_KEYS, KEYS, Level, Programme
from planning.model.periods import period
from planning.services.imports.looking_up import KnownRegister, each_pair, office_key, see_each

KEY = ["programme", "period", "level", *ALL_KEYS]
_MOST_CANDIDATES = 4

_PROGRAMME = Seen(
    Severity.LEFT_OUT, "programme-unknown",
    N_("is no programme of the province, by code or by name; %(count)s rows name it. There are %(known)s."),
    N_("Correct it, or import the programmes first."),
)  # fmt: skip
_OFFICE = Seen(
    Severity.LEFT_OUT, "office-unknown",
    N_("is no BHXH cơ sở of the communes or points here; %(count)s rows name it."),
)  # fmt: skip
_ORGANISATION = Seen(
    Severity.LEFT_OUT, "organisation-unknown",
    N_("is no organisation of the register, by code or by name; %(count)s rows name it."),
    N_("Correct it, or import the organisations first."),
)  # fmt: skip
_COMMUNE = Seen(
    Severity.LEFT_OUT, "commune-unknown",
    N_("is no commune of the province on %(day)s, the last day of the period; %(count)s rows name it."),
    N_("Name the communes that were in force on that day."),
)  # fmt: skip
_OTHER_TIME = Seen(
    Severity.LEFT_OUT, "commune-of-another-time",
    N_("is a commune of the boundaries from %(days)s, not of %(day)s, the last day of the period; %(count)s rows name it."),
    N_("Name the communes that were in force on that day."),
)  # fmt: skip
_SEVERAL = Seen(
    Severity.LEFT_OUT, "commune-ambiguous",
    N_("names no single commune; it may be %(candidates)s. %(count)s rows name it."),
    N_("Write the code of the commune."),
)  # fmt: skip
_CONTRADICTS = Seen(
    Severity.LOOK, "commune-name-contradicts",
    N_("is %(named)s, but the code beside it is that of %(coded)s; the code was taken."),
)  # fmt: skip
_POINT = Seen(
    Severity.LEFT_OUT, "point-unknown",
    N_("is the code of no point of the register; %(count)s rows name it."),
    N_("Correct it, or import the list of points first."),
)  # fmt: skip
_CLOSED = Seen(
    Severity.LEFT_OUT, "point-closed",
    N_("was closed on %(day)s, before the period began; %(count)s rows give figures for it."),
    N_("Correct the code, or the day in the list of points."),
)  # fmt: skip
_STAFF = Seen(
    Severity.LEFT_OUT, "staff-unknown",
    N_("the number is of nobody in the list of staff; %(count)s rows name it."),
    N_("Correct it, or import the list of staff first."),
)  # fmt: skip
_TWICE = Seen(
    Severity.BLOCKS, "figure-twice",
    N_("row %(other)s gives a figure for the same period, programme and place."),
    N_("Keep one of the two rows."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolved:
    """The rows of a table by the keys of the register.

    `frame` has the columns of `KEY`, `valid_from` and the figures; `places` are those of its
    rows in the file. Rows that mean nobody in the register are not among them.
    """

    frame: pd.DataFrame
    places: NDArray[np.int64]


def resolved(
    file: FigureFile, known: KnownRegister, programmes: tuple[Programme, ...]
) -> Resolved:  # fmt: skip
    """Return the usable rows by the keys of the register; what is not there is reported.

    All that a row names is looked up, whatever else is wrong with the row: who mends a file
    wants to know everything at once. Only communes wait for a period that can be read: which
    of them there are depends on it.
    """
    cells, rows = file.cells, file.frame
    level, when = _column(rows, "level"), _column(rows, "period")
    found: dict[str, Texts] = {"programme": _programmes(cells, rows, programmes)}
    good = file.usable & there(found["programme"])
    needs = {key: np.isin(level, [e.value for e in Level if key in KEYS[e]]) for key in ALL_KEYS}
    found["office"] = _looked(cells, "office", needs["office"], known.offices, _OFFICE)
    found["organisation_code"] = _organisations(cells, rows, known, needs["organisation_code"])
    found["commune_code"], found["valid_from"] = _communes(
        cells, rows, known, needs["commune_code"] & there(when)
    )
    found["point_id"] = _points(cells, rows, known, needs["point_id"])
    found["staff_id"] = _staff(cells, rows, known, needs["staff_id"])
    for key in ALL_KEYS:
        good &= ~needs[key] | there(found[key])
    filled = {
        name: np.where(needs.get(name, good) & there(texts), texts, "")
        for name, texts in found.items()
    }  # fmt: skip
    filled["valid_from"] = np.where(needs["commune_code"], filled["valid_from"], "")
    frame = pd.DataFrame({**filled, "period": when, "level": level}, dtype=object).assign(
        target=rows["target"], result=rows["result"]
    )
    kept = Resolved(frame[good].reset_index(drop=True), np.flatnonzero(good))
    _see_twice(cells, kept)
    return kept


def _column(rows: pd.DataFrame, name: str) -> Texts:
    return rows[name].to_numpy(dtype=object)


def _programmes(cells: Cells, rows: pd.DataFrame, programmes: tuple[Programme, ...]) -> Texts:
    words = {name_key(each.name): each.code for each in programmes}
    words |= {each.code.casefold(): each.code for each in programmes}
    texts = _column(rows, "programme")
    found = mapped(texts, lambda text: words.get(text.casefold()) or words.get(name_key(text)))
    known = ", ".join(f"{each.code} ({each.name})" for each in programmes)
    unknown = there(texts) & ~there(found)
    see_each(cells, unknown, "programme", _PROGRAMME, lambda _: {"known": known})
    return found


def _looked(
    cells: Cells, field: str, where: NDArray[np.bool_], known: Mapping[str, str], seen: Seen
) -> Texts:
    texts = cells.without(cells.text(field), ~where)
    found = mapped(texts, lambda text: known.get(office_key(text)))
    see_each(cells, there(texts) & ~there(found), field, seen)
    return found


def _organisations(
    cells: Cells, rows: pd.DataFrame, known: KnownRegister, where: NDArray[np.bool_]
) -> Texts:
    codes = cells.without(_column(rows, "organisation_code"), ~where)
    names = cells.without(_column(rows, "organisation"), ~where)
    by_code = mapped(codes, lambda text: known.organisation(text, text))
    by_name = mapped(
        cells.without(names, there(codes)), lambda text: known.organisation(None, text)
    )
    see_each(cells, there(codes) & ~there(by_code), "organisation_code", _ORGANISATION)
    named = there(names) & ~there(codes)
    see_each(cells, named & ~there(by_name), "organisation", _ORGANISATION)
    return np.where(there(codes), by_code, by_name)


def _communes(
    cells: Cells, rows: pd.DataFrame, known: KnownRegister, where: NDArray[np.bool_]
) -> tuple[Texts, Texts]:
    """Return the code of each row's commune, and the first day of its vintage."""
    when = _column(rows, "period")
    last = mapped(when, lambda code: period(code).last.isoformat())
    codes = cells.without(_column(rows, "commune_code"), ~where)
    names = cells.without(_column(rows, "commune"), ~where)
    by_day = {day: known.vintage_on(day) for day in {each for each in last if each is not None}}

    def of_code(day: str, text: str) -> str | None:
        vintage, code = by_day[day], text.removesuffix(".0").zfill(5)
        return code if vintage is not None and code in vintage.names else None

    by_code = each_pair(last, codes, of_code)

    def of_name(day: str, text: str) -> Match | None:
        vintage = by_day[day]
        return None if vintage is None else vintage.match(text)

    matches = each_pair(last, names, of_name)
    by_name = mapped_codes(matches)
    unknown = there(codes) & ~there(by_code)
    other = mapped(cells.without(codes, ~unknown), lambda text: _elsewhere(known, text))
    see_each(
        cells,
        unknown & ~there(other),
        "commune_code",
        _COMMUNE,
        lambda at: {"day": _shown(last[at])},
    )
    see_each(
        cells,
        unknown & there(other),
        "commune_code",
        _OTHER_TIME,
        lambda at: {"day": _shown(last[at]), "days": other[at]},
    )
    asked = there(names) & ~there(codes)
    several = asked & ~there(by_name) & np.array([_many(each) for each in matches], dtype=bool)
    see_each(cells, several, "commune", _SEVERAL, lambda at: {"candidates": _listed(matches[at])})
    see_each(
        cells,
        asked & ~there(by_name) & ~several,
        "commune",
        _COMMUNE,
        lambda at: {"day": _shown(last[at])},
    )
    wrong = there(by_code) & there(by_name)
    wrong[wrong] = by_code[wrong] != by_name[wrong]
    see_each(
        cells, wrong, "commune", _CONTRADICTS,
        lambda at: {"named": matches[at].candidates[0].name, "coded": by_code[at]},
    )  # fmt: skip
    firsts = mapped(last, lambda day: None if (each := by_day[day]) is None else each.first)
    return np.where(there(codes), by_code, by_name), firsts


def mapped_codes(matches: NDArray[np.object_]) -> Texts:
    """Return the code of each match, None where it has none."""
    return np.array([None if each is None else each.code for each in matches], dtype=object)


def _many(match: object) -> bool:
    return bool(getattr(match, "candidates", ()))


def _listed(match: object) -> str:
    named = [f"{each.name} ({each.code})" for each in getattr(match, "candidates", ())]
    return ", ".join(named[:_MOST_CANDIDATES]) + (" …" if len(named) > _MOST_CANDIDATES else "")


def _elsewhere(known: KnownRegister, text: str) -> str | None:
    """Return the first days of the boundaries that have a commune of this code."""
    code = text.removesuffix(".0").zfill(5)
    days = [_shown(each.first) for each in known.vintages if code in each.names]
    return ", ".join(days) or None


def _points(
    cells: Cells, rows: pd.DataFrame, known: KnownRegister, where: NDArray[np.bool_]
) -> Texts:
    codes = cells.without(_column(rows, "point_code"), ~where)
    points = mapped(codes, known.points.get)
    see_each(cells, there(codes) & ~there(points), "point_code", _POINT)
    begins = mapped(_column(rows, "period"), lambda code: period(code).first.isoformat())

    def shut(first: str, code: str) -> bool:
        point = known.points.get(code)
        return point is not None and bool(point.closed) and point.closed < first

    closed = each_pair(begins, codes, shut) == True  # noqa: E712 - of objects, None among them
    see_each(cells, closed, "point_code", _CLOSED, lambda at: {"day": _shown(points[at].closed)})
    ids = np.array([None if each is None else each.point_id for each in points], dtype=object)
    return cells.without(ids, closed)


def _staff(
    cells: Cells, rows: pd.DataFrame, known: KnownRegister, where: NDArray[np.bool_]
) -> Texts:
    numbers = cells.without(_column(rows, "staff_id"), ~where)
    found = mapped(numbers, lambda text: text if text in known.staff else None)
    see_each(cells, there(numbers) & ~there(found), "staff_id", _STAFF)
    return found


def _see_twice(cells: Cells, kept: Resolved) -> None:
    """Report rows that give the same figure an earlier one gives; nothing says which is right."""
    told: dict[int, dict[str, object]] = {}
    for figure in ("target", "result"):
        given = kept.frame[kept.frame[figure].notna()]
        again = given[given.duplicated(KEY)]
        if again.empty:
            continue
        first = given.drop_duplicates(KEY).set_index(KEY).index
        firsts = given.drop_duplicates(KEY).index.to_numpy()
        befores = firsts[first.get_indexer(pd.MultiIndex.from_frame(again[KEY]))]
        for row, before in zip(again.index, befores, strict=True):
            told[int(kept.places[row])] = {"other": int(cells.rows[kept.places[before]])}
    cells.see(told, "period", _TWICE, told.__getitem__)


def _shown(day: str) -> str:
    return f"{day[8:10]}/{day[5:7]}/{day[:4]}"
