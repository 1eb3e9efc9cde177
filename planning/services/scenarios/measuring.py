"""What scenarios do to the network: figures, gaps, best places, comparison."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import N_
from geo.tables import DemandTable
from planning.analysis.gaps import find_gaps
from planning.model.comparing import CommuneSide, Comparison, ScenarioFigures
from planning.model.coverage import GapReport
from planning.model.decisions import Decisions
from planning.model.errors import RequestError
from planning.model.scenario import Change, Outline, Scenario
from planning.services.requests import AnalysisRequest, standard_of
from planning.siting.plans.best_places import Place
from planning.siting.plans.workbench import Workbench, changed_situation, fingerprint_with
from planning.store import scenarios
from planning.store.decided import decided_fingerprint, known_places, present_decisions, workbench
from planning.store.session import Store

MOST_COMPARED = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """A scenario with its figures.

    `out_of_date`: the data, or what the province decided, changed since it was looked at.
    """

    scenario: Scenario
    figures: ScenarioFigures
    out_of_date: bool


def bench(store: Store, request: AnalysisRequest) -> Workbench:
    """Return the province ready to try scenarios on, with what it decided counted."""
    standard = standard_of(store, request)
    return workbench(store, request.province, request.valid_from, standard, request.need)


def decided(store: Store, request: AnalysisRequest) -> Decisions:
    """Return the decisions of the province that every scenario is measured on."""
    return present_decisions(store, request.province)


def evaluate(store: Store, request: AnalysisRequest, scenario: Scenario) -> Measured:
    """Return a scenario with its figures on the present data."""
    now = decided_fingerprint(store, request.province, request.valid_from)
    return _measured(bench(store, request), scenario, now)


def preview(
    store: Store, request: AnalysisRequest, scenario: Scenario, change: Change
) -> ScenarioFigures:
    """Return the figures there would be with one more change; keeps nothing."""
    ready = bench(store, request)
    then = scenario.with_step([change])
    ready.require(scenario.outline, then.steps[-1][0])
    return ready.measure(then.outline)


def listed(store: Store, request: AnalysisRequest) -> list[Measured]:
    """Return every scenario of a province with its figures, the one changed last first."""
    with store.reading() as db:
        found = scenarios.listed(db, request.province)
    if not found:
        return []
    ready = bench(store, request)
    now = decided_fingerprint(store, request.province, request.valid_from)
    return [_measured(ready, each, now) for each in found]


def gaps(store: Store, request: AnalysisRequest, outline: Outline) -> GapReport:
    """Return the gaps that are left with a scenario."""
    ready = bench(store, request)
    key = ("gaps", fingerprint_with(ready.situation.fingerprint, outline), ready.standard.key)
    return store.remembered(
        key,
        lambda: find_gaps(
            changed_situation(ready.situation, outline), ready.standard, ready.engine
        ),
    )


def best_places(
    store: Store, request: AnalysisRequest, outline: Outline, search: str = "", commune: str = ""
) -> list[Place]:
    """Return known places by how many people more a point there would serve, most first.

    With the code of a `commune` only its people count, wherever the point stands. None stands
    where the province did not approve a point.
    """
    ready = bench(store, request)
    places = known_places(store, request.province, request.valid_from, ready.standard, request.need)
    unserved = ready.unserved(outline)
    if commune:
        lives_in = ready.situation.demand[DemandTable.commune_code].to_numpy(dtype=str)
        unserved = unserved & (lives_in == commune)
    return places.ranked(unserved, search, ready.situation.kept_out)


def compare(store: Store, request: AnalysisRequest, found: Sequence[Scenario]) -> Comparison:
    """Return one to four scenarios beside the network as it is."""
    if not 1 <= len(found) <= MOST_COMPARED:
        raise RequestError(
            N_("Choose one to %(most)s scenarios to compare, not %(count)s."),
            most=MOST_COMPARED, count=len(found),
        )  # fmt: skip
    ready = bench(store, request)
    figures = tuple(ready.measure(each.outline) for each in found)
    as_it_is = ready.measure(Outline())
    people = ready.situation.counted
    sides = tuple(
        CommuneSide(
            code=code, name=ready.names[code], people=people[code], served_now=now,
            served=tuple(each.served[code] for each in figures),
            gained=tuple(each.gained_in.get(code, 0) for each in figures),
            lost=tuple(each.lost_in.get(code, 0) for each in figures),
        )
        for code, now in as_it_is.served.items()
    )  # fmt: skip
    return Comparison(tuple(found), figures, sides)


def _measured(ready: Workbench, scenario: Scenario, now: tuple[str, str]) -> Measured:
    """Return a scenario with its figures; `now` are the data and decisions, whoever is counted."""
    figures = ready.measure(scenario.outline)
    return Measured(scenario, figures, now != (scenario.fingerprint, scenario.valid_from))
