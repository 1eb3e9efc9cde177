"""See and change the radii by which a province measures coverage."""

from types import MappingProxyType

from geo.errors import N_
from planning.model.errors import RequestError
from planning.model.standards import ServiceStandard, TerrainClass
from planning.services.requests import AnalysisRequest, now, only_province, standard_of
from planning.store import audit, layers
from planning.store.session import Store


def current(store: Store, province: str) -> ServiceStandard:
    """Return the standard in force for a province."""
    return standard_of(store, AnalysisRequest(only_province(store, province)))


def change(store: Store, province: str, radii_km: dict[str, float], *, by: str = "local") -> None:
    """Set the radius of some or all terrain classes, in kilometres; the others stay."""
    only_province(store, province)
    unknown = sorted(set(radii_km) - set(TerrainClass))
    if unknown:
        raise RequestError(
            N_("“%(class)s” is no terrain class; use one of %(known)s."),
            **{"class": unknown[0], "known": ", ".join(TerrainClass)},
        )
    before = current(store, province)
    wanted = {**before.radii_km, **{TerrainClass(k): float(v) for k, v in radii_km.items()}}
    after = ServiceStandard(MappingProxyType(wanted))
    at = now()
    with store.writing() as db:
        layers.save_standard(db, province, {k.value: v for k, v in after.radii_km.items()})
        audit.record(
            db, "standard:radii:changed", province, at=at, actor=by,
            before=before.as_dict()["radii_km"], after=after.as_dict()["radii_km"],
        )  # fmt: skip
