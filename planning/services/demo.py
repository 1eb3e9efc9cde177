"""Load the demonstration province; lay a demonstration network on boundaries that are there."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from geo.errors import N_
from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.analysis.situation import Situation
from planning.demo.conditions import lay_conditions
from planning.demo.network import NetworkPlaces, communes_meant, lay_network
from planning.demo.profiles import PROFILES, NetworkProfile
from planning.demo.whole import Laid, lay_everything
from planning.model.errors import NotFoundError
from planning.services.imports import (
    ImportAsk,
    Origin,
    commit,
    import_boundaries,
    import_crosswalk,
    import_grid,
    import_hosts,
    import_points,
    import_population,
)
from planning.services.requests import now, only_province
from planning.store import (
    audit,
    imports,
    layers,
    partners,
    performance_tables,
    performance_writing,
    register_tables,
    snapshots,
    watched,
)
from planning.store.imports import ImportBatch
from planning.store.register import Deed
from planning.store.session import Store
from planning.store.situation import load_situation

FOLDER = Path(__file__).parents[2] / "data" / "boundaries"
PROVINCE = "99"
BEFORE, SINCE = "2004-01-01", "2025-07-01"
SOURCE = "Dữ liệu minh họa"
SEED = 20250331
# Each needs those before it: staff their points and organisations, results their programmes.
REGISTER = (
    ("organisations", "organisations.csv"),
    ("staff", "staff.csv"),
    ("inspections", "inspections.csv"),
    ("programmes", "programmes.csv"),
    ("results", "targets_and_results.csv"),
    ("needs", "needs.csv"),
)


def load_province(store: Store, folder: Path = FOLDER, *, by: str = "local") -> str:
    """Import the demonstration province from its files; return its code.

    It goes the way of every file: the same readers, checks and records. Only the conditions of
    the points, which no file carries, follow from the rest.
    """
    origin = Origin(source=SOURCE, as_of="2025-03-31", synthetic=True, by=by)
    for first, last in ((BEFORE, "2025-06-30"), (SINCE, None)):
        year = first[:4]
        vintage = Vintage(PROVINCE, first, last)
        import_boundaries(store, folder / f"communes_{year}.geojson", vintage, origin)
        import_population(
            store, folder / f"population_{year}.csv", Unusable.LEAVE_OUT, origin, first
        )
    import_grid(store, folder / "population_grid.csv", origin, PROVINCE)
    import_crosswalk(store, folder / "crosswalk.csv", origin)
    import_points(store, folder / "points.csv", origin, PROVINCE)
    import_hosts(store, folder / "hosts.csv", origin, PROVINCE, "khác")
    for kind, name in REGISTER:
        commit(store, ImportAsk(kind, folder / name, origin, PROVINCE))
    with store.writing() as db:
        inspected = layers.frame(db, register_tables.inspection, province_code=PROVINCE)
        conditions = lay_conditions(
            layers.load_points(db, PROVINCE), partners.load_staff(db, PROVINCE),
            partners.load_organisations(db, PROVINCE), inspected,
        )  # fmt: skip
        layers.replace(db, register_tables.point_condition, PROVINCE, conditions)
    return PROVINCE


def lay(
    store: Store, profile_name: str, province: str | None, seed: int = SEED, *, by: str = "local"
) -> list[str]:
    """Lay a network with a profile's published figures on a province, in place of its points.

    Its register, inspections, targets, results and needs are laid too, in place of those
    there. Without `province` the profile's own is meant where it is there. Returns notes on
    what could not be laid out, such as figures per former commune without a crosswalk.
    """
    if profile_name not in PROFILES:
        raise NotFoundError(
            N_("There is no profile “%(name)s”; use one of %(known)s."),
            name=profile_name, known=", ".join(PROFILES),
        )  # fmt: skip
    profile = PROFILES[profile_name]
    code = _province_of(store, profile.province_code, province)
    situation = load_situation(store, code, None)
    places = NetworkPlaces(
        communes=situation.communes, demand=situation.demand, crosswalk=situation.crosswalk,
        former_people=situation.former_population or None, former=situation.former,
    )  # fmt: skip
    network = lay_network(profile, places, np.random.default_rng(seed))
    # Figures name communes that are kept, so that they can be told from each other by vintage.
    on_former = situation.former is not None and bool(network.points["former_code"].notna().all())
    meant = communes_meant(profile, situation.communes)["code"]
    people = {each: situation.population[each] for each in meant if each in situation.population}
    laid = lay_everything(profile, network, people, seed, on_former=on_former)
    _keep(store, situation, profile, laid, seed, by)
    return list(network.notes)


def _keep(
    store: Store, situation: Situation, profile: NetworkProfile, laid: Laid, seed: int, by: str
) -> None:  # fmt: skip
    """Keep what was laid, each kind as an import of its own that can be undone."""
    code, at = situation.province_code, now()
    register = laid.register
    with store.writing() as db:
        for kind, (table, save) in _kinds(situation, laid).items():
            before = snapshots.taken(db, kind, code)
            record = watched.OF_IMPORT.get(kind)
            was = None if record is None else watched.rows(db, code, record)
            save(db, code, table)
            text = table.to_csv(index=False)
            batch = ImportBatch(
                province_code=code, kind=kind,
                valid_from=situation.valid_from if kind == "needs" else "",
                file=f"{profile.name} (seed {seed})",
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                options={"profile": profile.name}, rows=len(table), left_out=0, source=SOURCE,
                as_of=profile.as_of, synthetic=True, findings=[], imported_at=at, imported_by=by,
            )  # fmt: skip
            number = imports.record(db, batch)
            snapshots.save(db, number, before)
            if record is not None and was is not None:
                watched.tell(db, code, record, was, Deed(at, by, "import", number))
        conditions = lay_conditions(
            register.points, register.staff, register.organisations, laid.inspections
        )
        layers.replace(db, register_tables.point_condition, code, conditions)
        audit.record(db, "data:network:laid", code, at=at, actor=by, profile=profile.name,
                     seed=seed, points=len(register.points))  # fmt: skip


Save = Callable[[sa.Connection, str, Any], None]


def _kinds(situation: Situation, laid: Laid) -> dict[str, tuple[pd.DataFrame, Save]]:
    """Return the table of every kind of import, and how it is kept."""
    register, present = laid.register, situation.valid_from
    former = None if situation.former is None else str(situation.former["valid_from"].iloc[0])
    in_commune = laid.figures["commune_code"] != ""
    vintage = (former or present) if laid.on_former else present
    figures = laid.figures.assign(valid_from=in_commune.map({True: vintage, False: ""}))
    programmes = pd.DataFrame([asdict(each) for each in laid.programmes]).astype(str)
    needs = laid.needs.melt("commune_code", var_name="need", value_name="people")
    return {
        "points": (register.points, layers.save_points),
        "organisations": (register.organisations, partners.save_organisations),
        "staff": (register.staff, partners.save_staff),
        "inspections": (laid.inspections, _save_inspections),
        "programmes": (programmes, performance_writing.save_programmes),
        "results": (figures, _save_figures),
        "needs": (needs.assign(valid_from=present), _save_needs),
    }


def _save_inspections(db: sa.Connection, province: str, table: pd.DataFrame) -> None:
    layers.replace(db, register_tables.inspection, province, table)


def _save_figures(db: sa.Connection, province: str, table: pd.DataFrame) -> None:
    bare = table.drop(columns=["target", "result"])
    for name, kept in (
        ("target", performance_tables.target),
        ("result", performance_tables.result),
    ):
        given = table[name].notna()
        layers.replace(db, kept, province, bare[given].assign(value=table.loc[given, name]))


def _save_needs(db: sa.Connection, province: str, table: pd.DataFrame) -> None:
    layers.replace(db, performance_tables.need_count, province, table)


def _province_of(store: Store, natural: str, wanted: str | None) -> str:
    with store.reading() as db:
        codes = [row.code for row in layers.provinces(db)]
    return only_province(store, natural if wanted is None and natural in codes else wanted)
