"""Proposals while they can still be changed: made, edited, sent in, withdrawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from geo.errors import N_
from geo.tables import Points
from planning.model.days import today
from planning.model.errors import RequestError
from planning.model.people import Action, Thing, User, require
from planning.model.proposals import Content, Figures, Proposal, ProposalKind, State
from planning.model.scenario import Outline, Scenario
from planning.services.requests import now
from planning.services.review.placing import Ground, ground
from planning.services.review.steps import Ask, Planned, act, begun, taken
from planning.store import proposals
from planning.store.session import Store

SAME_KIND = N_("A proposal keeps what it asks for: withdraw this one and make another.")
NOTHING_TO_PROPOSE = N_("This scenario changes nothing that is not proposed already.")
Measure = Callable[[Proposal], Figures]


@dataclass(frozen=True, slots=True)
class Draft:
    """What shall be proposed in a province, and the number of the scenario it comes from."""

    province: str
    content: Content
    scenario: int | None = None


def propose(store: Store, user: User, province: str, content: Content) -> Proposal:
    """Make a draft and return it with its unofficial number."""
    with store.writing() as db:
        return _proposed(db, user, ground(db, province), Draft(province, content))


def propose_all(
    store: Store, user: User, province: str, contents: Sequence[Content]
) -> list[Proposal]:
    """Make several drafts, all or none."""
    with store.writing() as db:
        on = ground(db, province)
        return [_proposed(db, user, on, Draft(province, each)) for each in contents]


def from_scenario(
    store: Store, user: User, scenario: Scenario, organisation: str = ""
) -> list[Proposal]:
    """Make a draft of every change of a scenario that none was made of yet; all or none.

    `organisation` is the code of the one that shall run new points, empty where that is open.
    Raises `RequestError` where there is nothing left to propose.
    """
    province = scenario.province
    with store.writing() as db:
        on = ground(db, province)
        known = {
            _place(each.content) for each in proposals.listed(db, province)
            if each.scenario == scenario.id and each.state is not State.WITHDRAWN
        }  # fmt: skip
        wanted = [
            _called(on, each) for each in contents_of(scenario.outline, on.points, organisation)
            if _place(each) not in known
        ]  # fmt: skip
        if not wanted:
            raise RequestError(NOTHING_TO_PROPOSE)
        return [_proposed(db, user, on, Draft(province, each, scenario.id)) for each in wanted]


def _called(on: Ground, content: Content) -> Content:
    """Return a new point that nobody has named, called after its host or its commune."""
    if content.point_id or not content.name.startswith("+"):  # as a scenario numbers them
        return content
    lies = on.placed(content.lon, content.lat).commune
    names = on.communes.loc[on.communes["code"] == lies, "full_name"]
    where = content.host or ("" if names.empty else str(names.iloc[0]))
    return replace(
        content, name=f"Điểm thu mới, {where}" if where else f"Điểm thu mới {content.name}"
    )


def contents_of(outline: Outline, points: Points, organisation: str = "") -> list[Content]:
    """Return what the changes of a scenario propose: new points first, then those listed."""
    made = [
        Content(
            ProposalKind.OPEN, each.name or each.id, each.lon, each.lat, point_kind=each.kind,
            organisation=organisation, host=each.host, note=each.comment,
        )
        for each in outline.added.values()
    ]  # fmt: skip
    listed = {row["point_id"]: row for row in points.to_dict("records")}
    for each in outline.altered.values():
        if each.id not in listed:
            continue  # it left the list since
        row = listed[each.id]
        moved = each.lon is not None
        lon = row["lon"] if each.lon is None else each.lon
        lat = row["lat"] if each.lat is None else each.lat
        if each.status == "closed":
            kind = ProposalKind.CLOSE
        elif each.status == "open":
            kind = ProposalKind.OPEN
        else:
            kind = ProposalKind.MOVE if moved else ProposalKind.KIND
        made.append(
            Content(
                kind, str(row["name"]), float(lon), float(lat), point_id=each.id,
                point_kind=each.kind or str(row["kind"]), organisation=_text(row["organisation_code"]),
                host_type=_text(row["host_type"]), address=_text(row["address"]), note=each.comment,
            )
        )  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class Edit:
    """What a proposal shall say; `settled` are the places of the requests this answers."""

    content: Content
    settled: tuple[int, ...] = ()


def edit(store: Store, user: User, ask: Ask, wanted: Edit) -> Proposal:
    """Change what a proposal says; a new place makes its figures unknown again.

    A request for a field that is changed now counts as answered.
    """
    with store.writing() as db:
        return _edited(db, user, ask, wanted)


def _edited(db: sa.Connection, user: User, ask: Ask, wanted: Edit) -> Proposal:
    content = wanted.content
    before = proposals.load(db, ask.province, ask.number)
    changed = _changed(before.content, content) if before else {}

    def change(db: sa.Connection, then: Proposal) -> Proposal:
        if content.kind is not then.kind:
            raise RequestError(SAME_KIND)
        on = ground(db, ask.province)
        on.require(content, then.number)
        lies = on.placed(content.lon, content.lat)
        moved = {"lon", "lat", "point_kind", "point_id"} & set(changed)
        answered = tuple(
            replace(each, settled=each.settled or at in wanted.settled or each.field in changed)
            for at, each in enumerate(then.wanted)
        )
        after = replace(
            then, content=content, commune=lies.commune, office=lies.office,
            valid_from=lies.valid_from, wanted=answered, figures=None if moved else then.figures,
        )  # fmt: skip
        require(user, Action.EDIT, after.thing)  # nobody hands a proposal to somebody else
        return after

    return taken(db, user, replace(ask, action=Action.EDIT, facts={"changed": changed}), change)


def submit(store: Store, user: User, ask: Ask, measure: Measure | None = None) -> Proposal:
    """Send a proposal in, with the figures that `measure` gives for what it says now."""
    figures = None
    if measure is not None:
        with store.reading() as db:
            found = proposals.load(db, ask.province, ask.number)
        if found is not None and found.version == ask.version:
            figures = measure(found)
    return act(store, user, *submitting(ask, figures))


def submitting(ask: Ask, figures: Figures | None) -> Planned:
    """Return the step that sends a proposal in; without `figures` it keeps those it has."""

    def change(_db: sa.Connection, then: Proposal) -> Proposal:
        return replace(then, figures=figures or then.figures)

    return replace(ask, action=Action.SUBMIT), change


def withdraw(store: Store, user: User, ask: Ask) -> Proposal:
    """Take a proposal back before it is decided."""
    return act(store, user, replace(ask, action=Action.WITHDRAW))


def _proposed(db: sa.Connection, user: User, on: Ground, draft: Draft) -> Proposal:
    content, province = draft.content, draft.province
    lies = on.placed(content.lon, content.lat)
    require(user, Action.PROPOSE, Thing(province, content.organisation, lies.commune, lies.office))
    on.require(content)
    at = now()
    return begun(
        db, user,
        Proposal(
            0, province, proposals.next_number(db, province, today()[:4]), State.DRAFT, 1, content,
            commune=lies.commune, office=lies.office, valid_from=lies.valid_from,
            proposed_by=user.name, made_at=at, changed_at=at, scenario=draft.scenario,
        ),
        scenario=draft.scenario,
    )  # fmt: skip


def _changed(before: Content, now: Content) -> dict[str, Any]:
    """Return the fields that change, each with both values; of staff only their numbers."""
    old, new = before.as_dict(), now.as_dict()
    found = {name: [old[name], new[name]] for name in old if old[name] != new[name]}
    if "staff" in found:
        found["staff"] = [len(each) for each in found["staff"]]
    return found


def _place(content: Content) -> tuple[object, ...]:
    return content.kind, content.point_id, round(content.lon, 6), round(content.lat, 6)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
