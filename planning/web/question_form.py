"""A planner's question as a form: read into the values of a question's file, and back.

The name of a field is the path of its key in the file, such as `rules.per_commune.least`, so
that one validation serves both, and what is wrong with a key is said at its field. Shares are
per cent in the form. Lists stand a line each; rows of groups and of variations are numbered.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from geo.errors import N_
from planning.model.asking import SuggestionAsk
from planning.model.wishes import AskError, Wrong
from planning.services import siting

WHOLES = (
    "points", "seed", "budget.thousand_dong", "budget.default_cost",
    "rules.per_commune.least", "rules.per_commune.most",
    "rules.per_former_commune.least", "rules.per_former_commune.most",
    "rules.capacity.people_per_point", "rules.capacity.people_per_staff",
    "existing.moves", "existing.closings",
)  # fmt: skip
REALS = ("fade", "seconds", "rules.spacing_km", "rules.worst_km", "rules.host_within_km")
SHARES = ("target",)
WORDS = ("demand", "objective", "method", "effort")
FLAGS = ("firmness", "polish")
CODES = ("rules.per_commune.exempt", "rules.per_former_commune.exempt")
LINES = ("rules.locked_in", "rules.locked_out", "existing.closable")
CHOICES = ("rules.kinds", "rules.host_types")
COSTS = "budget.cost"
# A part that may stand many times: its fields, each with how it is read.
ROWS: dict[str, dict[str, str]] = {
    "rules.groups": {"name": "text", "communes": "codes", "terrain": "text",
                     "share": "share", "points": "whole"},
    "variations": {"name": "text", "radius": "real", "people": "share"},
}  # fmt: skip
MOST_ROWS = 50
SPARE_ROWS = 2

NO_WHOLE = N_("“%(value)s” is not a whole number.")
NO_NUMBER = N_("“%(value)s” is not a number.")
NO_COST = N_("“%(value)s” is not a type of host, a colon and its cost, such as “bưu cục: 15000”.")
NEEDED = N_("This is needed here too; fill it in.")
_MISSING = "The key is missing; add it."
_MOST_DIGITS = 20
_WHOLE = re.compile(r"-?\d+|-?\d{1,3}(?:[., ]\d{3})+", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?", re.ASCII)
_ROW = re.compile(r"(rules\.groups|variations)\[(\d{1,3})\]\.(\w+)", re.ASCII)

Form = MultiDict[str, str]


@dataclass(frozen=True)
class ShownForm:
    """What the fields of the form hold, and what is wrong at each: `wrongs` by field.

    `groups` and `variations` say how many rows there are, the empty ones at the end included.
    """

    fields: Form
    wrongs: Mapping[str, tuple[Wrong, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what stands in a field."""
        return self.fields.get(name, "")

    def chosen(self, name: str, value: str) -> bool:
        """Return whether one of several choices is made."""
        return value in self.fields.getlist(name)

    def others(self, name: str, known: list[str]) -> list[str]:
        """Return the choices made that are not among the known ones."""
        return [each for each in self.fields.getlist(name) if each not in known]

    def rows(self, part: str) -> int:
        """Return how many rows of a part to show."""
        return len(_numbers(self.fields, part)) + SPARE_ROWS

    def any_of(self, *starts: str) -> bool:
        """Return whether anything that begins so is filled in or wrong."""
        filled = any(key.startswith(starts) and value for key, value in self.fields.items())
        return filled or any(key.startswith(starts) for key in self.wrongs)


def read(form: Form, about: Mapping[str, Any]) -> tuple[SuggestionAsk | None, ShownForm]:
    """Return the question that a form asks, None where anything is wrong; and how to show it.

    `about` says where and by which standard, as a file would.
    """
    form = _without_empty_rows(form)
    values, wrongs = values_of(form)
    try:
        ask = siting.stated({**values, **about}).ask
    except AskError as error:
        ask = None
        known = {each.key for each in wrongs}
        found = [each for each in error.wrongs if not (wrongs and each.joint)]
        wrongs += [each for each in found if each.key not in known]
    by_field: dict[str, tuple[Wrong, ...]] = {}
    for each in wrongs:
        said = Wrong(each.key, NEEDED) if each.message == _MISSING else each
        name = field_of(each.key)
        by_field[name] = (*by_field.get(name, ()), said)
    return (None if wrongs else ask), ShownForm(form, by_field)


def shown(values: Mapping[str, Any], *, comma: bool) -> ShownForm:
    """Return the form filled with a question, its numbers with a decimal comma or point."""
    return ShownForm(form_of(values, comma=comma))


def values_of(form: Form) -> tuple[dict[str, Any], list[Wrong]]:
    """Return the values that a form stands for, and what in it cannot be read."""
    values: dict[str, Any] = {}
    wrongs: list[Wrong] = []
    for name, value in _plain(form, wrongs):
        _put(values, name, value)
    costs: dict[str, int] = {}
    for line in _lines(form.get(COSTS, "")):
        kind, _, cost = line.rpartition(":")
        if not kind.strip() or not _is_whole(cost.strip()):
            wrongs.append(Wrong(COSTS, NO_COST, {"value": line[:60]}))
        else:
            costs[kind.strip()] = _whole_of(cost)
    if costs:
        _put(values, COSTS, costs)
    for part in ROWS:
        if rows := [_row(form, part, number, wrongs) for number in _numbers(form, part)]:
            _put(values, part, rows)
    return values, wrongs


def form_of(values: Mapping[str, Any], *, comma: bool) -> Form:
    """Return the fields that hold these values of a question."""
    found: Form = MultiDict()
    for name in (*WHOLES, *REALS, *SHARES, *WORDS, *FLAGS, *CODES, *LINES, *CHOICES, COSTS):
        value = _get(values, name)
        if value is None or value is False or value in ([], {}):  # but 0 is a value
            continue
        if name in CHOICES:
            found.setlist(name, [str(each) for each in value])
        else:
            found[name] = _written(name, value, comma=comma)
    for part in ROWS:
        for number, row in enumerate(_get(values, part) or []):
            for key, value in row.items():
                how = ROWS[part][key]
                found[f"{part}[{number}].{key}"] = _written_as(how, value, comma=comma)
    return found


def field_of(key: str) -> str:
    """Return the field at which to say what is wrong with a key of a question."""
    if found := _ROW.match(key):
        return found[0]
    fields = (*WHOLES, *REALS, *SHARES, *WORDS, *FLAGS, *CODES, *LINES, *CHOICES, COSTS, *ROWS)
    same = (each for each in fields if re.match(rf"{re.escape(each)}(?![\w])", key))
    inside = (each for each in fields if each.startswith(f"{key}."))
    return next(same, next(inside, key))


def _plain(form: Form, wrongs: list[Wrong]) -> Iterator[tuple[str, Any]]:
    """Yield the fields that stand once, each read; what is left empty is left away."""
    for names, how in ((WHOLES, "whole"), (REALS, "real"), (SHARES, "share"), (WORDS, "text"),
                       (CODES, "codes"), (LINES, "lines")):  # fmt: skip
        for name in names:
            value = _read(how, form.get(name, ""), name, wrongs)
            if value is not None:
                yield name, value
    for name in FLAGS:
        if form.get(name):
            yield name, True
    for name in CHOICES:
        if chosen := [each for each in form.getlist(name) if each]:
            yield name, chosen


def _read(how: str, text: str, name: str, wrongs: list[Wrong]) -> Any:
    """Return what a text stands for; None for nothing, or after saying what is wrong."""
    text = text.strip()
    found: Any = None
    if how == "codes":
        found = [each for each in re.split(r"[\s,;]+", text) if each] or None
    elif how == "lines":
        found = _lines(text) or None
    elif how == "text":
        found = text or None
    elif text:
        found = _number_of(how, text)
        if found is None:
            message = NO_WHOLE if how == "whole" else NO_NUMBER
            wrongs.append(Wrong(name, message, {"value": text[:40]}))
    return found


def _number_of(how: str, text: str) -> int | float | None:
    """Return the number that a text writes, None where it writes none."""
    if how == "whole":
        return _whole_of(text) if _is_whole(text) else None
    if len(text) > 2 * _MOST_DIGITS or not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text.replace(",", "."))
    return float(number / 100 if how == "share" else number)


def _row(form: Form, part: str, number: int, wrongs: list[Wrong]) -> dict[str, Any]:
    row = {}
    for key, how in ROWS[part].items():
        name = f"{part}[{number}].{key}"
        value = _read(how, form.get(name, ""), name, wrongs)
        if value is not None:
            row[key] = value
    return row


def _numbers(form: Form, part: str) -> list[int]:
    """Return the numbers of the rows in which anything stands, in order."""
    found = set()
    for name, value in form.items():
        match = _ROW.fullmatch(name)
        if match and match[1] == part and match[3] in ROWS[part] and value.strip():
            found.add(int(match[2]))
    return sorted(found)[:MOST_ROWS]


def _without_empty_rows(form: Form) -> Form:
    """Return the form with its rows numbered on from 0, as the values will be."""
    places = {(part, number): place for part in ROWS
              for place, number in enumerate(_numbers(form, part))}  # fmt: skip
    found: Form = MultiDict()
    for name, value in form.items(multi=True):
        match = _ROW.fullmatch(name)
        if match is None:
            found.add(name, value)
        elif (place := places.get((match[1], int(match[2])))) is not None:
            found.add(f"{match[1]}[{place}].{match[3]}", value)
    return found


def _is_whole(text: str) -> bool:
    return len(text) <= _MOST_DIGITS and _WHOLE.fullmatch(text) is not None


def _whole_of(text: str) -> int:
    return int(re.sub(r"[., ]", "", text.strip()))


def _lines(text: str) -> list[str]:
    return [each.strip() for each in text.splitlines() if each.strip()]


def _put(values: dict[str, Any], name: str, value: Any) -> None:
    *parts, last = name.split(".")
    for part in parts:
        values = values.setdefault(part, {})
    values[last] = value


def _get(values: Mapping[str, Any], name: str) -> Any:
    found: Any = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _written(name: str, value: Any, *, comma: bool) -> str:
    if name == COSTS:
        return "\n".join(f"{kind}: {cost}" for kind, cost in value.items())
    if name in LINES:
        return "\n".join(value)
    if name in FLAGS:
        return "1"
    how = {**dict.fromkeys(CODES, "codes"), **dict.fromkeys(SHARES, "share")}.get(name, "real")
    return _written_as(how, value, comma=comma)


def _written_as(how: str, value: Any, *, comma: bool) -> str:
    """Return a value as a planner writes it, shortest and without loss."""
    if how == "codes":
        return ", ".join(value)
    if how == "text" or not isinstance(value, int | float):
        return str(value)
    number = Decimal(repr(value)) * (100 if how == "share" else 1)
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",") if comma else text
