"""Plans that were made, newest last: kept as plain values, given back as the objects they were."""

from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from planning.model.coverage import PopulationBase
from planning.model.siting import Method, Site, SitingPlan
from planning.model.standards import ServiceStandard, TerrainClass
from planning.store import schema


def save(db: sa.Connection, plan: SitingPlan, *, made_at: str) -> None:
    """Keep a plan; it names its province, its vintage and its inputs' fingerprint."""
    db.execute(
        sa.insert(schema.plan).values(
            province_code=plan.province_code, valid_from=plan.valid_from,
            fingerprint=plan.fingerprint, made_at=made_at, body=plan.as_dict(),
        )
    )  # fmt: skip


def latest(db: sa.Connection, province: str, valid_from: str) -> SitingPlan | None:
    """Return the newest plan of a province on a vintage, None when there is none."""
    table = schema.plan
    query = (
        sa.select(table.c.body)
        .where(table.c.province_code == province, table.c.valid_from == valid_from)
        .order_by(table.c.id.desc())
    )
    body = db.execute(query).scalar()
    return None if body is None else _plan(body)


def _plan(body: dict[str, Any]) -> SitingPlan:
    """Return a kept plan as the object it was."""
    base = dict(body["population_base"])
    base["unknown_communes"] = tuple(base["unknown_communes"])
    radii = {TerrainClass(k): v for k, v in body["standard"]["radii_km"].items()}
    plain = {name: body[name] for name in SitingPlan.__dataclass_fields__ if name in body}
    return SitingPlan(
        **{
            **plain,
            "standard": ServiceStandard(MappingProxyType(radii)),
            "base": PopulationBase(**base),
            "method": Method(body["method"]),
            "sites": tuple(Site(**site) for site in body["sites"]),
        }
    )
