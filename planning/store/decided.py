"""The network as later questions see it: the data, with the decisions of the province counted."""

from geo.reach import StraightLine
from planning.analysis.situation import Situation
from planning.model.decisions import Decisions, decisions_of
from planning.model.errors import NotReadyError
from planning.model.performance import Need
from planning.model.proposals import IN_FORCE, State
from planning.model.siting import SitingPlan
from planning.model.standards import ServiceStandard
from planning.siting.plans.adding import decided_situation
from planning.siting.plans.best_places import BestPlaces
from planning.siting.plans.workbench import Workbench
from planning.store import layers, proposals
from planning.store.session import Store
from planning.store.situation import METHOD_VERSION, current_fingerprint, load_situation


def present_decisions(store: Store, province: str) -> Decisions:
    """Return the decisions of a province that are in force."""
    with store.reading() as db:
        key = ("decisions", province, proposals.fingerprint(db, province))
        if key[2] == (0, 0):
            return Decisions()
        found = proposals.listed(db, province, (*IN_FORCE, State.NOT_APPROVED))
    return store.remembered(key, lambda: decisions_of(found))


def decided_fingerprint(store: Store, province: str, valid_from: str | None) -> tuple[str, str]:
    """Return the hash of the data and decisions in force, and the vintage, without loading any."""
    fingerprint, vintage = current_fingerprint(store, province, valid_from)
    return present_decisions(store, province).over(fingerprint), vintage


def load_decided(
    store: Store, province: str, valid_from: str | None, decisions: Decisions | None = None,
    need: Need = Need.EVERYBODY,
) -> Situation:  # fmt: skip
    """Return the situation of a province with decisions counted (None: those of today).

    Raises what `load_situation` raises.
    """
    counted = present_decisions(store, province) if decisions is None else decisions
    situation = load_situation(store, province, valid_from, need)
    key = ("decided", province, situation.valid_from, counted.over(situation.fingerprint))
    return store.remembered(key, lambda: decided_situation(situation, counted))


def workbench(
    store: Store, province: str, valid_from: str | None, standard: ServiceStandard,
    need: Need = Need.EVERYBODY,
) -> Workbench:  # fmt: skip
    """Return the province ready to try changes on; made once per data, decisions and standard."""
    situation = load_decided(store, province, valid_from, need=need)
    key = ("workbench", situation.fingerprint, situation.valid_from, standard.key)
    return store.remembered(
        key, lambda: Workbench(situation, standard, StraightLine(), METHOD_VERSION)
    )


def known_places(
    store: Store, province: str, valid_from: str | None, standard: ServiceStandard,
    need: Need = Need.EVERYBODY,
) -> BestPlaces:  # fmt: skip
    """Return the known places of a province from which people without a point could be reached.

    A point more leaves nobody without one: only decisions that close points are counted, so
    that most decisions leave the places as they were worked out.
    """
    closing = present_decisions(store, province).without_openings
    situation = load_decided(store, province, valid_from, closing, need)
    key = ("best places", situation.fingerprint, situation.valid_from, standard.key)
    return store.remembered(key, lambda: BestPlaces(situation, standard))


def fingerprint_now(store: Store, province: str, valid_from: str, need: Need) -> str | None:
    """Return the hash of the data in force; None where those of the need are gone."""
    try:
        return current_fingerprint(store, province, valid_from, need)[0]
    except NotReadyError:
        return None


def out_of_date(store: Store, plan: SitingPlan) -> bool:
    """Whether the data of a plan changed since or are gone, or other decisions count today."""
    with store.reading() as db:
        days = {first for first, _ in layers.vintages(db, plan.province_code)}
    if plan.valid_from not in days:
        return True
    fingerprint = fingerprint_now(store, plan.province_code, plan.valid_from, plan.base.need)
    decided = present_decisions(store, plan.province_code).fingerprint
    return (fingerprint, decided) != (plan.fingerprint, plan.decisions.fingerprint)
