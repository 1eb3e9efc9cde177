"""Imports about the network: points, and places that could house one."""

import geopandas as gpd
import sqlalchemy as sa

from geo.crs import DEGREES
from geo.errors import N_
from geo.sources.places import read_hosts
from geo.sources.points import read_points
from geo.tables import Communes, Crosswalk, Hosts, Points
from planning.exports.sheets import DEMONSTRATION
from planning.model.errors import NotReadyError
from planning.services.imports.asked import ImportAsk
from planning.services.imports.decided import with_decisions
from planning.services.imports.reading import Kept, Reading
from planning.services.imports.recoded import with_codes_before
from planning.services.requests import only_province
from planning.store import changes, layers
from planning.store.session import Store


def points(store: Store, ask: ImportAsk) -> Reading:
    """Read a list of points; keeping replaces the network of the province.

    A file with rows that cannot be used is refused with all of them, unless `ask.good_rows`
    says that the others shall be kept.
    """
    code = only_province(store, ask.province)
    communes, crosswalk = _units(store, code)
    if communes is None:
        raise NotReadyError(
            N_("Province %(province)s has no boundaries yet; import them with “diemthu import "
               "boundaries”."),
            province=code,
        )  # fmt: skip
    file = read_points(ask.path, communes, ask.choices, crosswalk)
    # Our own list handed out and brought back says itself that it is a demonstration.
    synthetic = bool(file.table["note"].str.contains(DEMONSTRATION, na=False).any())
    with store.reading() as db:
        decided = with_decisions(db, code, file.table, file.report)
        before = layers.load_points(db, code)
    codes_listed = "former_codes" in file.recognised.columns
    listed = with_codes_before(before, decided, file.report, codes_listed=codes_listed)

    def keep(db: sa.Connection) -> list[Kept]:
        layers.save_points(db, code, listed)
        return [Kept(code, ask.kind, len(listed), left_out=file.rows - len(file.table),
                     options={"good_rows": ask.good_rows}, synthetic=synthetic)]  # fmt: skip

    return Reading(
        file.report, file.rows, len(file.table), keep, lambda _: (code,), file.recognised,
        _places(file.table), whole_only=True,
    )  # fmt: skip


def hosts(store: Store, ask: ImportAsk) -> Reading:
    """Read places that could house a point; keeping replaces the ones before."""
    code = only_province(store, ask.province)
    communes, _ = _units(store, code)
    file = read_hosts(ask.path, ask.host_type, ask.choices, communes)

    def keep(db: sa.Connection) -> list[Kept]:
        layers.save_hosts(db, code, file.table)
        return [Kept(code, ask.kind, len(file.table), left_out=file.rows - len(file.table),
                     options={"type": ask.host_type})]  # fmt: skip

    return Reading(
        file.report, file.rows, len(file.table), keep, lambda _: (code,), file.recognised,
        _places(file.table),
    )  # fmt: skip


def _units(store: Store, code: str) -> tuple[Communes | None, Crosswalk | None]:
    """Return the present communes of a province and which former ones of any day became them."""
    with store.reading() as db:
        days = layers.vintages(db, code)
        communes = layers.load_communes(db, code, days[-1][0]) if days else None
        return communes, changes.every_former(db, code)


def _places(table: Points | Hosts) -> gpd.GeoSeries:
    return gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"]), crs=DEGREES)
