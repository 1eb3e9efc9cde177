"""Take files into the database: each import is read whole, then kept whole or not at all.

Every function reads one kind of file, refuses it with all its problems when any of them
blocks, and otherwise keeps data, record and audit event in one transaction.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import sqlalchemy as sa

from geo.demand import reached_share, touching
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.sources.boundaries import Vintage, read_boundaries
from geo.sources.crosswalk import read_crosswalk
from geo.sources.places import read_hosts, read_seats
from geo.sources.points import read_points
from geo.sources.population import Unusable, read_population
from geo.sources.population_grid import read_grid
from geo.tables import Communes
from planning.exports.sheets import DEMONSTRATION
from planning.model.errors import NotReadyError, RequestError
from planning.model.standards import TerrainClass
from planning.services.recording import (
    ImportFile,
    ImportResult,
    Kept,
    Origin,
    keep,
    refused,
    require_day,
)
from planning.services.requests import only_province
from planning.store import layers
from planning.store.session import Store

__all__ = [
    "ImportResult",
    "Origin",
    "import_boundaries",
    "import_crosswalk",
    "import_grid",
    "import_hosts",
    "import_points",
    "import_population",
    "import_seats",
]
LEAST_REACHED = 0.9  # share of its communes that a province's own grid reaches
_TERRAINS = frozenset(each.value for each in TerrainClass)


def import_boundaries(
    store: Store, path: Path, vintage: Vintage, origin: Origin, name: str | None = None
) -> ImportResult:
    """Keep the communes of one vintage; the vintage before then ends the day before.

    `name` names the province where the file does not. Replaces the same vintage.
    """
    _require_validity(vintage)
    communes, report, found_name = read_boundaries(path, vintage, _TERRAINS)
    if communes is None:
        raise refused(report)
    code = vintage.province_code
    with store.writing() as db:
        known = {row.code: row for row in layers.provinces(db)}
        before = known.get(code)
        label = name or found_name or (before.name if before else code)
        synthetic = origin.synthetic if before is None else before.synthetic
        _require_own_communes(db, communes, code)
        layers.save_province(db, code, label, synthetic=synthetic)
        layers.save_communes(db, communes)
        _close_vintages(db, code)
        kept = Kept(code, "boundaries", len(communes), vintage.valid_from,
                     options={"valid_to": vintage.valid_to})  # fmt: skip
        return keep(db, kept, ImportFile(path, report, origin))


def import_population(
    store: Store, path: Path, unusable: Unusable, origin: Origin, valid_from: str | None = None
) -> list[ImportResult]:
    """Keep people per commune for every province whose communes the file names.

    Without `valid_from` a commune's newest vintage is meant. Rows of communes that are not
    in the database are left out and counted; communes the file does not name stay unknown.
    """
    file = read_population(path, unusable)
    if file.report.blocked:
        raise refused(file.report)
    people = file.table.set_index("code")["people"]
    if not len(people):
        raise _nothing_in(path)
    if valid_from is not None:
        require_day(valid_from)
    with store.writing() as db:
        owners = layers.commune_vintages(db, list(people.index))
        if valid_from is not None:
            owners = owners[owners["valid_from"] == valid_from]
        owners = owners.sort_values("valid_from").drop_duplicates("code", keep="last")
        if not len(owners):
            raise NotReadyError(
                N_("None of the %(count)s commune codes of %(file)s is in the database; import "
                   "the boundaries first."),
                count=len(people), file=path.name,
            )  # fmt: skip
        unknown = len(people) - len(owners)
        results = []
        for (province, day), rows in owners.groupby(["province_code", "valid_from"]):
            counts = {code: _whole(people[code]) for code in rows["code"]}
            missing = _missing_communes(db, str(province), str(day), set(counts))
            report = _report_of(file.report, set(counts), unknown, missing)
            layers.save_population(db, str(day), {**counts, **dict.fromkeys(missing)})
            known = sum(count is not None for count in counts.values())
            kept = Kept(str(province), "population", known, str(day),
                         options={"unusable": unusable.value}, column=file.column)  # fmt: skip
            results.append(keep(db, kept, ImportFile(path, report, origin)))
    return results


def import_grid(
    store: Store, path: Path, origin: Origin, province: str | None
) -> list[ImportResult]:
    """Keep the cells of a population grid for the province named, or for every one it covers.

    Without `province` a province of which the file reaches less than nine tenths of the
    communes is left alone: that is a neighbour's grid crossing the border.
    """
    with store.reading() as db:
        codes = [row.code for row in layers.provinces(db)]
    if province is not None or not codes:
        codes = [only_province(store, province)]
    results = []
    with store.writing() as db:
        for code in codes:
            days = layers.vintages(db, code)
            if not days:
                continue
            communes = layers.load_communes(db, code, days[-1][0])
            west, south, east, north = communes.total_bounds.tolist()
            cells = touching(read_grid(path, (west, south, east, north)), communes)
            whole = len(cells) and reached_share(cells, communes) >= LEAST_REACHED
            if whole or (len(cells) and province is not None):
                layers.save_grid(db, code, cells)
                kept = Kept(code, "grid", len(cells))
                results.append(keep(db, kept, ImportFile(path, FindingReport(path.name), origin)))
        if not results:
            raise RequestError(
                N_("%(file)s covers none of the provinces %(codes)s; if it is meant for one all the same, say which with --province."),
                file=path.name, codes=", ".join(codes),
            )  # fmt: skip
    return results


def import_points(
    store: Store, path: Path, origin: Origin, province: str | None, *, good_rows: bool = False
) -> ImportResult:
    """Keep a list of points as the network of a province, in place of the one before.

    A file with rows that cannot be used is refused with all of them, unless `good_rows`
    says that the others shall be kept.
    """
    code = only_province(store, province)
    with store.reading() as db:
        days = layers.vintages(db, code)
        if not days:
            raise NotReadyError(
                N_("Province %(province)s has no boundaries yet; import them with “diemthu import "
                   "boundaries”."),
                province=code,
            )  # fmt: skip
        communes = layers.load_communes(db, code, days[-1][0])
    file = read_points(path, communes)
    if file.report.blocked or (file.rows > len(file.table) and not good_rows):
        raise refused(file.report)
    if not len(file.table):
        raise _nothing_in(path)
    if file.table["note"].str.contains(DEMONSTRATION, na=False).any():
        origin = replace(origin, synthetic=True)  # our own list handed out and brought back
    with store.writing() as db:
        layers.save_points(db, code, file.table)
        kept = Kept(code, "points", len(file.table), left_out=file.rows - len(file.table),
                     options={"good_rows": good_rows})  # fmt: skip
        return keep(db, kept, ImportFile(path, file.report, origin))


def import_hosts(
    store: Store, path: Path, origin: Origin, province: str | None, default_type: str
) -> ImportResult:
    """Keep places that could house a point, in place of the ones before."""
    code = only_province(store, province)
    file = read_hosts(path, default_type)
    if not len(file.table):
        raise _nothing_in(path)
    with store.writing() as db:
        layers.save_hosts(db, code, file.table)
        kept = Kept(code, "hosts", len(file.table), left_out=len(file.report),
                     options={"type": default_type})  # fmt: skip
        return keep(db, kept, ImportFile(path, file.report, origin))


def import_seats(store: Store, path: Path, origin: Origin) -> ImportResult:
    """Set the seats of the communes the file names, on their newest vintage."""
    file = read_seats(path)
    with store.writing() as db:
        owners = layers.commune_vintages(db, list(file.seats)).sort_values("valid_from")
        owners = owners.drop_duplicates("code", keep="last")
        if not len(owners):
            raise NotReadyError(
                N_("None of the %(count)s commune codes of %(file)s is in the database; import "
                   "the boundaries first."),
                count=len(file.seats), file=path.name,
            )  # fmt: skip
        results = []
        for (province, day), rows in owners.groupby(["province_code", "valid_from"]):
            layers.save_seats(db, str(day), {each: file.seats[each] for each in rows["code"]})
            kept = Kept(str(province), "seats", len(rows), str(day),
                         left_out=len(file.seats) - len(owners))  # fmt: skip
            results.append(keep(db, kept, ImportFile(path, file.report, origin)))
    return results[-1]


def import_crosswalk(store: Store, path: Path, origin: Origin) -> list[ImportResult]:
    """Keep former commune → present commune for every province whose communes it names."""
    crosswalk, report = read_crosswalk(path)
    if report.blocked:
        raise refused(report)
    results = []
    with store.writing() as db:
        owners = layers.commune_vintages(db, sorted(set(crosswalk["new_code"])))
        owners = owners.drop_duplicates(["code", "province_code"])
        for province, rows in owners.groupby("province_code"):
            ours = crosswalk[crosswalk["new_code"].isin(list(rows["code"]))]
            layers.save_crosswalk(db, str(province), ours.reset_index(drop=True))
            kept = Kept(str(province), "crosswalk", len(ours), left_out=len(crosswalk) - len(ours))
            results.append(keep(db, kept, ImportFile(path, report, origin)))
        if not results:
            raise NotReadyError(
                N_("None of the %(count)s commune codes of %(file)s is in the database; import "
                   "the boundaries first."),
                count=crosswalk["new_code"].nunique(), file=path.name,
            )  # fmt: skip
    return results


def _nothing_in(path: Path) -> RequestError:
    return RequestError(N_("%(file)s holds no usable row; nothing was changed."), file=path.name)


def _require_validity(vintage: Vintage) -> None:
    _require_province_code(vintage.province_code)
    require_day(vintage.valid_from)
    if vintage.valid_to is not None:
        require_day(vintage.valid_to)
        if vintage.valid_to < vintage.valid_from:
            raise RequestError(
                N_("The last day of validity, %(last)s, lies before the first, %(first)s."),
                first=vintage.valid_from, last=vintage.valid_to,
            )  # fmt: skip


def _require_province_code(text: str) -> None:
    if not (text.isascii() and text.isdigit() and len(text) == 2):
        raise RequestError(
            N_("“%(code)s” is no province code; write its two digits, such as 91."), code=text[:20]
        )


def _require_own_communes(db: sa.Connection, communes: Communes, province: str) -> None:
    """Refuse communes whose code another province already has on the same vintage."""
    day = str(communes["valid_from"].iloc[0])
    known = layers.commune_vintages(db, list(communes["code"]))
    taken = known[(known["valid_from"] == day) & (known["province_code"] != province)]
    if len(taken):
        raise RequestError(
            N_("%(count)s of these communes, such as %(code)s, belong to province %(other)s already; check --province."),
            count=len(taken), code=taken["code"].iloc[0], other=taken["province_code"].iloc[0],
        )  # fmt: skip


def _close_vintages(db: sa.Connection, province: str) -> None:
    """End every vintage without a last day the day before the next one begins."""
    days = layers.vintages(db, province)
    for (first, last), (following, _) in pairwise(days):
        if last is None or last >= following:
            before = date.fromisoformat(following) - timedelta(days=1)
            layers.end_vintage(db, province, first, before.isoformat())


def _missing_communes(db: sa.Connection, province: str, day: str, named: set[str]) -> list[str]:
    communes = layers.load_communes(db, province, day)
    return sorted(set(communes["code"]) - named)


def _report_of(
    report: FindingReport, ours: set[str], unknown: int, missing: Sequence[str]
) -> FindingReport:
    """Return the findings on one province's communes with those only the database can tell."""
    whole = FindingReport(report.file)
    for each in report:
        if each.params.get("commune_code") in (None, *ours):
            whole.add(each)
    if unknown:
        whole.add(
            Finding(Severity.LEFT_OUT, "commune-unknown",
                    N_("%(count)s rows name communes that are not in the database; they were not kept."),
                    params={"count": unknown})
        )  # fmt: skip
    if missing:
        whole.add(
            Finding(Severity.LOOK, "rows-missing",
                    N_("%(count)s communes have no row and stay unknown, not zero: %(codes)s."),
                    params={"count": len(missing), "codes": ", ".join(missing[:20])})
        )  # fmt: skip
    return whole


def _whole(people: float) -> int | None:
    return None if people != people else int(people)  # noqa: PLR0124 - only NaN differs from itself
