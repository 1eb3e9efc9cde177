"""Scenarios as they are kept: their steps, comments, and every write with its version."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from planning.model.scenario import Change, Scenario, Step
from planning.store import schema


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a scenario."""

    by: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """One write to a scenario: `what` was done made it `version`."""

    version: int
    what: str
    by: str
    at: str


def insert(db: sa.Connection, scenario: Scenario) -> int:
    """Keep a new scenario and return its number; the one it carries is not looked at."""
    made = db.execute(sa.insert(schema.scenario).values(_head(scenario)))
    number = int(made.inserted_primary_key[0])  # type: ignore[index]
    _put_steps(db, number, scenario.steps, 0)
    return number


def update(db: sa.Connection, before: Scenario, after: Scenario) -> None:
    """Keep a scenario in place of what it was."""
    table, steps = schema.scenario, schema.scenario_change
    db.execute(sa.update(table).where(table.c.id == after.id).values(_head(after)))
    same = 0
    for one, other in zip(before.steps, after.steps, strict=False):
        if one != other:
            break
        same += 1
    gone = (steps.c.scenario_id == after.id) & (steps.c.position >= same)
    db.execute(sa.delete(steps).where(gone))
    _put_steps(db, after.id, after.steps[same:], same)


def load(db: sa.Connection, province: str, number: int) -> Scenario | None:
    """Return a scenario, deleted or not; None where the province has none of this number."""
    table = schema.scenario
    wanted = (table.c.province_code == province) & (table.c.id == number)
    row = db.execute(sa.select(table).where(wanted)).first()
    return None if row is None else _scenario(row, _steps(db, [number]).get(number, ()))


def listed(db: sa.Connection, province: str) -> list[Scenario]:
    """Return the scenarios of a province that are not deleted, the one changed last first."""
    table = schema.scenario
    wanted = (table.c.province_code == province) & table.c.deleted_at.is_(None)
    order = (table.c.changed_at.desc(), table.c.id.desc())
    rows = db.execute(sa.select(table).where(wanted).order_by(*order)).all()
    steps = _steps(db, [row.id for row in rows])
    return [_scenario(row, steps.get(row.id, ())) for row in rows]


def note(db: sa.Connection, number: int, written: Written, token: str) -> None:
    """Keep that a scenario was written."""
    db.execute(
        sa.insert(schema.scenario_write).values(
            scenario_id=number, version=written.version, what=written.what, by=written.by,
            at=written.at, token=token or None,
        )
    )  # fmt: skip


def writes_since(db: sa.Connection, number: int, version: int) -> list[Written]:
    """Return what was written to a scenario after a version, oldest first."""
    table = schema.scenario_write
    wanted = (table.c.scenario_id == number) & (table.c.version > version)
    rows = db.execute(sa.select(table).where(wanted).order_by(table.c.version))
    return [Written(row.version, row.what, row.by, row.at) for row in rows]


def was_written(db: sa.Connection, number: int, token: str) -> bool:
    """Whether the request of this name was done already."""
    table = schema.scenario_write
    wanted = (table.c.scenario_id == number) & (table.c.token == token)
    return db.execute(sa.select(table.c.version).where(wanted)).first() is not None


def say(db: sa.Connection, number: int, comment: Comment, token: str) -> None:
    """Keep a comment; one that came already is not kept twice."""
    table = schema.scenario_comment
    same = (table.c.scenario_id == number) & (table.c.token == token)
    if token and db.execute(sa.select(table.c.id).where(same)).first():
        return
    db.execute(
        sa.insert(table).values(
            scenario_id=number, by=comment.by, at=comment.at, text=comment.text,
            token=token or None,
        )
    )  # fmt: skip


def comments(db: sa.Connection, number: int) -> list[Comment]:
    """Return what was said about a scenario, oldest first."""
    table = schema.scenario_comment
    rows = db.execute(sa.select(table).where(table.c.scenario_id == number).order_by(table.c.id))
    return [Comment(row.by, row.at, row.text) for row in rows]


def _head(scenario: Scenario) -> dict[str, Any]:
    return {
        "province_code": scenario.province, "name": scenario.name, "note": scenario.note,
        "valid_from": scenario.valid_from, "fingerprint": scenario.fingerprint,
        "version": scenario.version, "cursor": scenario.cursor, "made_by": scenario.made_by,
        "made_at": scenario.made_at, "changed_by": scenario.changed_by,
        "changed_at": scenario.changed_at, "deleted_at": scenario.deleted_at,
    }  # fmt: skip


def _put_steps(db: sa.Connection, number: int, steps: tuple[Step, ...], first: int) -> None:
    if steps:
        db.execute(
            sa.insert(schema.scenario_change),
            [{"scenario_id": number, "position": at, "body": [each.as_dict() for each in step]}
             for at, step in enumerate(steps, start=first)],
        )  # fmt: skip


def _steps(db: sa.Connection, numbers: list[int]) -> dict[int, tuple[Step, ...]]:
    table = schema.scenario_change
    order = (table.c.scenario_id, table.c.position)
    wanted = table.c.scenario_id.in_(numbers)
    found: dict[int, list[Step]] = {}
    for row in db.execute(sa.select(table).where(wanted).order_by(*order)):
        step = tuple(Change.of(each) for each in row.body)
        found.setdefault(row.scenario_id, []).append(step)
    return {number: tuple(steps) for number, steps in found.items()}


def _scenario(row: sa.Row, steps: tuple[Step, ...]) -> Scenario:
    return Scenario(
        id=row.id, province=row.province_code, name=row.name, note=row.note,
        valid_from=row.valid_from, fingerprint=row.fingerprint, version=row.version, steps=steps,
        cursor=row.cursor, made_by=row.made_by, made_at=row.made_at, changed_by=row.changed_by,
        changed_at=row.changed_at, deleted_at=row.deleted_at,
    )  # fmt: skip
