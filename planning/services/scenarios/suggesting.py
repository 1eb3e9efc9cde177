"""Points in addition to a scenario: the question for them, and their way into the scenario."""

from dataclasses import replace

from geo.errors import N_
from planning.model.errors import RequestError
from planning.model.scenario import Outline, Scenario
from planning.model.siting import Basis, SitingPlan, SuggestionAsk
from planning.model.wishes import RuleWishes
from planning.services.requests import AnalysisRequest
from planning.services.scenarios.keeping import Write, change, suggested
from planning.store.session import Store

MOST_SUGGESTED = 100


def ask_for_more(scenario: Scenario, points: int) -> tuple[SuggestionAsk, Basis]:
    """Return the question for points in addition to a scenario, under its locks.

    What the scenario adds counts as existing, what it closes as closed.
    """
    if not 1 <= points <= MOST_SUGGESTED:
        raise RequestError(
            N_("Ask for %(least)s to %(most)s points, not %(points)s."),
            least=1, most=MOST_SUGGESTED, points=points,
        )  # fmt: skip
    ask = question(scenario.outline, SuggestionAsk(points=points))
    return ask, Basis(scenario.id, scenario.changes)


def take_in(store: Store, request: AnalysisRequest, write: Write, plan: SitingPlan) -> Scenario:
    """Make what a plan suggests part of a scenario, as one step."""
    return change(store, request, write, suggested(plan))


def question(outline: Outline, ask: SuggestionAsk) -> SuggestionAsk:
    """Return a question with the locks of a scenario among its rules."""
    locks = outline.locks.values()
    inside = tuple(f"{each.lon},{each.lat}" for each in locks if each.inside)
    out = tuple(f"{each.lon},{each.lat}" for each in locks if not each.inside)
    rules: RuleWishes = ask.rules
    rules = replace(
        rules,
        locked_in=tuple(dict.fromkeys((*rules.locked_in, *inside))),
        locked_out=tuple(dict.fromkeys((*rules.locked_out, *out))),
    )
    return replace(ask, rules=rules)
