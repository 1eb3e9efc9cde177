"""Plans that were made, newest last: kept as plain values, given back as the objects they were."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from planning.model.coverage import PopulationBase
from planning.model.decisions import DECISIONS, Decisions
from planning.model.performance import Need
from planning.model.siting import (
    Basis,
    CandidateKind,
    ClosedPoint,
    Firmness,
    Refusing,
    Shift,
    Site,
    SitingPlan,
)
from planning.model.standards import ServiceStandard, TerrainClass
from planning.siting.stating.asking import ask_of
from planning.store import schema
from planning.store.situation import METHOD_VERSION


def _made_by() -> str:
    try:
        program = version("diemthu")
    except PackageNotFoundError:  # run from its folder, not installed
        program = "0.1.0"
    return f"{program}/{METHOD_VERSION}"


_SCENARIO = schema.plan.c.body["basis", "scenario"].as_integer()
_NEED = sa.func.coalesce(
    schema.plan.c.body["population_base", "need"].as_string(), Need.EVERYBODY.value
)
MADE_BY = _made_by()  # the version of the program and of its method, kept with every plan


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A kept plan in a list of plans: its number and a few of its figures.

    `scenario` is the number of the scenario it adds to, None for the network as it is;
    `decided` the hash of the decisions it counts, empty where it counts none.
    """

    id: int
    valid_from: str
    fingerprint: str
    made_at: str
    objective: str
    unit: str
    points_asked: int
    sites: int
    people_gained: int
    value: float
    bound: float
    stopped: str
    scenario: int | None = None
    decided: str = ""
    need: Need = Need.EVERYBODY


def save(db: sa.Connection, plan: SitingPlan, *, made_at: str) -> int:
    """Keep a plan and return its number.

    The plan names its province, its vintage and its inputs' fingerprint.
    """
    made = db.execute(
        sa.insert(schema.plan).values(
            province_code=plan.province_code, valid_from=plan.valid_from,
            fingerprint=plan.fingerprint, made_at=made_at,
            body={**plan.as_dict(), "version": MADE_BY},
        )
    )  # fmt: skip
    (number,) = made.inserted_primary_key or (0,)
    return int(number)


def load(
    db: sa.Connection, province: str, number: int
) -> tuple[SitingPlan, str, str | None] | None:
    """Return a plan of a province, when it was made and by which version of the program.

    None where the province has none of this number; plans of old name no version.
    """
    table = schema.plan.c
    query = sa.select(table.body, table.made_at)
    row = db.execute(query.where(table.id == number, table.province_code == province)).first()
    return None if row is None else (_plan(row.body), str(row.made_at), row.body.get("version"))


def meant(
    db: sa.Connection, province: str, valid_from: str, number: int | None, need: Need
) -> SitingPlan | None:
    """Return the plan of this number, of whatever vintage and need.

    Without a number it is the newest of a vintage for a need.
    """
    if number is None:
        return latest(db, province, valid_from, need)
    found = load(db, province, number)
    return None if found is None else found[0]


def newest(
    db: sa.Connection, province: str, most: int, *, scenario: int | None = None
) -> list[PlanLine]:
    """Return the plans of a province, or those that add to a scenario, in short, newest first."""
    table = schema.plan.c
    body = table.body
    query = sa.select(
        table.id, table.valid_from, table.fingerprint, table.made_at,
        sa.func.coalesce(body["objective"].as_string(), "most people").label("objective"),
        sa.func.coalesce(body["unit"].as_string(), "people").label("unit"),
        body["points_asked"].as_integer().label("points_asked"),
        sa.func.json_array_length(body["sites"]).label("sites"),
        body["people_gained"].as_integer().label("people_gained"),
        sa.func.coalesce(body["value"].as_float(), 0.0).label("value"),
        sa.func.coalesce(body["bound"].as_float(), 0.0).label("bound"),
        sa.func.coalesce(body["stopped"].as_string(), "done").label("stopped"),
        _SCENARIO.label("scenario"),
        sa.func.coalesce(body[DECISIONS, "fingerprint"].as_string(), "").label("decided"),
        _NEED.label("need"),
    )  # fmt: skip
    if scenario is not None:
        query = query.where(scenario == _SCENARIO)
    rows = db.execute(
        query.where(table.province_code == province).order_by(table.id.desc()).limit(most)
    )
    return [PlanLine(**{**row, "need": Need(row["need"])}) for row in rows.mappings()]


def asked_like(db: sa.Connection, plan: SitingPlan) -> dict[int, int]:
    """Return the newest plan of each number of points that asked the same on the same data."""
    table = schema.plan.c
    same = (
        table.province_code == plan.province_code, table.valid_from == plan.valid_from,
        table.fingerprint == plan.fingerprint,
    )  # fmt: skip
    query = sa.select(table.id, table.body).where(*same).order_by(table.id)
    found = {}
    for row in db.execute(query):
        other = _plan(row.body)
        upon = (other.standard, other.basis, other.decisions)
        if (replace(other.ask, points=plan.ask.points), *upon) == (
            plan.ask, plan.standard, plan.basis, plan.decisions,
        ):  # fmt: skip
            found[other.ask.points] = int(row.id)
    return found


def latest(
    db: sa.Connection, province: str, valid_from: str, need: Need = Need.EVERYBODY
) -> SitingPlan | None:
    """Return the newest plan for the network as it is on a vintage and for a need, or None.

    A plan that adds to a scenario means nothing without it, and is found by its number.
    """
    table = schema.plan
    ours = (table.c.province_code == province, table.c.valid_from == valid_from)
    query = (
        sa.select(table.c.body)
        .where(*ours, _SCENARIO.is_(None), _NEED.in_([need.value]))
        .order_by(table.c.id.desc())
    )
    body = db.execute(query).scalar()
    return None if body is None else _plan(body)


def _plan(body: dict[str, Any]) -> SitingPlan:
    """Return a kept plan as the object it was."""
    base = dict(body["population_base"])
    base["unknown_communes"] = tuple(base["unknown_communes"])
    base["need"] = Need(base.get("need", Need.EVERYBODY))
    radii = {TerrainClass(k): v for k, v in body["standard"]["radii_km"].items()}
    whole = body if "ask" in body else _as_asked_now(body)
    plain = {name: whole[name] for name in SitingPlan.__dataclass_fields__ if name in whole}
    return SitingPlan(
        **{
            **plain,
            "standard": ServiceStandard(MappingProxyType(radii)),
            "base": PopulationBase(**base),
            "ask": ask_of(whole["ask"]),
            "sites": tuple(_site(each) for each in whole["sites"]),
            "closed": tuple(ClosedPoint(**each) for each in whole["closed"]),
            "basis": Basis.of(whole["basis"]) if whole.get("basis") else None,
            "decisions": Decisions.within(whole),
        }
    )


def _as_asked_now(body: dict[str, Any]) -> dict[str, Any]:
    """Return a plan kept before plans carried their question with what it lacks."""
    people = body["population_base"]["people"]
    served = people - body["people_unserved"]
    return {
        **body, "people": people, "closed": [], "value": served + body["people_gained"],
        "bound": served + body["upper_bound_people_gained"],
        "ask": {"points": body["points_asked"], "method": body["method"], "seed": body["seed"]},
    }  # fmt: skip


def _site(body: dict[str, Any]) -> Site:
    """Return a kept site; one of an older plan lacks what was not known of it then."""
    made: dict[str, Callable[[Any], Any]] = {
        "kind": CandidateKind, "firmness": Firmness,
        "shift": lambda value: Shift(**value), "refusing": lambda value: Refusing(**value),
    }  # fmt: skip
    objects = {name: make(body[name]) for name, make in made.items() if body.get(name) is not None}
    return Site(**{**body, **objects})
