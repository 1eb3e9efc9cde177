"""Workload out of the database: staff from the staff list, else from the list of points."""

import pandas as pd
import pytest
import sqlalchemy as sa

from geo import tables
from planning.model.next_units import UnitKind, UnitsAsk
from planning.model.standards import ServiceStandard
from planning.model.workload import EVEN, WorkloadAsk
from planning.services import workload
from planning.services.requests import AnalysisRequest
from planning.store import partners, schema
from planning.store.workload import named_at
from tests.toy import district

NEAR = AnalysisRequest(district.PROVINCE, standard=ServiceStandard.one_radius(1))


def staff(*rows):
    """Return a staff table of (person, official code of the point)."""
    names = tables.columns(tables.StaffTable)
    frame = pd.DataFrame({name: pd.Series([None] * len(rows), dtype=object) for name in names})
    frame["staff_id"] = [f"#{at}" for at in range(len(rows))]
    frame["person_id"] = frame["name"] = [person for person, _ in rows]
    frame["point_code"] = [code for _, code in rows]
    frame["organisation_code"] = "BD"
    return tables.staff(frame.astype({"permanent": "boolean"}))


@pytest.fixture
def listed(store):
    """Give the open point of the toy a code, and two persons on three rows of the staff list."""
    with store.writing() as db:
        db.execute(sa.update(schema.point).where(schema.point.c.name == "Bưu cục Giữa")
                   .values(official_code="P1"))  # fmt: skip
        rows = staff(("An", "P1"), ("An", "P1"), ("Bình", "P1"), ("Chi", None), ("Dung", "P9"))
        partners.save_staff(db, district.PROVINCE, rows)
    return store


def test_persons_are_counted_not_rows(listed):
    with listed.reading() as db:
        assert sorted(named_at(db, district.PROVINCE)) == [
            ("P1", "An"), ("P1", "Bình"), ("P9", "Dung")]  # fmt: skip
        assert named_at(db, "97") == []


def test_staff_is_counted_by_the_staff_list(listed):
    report = workload.measure(listed, NEAR, WorkloadAsk(EVEN))
    (point,) = report.points
    assert (point.staff, report.staff, report.points_unknown) == (2, 2, 0)
    assert point.people_per_staff == point.people_in_reach / 2
    with listed.writing() as db:
        partners.save_staff(db, district.PROVINCE, staff(("An", "P1")))
    assert workload.measure(listed, NEAR, WorkloadAsk(EVEN)).staff == 1


def test_the_staff_list_comes_before_what_the_list_of_points_says(listed):
    def staff_at_point():
        (point,) = workload.measure(listed, NEAR, WorkloadAsk(EVEN)).points
        return point.staff

    with listed.writing() as db:
        db.execute(sa.update(schema.point).values(staff_count=4))
        # Else the situation would be the one remembered.
        db.execute(sa.update(schema.import_batch).values(sha256="other"))
    assert staff_at_point() == 2
    with listed.writing() as db:  # nobody is named at P1 any more
        partners.save_staff(db, district.PROVINCE, staff(("Dung", "P9")))
    assert staff_at_point() == 0
    with listed.writing() as db:  # a list that names no point says nothing of any
        partners.save_staff(db, district.PROVINCE, staff(("Dung", None)))
    assert staff_at_point() == 4


def test_the_next_units_on_the_kept_network(store):
    """The open point has one member and 200 people: 50 for each leaves 150, elsewhere all."""
    found = workload.add_next(store, NEAR, WorkloadAsk(EVEN), UnitsAsk(2, 50))
    assert found.people_beyond == pytest.approx(100 + 150 + 300 + 400)
    assert [each.people for each in found.units] == pytest.approx([50, 50])
    only = UnitsAsk(2, 50, frozenset({UnitKind.STAFF}))
    (first, _) = workload.add_next(store, NEAR, WorkloadAsk(EVEN), only).units
    assert (first.name, first.commune_code) == ("Bưu cục Giữa", "98002")
