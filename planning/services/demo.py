"""Load the demonstration province; lay a demonstration network on boundaries that are there."""

import hashlib
from pathlib import Path

import numpy as np

from geo.errors import N_
from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.demo.network import NetworkPlaces, lay_network
from planning.demo.profiles import PROFILES
from planning.model.errors import NotFoundError
from planning.services.imports import (
    Origin,
    import_boundaries,
    import_crosswalk,
    import_grid,
    import_hosts,
    import_points,
    import_population,
)
from planning.services.requests import now, only_province
from planning.store import audit, imports, layers, snapshots
from planning.store.imports import ImportBatch
from planning.store.session import Store
from planning.store.situation import load_situation

FOLDER = Path(__file__).parents[2] / "data" / "boundaries"
PROVINCE = "99"
BEFORE, SINCE = "2004-01-01", "2025-07-01"
SOURCE = "Dữ liệu minh họa"
SEED = 20250331


def load_province(store: Store, folder: Path = FOLDER, *, by: str = "local") -> str:
    """Import the demonstration province from its files; return its code.

    It goes the way of every file: the same readers, checks and records.
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
    return PROVINCE


def lay(
    store: Store, profile_name: str, province: str | None, seed: int = SEED, *, by: str = "local"
) -> list[str]:
    """Lay a network with a profile's published figures on a province, in place of its points.

    Without `province` the profile's own is meant where it is there. Returns notes on what
    could not be laid out, such as figures per former commune without a crosswalk.
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
    text = network.points.to_csv(index=False)
    at = now()
    with store.writing() as db:
        before = snapshots.taken(db, "points", code)
        layers.save_points(db, code, network.points)
        batch = ImportBatch(
            province_code=code, kind="points", valid_from="", file=f"{profile_name} (seed {seed})",
            sha256=hashlib.sha256(text.encode()).hexdigest(), options={"profile": profile_name},
            rows=len(network.points), left_out=0, source=SOURCE, as_of=profile.as_of,
            synthetic=True, findings=[], imported_at=at, imported_by=by,
        )  # fmt: skip
        snapshots.save(db, imports.record(db, batch), before)
        audit.record(db, "data:network:laid", code, at=at, actor=by, profile=profile_name,
                     seed=seed, points=len(network.points))  # fmt: skip
    return list(network.notes)


def _province_of(store: Store, natural: str, wanted: str | None) -> str:
    with store.reading() as db:
        codes = [row.code for row in layers.provinces(db)]
    return only_province(store, natural if wanted is None and natural in codes else wanted)
