"""A question asked again after decisions: what is settled is taken out of it, the rest stays.

Approved places count as points by then, and need not be asked for; rejected ones are kept out
by the decisions themselves; those still under review stay where they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.crs import in_metres
from geo.errors import N_
from geo.tables import PointTable
from planning.analysis.situation import Situation
from planning.model.asking import Method, Objective, SuggestionAsk
from planning.model.decisions import KEPT_OUT_M
from planning.model.errors import RequestError
from planning.model.proposals import IN_FORCE, UNDECIDED, Proposal, ProposalKind, State
from planning.model.scenario import Change, ChangeKind, Outline
from planning.model.siting import SitingPlan
from planning.model.wishes import EVERY, Existing
from planning.siting.stating.naming import place_named

NOTHING_LEFT = N_("Nothing of this question is left to be planned again: no place was turned down or is still missing. Ask for more points instead.")  # fmt: skip
_RUNNING = (*IN_FORCE, State.OPERATING)
_PLACED = (ProposalKind.OPEN, ProposalKind.MOVE)
Places = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Standing:
    """How things stand: places, in degrees, that are settled, still open and turned down.

    `closed` are the ids of listed points that an approved proposal closes or moves.
    """

    situation: Situation
    settled: Places
    pending: Places
    refused: Places
    closed: frozenset[str]


def standing(situation: Situation, found: Iterable[Proposal]) -> Standing:
    """Return how the proposals of a province stand on its situation."""
    places: dict[str, list[tuple[float, float]]] = {"settled": [], "pending": [], "refused": []}
    closed = set()
    for each in found:
        if each.state in IN_FORCE and each.kind in (ProposalKind.CLOSE, ProposalKind.MOVE):
            closed.add(each.content.point_id)
        if each.kind not in _PLACED:
            continue
        how = _how(each)
        if how:
            places[how].append((each.content.lon, each.content.lat))
    return Standing(situation, **places, closed=frozenset(closed))


def plan_again(plan: SitingPlan, now: Standing) -> SuggestionAsk:
    """Return the question of a plan for what of it is not settled yet.

    Sites under review are locked in. Raises `RequestError` where nothing is left to ask.
    """
    sites = [(each.lon, each.lat) for each in plan.sites]
    settled = _same(now.situation, sites, now.settled)
    pending = _same(now.situation, sites, now.pending) & ~settled
    ask = plan.ask
    points = ask.points - int(settled.sum())
    existing = _existing(ask.existing, [each.point_id for each in plan.closed], now)
    if points < 1 and not existing.closable:
        raise RequestError(NOTHING_LEFT)
    kept = [each for each in ask.rules.locked_in if not _known(each, now)]
    kept += [each.id for each, open_ in zip(plan.sites, pending, strict=True) if open_]
    if ask.method is Method.CLUSTERS:  # takes no rules
        kept = []
    spent = sum(each.cost or 0 for each, done in zip(plan.sites, settled, strict=True) if done)
    return _asked(ask, max(points, 0), tuple(dict.fromkeys(kept)), existing, spent)


def scenario_again(
    outline: Outline, ask: SuggestionAsk, now: Standing
) -> tuple[SuggestionAsk, tuple[Change, ...]]:
    """Return the question for what of a scenario was turned down, and what is left of it.

    As many points are asked for as places of it were not approved. Raises `RequestError`
    where none was.
    """
    left, refused = still_wanted(outline, now)
    if not refused:
        raise RequestError(NOTHING_LEFT)
    kept = tuple(each for each in ask.rules.locked_in if not _known(each, now))
    return _asked(ask, refused, kept, Existing(), 0), left


def still_wanted(outline: Outline, now: Standing) -> tuple[tuple[Change, ...], int]:
    """Return what of a scenario is neither settled nor turned down, and how many places were that."""
    added = list(outline.added.values())
    sites = [(each.lon, each.lat) for each in added]
    settled = _same(now.situation, sites, now.settled)
    out = _same(now.situation, sites, now.refused) & ~settled
    left = [
        Change(ChangeKind.ADD, each.id, each.lon, each.lat, each.kind, each.name, each.host)
        for each, gone in zip(added, settled | out, strict=True) if not gone
    ]  # fmt: skip
    return (*left, *_altered(outline, now)), int(out.sum())


def _how(proposal: Proposal) -> str:
    """Return how the place of a proposal stands: settled, pending, refused, or as if never named."""
    decision = proposal.decision
    if proposal.state in _RUNNING:
        return "settled"
    if proposal.state in UNDECIDED:
        return "pending"
    if proposal.state is State.NOT_APPROVED and decision is not None and not decision.lifted:
        return "refused"
    return ""


def _asked(
    ask: SuggestionAsk, points: int, locked_in: tuple[str, ...], existing: Existing, spent: int
) -> SuggestionAsk:
    budget = ask.budget
    if ask.objective is Objective.FEWEST_POINTS:  # there the number is a limit, not a wish
        points = ask.points
    if budget is not None:
        budget = replace(budget, thousand_dong=max(0, budget.thousand_dong - spent))
    rules = replace(ask.rules, locked_in=locked_in)
    return replace(ask, points=points, rules=rules, existing=existing, budget=budget)


def _existing(asked: Existing, closed: Sequence[str], now: Standing) -> Existing:
    """Return what may still happen to points that are open, without what is settled."""
    done = now.closed & set(closed)
    listed = now.situation.points.set_index(PointTable.point_id)[PointTable.official_code]
    names = {*now.closed, *(listed.get(each) for each in now.closed)}
    closable = tuple(each for each in asked.closable if each == EVERY or each not in names)
    closings = max(0, asked.closings - len(done))
    moves = max(0, asked.moves - max(0, len(done) - asked.closings))
    return Existing(closable, moves, closings) if closable and (moves or closings) else Existing()


def _altered(outline: Outline, now: Standing) -> list[Change]:
    """Return what a scenario still does to listed points, but for what is settled."""
    found = []
    for each in outline.altered.values():
        if each.id in now.closed:
            continue
        if each.lon is not None:
            found.append(Change(ChangeKind.MOVE, each.id, each.lon, each.lat))
        if each.kind is not None:
            found.append(Change(ChangeKind.KIND, each.id, to=each.kind))
        if each.status is not None:
            kind = ChangeKind.OPEN if each.status == "open" else ChangeKind.CLOSE
            found.append(Change(kind, each.id))
    return found


def _known(text: str, now: Standing) -> bool:
    """Whether a place locked in by a text is settled or turned down by now."""
    place = [place_named(text, now.situation)]
    return bool(_same(now.situation, place, [*now.settled, *now.refused])[0])


def _same(situation: Situation, places: Places, others: Places) -> NDArray[np.bool_]:
    """Return which places are the same as one of others."""
    if not places or not others:
        return np.zeros(len(places), dtype=bool)
    one, other = (in_metres([lon for lon, _ in each], [lat for _, lat in each], situation.crs)
                  for each in (places, others))  # fmt: skip
    away = one[:, None, :] - other[None, :, :]
    return np.asarray((np.hypot(away[..., 0], away[..., 1]) <= KEPT_OUT_M).any(axis=1))
