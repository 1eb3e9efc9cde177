"""The workload of a province, measured once for a state of the data and remembered."""

import sqlalchemy as sa

from geo.reach import StraightLine
from geo.tables import PointTable
from planning.analysis.situation import Situation
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
    """Return how many people the staff list names at each point, by its official code.

    Needed, and asked for, only where the list of points leaves the staff of a point open.
    """
    if not situation.open_direct[PointTable.staff_count].isna().any():
        return {}
    with store.reading() as db:
        return staff_by_point(db, situation.province_code)


def staff_by_point(db: sa.Connection, province: str) -> dict[str, int]:
    """Return by official code of a point how many persons the staff list names there."""
    staff = schema.staff.c
    query = (
        sa.select(staff.point_code, sa.func.count(sa.distinct(staff.person_id)))
        .where(staff.province_code == province, staff.point_code.is_not(None))
        .group_by(staff.point_code)
    )
    return {str(code): int(count) for code, count in db.execute(query)}
