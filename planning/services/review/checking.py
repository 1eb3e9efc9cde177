"""A check on site: begun, written down as it goes, finished with a conclusion.

What a checker writes is saved again and again, from a phone on a poor line: the same words sent
twice are one step, and what others add meanwhile (a photo, a comment) is no conflict.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import hypot, isfinite
from typing import Any

import sqlalchemy as sa

from geo.crs import in_metres, metric_crs
from geo.errors import N_, Word
from planning.model.days import today
from planning.model.errors import RequestError
from planning.model.people import Action, User, may, require
from planning.model.proposals import (
    MOST_TEXT,
    ChangedError,
    Condition,
    Criterion,
    Figures,
    Met,
    Proposal,
    ProposalKind,
    SiteCheck,
    State,
    fits,
)
from planning.services.requests import require_day
from planning.services.review import criteria, placing
from planning.services.review.placing import Placed, ground
from planning.services.review.steps import Ask, Change, act, act_on_all, seen, taken
from planning.store import proposals
from planning.store.session import Store

TO_CHECK = (State.SUBMITTED, State.CHECKING)
SAME_PLACE_M = 1.0
# Steps that leave alone what a checker reads and writes.
HARMLESS = frozenset({Action.COMMENT, Action.ATTACH, Action.ASSIGN, Action.MEASURE})
FUTURE = N_("A check cannot be dated %(day)s, which is still to come.")
LONG = N_("Each text of a check has at most %(most)s characters, all of them printable.")
NOT_ON_LIST = N_("“%(code)s” is not on the checklist of that day; load the page again.")
NO_PLACE = N_("A place needs a latitude from -90 to 90 and a longitude from -180 to 180.")
AS_LISTED = N_("This proposal is about a listed point; its place is corrected in the list of points.")  # fmt: skip
OUTSIDE = N_("The corrected place lies in no commune of this province; correct it before you finish.")  # fmt: skip
UNANSWERED = N_("“%(text)s” is mandatory: say whether it is met before you finish the check.")
NOT_PLACED = N_("Say whether the place is right, or correct it, before you finish the check.")
NO_END = N_("Say whether the check is passed before you finish it.")
Measure = Callable[[Proposal], Figures | None]


@dataclass(frozen=True, slots=True)
class Due:
    """A proposal that waits for a check: whether it is assigned to the reader, and overdue."""

    proposal: Proposal
    to_me: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A corrected place: how far from the proposed one, and where it lies on the boundaries."""

    metres: float
    commune: str
    office: str
    other_commune: bool


def mine(store: Store, user: User, province: str) -> list[Due]:
    """Return the proposals that somebody may check: theirs first, then by the day they are due."""
    day = today()
    with store.reading() as db:
        found = placing.present(db, province, proposals.listed(db, province, TO_CHECK))
    able = [each for each in found
            if may(user, Action.CHECK, each.thing) or may(user, Action.BEGIN_CHECK, each.thing)]  # fmt: skip
    dues = [Due(each, each.assigned_to == user.name, bool(each.due) and each.due < day)
            for each in able]  # fmt: skip
    return sorted(dues, key=lambda it: (not it.to_me, it.proposal.due or "9999", it.proposal.id))


def begin(store: Store, user: User, ask: Ask) -> Proposal:
    """Begin the check of a proposal that was sent in; nothing of an earlier check is kept."""
    return act(store, user, replace(ask, action=Action.BEGIN_CHECK), _begun(user))


def begin_all(store: Store, user: User, asks: Sequence[Ask]) -> list[Proposal]:
    """Begin the checks of several proposals, all or none, each as `begin` does."""
    told = [replace(each, action=Action.BEGIN_CHECK) for each in asks]
    return act_on_all(store, user, told, _begun(user))


def _begun(user: User) -> Change:
    def change(_db: sa.Connection, then: Proposal) -> Proposal:
        content = then.content
        made = SiteCheck(user.name, today(), from_lon=content.lon, from_lat=content.lat)
        return replace(then, check=made)

    return change


def save(store: Store, user: User, ask: Ask, found: SiteCheck) -> Proposal:
    """Write down what was found so far; nothing is done where that stands there already.

    Raises `ChangedError` where somebody else wrote since it was read, and as `steps.act` does.
    """
    with store.writing() as db:
        before = seen(db, user, ask.province, ask.number)
        require(user, Action.CHECK, before.thing)
        wanted = _whole(db, user, before, found)
        if before.state is State.CHECKING and _same(before.check, wanted):
            return before
        step = replace(ask, action=Action.CHECK, version=_version(db, before, ask.version),
                       facts=_facts(wanted))  # fmt: skip
        return taken(db, user, step, lambda _db, then: replace(then, check=wanted))


def finish(
    store: Store, user: User, ask: Ask, found: SiteCheck, measure: Measure | None = None
) -> Proposal:
    """End a check with its conclusion; a corrected place becomes the place of the proposal.

    `measure` computes the figures of a proposal whose place was corrected; without it they
    are unknown again. Raises `RequestError` for everything that is missing, and as `save`.
    """
    with store.reading() as db:
        before = seen(db, user, ask.province, ask.number)
        require(user, Action.FINISH_CHECK, before.thing)
        wanted = _whole(db, user, before, found)
        if before.state is State.CHECKED and _same(before.check, wanted):
            return before
        if can_be_corrected(before) and not wanted.placed:
            raise RequestError(NOT_PLACED)
        _require_whole(wanted, _list_of(db, before, wanted.day))
        after = _placed(db, before, wanted)
    figures = measure(after) if after.content != before.content and measure is not None else None

    with store.writing() as db:
        fresh = seen(db, user, ask.province, ask.number)
        step = replace(ask, action=Action.FINISH_CHECK, version=_version(db, fresh, ask.version),
                       facts={**_facts(wanted), **_moved(before, after)})  # fmt: skip

        def change(_db: sa.Connection, then: Proposal) -> Proposal:
            if after.content == then.content:
                return replace(then, check=wanted)
            return replace(
                then, check=wanted, content=after.content, commune=after.commune,
                office=after.office, valid_from=after.valid_from, figures=figures,
            )  # fmt: skip

        return taken(db, user, step, change)


def place_of(store: Store, proposal: Proposal) -> Place | None:
    """Return where the corrected place of a check lies, None where it was not corrected."""
    check = proposal.check
    if check is None or check.lon is None or check.lat is None:
        return None
    with store.reading() as db:
        lies = ground(db, proposal.province).placed(check.lon, check.lat)
    proposed = proposed_place(proposal)
    return Place(metres_between(proposed, (check.lon, check.lat)), lies.commune, lies.office,
                 lies.commune != proposal.commune)  # fmt: skip


def proposed_place(proposal: Proposal) -> tuple[float, float]:
    """Return the place that the check began from."""
    check, content = proposal.check, proposal.content
    if check is None or check.from_lon is None or check.from_lat is None:
        return content.lon, content.lat
    return check.from_lon, check.from_lat


def can_be_corrected(proposal: Proposal) -> bool:
    """Whether a check may correct the place: only of a point that is not listed there."""
    return proposal.kind in (ProposalKind.OPEN, ProposalKind.MOVE)


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how far two places, longitude and latitude in degrees, are from each other."""
    lon, lat = zip(one, other, strict=True)
    xy = in_metres(lon, lat, metric_crs(lon))
    return hypot(*(xy[1] - xy[0]))


def _whole(db: sa.Connection, user: User, before: Proposal, found: SiteCheck) -> SiteCheck:
    """Return what is to be kept of what was sent, the whole checklist among it."""
    require_day(found.day)
    if found.day > today():
        raise RequestError(FUTURE, day=found.day)
    known = {each.code: each for each in found.conditions}
    lines = _list_of(db, before, found.day)
    if extra := known.keys() - {each.code for each in lines}:
        raise RequestError(NOT_ON_LIST, code=min(extra)[:20])
    texts = (found.present, found.findings, *(each.note for each in found.conditions))
    if not all(fits(each, MOST_TEXT) for each in texts):
        raise RequestError(LONG, most=MOST_TEXT)
    from_lon, from_lat = proposed_place(before)
    lon, lat = _corrected(before, found)
    return replace(
        found, by=user.name, lon=lon, lat=lat, from_lon=from_lon, from_lat=from_lat,
        placed=found.placed or lon is not None,
        conditions=tuple(known.get(each.code, Condition(each.code)) for each in lines),
    )  # fmt: skip


def _corrected(before: Proposal, found: SiteCheck) -> tuple[float, float] | tuple[None, None]:
    """Return the corrected place; none where it is the proposed one."""
    if found.lon is None or found.lat is None:
        return None, None
    if not can_be_corrected(before):
        raise RequestError(AS_LISTED)
    if not (isfinite(found.lon) and isfinite(found.lat)
            and -180 <= found.lon <= 180 and -90 <= found.lat <= 90):  # fmt: skip
        raise RequestError(NO_PLACE)
    if metres_between(proposed_place(before), (found.lon, found.lat)) < SAME_PLACE_M:
        return None, None
    return found.lon, found.lat


def _list_of(db: sa.Connection, before: Proposal, day: str) -> list[Criterion]:
    return [each for each in criteria.lines_in(db, before.province) if each.holds(day)]


def _require_whole(check: SiteCheck, lines: list[Criterion]) -> None:
    met = {each.code: each.met for each in check.conditions}
    for each in lines:
        if each.mandatory and met.get(each.code, Met.UNKNOWN) is Met.UNKNOWN:
            raise RequestError(UNANSWERED, text=Word(each.text))
    if check.passed is None:
        raise RequestError(NO_END)


def _same(kept: SiteCheck | None, wanted: SiteCheck) -> bool:
    return kept is not None and replace(kept, by=wanted.by) == wanted


def _version(db: sa.Connection, found: Proposal, read: int) -> int:
    """Return the present version where nothing a checker reads was changed since version `read`."""
    since = [each for each in proposals.events(db, found.id) if each.version > read]
    if read > found.version or any(each.action not in HARMLESS for each in since):
        raise ChangedError(found.number, found.version)
    return found.version


def _placed(db: sa.Connection, before: Proposal, check: SiteCheck) -> Proposal:
    """Return a proposal at the place its check gives."""
    if check.lon is None or check.lat is None:
        return before
    lies: Placed = ground(db, before.province).placed(check.lon, check.lat)
    if not lies.commune:
        raise RequestError(OUTSIDE)
    content = replace(before.content, lon=check.lon, lat=check.lat)
    return replace(before, content=content, commune=lies.commune, office=lies.office,
                   valid_from=lies.valid_from)  # fmt: skip


def _facts(check: SiteCheck) -> dict[str, Any]:
    """Return what the trail tells of a check: no names, no free text."""
    told: dict[str, Any] = {"day": check.day,
                            "met": {each.code: str(each.met) for each in check.conditions}}  # fmt: skip
    if check.passed is not None:
        told["passed"] = check.passed
    if check.lon is not None:
        told["place"] = [check.lon, check.lat]
    return told


def _moved(before: Proposal, after: Proposal) -> dict[str, Any]:
    """Return what the trail tells of a corrected place: from where, how far, other commune."""
    one, other = before.content, after.content
    if (one.lon, one.lat) == (other.lon, other.lat):
        return {}
    told: dict[str, Any] = {
        "moved_from": [one.lon, one.lat],
        "moved_m": round(metres_between((one.lon, one.lat), (other.lon, other.lat))),
    }
    for name in ("commune", "office"):
        if getattr(before, name) != getattr(after, name):
            told[name] = [getattr(before, name), getattr(after, name)]
    return told
