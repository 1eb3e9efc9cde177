"""JSON read so that nothing in it is overlooked: keys twice, numbers that are none, depth."""

import json
from pathlib import Path
from typing import Any

from geo.errors import N_
from planning.model.wishes import Wrong

LARGEST_BYTES = 1_000_000
MOST_DEPTH = 8
_MOST_DIGITS = 20


class Strange(str):
    """What stands where a number should, but is none: NaN, or thousands of digits."""

    __slots__ = ()


class Pairs(dict[str, Any]):
    """A JSON object that remembers which keys stand in it twice."""

    twice: tuple[str, ...] = ()


def read_json(path: Path) -> tuple[Any, Wrong | None]:
    """Return the value of a file, or what keeps it from being one."""
    with path.open("rb") as file:
        body = file.read(LARGEST_BYTES + 1)
    if len(body) > LARGEST_BYTES:
        message = N_("The file is larger than %(most)s bytes; a question takes a few thousand.")
        return None, Wrong("", message, {"most": LARGEST_BYTES})
    try:
        return parsed(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, Wrong("", N_("The file is not text in UTF-8; save it as JSON in UTF-8."))


def parsed(text: str) -> tuple[Any, Wrong | None]:
    """Return the value that a text of JSON stands for, or what keeps it from being one."""
    if _depth(text) > MOST_DEPTH:
        message = N_("The file nests brackets more than %(most)s deep; no part of a question does.")
        return None, Wrong("", message, {"most": MOST_DEPTH})
    try:
        value = json.loads(
            text, object_pairs_hook=_pairs, parse_constant=Strange, parse_int=_whole, parse_float=_real
        )  # fmt: skip
    except json.JSONDecodeError as error:
        message = N_("The file is no JSON at row %(row)s, character %(column)s; look for a missing quote, comma or bracket there.")  # fmt: skip
        return None, Wrong("", message, {"row": error.lineno, "column": error.colno})
    return value, None


def _pairs(pairs: list[tuple[str, Any]]) -> Pairs:
    found = Pairs(pairs)
    keys = [key for key, _ in pairs]
    found.twice = tuple(key for key in found if keys.count(key) > 1) if len(keys) > len(found) else ()  # fmt: skip
    return found


def _whole(text: str) -> int | Strange:
    return int(text) if len(text) <= _MOST_DIGITS else Strange(text)


def _real(text: str) -> float | Strange:
    value = float(text)
    return value if abs(value) < float("inf") else Strange(text)


def _depth(text: str) -> int:
    """Return how deep brackets are nested outside of quotes."""
    depth = deepest = 0
    quoted = escaped = False
    for letter in text:
        if quoted:
            quoted = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest
