"""Plans in addition to a scenario and to what was decided: made on the network as it is then."""

from dataclasses import replace

from geo.reach import ReachEngine
from planning.analysis.situation import Situation
from planning.model.asking import SuggestionAsk
from planning.model.decisions import Decisions
from planning.model.scenario import Outline, outline
from planning.model.siting import SitingPlan, Upon
from planning.model.standards import ServiceStandard
from planning.siting.effort import Watch
from planning.siting.plans.plan import suggest_points
from planning.siting.plans.workbench import changed_situation


def decided_situation(situation: Situation, decisions: Decisions) -> Situation:
    """Return the network with approved proposals carried out and rejected places kept out."""
    if not decisions:
        return situation
    done = decisions.outline
    then = changed_situation(situation, done) if done != Outline() else situation
    return replace(
        then, kept_out=tuple((each.lon, each.lat) for each in decisions.kept_out),
        fingerprint=decisions.over(situation.fingerprint),
    )  # fmt: skip


def situation_with(situation: Situation, upon: Upon) -> Situation:
    """Return the network as it is, or as decisions and then a scenario have it."""
    there = decided_situation(situation, upon.decisions)
    return there if upon.basis is None else changed_situation(there, outline(upon.basis.changes))


def suggest_in_addition(
    situation: Situation,
    standard: ServiceStandard,
    engine: ReachEngine,
    ask: SuggestionAsk,
    watch: Watch | None,
    upon: Upon,
) -> SitingPlan:
    """Suggest points in addition to a scenario, if any, with decisions counted.

    The plan says what it was made upon, and is of the data. Raises what `suggest_points` raises.
    """
    plan = suggest_points(situation_with(situation, upon), standard, engine, ask, watch)
    return replace(
        plan, basis=upon.basis, decisions=upon.decisions, fingerprint=situation.fingerprint
    )
