"""Requests that no plan can meet, said with the smallest changes that allow one."""

from collections.abc import Iterable
from math import floor

import numpy as np
from scipy.sparse import csr_array

from geo.errors import N_, Refusal
from geo.tables import Communes, CommuneTable
from planning.analysis.situation import Situation
from planning.model.asking import SuggestionAsk
from planning.model.errors import ImpossibleAsk
from planning.model.wishes import Limits
from planning.siting.integer.changes import Change, Spacing, most_points
from planning.siting.integer.elastic import ChangeKind
from planning.siting.integer.exempting import ButFor, points_but_for
from planning.siting.integer.feasible import smallest_changes
from planning.siting.rules import RuleKind
from planning.siting.stating.question import Question

_MOST_NAMES = 5
_MOST_TO_EXEMPT = 20  # just these are meant, so that nearly always all are named


def refuse_impossible(situation: Situation, question: Question, ask: SuggestionAsk) -> None:
    """Raise `ImpossibleAsk` with what could be changed; return when a plan is possible."""
    changes = smallest_changes(question.problem, _spacing(question, ask))
    if not changes:
        return
    wording = _Wording(situation, question, ask)
    lines = tuple(wording.line(each) for each in changes)
    if not all(each.alone for each in changes):
        raise ImpossibleAsk(
            N_("No plan can obey every rule asked for. These changes together allow one:"), lines
        )
    if all(each.kind is not ChangeKind.POINTS for each in changes):
        # However many points do not help where an area has no place for one: the others count.
        but_for = points_but_for(question.problem)
        lines = (*((wording.but_for(but_for),) if but_for else ()), *lines)
    raise ImpossibleAsk(
        N_("No plan can obey every rule asked for. Each of these changes alone allows one:"), lines
    )


def _spacing(question: Question, ask: SuggestionAsk) -> Spacing | None:
    """Return how far the pairs of sites that stand too close together are apart."""
    clashes, xy = question.problem.rules.clashes, question.places.xy
    if ask.rules.spacing_km is None or clashes is None:
        return None
    one, other = clashes.nonzero()
    metres = np.hypot(*(xy[one] - xy[other]).T)
    return Spacing(ask.rules.spacing_km * 1000, csr_array((metres, (one, other)), clashes.shape))


class _Wording:
    """Says a change in the planner's own numbers: those asked, not those of the rows."""

    def __init__(self, situation: Situation, question: Question, ask: SuggestionAsk) -> None:
        self._situation, self._question, self._ask = situation, question, ask

    def line(self, change: Change) -> Refusal:
        """Return one sentence for one change."""
        more, kind = round(change.need - change.now), change.kind
        if kind == ChangeKind.POINTS:
            return self._points(self._ask.points + more)
        if kind == ChangeKind.EXEMPT:
            return self._exempt(change)
        if kind == ChangeKind.LEAST:
            now = self._ask.existing.moves
            return Refusal("Let %(need)s points move instead of %(now)s.", need=now - more, now=now)
        if kind == ChangeKind.MAXIMUM:
            return self._most(change, more)
        if kind in (ChangeKind.FLOOR, ChangeKind.TARGET):
            return self._people(change)
        return self._distances(change)

    def but_for(self, found: ButFor) -> Refusal:
        """Return one sentence for points that are enough once areas without places are exempt."""
        more = found.need - most_points(self._question.problem.rules)
        names = self._named(found.rule, found.areas)
        values = {"need": self._ask.points + more, "now": self._ask.points, "areas": _few(names, most=_MOST_TO_EXEMPT),
                  "count": len(names)}  # fmt: skip
        if found.rule == RuleKind.FORMER:
            return Refusal(
                "Allow %(need)s points instead of %(now)s and exempt the former communes that have too few known places for a point: %(count)s of them, %(areas)s.",
                **values,
            )  # fmt: skip
        return Refusal(
            "Allow %(need)s points instead of %(now)s and exempt the communes that have too few known places for a point: %(count)s of them, %(areas)s.",
            **values,
        )  # fmt: skip

    def _points(self, need: int) -> Refusal:
        now = self._ask.points
        for kind, limits in self._limits():
            lacking = [
                row.least for row in self._question.problem.rules.rows
                if row.kind == kind and row.least > 0
            ]  # fmt: skip
            if sum(lacking) <= now:
                continue
            if kind == RuleKind.COMMUNE:
                return Refusal(
                    "%(now)s points cannot give each of the %(areas)s communes that lack one at least %(least)s: allow %(need)s.",
                    now=now, areas=len(lacking), least=limits.least, need=need,
                )  # fmt: skip
            return Refusal(
                "%(now)s points cannot give each of the %(areas)s former communes that lack one at least %(least)s: allow %(need)s.",
                now=now, areas=len(lacking), least=limits.least, need=need,
            )  # fmt: skip
        return Refusal(
            "All the rules together need %(need)s points, and %(now)s are asked for: allow %(need)s.",
            now=now, need=need,
        )  # fmt: skip

    def _exempt(self, change: Change) -> Refusal:
        need = round(change.need)
        if change.rule == RuleKind.GROUP:
            return Refusal(
                "Ask for fewer points in groups: %(need)s of them, such as %(areas)s.",
                need=need, areas=_few(change.areas),
            )  # fmt: skip
        areas = _few(self._named(change.rule, change.areas))
        if change.rule == RuleKind.FORMER:
            return Refusal(
                "Exempt former communes from their least number of points: %(need)s of them, such as %(areas)s.",
                need=need, areas=areas,
            )  # fmt: skip
        return Refusal(
            "Exempt communes from their least number of points: %(need)s of them, such as %(areas)s.",
            need=need, areas=areas,
        )  # fmt: skip

    def _most(self, change: Change, more: int) -> Refusal:
        if change.rule == RuleKind.BUDGET:
            return Refusal(
                "Raise the budget from %(now)s to %(need)s thousand đồng.",
                now=round(change.now), need=round(change.need),
            )  # fmt: skip
        if change.rule == RuleKind.KEEP:
            now = self._ask.existing.closings
            return Refusal("Close %(need)s points instead of %(now)s.", need=now - more, now=now)
        asked = next(
            (limits.most or 0 for kind, limits in self._limits() if kind == change.rule), 0
        )
        return Refusal(
            "Allow up to %(need)s points instead of %(now)s in %(areas)s.",
            need=asked + more, now=asked, areas=_few(self._named(change.rule, change.areas)),
        )  # fmt: skip

    def _people(self, change: Change) -> Refusal:
        problem, now, need = self._question.problem, round(change.now), round(change.need)
        if change.kind == ChangeKind.TARGET:
            return Refusal(
                "Ask for %(need)s people served instead of %(now)s: %(share)s %% of all.",
                need=need, now=now, share=_percent(need, int(problem.people.sum())),
            )  # fmt: skip
        name = change.areas[0] if change.areas else ""
        people = sum(
            int(problem.people[each.places].sum()) for each in problem.floors if each.name == name
        )
        return Refusal(
            "Ask for %(need)s people served instead of %(now)s in “%(group)s”: %(share)s %% of them.",
            need=need, now=now, group=name, share=_percent(need, people),
        )  # fmt: skip

    def _distances(self, change: Change) -> Refusal:
        if change.kind == ChangeKind.SPACING:
            return Refusal(
                "Lower the distance between points from %(now)s m to %(need)s m.",
                now=round(change.now), need=floor(change.need),
            )  # fmt: skip
        if change.kind == ChangeKind.LOCKED:
            ids = self._question.places.table["id"].iloc[list(change.sites)]
            return Refusal(
                "Take places off the list of those locked in: %(count)s of them, such as %(places)s.",
                count=len(change.sites), places=_few(ids, "; "),
            )  # fmt: skip
        return Refusal(
            "Allow a farthest distance of %(need)s m instead of %(now)s m.",
            now=round(change.now), need=int(np.ceil(change.need)),
        )  # fmt: skip

    def _limits(self) -> list[tuple[RuleKind, Limits]]:
        rules = self._ask.rules
        return [(RuleKind.COMMUNE, rules.per_commune), (RuleKind.FORMER, rules.per_former_commune)]

    def _named(self, rule: RuleKind | None, areas: Iterable[str]) -> list[str]:
        """Return areas as names with codes, in order of codes."""
        former = rule == RuleKind.FORMER
        communes = self._situation.former if former else self._situation.communes
        names = {} if communes is None else _names(communes)
        return [f"{names.get(code, code)} ({code})" for code in sorted(areas)]


def _names(communes: Communes) -> dict[str, str]:
    codes, names = communes[CommuneTable.code], communes[CommuneTable.full_name]
    return dict(zip(codes, names, strict=True))


def _few(names: Iterable[str], between: str = ", ", most: int = _MOST_NAMES) -> str:
    """Return some of the names, with a sign that there are more."""
    every = list(names)
    rest = ["…"] if len(every) > most else []
    return between.join(every[:most] + rest)


def _percent(part: int, whole: int) -> float:
    """Return a share in per cent, cut to one place so that it is reached."""
    return floor(1000 * part / whole) / 10 if whole else 0.0
