"""Proposals as they are kept: what they say now, and every step with its event."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import sqlalchemy as sa

from planning.model.proposals import (
    ChangedError,
    Condition,
    Content,
    Decision,
    Figures,
    Met,
    Price,
    Proposal,
    SiteCheck,
    State,
    Wanted,
)
from planning.store import review_tables, schema

_proposal = review_tables.proposal.c
_event = review_tables.proposal_event.c


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a proposal: what was done, by whom, when, and the facts told with it.

    `audit` is its number in the trail of events.
    """

    proposal: int
    version: int
    action: str
    before: State
    after: State
    audit: int
    at: str
    actor: str
    facts: Mapping[str, Any]


def next_number(db: sa.Connection, province: str, year: str) -> str:
    """Return the next unofficial number of a year, such as DX-2026-0001; none comes twice."""
    stem = f"DX-{year}-"
    numbers = db.execute(
        sa.select(_proposal.number).where(
            _proposal.province_code == province, _proposal.number.startswith(stem)
        )
    ).scalars()
    last = max((int(each.removeprefix(stem)) for each in numbers), default=0)
    return f"{stem}{last + 1:04d}"


def insert(db: sa.Connection, proposal: Proposal) -> Proposal:
    """Keep a new proposal and return it with its id; its first event is due in the transaction."""
    made = db.execute(sa.insert(review_tables.proposal).values(_row(proposal)))
    return replace(proposal, id=int(made.inserted_primary_key[0]))  # type: ignore[index]


def update(db: sa.Connection, before: Proposal, now: Proposal) -> None:
    """Write a proposal one version later; raise `ChangedError` where somebody else was first."""
    done = db.execute(
        sa.update(review_tables.proposal)
        .where(_proposal.id == before.id, _proposal.version == before.version)
        .values(_row(now))
    )
    if done.rowcount != 1:
        found = load(db, before.province, before.number)
        raise ChangedError(before.number, found.version if found else 0)


def add_event(db: sa.Connection, now: Proposal, action: str, before: State, audit_id: int) -> None:
    """Keep the step that made a proposal what it is `now`."""
    db.execute(
        sa.insert(review_tables.proposal_event).values(
            proposal_id=now.id, version=now.version,
            previous=now.version - 1 if now.version > 1 else None,
            action=action, kind=str(now.kind), before=str(before), after=str(now.state),
            audit_id=audit_id,
        )
    )  # fmt: skip


def load(db: sa.Connection, province: str, number: str) -> Proposal | None:
    """Return a proposal by its number, None where there is none."""
    query = sa.select(review_tables.proposal).where(
        _proposal.province_code == province, _proposal.number == number
    )
    row = db.execute(query).mappings().first()
    return None if row is None else _read(dict(row))


def listed(
    db: sa.Connection, province: str, states: Iterable[State] | None = None
) -> list[Proposal]:
    """Return the proposals of a province, in the order of their numbers; of some states only."""
    query = sa.select(review_tables.proposal).where(_proposal.province_code == province)
    if states is not None:
        query = query.where(_proposal.state.in_([str(each) for each in states]))
    return [_read(dict(row)) for row in db.execute(query.order_by(_proposal.id)).mappings()]


def fingerprint(db: sa.Connection, province: str) -> tuple[int, int]:
    """Return what changes with every write to a proposal of a province: count and versions."""
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_proposal.version), 0))
    count, versions = db.execute(query.where(_proposal.province_code == province)).one()
    return int(count), int(versions)


def events(db: sa.Connection, proposal: int) -> list[Event]:
    """Return the steps of a proposal, oldest first."""
    audit = schema.audit.c
    query = (
        sa.select(_event.proposal_id, _event.version, _event.action, _event.before, _event.after,
                  _event.audit_id, audit.at, audit.actor, audit.facts)
        .join(schema.audit, _event.audit_id == audit.id)
        .where(_event.proposal_id == proposal)
        .order_by(_event.version)
    )  # fmt: skip
    return [
        Event(row.proposal_id, row.version, row.action, State(row.before), State(row.after),
              row.audit_id, row.at, row.actor, row.facts)
        for row in db.execute(query)
    ]  # fmt: skip


def _row(it: Proposal) -> dict[str, Any]:
    body = {name: _plain(getattr(it, name))
            for name in ("content", "figures", "wanted", "check", "decision")}  # fmt: skip
    return {
        "province_code": it.province, "number": it.number, "kind": str(it.kind),
        "state": str(it.state), "version": it.version,
        "organisation_code": it.content.organisation, "point_id": it.content.point_id,
        "commune_code": it.commune, "office": it.office, "valid_from": it.valid_from,
        "body": body, "code": it.code, "scenario_id": it.scenario,
        "proposed_by": it.proposed_by, "assigned_to": it.assigned_to, "due": it.due,
        "made_at": it.made_at, "changed_at": it.changed_at,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [asdict(each) for each in value]
    return None if value is None else asdict(value)


def _read(row: Mapping[str, Any]) -> Proposal:
    body = row["body"]
    return Proposal(
        id=row["id"], province=row["province_code"], number=row["number"],
        state=State(row["state"]), version=row["version"], content=Content.of(body["content"]),
        commune=row["commune_code"], office=row["office"], valid_from=row["valid_from"],
        proposed_by=row["proposed_by"], made_at=row["made_at"], changed_at=row["changed_at"],
        figures=_made(Figures, body["figures"]),
        wanted=tuple(Wanted(**_known(Wanted, each)) for each in body["wanted"]),
        check=_check(body["check"]), decision=_decision(body["decision"]), code=row["code"],
        scenario=row["scenario_id"], assigned_to=row["assigned_to"], due=row["due"],
    )  # fmt: skip


def _known(kind: type, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that `kind` has: what an earlier version kept besides is left alone."""
    return {each.name: value[each.name] for each in fields(kind) if each.name in value}


def _made(kind: type, value: Mapping[str, Any] | None) -> Any:
    return None if value is None else kind(**_known(kind, value))


def _check(value: Mapping[str, Any] | None) -> SiteCheck | None:
    if value is None:
        return None
    conditions = tuple(
        Condition(each["code"], Met(each["met"]), each.get("note", ""))
        for each in value["conditions"]
    )
    return SiteCheck(**{**_known(SiteCheck, value), "conditions": conditions})


def _decision(value: Mapping[str, Any] | None) -> Decision | None:
    if value is None:
        return None
    return Decision(**{**_known(Decision, value), "price": _made(Price, value["price"])})
