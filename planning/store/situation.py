"""Gathers the network and its people as they stand, from the tables of one province."""

import hashlib
import io
import json

import numpy as np
import pandas as pd
import sqlalchemy as sa

from geo import tables
from geo.demand import SpreadPeople, spread
from geo.errors import N_
from geo.locate import commune_of
from geo.tables import Communes, Points, UnitEvents
from planning.analysis.needs import NeedCounts, carried, under_need
from planning.analysis.restating import Step, people_around, steps_between
from planning.analysis.situation import Situation
from planning.model.coverage import PopulationBase
from planning.model.errors import NotFoundError, NotReadyError
from planning.model.performance import Need
from planning.store import artefacts, imports, layers, needs
from planning.store.changes import load_events
from planning.store.imports import ImportBatch
from planning.store.session import Store

# Raised when the same inputs would give other numbers: it is part of every fingerprint.
METHOD_VERSION = "2"


def load_situation(
    store: Store, province: str, valid_from: str | None, need: Need = Need.EVERYBODY
) -> Situation:
    """Return the situation of a province on one vintage (None: the newest), with one demand.

    The demand table is computed once per state of the data and kept. Raises `NotFoundError`
    for a province or vintage that is not there and `NotReadyError` without any population, or
    without counts of the need that can be told by the communes of the vintage.
    """
    fingerprint, vintage = current_fingerprint(store, province, valid_from, need)
    key = ("situation", province, vintage, fingerprint)
    if need is not Need.EVERYBODY:
        return store.remembered(key, lambda: _of_need(store, province, vintage, need))
    return store.remembered(key, lambda: _loaded(store, province, vintage))


def _of_need(store: Store, province: str, vintage: str, need: Need) -> Situation:
    everybody = load_situation(store, province, vintage)
    with store.reading() as db:
        counts = needs.counted(db, province, vintage, need)
        events = load_events(db, province)
    if counts.valid_from != vintage:
        days = (counts.valid_from, vintage)
        steps = _steps(store, province, events, days)
        people = carried(counts.people, steps, everybody.communes, days)
    else:
        people = dict(counts.people)
    found = NeedCounts(need, people, counts.source, counts.as_of, counts.synthetic)
    return under_need(everybody, found, needs.over(everybody.fingerprint, counts))


def _steps(
    store: Store, province: str, events: UnitEvents | None, days: tuple[str, str]
) -> list[Step]:
    """Return the changes between two vintages, with the people known around each."""
    if events is None:
        return []
    with store.reading() as db:
        known = {first for first, _ in layers.vintages(db, province)}
    changed = known & set(events["date"])
    around = {day: people_around(load_situation(store, province, day))
              for day in changed if min(days) < day <= max(days)}  # fmt: skip
    return steps_between(events, *days, around)


def _loaded(store: Store, province: str, valid_from: str) -> Situation:
    with store.reading() as db:
        name = _province_name(db, province)
        vintage, before = _vintage(db, province, valid_from)
        found = imports.batches(db, province)
        communes = layers.load_communes(db, province, vintage)
        former = layers.load_communes(db, province, before) if before else None
        population = layers.load_population(db, province, vintage)
        former_population = layers.load_population(db, province, before) if before else {}
        fingerprint = _fingerprint(
            province, found, vintage, before, [population, former_population]
        )
        kept = artefacts.load(db, "demand", fingerprint)
        grid = layers.load_grid(db, province) if kept is None else None
        points = layers.load_points(db, province)
        hosts = layers.load_hosts(db, province)
        crosswalk = layers.load_crosswalk(db, province)
    known = {code: people for code, people in population.items() if people is not None}
    if kept is None:
        if not known and grid is None:
            raise NotReadyError(
                N_("Province %(province)s has no population yet; import one with “diemthu import "
                   "population” or “diemthu import population-grid”."),
                province=province,
            )  # fmt: skip
        people = spread(communes, known if population else None, grid, former)
        with store.writing() as db:
            artefacts.save(db, province, "demand", fingerprint, _packed(people))
    else:
        people = _unpacked(kept)
    if not population:
        sums = people.demand.groupby("commune_code")["people"].sum()
        known = {str(code): int(count) for code, count in sums.items()}
    return Situation(
        province_code=province, province_name=name, valid_from=vintage, communes=communes,
        population=known, demand=people.demand,
        points=_placed(points, communes, former), hosts=hosts, former=former,
        former_population={c: n for c, n in former_population.items() if n is not None},
        crosswalk=crosswalk, base=_base(found, vintage, communes, known, people),
        data_date=imports.data_date(found),
        fingerprint=fingerprint,
    )  # fmt: skip


def current_fingerprint(
    store: Store, province: str, valid_from: str | None, need: Need = Need.EVERYBODY
) -> tuple[str, str]:
    """Return the hash of the inputs in force, and the vintage, without loading any of them.

    With a need its counts are among the inputs; raises `NotReadyError` where there are none.
    """
    with store.reading() as db:
        _province_name(db, province)
        vintage, before = _vintage(db, province, valid_from)
        people = [layers.load_population(db, province, day) if day else {}
                  for day in (vintage, before)]  # fmt: skip
        found = imports.batches(db, province)
        fingerprint = _fingerprint(province, found, vintage, before, people)
        if need is Need.EVERYBODY:
            return fingerprint, vintage
        return needs.over(fingerprint, needs.counted(db, province, vintage, need)), vintage


def _province_name(db: sa.Connection, province: str) -> str:
    for row in layers.provinces(db):
        if row.code == province:
            return str(row.name)
    raise NotFoundError(
        N_("Province %(province)s is not in the database; import its boundaries first."),
        province=province,
    )


def _vintage(db: sa.Connection, province: str, valid_from: str | None) -> tuple[str, str | None]:
    """Return the vintage asked for (None: the newest) and the one before it."""
    days = [first for first, _ in layers.vintages(db, province)]
    if not days:
        raise NotReadyError(
            N_("Province %(province)s has no boundaries yet; import them with “diemthu import "
               "boundaries”."),
            province=province,
        )  # fmt: skip
    wanted = valid_from or days[-1]
    if wanted not in days:
        raise NotFoundError(
            N_("Province %(province)s has no boundaries valid from %(day)s; it has %(days)s."),
            province=province, day=wanted, days=", ".join(days),
        )  # fmt: skip
    at = days.index(wanted)
    return wanted, days[at - 1] if at else None


def _fingerprint(
    province: str, found: list[ImportBatch], vintage: str, before: str | None,
    people: list[dict[str, int | None]],
) -> str:  # fmt: skip
    """Return the hash of every import in force for the vintage and of the method's version.

    `people` are the populations of both vintages as they stand: new boundaries drop those of
    communes that go, and the same boundaries imported again do not bring them back. The
    province is part of it: one file may hold several.
    """
    kinds = [("boundaries", vintage), ("population", vintage), ("seats", vintage),
             ("grid", ""), ("points", ""), ("hosts", ""), ("crosswalk", "")]  # fmt: skip
    if before:
        kinds += [("boundaries", before), ("population", before)]
    parts: list[object] = [METHOD_VERSION, province, people]
    for kind, day in kinds:
        batch = imports.in_force(found, kind, day)
        parts.append([kind, day, batch and [batch.sha256, batch.options, batch.source,
                                            batch.as_of, batch.synthetic]])  # fmt: skip
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _base(
    found: list[ImportBatch], vintage: str, communes: Communes, known: dict[str, int],
    people: SpreadPeople,
) -> PopulationBase:  # fmt: skip
    table = imports.in_force(found, "population", vintage)
    cells = imports.in_force(found, "grid")
    sources = dict.fromkeys(each.source for each in (table, cells) if each is not None)
    first = table or cells
    return PopulationBase(
        source=" + ".join(sources),
        as_of=first.as_of if first else None,
        people=sum(known.values()),
        unknown_communes=tuple(sorted(set(communes["code"]) - set(known))),
        people_outside=people.people_outside,
        synthetic=imports.any_synthetic(found, vintage),
    )


def _placed(points: Points, communes: Communes, former: Communes | None) -> Points:
    """Return the points with the commune, present and former, that each lies in now."""
    code = commune_of(points["lon"], points["lat"], communes)
    placed = points.assign(commune_code=code)
    if former is not None and len(points):
        lies = commune_of(points["lon"], points["lat"], former)
        placed = placed.assign(former_code=points["former_code"].fillna(lies))
    return Points(placed)


def _packed(people: SpreadPeople) -> bytes:
    demand = people.demand
    body = io.BytesIO()
    np.savez_compressed(
        body,
        lon=demand["lon"], lat=demand["lat"], people=demand["people"],
        commune_code=demand["commune_code"].to_numpy(dtype="U5"),
        former_code=demand["former_code"].fillna("").to_numpy(dtype="U5"),
        outside=people.people_outside,
        lattice=np.array(people.lattice_communes, dtype="U5"),
    )  # fmt: skip
    return body.getvalue()


def _unpacked(body: bytes) -> SpreadPeople:
    with np.load(io.BytesIO(body), allow_pickle=False) as kept:
        former = pd.Series(kept["former_code"], dtype="str")
        frame = pd.DataFrame(
            {"lon": kept["lon"], "lat": kept["lat"], "people": kept["people"],
             "commune_code": pd.Series(kept["commune_code"], dtype="str"),
             "former_code": former.where(former != "", None)}
        )  # fmt: skip
        return SpreadPeople(tables.demand(frame), int(kept["outside"]),
                            tuple(map(str, kept["lattice"])))  # fmt: skip
