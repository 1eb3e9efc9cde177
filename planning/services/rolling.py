"""People against points for the question of a plan, and the plan opened quarter by quarter."""

import hashlib
import json
from pathlib import Path

import sqlalchemy as sa

from geo.errors import N_
from geo.reach import StraightLine
from planning.exports import EXPORTERS
from planning.exports.notes import about, decisions_in_words
from planning.exports.rollout_sheet import rollout_sheet
from planning.exports.sheets import counting
from planning.model.asking import SuggestionAsk
from planning.model.errors import NotReadyError, RequestError
from planning.model.people_curve import PeopleCurve
from planning.model.siting import MOST_POINTS, Quarter, SitingPlan
from planning.services.requests import now
from planning.siting.effort import Watch
from planning.siting.plans.adding import situation_with
from planning.siting.plans.rolling import people_against_points, quarters_of, refuse_roll_out
from planning.store import artefacts, audit, plans
from planning.store.decided import out_of_date
from planning.store.session import Store
from planning.store.situation import load_situation
from planning.whole_file import whole_file

EXPORTS = tuple(EXPORTERS)
LEAST_MOST = 20  # points up to which a curve leads at least
_FORM = 1  # of what is kept
_KIND = "curve"


def refuse_quarters(ask: SuggestionAsk) -> None:
    """Refuse a question whose plan cannot be opened bit by bit, before it is put."""
    refuse_roll_out(ask)


def can_roll_out(ask: SuggestionAsk) -> bool:
    """Return whether a plan for this question can be opened bit by bit."""
    try:
        refuse_roll_out(ask)
    except RequestError:
        return False
    return True


def most_shown(points: int) -> int:
    """Return up to how many points the curve of a plan leads: the same for plans of a like size."""
    most = LEAST_MOST
    while most < points + points // 2:
        most *= 2
    return min(most, MOST_POINTS)


def kept(store: Store, plan: SitingPlan) -> PeopleCurve | None:
    """Return the curve of a plan's question with what the plan adds, None where none is kept."""
    with store.reading() as db:
        body = artefacts.load(db, _KIND, _key(plan))
    return None if body is None else PeopleCurve.of(json.loads(body)).with_plan(plan)


def worked_out(store: Store, plan: SitingPlan, watch: Watch | None = None) -> PeopleCurve:
    """Return the curve of a plan's question, kept nowhere yet.

    Raises `NotReadyError` where the plan's data are no longer those of today, and
    `RequestError` for a question without one, or where the watch ended the work.
    """
    situation = load_situation(store, plan.province_code, plan.valid_from, plan.base.need)
    if situation.fingerprint != plan.fingerprint:
        raise NotReadyError(
            N_("The data have changed since this plan was made; ask again, then look at the curve of the new plan.")
        )  # fmt: skip
    watch = watch or Watch()
    there = situation_with(situation, plan.upon)
    found = people_against_points(there, StraightLine(), plan, most_shown(plan.points_asked), watch)
    if watch.asked:  # numbers not reached would look as if nothing more were to be had
        raise RequestError(N_("The curve was stopped before it was whole; nothing was kept."))
    return found


def keep(db: sa.Connection, plan: SitingPlan, curve: PeopleCurve) -> None:
    """Keep the curve of a plan's question."""
    body = json.dumps(curve.as_dict(), separators=(",", ":")).encode()
    artefacts.save(db, plan.province_code, _KIND, _key(plan), body)


def known(store: Store, plan: SitingPlan) -> PeopleCurve:
    """Return the curve of a plan's question, worked out and kept where it is not yet."""
    found = kept(store, plan)
    if found is None:
        made = worked_out(store, plan)
        with store.writing() as db:
            keep(db, plan, made)
        found = made.with_plan(plan)
    return found


def rolled_out(store: Store, plan: SitingPlan, per_quarter: int) -> tuple[Quarter, ...]:
    """Return the quarters in which the sites of a plan open, so many in each."""
    return quarters_of(plan, known(store, plan), per_quarter)


def asked_like(store: Store, plan: SitingPlan) -> dict[int, int]:
    """Return the newest plan of each number of points that asked the same on the same data."""
    with store.reading() as db:
        return plans.asked_like(db, plan)


def export(
    store: Store, plan: SitingPlan, per_quarter: int, form: str, path: Path, *, by: str = "local"
) -> None:
    """Write the roll-out of a plan in the format `form` to `path`, whole or not at all."""
    quarters = rolled_out(store, plan, per_quarter)
    situation = load_situation(store, plan.province_code, plan.valid_from, plan.base.need)
    stale = out_of_date(store, plan)
    notes = (
        *about(situation, plan.standard, now(), stale=stale),
        ("Số điểm thu mở mỗi quý", str(per_quarter)),
        *((("Tính thêm vào phương án số", str(plan.basis.scenario)),) if plan.basis else ()),
        *decisions_in_words(plan.decisions),
    )
    with whole_file(path) as draft:
        EXPORTERS[form](draft, counting(rollout_sheet(plan, quarters, notes), plan.base.need))
    with store.writing() as db:
        audit.record(db, "data:export:made", plan.province_code, at=now(), actor=by,
                     what="rollout", form=form)  # fmt: skip


def _key(plan: SitingPlan) -> str:
    """Return what a curve depends on: the data, the standard, the question but for its number."""
    ask = {**plan.ask.as_dict(), "points": most_shown(plan.points_asked)}
    places = [(each.lon, each.lat) for each in plan.sites] if plan.ask.polish else []
    basis = plan.basis.as_dict() if plan.basis else None
    data = plan.decisions.over(plan.fingerprint)
    parts = [_FORM, plans.MADE_BY, data, plan.valid_from,
             plan.standard.as_dict()["radii_km"], ask, basis, places]  # fmt: skip
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
