"""The workload of a province, measured once for a state of the data and remembered."""

import sqlalchemy as sa

from geo.reach import StraightLine
from geo.tables import PointTable
from planning.analysis.situation import Situation
from planning.analysis.staffing import NOT_LISTED, persons_listed
from planning.analysis.workload import workload
from planning.model.standards import ServiceStandard
from planning.model.workload import WorkloadAsk, WorkloadReport
from planning.store import schema
from planning.store.session import Store


def measured(
    store: Store, situation: Situation, standard: ServiceStandard, ask: WorkloadAsk
) -> WorkloadReport:
    """Return the workload of a situation by a standard."""
    listed = listed_staff(store, situation)
    key = ("workload", *state(situation, standard, listed), ask)
    return store.remembered(key, lambda: workload(situation, standard, ask, StraightLine(), listed))


def state(
    situation: Situation, standard: ServiceStandard, listed: dict[str, int]
) -> tuple[object, ...]:
    """Return what another workload would come from, as a key."""
    return (situation.fingerprint, situation.valid_from, standard.key, frozenset(listed.items()))


def listed_staff(store: Store, situation: Situation) -> dict[str, int]:
    """Return how many people the staff list names at each point it speaks of, by point id."""
    with store.reading() as db:
        named = named_at(db, situation.province_code)
    persons = persons_listed(situation.points, named)
    ids = situation.points[PointTable.point_id]
    return {str(point): count for point, count in zip(ids, persons.tolist(), strict=True)
            if count != NOT_LISTED}  # fmt: skip


def named_at(db: sa.Connection, province: str) -> list[tuple[str, str]]:
    """Return the code of a point and the person, of all whom the staff list names anywhere."""
    staff = schema.staff.c
    query = (
        sa.select(staff.point_code, staff.person_id)
        .where(staff.province_code == province, staff.point_code.is_not(None))
        .distinct()
    )
    return [(str(code), str(person)) for code, person in db.execute(query)]
