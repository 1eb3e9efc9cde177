"""Whether figures add up to those above them, in the file and with what is kept: never mended."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa

from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.sources.figures import LEVELS
from planning.model.performance import Level
from planning.services.imports.looking_up import KnownRegister
from planning.store import performance_writing

_MOST = 40  # differences that are named one by one, the largest first
_DIFFERS = {
    "target": N_("the targets of %(children)s of %(name)s in %(period)s (%(programme)s) add up to %(sum)s, but its own target is %(own)s: a difference of %(difference)s."),
    "result": N_("the results of %(children)s of %(name)s in %(period)s (%(programme)s) add up to %(sum)s, but its own result is %(own)s: a difference of %(difference)s."),
}  # fmt: skip
_MORE = N_("%(count)s more sums do not add up; the largest differences are named.")
_LOOK = N_("Correct the table if one of the two is wrong; both are kept as they are.")
_WHOLE = "toàn tỉnh"


@dataclass(frozen=True, slots=True)
class _Sum:
    """Which level adds up to which, and the key of the one above that a row below belongs to."""

    above: Level
    below: Level
    key: str  # the column that names the one above; empty: the province
    of: Callable[[pd.DataFrame], pd.Series]


def see_sums(
    db: sa.Connection, province: str, known: KnownRegister, tables: Mapping[str, pd.DataFrame],
    report: FindingReport,
) -> None:  # fmt: skip
    """Report every figure that the sum below it differs from, where the file touches either."""
    found: list[tuple[int, Finding]] = []
    for name, new in tables.items():
        if new.empty:
            continue
        whole = _with_kept(db, province, name, new)
        touched = set(
            map(tuple, new[["programme", "period", "level"]].drop_duplicates().to_numpy())
        )
        for each in _sums(known):
            found += _differences(name, whole, each, touched)
    found.sort(key=lambda pair: -pair[0])
    for _, finding in found[:_MOST]:
        report.add(finding)
    if len(found) > _MOST:
        report.add(Finding(Severity.LOOK, "cascade-more", _MORE,
                           params={"count": len(found) - _MOST}))  # fmt: skip


def _with_kept(db: sa.Connection, province: str, table: str, new: pd.DataFrame) -> pd.DataFrame:
    """Return the new figures beside those kept that they do not replace."""
    part = ["programme", "period", "level"]
    kept = performance_writing.kept_figures(
        db, province, table, set(new["programme"]), set(new["period"])
    )
    stays = ~pd.MultiIndex.from_frame(kept[part]).isin(pd.MultiIndex.from_frame(new[part]))
    return pd.concat([kept[stays], new[kept.columns]], ignore_index=True) if len(kept) else new


def _sums(known: KnownRegister) -> Iterator[_Sum]:
    offices = {(each.first, code): office for each in known.vintages
               for code, office in each.offices.items()}  # fmt: skip
    points = {each.point_id: each for each in known.points.values()}

    def whole(rows: pd.DataFrame) -> pd.Series:
        return pd.Series("", index=rows.index, dtype=object)

    def office(rows: pd.DataFrame) -> pd.Series:
        pairs = zip(rows["valid_from"], rows["commune_code"], strict=True)
        return pd.Series([offices.get(each) for each in pairs], index=rows.index, dtype=object)

    def column(name: str) -> Callable[[pd.DataFrame], pd.Series]:
        return lambda rows: rows[name]

    def of_point(rows: pd.DataFrame) -> pd.Series:
        return rows["staff_id"].map(lambda number: known.staff.get(number, ("", ""))[1] or None)

    def of_organisation(rows: pd.DataFrame) -> pd.Series:
        return rows["point_id"].map(
            lambda point: (points[point].organisation if point in points else "") or None
        )

    for below in (Level.OFFICE, Level.ORGANISATION, Level.COMMUNE):
        yield _Sum(Level.PROVINCE, below, "", whole)
    yield _Sum(Level.OFFICE, Level.COMMUNE, "office", office)
    yield _Sum(Level.ORGANISATION, Level.ORGANISATION_IN_COMMUNE, "organisation_code",
               column("organisation_code"))  # fmt: skip
    yield _Sum(Level.COMMUNE, Level.ORGANISATION_IN_COMMUNE, "commune_code", column("commune_code"))
    yield _Sum(Level.ORGANISATION, Level.POINT, "organisation_code", of_organisation)
    yield _Sum(Level.POINT, Level.STAFF, "point_id", of_point)


def _differences(
    table: str, whole: pd.DataFrame, each: _Sum, touched: set[tuple[str, ...]]
) -> list[tuple[int, Finding]]:
    above = whole[whole["level"] == each.above.value]
    below = whole[whole["level"] == each.below.value]
    if above.empty or below.empty:
        return []
    parent = above[each.key] if each.key else pd.Series("", index=above.index, dtype=object)
    own = above.assign(_of=parent).set_index(["programme", "period", "_of"])["value"]
    sums = below.assign(_of=each.of(below)).groupby(["programme", "period", "_of"])["value"].sum()
    both = pd.DataFrame({"own": own, "sum": sums}).dropna()
    both = both[both["own"] != both["sum"]]
    found = []
    pairs = zip(both.index.tolist(), both["own"], both["sum"], strict=True)
    for (programme, period, name), own_value, total in pairs:
        levels = {(programme, period, level.value) for level in (each.above, each.below)}
        if not levels & touched:
            continue
        difference = int(total - own_value)
        found.append((abs(difference), Finding(
            Severity.LOOK, "cascade-differs", _DIFFERS[table], _LOOK,
            params={"children": LEVELS[each.below.value], "name": name or _WHOLE,
                    "period": period, "programme": programme, "sum": int(total),
                    "own": int(own_value), "difference": difference},
        )))  # fmt: skip
    return found
