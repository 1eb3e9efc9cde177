"""Imports about people: counts by commune, and grids of where they live."""

from collections.abc import Collection
from dataclasses import replace
from math import isnan

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from geo.crs import DEGREES
from geo.demand import reached_share, touching
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.sources.population import PopulationContext, PopulationFile, read_population
from geo.sources.population_grid import GridFile, compare_total, read_grid_file
from geo.tables import Crosswalk, DemandTable, Grid
from planning.model.errors import NotReadyError, RequestError
from planning.services.imports.asked import ImportAsk, require_day
from planning.services.imports.reading import Kept, Reading
from planning.services.imports.units import provinces_of, require_known, tell_unknown
from planning.services.requests import only_province
from planning.store import layers
from planning.store.session import Store
from planning.store.situation import load_situation

LEAST_REACHED = 0.9  # share of its communes that a province's own grid reaches


def population(store: Store, ask: ImportAsk) -> Reading:
    """Read people per commune; kept for every province whose communes the file names.

    Without `ask.valid_from` a commune's newest vintage is meant. Rows of communes that are not
    in the database are left out and counted; communes the file does not name stay unknown.
    """
    if ask.valid_from is not None:
        require_day(ask.valid_from)
    context = _known(store)
    file = read_population(ask.path, ask.unusable, ask.choices, context)
    if file.apportion:
        context = replace(context, living=_living(store, file.apportion))
        file = read_population(ask.path, ask.unusable, ask.choices, context)
    people = file.table.set_index("code")["people"]
    with store.reading() as db:
        _compare_with_kept(db, file, ask.valid_from)

    def keep(db: sa.Connection) -> list[Kept]:
        owners = _owners(db, list(people.index), ask.valid_from)
        require_known(len(owners), len(people), ask.file)
        kept = []
        for (province, day), rows in owners.groupby(["province_code", "valid_from"]):
            counts = {code: _whole(people[code]) for code in rows["code"]}
            missing = _missing_communes(db, str(province), str(day), set(counts))
            report = _report_of(file.report, str(province), set(counts))
            layers.save_population(db, str(day), {**counts, **dict.fromkeys(missing)})
            known = sum(count is not None for count in counts.values())
            kept.append(Kept(str(province), ask.kind, known, str(day), column=file.column,
                             options={"unusable": ask.unusable.value}, report=report))  # fmt: skip
        return kept

    return Reading(
        file.report, file.rows, len(people), keep,
        lambda db: provinces_of(db, list(people.index)), file.recognised,
    )  # fmt: skip


def _known(store: Store) -> PopulationContext:
    """Return what the database knows that helps to read a population."""
    with store.reading() as db:
        areas = layers.commune_areas(db)
        codes = [row.code for row in layers.provinces(db)]
        crosswalks = [
            each for code in codes if (each := layers.load_crosswalk(db, code)) is not None
        ]
    former = Crosswalk(pd.concat(crosswalks)) if crosswalks else None
    return PopulationContext(areas or None, former)


def _living(store: Store, divided: Collection[str]) -> dict[tuple[str, str], float]:
    """Return who lives where a divided former commune and a present one meet, where known."""
    with store.reading() as db:
        codes = [row.code for row in layers.provinces(db)]
    living: dict[tuple[str, str], float] = {}
    for province in codes:
        try:
            demand = load_situation(store, province, None).demand
        except NotReadyError:
            continue  # without people or boundaries nobody can say
        ours = demand[demand[DemandTable.former_code].isin(list(divided))]
        keys = [DemandTable.former_code, DemandTable.commune_code]
        sums = ours.groupby(keys, as_index=False)[DemandTable.people].sum()
        living |= {(str(old), str(new)): float(people)
                   for old, new, people in sums.itertuples(index=False)}  # fmt: skip
    return living


def _owners(db: sa.Connection, codes: list[str], valid_from: str | None) -> pd.DataFrame:
    """Return which vintage of which province each commune's people belong to."""
    owners = layers.commune_vintages(db, codes)
    if valid_from is not None:
        owners = owners[owners["valid_from"] == valid_from]
    return owners.sort_values("valid_from").drop_duplicates("code", keep="last")


def grid(store: Store, ask: ImportAsk) -> Reading:
    """Read a population grid for the province named, or for every one it covers.

    Without `ask.province` a province of which the file reaches less than nine tenths of the
    communes is left alone: that is a neighbour's grid crossing the border.
    """
    with store.reading() as db:
        codes = [row.code for row in layers.provinces(db)]
        if ask.province is not None or not codes:
            codes = [only_province(store, ask.province)]
        found: dict[str, Grid] = {}
        files: dict[str, GridFile] = {}
        for code in codes:
            days = layers.vintages(db, code)
            if not days:
                continue
            communes = layers.load_communes(db, code, days[-1][0])
            west, south, east, north = communes.total_bounds.tolist()
            files[code] = read_grid_file(ask.path, (west, south, east, north), ask.choices)
            cells = touching(files[code].table, communes)
            compare_total(cells, _people(db, code, days[-1][0]), files[code].report)
            whole = len(cells) and reached_share(cells, communes) >= LEAST_REACHED
            if whole or (len(cells) and ask.province is not None):
                found[code] = cells
    shown = next((files[code] for code in [*found, *files]), None)
    if shown is None or not (found or shown.report.blocked or shown.report.asked):
        raise RequestError(
            N_("%(file)s covers none of the provinces %(codes)s; if it is meant for one all the same, say which with --province."),
            file=ask.file, codes=", ".join(codes),
        )  # fmt: skip

    def keep(db: sa.Connection) -> list[Kept]:
        for code, cells in found.items():
            layers.save_grid(db, code, cells)
        return [Kept(code, ask.kind, len(cells), left_out=0) for code, cells in found.items()]

    rows = sum(map(len, found.values()))
    return Reading(
        shown.report, rows, rows, keep, lambda _: tuple(found), shown.recognised, _places(found)
    )


def _places(found: dict[str, Grid]) -> gpd.GeoSeries:
    lon = [each for cells in found.values() for each in cells["lon"]]
    lat = [each for cells in found.values() for each in cells["lat"]]
    return gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=DEGREES)


def _people(db: sa.Connection, province: str, day: str) -> float | None:
    """Return the people of a province, None where those of a commune are unknown."""
    known = layers.load_population(db, province, day)
    complete = known and all(count is not None for count in known.values())
    return float(sum(filter(None, known.values()))) if complete else None


def _missing_communes(db: sa.Connection, province: str, day: str, named: set[str]) -> list[str]:
    communes = layers.load_communes(db, province, day)
    return sorted(set(communes["code"]) - named)


def _compare_with_kept(db: sa.Connection, file: PopulationFile, valid_from: str | None) -> None:
    """Report rows without a commune in the database, and its communes without a row."""
    codes, report = list(file.table["code"]), file.report
    owners = _owners(db, codes, valid_from)
    tell_unknown(len(owners), len(codes), report)
    if not len(owners):
        return
    if unknown := len(codes) - len(owners):
        report.add(
            Finding(Severity.LEFT_OUT, "commune-unknown",
                    N_("%(count)s rows name communes that are not in the database; they were not kept."),
                    params={"count": unknown})
        )  # fmt: skip
    for (province, day), rows in owners.groupby(["province_code", "valid_from"]):
        missing = _missing_communes(db, str(province), str(day), set(rows["code"]))
        if missing:
            report.add(
                Finding(Severity.LOOK, "rows-missing",
                        N_("%(count)s communes have no row and stay unknown, not zero: %(codes)s."),
                        params={"count": len(missing), "codes": ", ".join(missing[:20]),
                                "province": str(province)})
            )  # fmt: skip


def _report_of(report: FindingReport, province: str, ours: set[str]) -> FindingReport:
    """Return the findings on one province's communes."""
    whole = FindingReport(report.file)
    for each in report:
        of_ours = each.params.get("commune_code") in (None, *ours)
        if of_ours and each.params.get("province") in (None, province):
            whole.add(each)
    return whole


def _whole(people: float) -> int | None:
    return None if isnan(people) else int(people)
