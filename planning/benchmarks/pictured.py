"""The demonstration province with something on every page, for pictures of them."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from planning import jobs
from planning.model.errors import ImpossibleAsk, NotFoundError
from planning.model.jobs import Claim
from planning.model.siting import Objective, SuggestionAsk
from planning.model.wishes import Limits, RuleWishes
from planning.services import demo, overview, rolling, scenarios, siting
from planning.services.demo import PROVINCE
from planning.services.requests import AnalysisRequest, now
from planning.store import jobs as kept
from planning.store.session import Store

_WORKER = "pictures"
_REQUEST = AnalysisRequest(PROVINCE)


def demonstration(folder: Path) -> Path:
    """Make a database with plans, a curve, scenarios and calculations; return its path."""
    store = Store(folder / "screenshots.db")
    store.upgrade()
    demo.load_province(store)
    siting.suggest(store, _REQUEST, SuggestionAsk())
    for name, points in (("Phương án 10 điểm", 10), ("Phương án 20 điểm", 20)):
        plan = siting.suggest(store, _REQUEST, SuggestionAsk(points))
        scenarios.from_plan(store, _REQUEST, plan, name)
    rolling.known(store, plan)
    _refused(store)
    _under_way(store)
    store.close()
    return folder / "screenshots.db"


def single_pages(store: Store, province: str) -> Iterator[str]:
    """Yield the pages of single things below a province, as far as there are any.

    They are the commune served worst, a plan, the calculations, scenarios and their comparison.
    """
    request = AnalysisRequest(province)
    report = overview.look(store, request).report
    worst = report.worst_served(1) or report.communes
    yield f"communes/{worst[0].code}"
    yield from (f"suggestions/{line.id}" for line, _ in siting.listed(store, province)[:1])
    yield from (f"suggestions/jobs/{number}" for number in _calculations(store, province))
    found = [each.scenario.id for each in scenarios.listed(store, request)][:4]
    yield from (f"scenarios/{each}" for each in found[:1])
    if found:
        yield f"scenarios/compare?ids={','.join(map(str, found))}"


def _calculations(store: Store, province: str) -> Iterator[int]:
    """Yield a calculation under way and the one asked for just before it, if there are such."""
    for going in jobs.still_open(store, province)[:1]:
        yield going.id
        with suppress(NotFoundError):
            yield jobs.status(store, province, going.id - 1).id


def _under_way(store: Store) -> None:
    """Keep a calculation that nobody does and that tells how far it is."""
    ask = SuggestionAsk(300, objective=Objective.MEAN_DISTANCE)
    claim = _claimed(store, ask)
    people = overview.look(store, _REQUEST).report.base.people
    with store.writing() as db:
        kept.tell(db, claim, people, 700.0 * people, 640.0 * people)


def _refused(store: Store) -> None:
    """Keep a calculation that ended because no plan can obey what was asked."""
    ask = SuggestionAsk(3, rules=RuleWishes(per_commune=Limits(20)))
    claim = _claimed(store, ask)
    try:
        siting.made(store, _REQUEST, ask)
    except ImpossibleAsk as refusal:
        with store.writing() as db:
            kept.refuse(db, claim, refusal, at=now())


def _claimed(store: Store, ask: SuggestionAsk) -> Claim:
    number = jobs.ask(store, "suggest", PROVINCE, siting.as_values(store, _REQUEST, ask))
    with store.writing() as db:
        job = kept.claim(db, _WORKER, now=time.time(), at=now())
    return Claim(number, _WORKER, job.attempt if job else 0)
