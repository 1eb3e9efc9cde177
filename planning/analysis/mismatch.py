"""Holds the access of every commune against its results."""

from collections.abc import Iterable, Mapping

from planning.model.coverage import CoverageReport
from planning.model.mismatch import Access, CommuneKind, Kind, Mismatch, Thresholds
from planning.model.workload import WorkloadReport

# Code, name, people, access; None where not known.
Accessed = tuple[str, str, int | None, float | None]


def by_share(report: CoverageReport) -> tuple[float | None, list[Accessed]]:
    """Return the share of people served of the province and of every commune."""
    return report.total.share_covered, [
        (each.code, each.name, each.people, each.share_covered) for each in report.communes
    ]


def by_staff(report: WorkloadReport) -> tuple[float | None, list[Accessed]]:
    """Return staff within reach for 10,000 people of the province and of every commune."""
    return report.mean_per_10000, [
        (each.code, each.name, each.people, each.per_10000) for each in report.communes
    ]


def kinds(
    by: Access, accessed: tuple[float | None, Iterable[Accessed]],
    rates: Mapping[str, float | None], mean_rate: float | None, thresholds: Thresholds,
) -> Mismatch:  # fmt: skip
    """Return the kind of every commune.

    `accessed` is the province's mean of access and the communes; `rates` are results ÷ target by
    commune code, missing or None where there is no target or no result, which is not poor;
    `mean_rate` is that of the province. A threshold that was not chosen is the mean.
    """
    thresholds.require_for(by)
    mean, communes = accessed
    access_from = mean if thresholds.access is None else thresholds.access
    rate_from = mean_rate if thresholds.rate is None else thresholds.rate
    found = tuple(
        CommuneKind(code, name, people, access, rates.get(code),
                    _kind(access, access_from, rates.get(code), rate_from))
        for code, name, people, access in communes
    )  # fmt: skip
    return Mismatch(by, access_from, rate_from, found)


def _kind(
    access: float | None, access_from: float | None, rate: float | None, rate_from: float | None
) -> Kind:
    if access is None or access_from is None or rate is None or rate_from is None:
        return Kind.NO_DATA
    if access >= access_from:
        return Kind.BOTH if rate >= rate_from else Kind.PERSON
    return Kind.BEYOND if rate >= rate_from else Kind.POINT
