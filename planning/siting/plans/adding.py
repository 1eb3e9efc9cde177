"""Plans in addition to a scenario: made on the network as the scenario has it."""

from dataclasses import replace

from geo.reach import ReachEngine
from planning.analysis.situation import Situation
from planning.model.asking import SuggestionAsk
from planning.model.scenario import outline
from planning.model.siting import Basis, SitingPlan
from planning.model.standards import ServiceStandard
from planning.siting.effort import Watch
from planning.siting.plans.plan import suggest_points
from planning.siting.plans.workbench import changed_situation


def situation_with(situation: Situation, basis: Basis | None) -> Situation:
    """Return the network as it is, or as a scenario has it."""
    return situation if basis is None else changed_situation(situation, outline(basis.changes))


def suggest_in_addition(
    situation: Situation,
    standard: ServiceStandard,
    engine: ReachEngine,
    ask: SuggestionAsk,
    watch: Watch | None,
    basis: Basis | None,
) -> SitingPlan:
    """Suggest points in addition to a scenario, if any; the plan says which, and is of the data.

    Raises what `suggest_points` raises.
    """
    plan = suggest_points(situation_with(situation, basis), standard, engine, ask, watch)
    return replace(plan, basis=basis, fingerprint=situation.fingerprint)
