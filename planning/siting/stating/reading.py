"""Plain values read as the parts of a question; everything wrong with them is collected.

A reader takes what was found so far to be wrong, a value and its path, and returns what the
value stands for, or None after it has said what is wrong.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from geo.errors import N_
from planning.model.wishes import AskError, Wrong
from planning.siting.stating.strict_json import Strange

Wrongs = list[Wrong]
Reader = Callable[[Wrongs, Any, str], Any]
_SHOWN = 60


def under(path: str, key: str) -> str:
    """Return the path of a key below another."""
    return f"{path}.{key}" if path and key else path or key


def shown(value: Any) -> str:
    """Return a value as a file would write it, cut short, in letters that can be printed."""
    text = str(value) if isinstance(value, Strange) else json.dumps(value, ensure_ascii=False)
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def whole(wrongs: Wrongs, value: Any, path: str) -> int | None:
    """Read a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    _refused(wrongs, path, N_("A whole number without quotes is needed, not %(value)s."), value)  # fmt: skip
    return None


def real(wrongs: Wrongs, value: Any, path: str) -> float | None:
    """Read a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    _refused(wrongs, path, N_("A number with a decimal point and without quotes is needed, not %(value)s."), value)  # fmt: skip
    return None


def text(wrongs: Wrongs, value: Any, path: str) -> str | None:
    """Read a text."""
    if isinstance(value, str) and not isinstance(value, Strange):
        return value
    _refused(wrongs, path, N_("A text in quotes is needed, not %(value)s; codes are text too."), value)  # fmt: skip
    return None


def flag(wrongs: Wrongs, value: Any, path: str) -> bool | None:
    """Read yes or no."""
    if isinstance(value, bool):
        return value
    _refused(wrongs, path, N_("It must be true or false, not %(value)s."), value)
    return None


def word(kind: type[StrEnum]) -> Reader:
    """Return a reader of one of a few words."""

    def read(wrongs: Wrongs, value: Any, path: str) -> StrEnum | None:
        if isinstance(value, str) and value in list(kind):
            return kind(value)
        words = ", ".join(f"“{each}”" for each in kind)
        message = N_("It must be one of %(words)s, not %(value)s.")
        wrongs.append(Wrong(path, message, {"words": words, "value": shown(value)}))
        return None

    return read


def shaped(pattern: str, example: str) -> Reader:
    """Return a reader of a text of one shape."""

    def read(wrongs: Wrongs, value: Any, path: str) -> str | None:
        if isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII):
            return value
        message = N_("It must be written like “%(example)s”, in quotes, not %(value)s.")
        wrongs.append(Wrong(path, message, {"example": example, "value": shown(value)}))
        return None

    return read


def listed(each: Reader) -> Reader:
    """Return a reader of a list."""

    def read(wrongs: Wrongs, value: Any, path: str) -> tuple[Any, ...] | None:
        if not isinstance(value, list):
            _refused(wrongs, path, N_("A list in brackets is needed, not %(value)s."), value)
            return None
        found = [each(wrongs, one, f"{path}[{at}]") for at, one in enumerate(value)]
        return tuple(one for one in found if one is not None)

    return read


def named(each: Reader, name: Reader = text) -> Reader:
    """Return a reader of an object with names of its own, as pairs in order of the names."""

    def read(wrongs: Wrongs, value: Any, path: str) -> tuple[tuple[Any, Any], ...] | None:
        if not _is_object(wrongs, value, path):
            return None
        found = [
            (name(wrongs, key, path), each(wrongs, value[key], under(path, key)))
            for key in sorted(value)
        ]
        return tuple(pair for pair in found if None not in pair)

    return read


def part(kind: type, keys: Mapping[str, Reader]) -> Reader:
    """Return a reader of an object with these keys, as a part of a question."""

    def read(wrongs: Wrongs, value: Any, path: str) -> Any:
        before = len(wrongs)
        given = under_keys(wrongs, value, path, keys)
        if given is None:
            return None
        for each in fields(kind):
            needed = each.default is MISSING and each.default_factory is MISSING
            if needed and each.name not in value:
                wrongs.append(Wrong(under(path, each.name), N_("The key is missing; add it.")))
        # What stands beside a wrong value is looked at too; only what needs both has to wait.
        bad = {each.key for each in wrongs[before:]}
        made = built(wrongs, kind, {**_stand_ins(kind, bad), **given}, path, bad)
        return made if len(wrongs) == before else None

    return read


def under_keys(
    wrongs: Wrongs, value: Any, path: str, keys: Mapping[str, Reader]
) -> dict[str, Any] | None:
    """Return what stands under known keys; say which keys are unknown or stand twice."""
    if not _is_object(wrongs, value, path):
        return None
    for key in value:
        if key not in keys:
            close = get_close_matches(key, keys, n=1, cutoff=0.0)[0]
            message = N_("There is no such key; nearest to it is “%(close)s” of %(known)s.")
            params = {"close": close, "known": ", ".join(keys)}
            wrongs.append(Wrong(under(path, shown(key)), message, params))
    found = {
        key: keys[key](wrongs, each, under(path, key)) for key, each in value.items() if key in keys
    }
    return {key: each for key, each in found.items() if each is not None}


def built(wrongs: Wrongs, kind: type, given: dict[str, Any], path: str, bad: set[str]) -> Any:
    """Return the part made of these values; say what it finds wrong, but for keys in `bad`."""
    try:
        return kind(**given)
    except AskError as error:
        for each in error.wrongs:
            key = under(path, each.key)
            known = any(one == key or one.startswith((f"{key}.", f"{key}[")) for one in bad)
            if not known and not (each.joint and bad):
                wrongs.append(Wrong(key, each.message, each.params))
    return None


def _is_object(wrongs: Wrongs, value: Any, path: str) -> bool:
    if not isinstance(value, dict):
        _refused(wrongs, path, N_("Keys and values in braces are needed, not %(value)s."), value)
        return False
    for key in getattr(value, "twice", ()):
        message = N_("The key stands twice; keep one of the two.")
        wrongs.append(Wrong(under(path, shown(key)), message))
    return True


def _stand_ins(kind: type, bad: set[str]) -> dict[str, Any]:
    """Return values for what a part needs and did not get, so that the rest can be looked at."""
    if not bad:
        return {}
    needed = [each for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING]  # fmt: skip
    return {each.name: 1 if each.type == "int" or each.type is int else "?" for each in needed}


def _refused(wrongs: Wrongs, path: str, message: str, value: Any) -> None:
    wrongs.append(Wrong(path, message, {"value": shown(value)}))
