"""How large a file may be that is read here: one set of limits for the whole program."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond any of these a file is refused.

    `file_mb` is its size and `unpacked_mb` what an archive may unpack to, in MB; `rows` are
    those of a table, `corners` those of all shapes of a file together.
    """

    file_mb: int = 200
    unpacked_mb: int = 1000
    rows: int = 300_000
    corners: int = 10_000_000


_in_force = Limits()


def limits() -> Limits:
    """Return the limits in force."""
    return _in_force


def put_in_force(wanted: Limits) -> None:
    """Set the limits of this process, from its settings."""
    global _in_force  # noqa: PLW0603 - a program has one set, put in force when it starts
    _in_force = wanted
