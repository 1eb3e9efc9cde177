"""What can be wrong with what we were given: one class per refusal.

A refusal carries a *message id* (the English sentence, with `%(name)s` places) and the
values that belong into it, so that the sentence can be said in the reader's language
where it is shown. `str(error)` is the English sentence.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

# Values that are never written with separators: places in a file, years, codes.
AS_WRITTEN = frozenset({"row", "year", "code"})


class Word(str):
    """A value of a sentence that is itself a message id, said in the reader's language."""

    __slots__ = ()


def filled(
    params: Mapping[str, object],
    say: Callable[[str], str],
    number: Callable[[float], str] | None = None,
) -> dict[str, object]:
    """Return the values of a sentence as its reader writes them.

    A `Word` and a member of an enumeration of words are said, numbers go through `number`
    where it is given; texts stay as they are.
    """

    def shown(name: str, value: object) -> object:
        if isinstance(value, Word | StrEnum):
            return say(str(value))
        counts = isinstance(value, int | float) and not isinstance(value, bool)
        if number is None or not counts or name in AS_WRITTEN:
            return value
        return number(value)  # type: ignore[arg-type]  # `counts` says so

    return {name: shown(name, value) for name, value in params.items()}


class Refusal(Exception):
    """A request that cannot be granted, with one sentence saying why and what to do.

    `message` is the English sentence, a message id of the catalogue; `params` are the
    values for its `%(name)s` places.
    """

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message, params)
        self.message = message
        self.params = params

    def sentence(
        self, say: Callable[[str], str], number: Callable[[float], str] | None = None
    ) -> str:
        """Return the sentence in the language that `say` speaks and `number` counts in."""
        return say(self.message) % filled(self.params, say, number)

    def __str__(self) -> str:
        return self.sentence(str)


class GeoError(Refusal):
    """Something about places, shapes or files is not as it must be."""


class WrongCrsError(GeoError):
    """Coordinates are in another system than the function needs."""


class TableError(GeoError):
    """A table breaks its own rules; the message names every bad cell's column and row."""


class FileError(GeoError):
    """A file cannot be read as what it was said to be."""


def N_(text: str) -> str:  # noqa: N802 - the name that catalogue tools know for "mark, do not translate"
    """Mark `text` as a message id that is said where it is shown."""
    return text
