"""Make, change, undo and delete scenarios: every write is one transaction with its version."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from geo.errors import N_, Word
from planning.language import STORED_LANGUAGE, speaker
from planning.model.errors import NotFoundError, RequestError
from planning.model.scenario import (
    MOST_TEXT,
    Change,
    ChangeKind,
    DeletedError,
    Scenario,
    StaleError,
    Step,
    require_name,
    require_text,
)
from planning.model.siting import SitingPlan
from planning.services.requests import AnalysisRequest, now
from planning.services.scenarios.measuring import bench
from planning.store import audit, plans, scenarios
from planning.store.decided import decided_fingerprint
from planning.store.scenarios import Comment, Written
from planning.store.session import Store

MOST_TOKEN = 64
# What a write did, as those are told who read an earlier version.
MADE, RENAMED = N_("the scenario was made"), N_("the scenario was renamed")
DELETED, RESTORED = N_("the scenario was deleted"), N_("the scenario was brought back")
UNDONE, REDONE = N_("a step was undone"), N_("a step was done again")
FOLLOWED = N_("the present data were taken over")
SEVERAL = N_("several changes were made at once")
DONE = {
    ChangeKind.ADD: N_("a point was added"), ChangeKind.MOVE: N_("a point was moved"),
    ChangeKind.CLOSE: N_("a point was closed"), ChangeKind.OPEN: N_("a point was opened"),
    ChangeKind.KIND: N_("the kind of a point was changed"),
    ChangeKind.LOCK_IN: N_("something was locked in"),
    ChangeKind.LOCK_OUT: N_("a place was locked out"),
    ChangeKind.RESTORE: N_("a change was taken back"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Write:
    """Which scenario is written, and the version it was read at.

    `token` names the request: one that comes again, because its answer was lost, is not done
    twice.
    """

    province: str
    id: int
    version: int
    by: str = "local"
    token: str = ""


def make(
    store: Store, request: AnalysisRequest, name: str, note: str = "", *,
    by: str = "local", steps: tuple[Step, ...] = (),
) -> Scenario:  # fmt: skip
    """Return a new scenario; without steps it is the network as it is."""
    name, note = require_name(name), note.strip()
    require_text(note, MOST_TEXT)
    fingerprint, vintage = decided_fingerprint(store, request.province, request.valid_from)
    at = now()
    made = Scenario(
        id=0, province=request.province, name=name, note=note, valid_from=vintage,
        fingerprint=fingerprint, version=0, steps=(), cursor=0, made_by=by, made_at=at,
        changed_by=by, changed_at=at,
    )  # fmt: skip
    for step in steps:
        made = made.with_step(step)
    made = replace(made, version=1)
    with store.writing() as db:
        made = replace(made, id=scenarios.insert(db, made))
        scenarios.note(db, made.id, Written(1, MADE, by, at), "")
        audit.record(db, "scenario:scenario:made", request.province, at=at, actor=by,
                     scenario=made.id, name=name)  # fmt: skip
    return made


def from_plan(
    store: Store, request: AnalysisRequest, plan: SitingPlan, name: str = "", *, by: str = "local"
) -> Scenario:
    """Return a new scenario of what a plan suggests: its sites added, its closings closed.

    A plan that adds to a scenario brings along what that one changed.
    """
    step = suggested(plan)
    before = plan.basis.changes if plan.basis else ()
    if not name.strip():
        say = speaker(STORED_LANGUAGE)
        name = say(N_("Suggestion of %(points)s points")) % {"points": len(plan.sites)}
    return make(store, request, name, by=by, steps=tuple(each for each in (before, step) if each))


def suggested(plan: SitingPlan) -> Step:
    """Return what a plan suggests as changes; refuse one that suggests nothing."""
    step = tuple(
        [Change(ChangeKind.CLOSE, each.point_id) for each in plan.closed]
        + [Change(ChangeKind.ADD, lon=each.lon, lat=each.lat, name=each.housed_by or "",
                  host=each.housed_by or "") for each in plan.sites]
    )  # fmt: skip
    if not step:
        raise RequestError(N_("This plan suggests nothing a scenario could be made of."))
    return step


def latest_plan(store: Store, request: AnalysisRequest) -> SitingPlan:
    """Return the plan asked for, or the one made last; raise `NotFoundError` where there is none."""
    _, vintage = decided_fingerprint(store, request.province, request.valid_from)
    with store.reading() as db:
        plan = plans.meant(db, request.province, vintage, request.plan, request.need)
    if plan is None:
        raise NotFoundError(N_("There are no suggestions yet; ask for some first."))
    return plan


def get(store: Store, province: str, number: int) -> Scenario:
    """Return a scenario; raise `NotFoundError`, or `DeletedError` where it was deleted."""
    with store.reading() as db:
        found = _there(db, province, number)
    if found.deleted_at:
        raise DeletedError(N_("The scenario “%(name)s” was deleted; it can be brought back."), name=found.name)  # fmt: skip
    return found


def rename(store: Store, write: Write, name: str, note: str) -> Scenario:
    """Give a scenario another name and note."""
    name, note = require_name(name), note.strip()
    require_text(note, MOST_TEXT)
    return _written(store, write, lambda it: replace(it, name=name, note=note), RENAMED)


def delete(store: Store, write: Write) -> Scenario:
    """Delete a scenario; `restore` brings it back."""
    return _written(store, write, lambda it: replace(it, deleted_at=now()), DELETED)


def restore(store: Store, write: Write) -> Scenario:
    """Bring a deleted scenario back as it was, whatever version it was read at."""
    with store.reading() as db:
        found = _there(db, write.province, write.id)
    if found.deleted_at is None:
        return found
    write = replace(write, version=found.version)
    return _written(store, write, lambda it: replace(it, deleted_at=None), RESTORED)


def change(
    store: Store, request: AnalysisRequest, write: Write, changes: Sequence[Change]
) -> Scenario:
    """Make changes as one step; raises `RequestError` for what cannot be made."""
    ready = bench(store, request)

    def act(there: Scenario) -> Scenario:
        then = there.with_step(changes)
        before = there.outline
        for each in then.steps[-1]:
            ready.require(before, each)
            before = before.after(each)
        return then

    what = DONE[changes[0].kind] if len(changes) == 1 else SEVERAL
    return _written(store, write, act, what)


def undo(store: Store, write: Write) -> Scenario:
    """Take the last step back."""
    return _written(store, write, Scenario.undone, UNDONE)


def redo(store: Store, write: Write) -> Scenario:
    """Do again the step undone last."""
    return _written(store, write, Scenario.redone, REDONE)


def follow(store: Store, request: AnalysisRequest, write: Write) -> Scenario:
    """Note that somebody looked at the changes on the present data."""
    fingerprint, vintage = decided_fingerprint(store, request.province, request.valid_from)

    def act(it: Scenario) -> Scenario:
        return replace(it, fingerprint=fingerprint, valid_from=vintage)

    return _written(store, write, act, FOLLOWED)


def comment(store: Store, write: Write, text: str) -> None:
    """Say something about a scenario; comments never clash."""
    text = text.strip()
    if not text:
        raise RequestError(N_("Write the comment first."))
    require_text(text, MOST_TEXT)
    get(store, write.province, write.id)
    with store.writing() as db:
        scenarios.say(db, write.id, Comment(write.by, now(), text), write.token[:MOST_TOKEN])


def comments(store: Store, scenario: Scenario) -> list[Comment]:
    """Return what was said about a scenario, oldest first."""
    with store.reading() as db:
        return scenarios.comments(db, scenario.id)


def _there(db: sa.Connection, province: str, number: int) -> Scenario:
    found = scenarios.load(db, province, number)
    if found is None:
        raise NotFoundError(N_("There is no scenario with the number %(number)s here."), number=str(number))  # fmt: skip
    return found


def _written(
    store: Store, write: Write, act: Callable[[Scenario], Scenario], what: str
) -> Scenario:
    """Do `act` to a scenario and keep it, unless it was written since it was read."""
    token, at = write.token[:MOST_TOKEN], now()
    with store.writing() as db:
        there = _there(db, write.province, write.id)
        if token and scenarios.was_written(db, there.id, token):
            return there
        if there.deleted_at and what != RESTORED:
            raise DeletedError(N_("The scenario “%(name)s” was deleted; it can be brought back."), name=there.name)  # fmt: skip
        if there.version != write.version:
            raise _stale(there, scenarios.writes_since(db, there.id, write.version))
        then = replace(act(there), version=there.version + 1, changed_by=write.by, changed_at=at)
        scenarios.update(db, there, then)
        scenarios.note(db, then.id, Written(then.version, what, write.by, at), token)
        audit.record(db, "scenario:scenario:written", write.province, at=at, actor=write.by,
                     scenario=then.id, version=then.version, what=what)  # fmt: skip
    return then


def _stale(there: Scenario, since: list[Written]) -> StaleError:
    if not since:
        return StaleError(
            N_("This page is of another state of the scenario; load it again."), there.version
        )
    last = since[-1]
    return StaleError(
        N_("Somebody changed this scenario after you opened it (%(count)s times; last: %(what)s, %(by)s, %(at)s UTC). Nothing of theirs was overwritten; load it again and repeat your change."),
        there.version, count=len(since), what=Word(last.what), by=last.by,
        at=last.at[11:16],
    )  # fmt: skip
