"""Codes and names of communes beside the official list of units of their day.

Where the list is not installed, or does not know the province, there is nothing to compare
with and nothing is said.
"""

from collections.abc import Callable, Sequence

from geo import units
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.names import name_key

_MOST_NAMED = 10
_MOSTLY = 0.5


def compare_with_list(
    codes: Sequence[str], names: Sequence[str], rows: Sequence[int],
    vintage: tuple[str, str], report: FindingReport,
) -> None:  # fmt: skip
    """Report codes the list does not know, and names it knows otherwise.

    `vintage` is the province's code and the day the boundaries begin, which says whether
    present or former units are meant.
    """
    province, day = vintage
    present = day >= units.LIST_DATE
    listed = units.unit if present else units.former_unit
    other = units.former_unit if present else units.unit
    if units.source() is None or (present and province not in units.provinces()):
        return
    unknown = [at for at, code in enumerate(codes) if listed(code) is None]
    elsewhere = [at for at in unknown if other(codes[at]) is not None]
    if not present and len(unknown) == len(codes) and not elsewhere:
        return  # a province the list has never known
    if len(elsewhere) > _MOSTLY * len(codes):
        report.add(_other_vintage(len(elsewhere), day))
    else:
        _report_unknown(unknown, codes, rows, other, report)
    for at, (code, name) in enumerate(zip(codes, names, strict=True)):
        unit = listed(code)
        if unit is not None and name_key(unit.full_name) != name_key(name):
            report.add(
                Finding(
                    Severity.LOOK, "name-contradicts-code",
                    N_("the code is %(official)s's in the official list, but the name is %(name)s."),
                    row=rows[at], column="code", value=code,
                    params={"official": unit.full_name, "name": name},
                )
            )  # fmt: skip
    if present:
        _report_missing(province, set(codes), report)


def _report_unknown(
    unknown: Sequence[int], codes: Sequence[str], rows: Sequence[int],
    other: Callable[[str], units.Unit | None], report: FindingReport,
) -> None:  # fmt: skip
    for at in unknown:
        unit = other(codes[at])
        message = N_("is not in the official list of units of that day; check the code, or keep it if the unit is newer.")  # fmt: skip
        if unit is not None:
            message = N_("is not in the official list of units of that day; on another it was %(name)s's.")  # fmt: skip
        report.add(
            Finding(Severity.LOOK, "code-unknown", message, row=rows[at], column="code",
                    value=codes[at], params={"name": unit.full_name if unit else ""})
        )  # fmt: skip


def _other_vintage(count: int, day: str) -> Finding:
    return Finding(
        Severity.LOOK, "other-vintage",
        N_("%(count)s codes are of units of the other side of %(date)s, not of %(day)s; check the first day of the boundaries."),
        params={"count": count, "date": units.LIST_DATE, "day": day},
    )  # fmt: skip


def _report_missing(province: str, codes: set[str], report: FindingReport) -> None:
    missing = [each for each in units.province_units(province) if each.code not in codes]
    if missing:
        named = ", ".join(each.full_name for each in missing[:_MOST_NAMED])
        report.add(
            Finding(
                Severity.LOOK, "units-missing",
                N_("%(count)s units of the province are in the official list but not in the file: %(names)s."),
                params={"count": len(missing), "names": named},
            )
        )  # fmt: skip
