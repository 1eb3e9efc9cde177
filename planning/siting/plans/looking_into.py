"""What a plan's sites are worth a second look for: refusing one, and how firm each is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.analysis.situation import Situation
from planning.model.asking import SuggestionAsk
from planning.model.siting import Firmness, Refusing, Shift
from planning.model.wishes import Variation as AskedVariation
from planning.siting.effort import Watch
from planning.siting.plans.firmness import Again, Variation, firmness, usual_variations
from planning.siting.plans.polish import shifts
from planning.siting.plans.refusing import Refused, prices_of_refusing
from planning.siting.solvers import COVERING
from planning.siting.stating.question import Question

_MOST_PRICED = 150  # sites of a plan; beyond, prices would take longer than the plan


@dataclass(frozen=True)
class Known:
    """What is known of sites by their number, besides whom they serve."""

    shifts: dict[int, Shift] = field(default_factory=dict)
    refusing: dict[int, Refusing] = field(default_factory=dict)
    firmness: dict[int, Firmness] = field(default_factory=dict)


def looked_into(
    situation: Situation,
    question: Question,
    chosen: Sequence[int],
    ask: SuggestionAsk,
    watch: Watch,
) -> Known:
    """Return where sites would rather stand, what refusing them costs and how firm they are.

    Prices are found where mending a plan is quick: where people are counted, and points have
    room for all. Firmness is found where it is asked for, since it solves the question anew.
    """
    return Known(
        shifts(question, chosen, ask),
        _prices(situation, question, chosen, watch),
        _marks(question, chosen, ask, watch),
    )


def _prices(
    situation: Situation, question: Question, chosen: Sequence[int], watch: Watch
) -> dict[int, Refusing]:
    problem = question.problem
    quick = problem.objective in COVERING and problem.capacity is None
    if not quick or len(chosen) > _MOST_PRICED:
        return {}
    new = question.places.point < 0
    return {
        each.site: _refusing(situation, question, each)
        for each in prices_of_refusing(problem, chosen, _silent(watch))
        if new[each.site]
    }


def _refusing(situation: Situation, question: Question, price: Refused) -> Refusing:
    lost = None if price.lost is None else float(price.lost)
    if price.replacement is None:
        return Refusing(lost, price.impossible)
    row = question.places.table.iloc[price.replacement]
    commune = row["commune_code"]
    name = situation.name_of(commune) if isinstance(commune, str) else None
    return Refusing(lost, price.impossible, str(row["id"]), name, price.distance_m)


def _marks(
    question: Question, chosen: Sequence[int], ask: SuggestionAsk, watch: Watch
) -> dict[int, Firmness]:
    areas = question.people.table["commune_code"].to_numpy(dtype=object)
    variations = [_varied(each, areas, ask.seed + at) for at, each in enumerate(ask.variations)]
    if ask.firmness:
        variations += usual_variations(question.problem, areas.astype(str), ask.seed)
    if not variations:
        return {}
    again = Again(seed=ask.seed)
    found = firmness(question.problem, chosen, variations, again, _silent(watch))
    return {each.site: each.mark for each in found if each.mark is not None}


def _varied(asked: AskedVariation, areas: NDArray[np.object_], seed: int) -> Variation:
    """Return a variation with the people of each commune drawn around those counted."""
    if not asked.people:
        return Variation(asked.name, asked.radius)
    codes, of = np.unique(areas.astype(str), return_inverse=True)
    chance = np.random.default_rng(seed)
    factor = 1 + asked.people * chance.uniform(-1, 1, len(codes))
    return Variation(asked.name, asked.radius, factor[of])


def _silent(watch: Watch) -> Watch:
    """Return a watch that ends with another, but tells nobody of a plan that is found already."""
    return Watch(lambda *_: watch.asked or watch.late)
