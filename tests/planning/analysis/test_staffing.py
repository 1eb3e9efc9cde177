"""Which points a list of staff names: by code, former code and id; workload and rules agree."""

import pandas as pd
import pytest

from geo.tables import PointTable
from planning.analysis.compliance.register import NO, UNKNOWN, YES
from planning.analysis.staffing import NOT_LISTED, persons_listed, rows_by_code
from planning.analysis.workload import staff_at
from planning.store.compliance import _points_of_staff
from tests.toy.register import points, register, staff

LISTED = (
    {"official_code": "A", "former_codes": "B; C"},
    {"official_code": "B"},  # bears what the first bore before
    {"former_codes": "D", "staff_count": 2}, {"staff_count": 3}, {"staff_count": 0}, {},
    {"official_code": "P5"},  # bears the id of the one before it
)  # fmt: skip


def test_a_code_names_its_bearer_before_a_former_one_and_an_id():
    named = rows_by_code(points(*LISTED))
    assert {code: named[code] for code in ("A", "B", "C", "D", "P3", "P5")} == {
        "A": [0], "B": [1], "C": [0], "D": [2], "P3": [3], "P5": [6]}  # fmt: skip
    assert "" not in named


def test_persons_are_counted_once_by_whatever_code_the_list_names_their_point():
    named = [("A", "An"), ("C", "An"), ("C", "Bình"), ("B", "An"), ("P4", "Chi"), ("", "Dung"),
             ("unheard of", "Dung")]  # fmt: skip
    found = persons_listed(points(*LISTED), named)
    assert found.tolist() == [2, 1, 0, NOT_LISTED, 1, NOT_LISTED, 0]


@pytest.mark.parametrize("named", [[], [("", "An")]])
def test_a_list_that_names_no_point_says_nothing(named):
    assert set(persons_listed(points(*LISTED), named).tolist()) == {NOT_LISTED}


def test_the_rules_and_the_workload_count_the_same_staff():
    rows = [{"point_code": code} for code in ("C", "P4", "D")]
    it = register(points=points(*LISTED), staff=staff(*rows))
    named = [(row["point_code"], f"N{at}") for at, row in enumerate(rows)]
    persons = persons_listed(it.points, named).tolist()
    listed = {name: count for name, count in zip(it.point_ids, persons, strict=True)
              if count != NOT_LISTED}  # fmt: skip
    _, told = staff_at(pd.DataFrame(it.points), listed)
    assert told.tolist() == [1, 0, 1, 3, 1, -1, 0]
    assert it.staffed.tolist() == [YES, NO, YES, YES, YES, UNKNOWN, NO]


def test_results_of_staff_count_for_the_point_that_bore_their_code():
    it = register(points=points(*LISTED), staff=staff({"point_code": "C"}, {"point_code": "B"}))
    assert dict(_points_of_staff(it.points, it.staff)) == {"N0": ["P0"], "N1": ["P1"]}
    assert PointTable.former_codes in it.points
