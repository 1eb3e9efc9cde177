"""Dataclasses of plain values written down in one way only, and read back strictly.

What is written twice from equal values is the same to the byte: keys in order, texts in
composed letters without signs that cannot be shown, numbers with at most six decimals.
"""

import json
import re
import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from planning.model.errors import RequestError

PLACES = 6
_T = TypeVar("_T")
# Control signs, lone halves of signs, signs that turn the direction of a text, and no signs.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def plain(value: Any) -> Any:
    """Return a value of dataclasses, mappings, sequences and scalars as values for JSON.

    Raises `ValueError` for a number that is none, and `TypeError` for anything else.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return _scalar(value)
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {shown(key): plain(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    raise TypeError(type(value))


def _scalar(value: str | float | None) -> str | float | None:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(value)
        return round(value, PLACES) + 0.0  # no minus before nought
    return value


def shown(text: str) -> str:
    """Return a text in composed letters, without signs that cannot be shown or kept in XML."""
    return unicodedata.normalize("NFC", _HIDDEN.sub("", text))


def canonical(value: Any) -> bytes:
    """Return a value as the one JSON text that stands for it, in UTF-8."""
    text = json.dumps(
        plain(value), ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":")
    )
    return text.encode()


def read(kind: type[_T], value: Any, place: str = "") -> _T:
    """Return the `kind` of dataclass that plain values stand for.

    Raises `RequestError`, naming the place, for a key that is missing or not known and for
    a value of another type.
    """
    if not isinstance(value, Mapping):
        raise _wrong(place, value)
    known = _hints(cast("Hashable", kind))
    for name in (*(known.keys() - value.keys()), *(value.keys() - known.keys())):
        raise _wrong(f"{place}.{name}", value.get(name))
    return kind(
        **{name: _one(hint, value[name], f"{place}.{name}") for name, hint in known.items()}
    )


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def _one(hint: Any, value: Any, place: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _optional(hint, value, place)
    if origin is tuple:
        return _row(get_args(hint), value, place)
    if hint is Any or not isinstance(hint, type):
        return _loose(hint, value, place)
    return read(hint, value, place) if is_dataclass(hint) else _read_scalar(hint, value, place)


def _read_scalar(hint: type, value: Any, place: str) -> Any:
    if issubclass(hint, StrEnum):
        if value not in {each.value for each in hint}:
            raise _wrong(place, value)
        return hint(value)
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise _wrong(place, value)
    return value


def _optional(hint: Any, value: Any, place: str) -> Any:
    if value is None:
        return None
    rest = [each for each in get_args(hint) if each is not NoneType]
    return _one(rest[0], value, place)


def _row(kinds: tuple[Any, ...], value: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(place, value)
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    if len(kinds) != len(value):
        raise _wrong(place, value)
    return tuple(
        _one(kind, each, f"{place}[{at}]")
        for at, (kind, each) in enumerate(zip(kinds, value, strict=True))
    )


def _loose(hint: Any, value: Any, place: str) -> Any:
    """Return a mapping with its values read, or anything as it is where nothing is said of it."""
    if hint is Any:
        return value
    if not isinstance(value, Mapping):
        raise _wrong(place, value)
    kind = get_args(hint)[1]
    return {str(key): _one(kind, value[key], f"{place}.{key}") for key in sorted(value)}


def _wrong(place: str, value: Any) -> RequestError:
    return RequestError(
        "The snapshot of the review round is damaged at “%(place)s”: “%(value)s”.",
        place=place.lstrip("."), value=str(value)[:40],
    )  # fmt: skip
