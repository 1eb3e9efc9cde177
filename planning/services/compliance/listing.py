"""The failures of a report that a filter leaves, in Vietnamese order, a page at a time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geo.names import sort_key
from planning.model.compliance import Check
from planning.services.compliance.reporting import PAGE, Line, Rank, Report

SORTS = ("rule", "name", "organisation", "commune", "since")
RANK_SORTS = ("name", "failures", "checks", "share")
NONE = "-"  # as a filter: what belongs to no organisation, lies in no commune
_ORDER = {each: at for at, each in enumerate(Check)}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which failures are meant; what is empty filters nothing.

    `organisation` and `commune` are codes, `NONE` for what has none; `page` counts from 1.
    """

    check: Check | None = None
    organisation: str = ""
    commune: str = ""
    office: str = ""
    sort: str = "rule"
    down: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what a filter leaves: `count` lines in all on `pages` pages."""

    lines: tuple[Line, ...]
    count: int
    page: int
    pages: int


def filtered(report: Report, wanted: Filter) -> list[Line]:
    """Return the failures that a filter leaves, sorted."""
    kept = [
        each for each in report.lines
        if wanted.check in (None, each.failure.check)
        and _is(wanted.organisation, each.failure.organisation_code)
        and _is(wanted.commune, each.failure.commune_code)
        and _is(wanted.office, each.office)
    ]  # fmt: skip
    keys: Mapping[str, Callable[[Line], Any]] = {
        "rule": lambda it: (_ORDER[it.failure.check], it.failure.since or "9999"),
        "name": lambda it: sort_key(it.name),
        "organisation": lambda it: sort_key(it.organisation),
        "commune": lambda it: sort_key(it.commune),
        "since": lambda it: it.failure.since or "9999",
    }
    return sorted(kept, key=keys[wanted.sort], reverse=wanted.down)


def paged(report: Report, wanted: Filter) -> Page:
    """Return one page of the failures that a filter leaves; the last one for a page beyond."""
    lines = filtered(report, wanted)
    pages = max(1, -(-len(lines) // PAGE))
    page = min(wanted.page, pages)
    return Page(tuple(lines[(page - 1) * PAGE : page * PAGE]), len(lines), page, pages)


def ranked(ranks: Iterable[Rank], sort: str, *, down: bool) -> list[Rank]:
    """Return organisations or communes by a column; equals stay in the order of their names."""
    keys: Mapping[str, Callable[[Rank], Any]] = {
        "failures": lambda it: it.failures, "checks": lambda it: it.checks,
        "share": lambda it: -1.0 if it.share is None else it.share,
    }  # fmt: skip
    given = list(ranks)
    if sort == "name":
        return given[::-1] if down else given
    # A stable sort turned round would turn the names round too.
    sign = -1 if down else 1
    return sorted(given, key=lambda it: sign * keys[sort](it))


def _is(wanted: str, value: str) -> bool:
    return not wanted or value == ("" if wanted == NONE else wanted)
