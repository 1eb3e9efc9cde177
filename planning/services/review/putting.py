"""What was approved comes into force: code, publication, and the list of points follows."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pandas as pd
import sqlalchemy as sa

from geo.errors import N_
from planning.model.compliance import Record
from planning.model.errors import NotFoundError, RequestError
from planning.model.official_code import parse
from planning.model.people import Action, User
from planning.model.proposals import Proposal, ProposalKind
from planning.services.requests import require_day
from planning.services.review.codes import issued
from planning.services.review.placing import NO_POINT
from planning.services.review.steps import Ask, Change, act, act_on_all
from planning.store import imports, layers, partners, rows, watched
from planning.store.imports import ImportBatch
from planning.store.register import Deed
from planning.store.session import Store

NEEDS_CODE = N_("%(number)s needs an official code first: its point has none that is right there.")
CLOSED = N_("The point “%(point)s” was closed in the list since; another proposal can open it again.")  # fmt: skip
TAKEN = N_("The list holds a point with the code %(code)s already.")
K = ProposalKind
STATUS = {Action.SUSPEND: "suspended", Action.RESUME: "open", Action.END: "closed"}


def issue_codes(store: Store, user: User, asks: list[Ask]) -> list[Proposal]:
    """Issue the official codes of approved proposals, all or none."""

    def change(db: sa.Connection, then: Proposal) -> Proposal:
        return replace(then, code=issued(db, then))

    return act_on_all(store, user, [replace(each, action=Action.ISSUE_CODE) for each in asks], change)  # fmt: skip


def publish(store: Store, user: User, asks: list[Ask]) -> list[Proposal]:
    """Note that proposals were made public; a listed point keeps its code where that is right."""

    def change(db: sa.Connection, then: Proposal) -> Proposal:
        if then.kind in (K.OPEN, K.MOVE) and not then.code and not _keeps_code(db, then):
            raise RequestError(NEEDS_CODE, number=then.number)
        return then

    return act_on_all(store, user, [replace(each, action=Action.PUBLISH) for each in asks], change)


def start(store: Store, user: User, ask: Ask, day: str) -> Proposal:
    """Put a published proposal into the list of points: it operates from `day` on."""
    require_day(day)

    def change(db: sa.Connection, then: Proposal) -> Proposal:
        opened = then.kind is K.OPEN and not then.content.point_id
        point_id = then.code if opened else then.content.point_id
        was = watched.rows(db, then.province, Record.POINT, point_id)
        if opened:
            _add(db, then, day)
        else:
            _listed(db, then)
            rows.change_point(db, then.province, point_id, _changes(then, day))
        _note(db, user, then, ask.action, was)
        content = replace(then.content, point_id=point_id)
        return replace(then, content=content)

    return act(store, user, replace(ask, action=Action.START, facts={"day": day}), change)


def suspend(store: Store, user: User, ask: Ask) -> Proposal:
    """Suspend the point of a proposal; nobody is served by it until it is resumed."""
    return act(store, user, replace(ask, action=Action.SUSPEND), _with_status(user, Action.SUSPEND))


def resume(store: Store, user: User, ask: Ask) -> Proposal:
    """Let a suspended point operate again."""
    return act(store, user, replace(ask, action=Action.RESUME), _with_status(user, Action.RESUME))


def end(store: Store, user: User, ask: Ask, day: str) -> Proposal:
    """End the point of a proposal: it stays in the list as closed on `day`."""
    require_day(day)
    told = replace(ask, action=Action.END, facts={"day": day})
    return act(store, user, told, _with_status(user, Action.END, closed=day))


def _with_status(user: User, action: Action, **values: str) -> Change:
    def change(db: sa.Connection, then: Proposal) -> Proposal:
        gone = rows.point(db, then.province, then.content.point_id) is None
        if gone and action is Action.END:
            return then  # a new list left it out: there is nothing to close any more
        if _listed(db, then)["status"] == "closed" and action is not Action.END:
            raise RequestError(CLOSED, point=then.content.point_id)
        was = watched.rows(db, then.province, Record.POINT, then.content.point_id)
        rows.change_point(
            db, then.province, then.content.point_id, {"status": STATUS[action], **values}
        )
        _note(db, user, then, action, was)
        return then

    return change


def _add(db: sa.Connection, it: Proposal, day: str) -> None:
    listed = layers.load_points(db, it.province)
    if it.code in {*listed["point_id"], *listed["official_code"]}:
        raise RequestError(TAKEN, code=it.code)
    said = it.content
    rows.add_point(
        db, it.province,
        {"point_id": it.code, "official_code": it.code, "name": said.name,
         "kind": said.point_kind, "status": "open", "host_type": said.host_type or None,
         "address": said.address or None, "organisation_code": said.organisation or None,
         "organisation": _organisation(db, it), "commune_code": it.commune or None,
         "written_code": it.commune or None, "office": it.office or None, "lon": said.lon,
         "lat": said.lat, "staff_count": len(said.staff) or None,
         "opening_hours": said.opening_hours or None, "opened": day},
    )  # fmt: skip


def _changes(it: Proposal, day: str) -> dict[str, Any]:
    """Return what a proposal about a listed point makes of its row."""
    said = it.content
    if it.kind is K.KIND:
        return {"kind": said.point_kind}
    if it.kind is K.OPEN:
        given = {"official_code": it.code} if it.code else {}
        return {"status": "open", "kind": said.point_kind, "opened": day, **given}
    moved = {"lon": said.lon, "lat": said.lat, "commune_code": it.commune or None,
             "written_code": it.commune or None, "former_code": None, "office": it.office or None,
             "kind": said.point_kind}  # fmt: skip
    new = {name: value for name, value in (("address", said.address), ("host_type", said.host_type),
           ("official_code", it.code), ("organisation_code", said.organisation)) if value}  # fmt: skip
    return {**moved, **new}


def _keeps_code(db: sa.Connection, it: Proposal) -> bool:
    """Whether the code its point bears is right for where, and with whom, it shall be."""
    if not it.content.point_id:
        return False
    code = parse(_listed(db, it)["official_code"] or "")
    wanted = (it.content.organisation, it.province, it.commune)
    return code is not None and (code.organisation, code.province, code.commune) == wanted


def _listed(db: sa.Connection, it: Proposal) -> dict[str, Any]:
    """Return the row of the point a proposal is about; refuse one that left the list."""
    found = rows.point(db, it.province, it.content.point_id)
    if found is None:
        raise NotFoundError(NO_POINT, point=it.content.point_id)
    return found


def _organisation(db: sa.Connection, it: Proposal) -> str | None:
    known = partners.load_organisations(db, it.province)
    names = known.loc[known["organisation_code"] == it.content.organisation, "name"]
    return None if names.empty else str(names.iloc[0])


def _note(
    db: sa.Connection, user: User, it: Proposal, action: Action, was: pd.DataFrame
) -> None:  # fmt: skip
    """Keep in the history of the data that a decision changed the list, so that figures follow.

    `was` is the row of the point before, to tell in its own history what changed.
    """
    point = it.content.point_id or it.code
    deed = Deed(it.changed_at, user.name, "decision")
    watched.tell(db, it.province, Record.POINT, was, deed, point)
    base = imports.in_force(imports.batches(db, it.province), "points", "")
    facts = {"decision": it.number, "step": str(action), "version": it.version}
    told = json.dumps([base and base.sha256, facts], sort_keys=True)
    imports.record(
        db,
        ImportBatch(
            province_code=it.province, kind="points", valid_from="", file=it.number,
            sha256=hashlib.sha256(told.encode()).hexdigest(), options=facts,
            rows=rows.count_points(db, it.province), left_out=0, findings=[],
            source=base.source if base else "", as_of=base.as_of if base else None,
            synthetic=base.synthetic if base else False, imported_at=it.changed_at,
            imported_by=user.name,
        ),
    )  # fmt: skip
