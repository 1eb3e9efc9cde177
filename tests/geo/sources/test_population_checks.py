"""Whether populations can be: totals, parts, densities, copies, lost zeros, former communes."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import tables
from geo.findings import Severity
from geo.sources.population import (
    PopulationContext,
    PopulationFile,
    Unusable,
    read_population,
)

USUAL = [(f"98{at:03d}", 30_000 + 1000 * at, 50 + at) for at in range(1, 12)]


def read(folder: Path, rows, head="Mã xã,Dân số,Diện tích", **context) -> PopulationFile:
    path = folder / "people.csv"
    lines = [",".join(map(str, row)) for row in rows]
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return read_population(path, Unusable.LEAVE_OUT, context=PopulationContext(**context))


def found(file: PopulationFile) -> list[tuple[str, int | None]]:
    return [(each.code, each.row) for each in file.report]


def test_usual_populations_are_not_spoken_of(tmp_path):
    assert found(read(tmp_path, USUAL)) == []


def test_a_total_that_does_not_balance_is_said_with_the_difference(tmp_path):
    total = sum(people for _, people, _ in USUAL)
    assert found(read(tmp_path, [*USUAL, ("Tổng cộng", total, "")])) == [("total-row", 13)]
    file = read(tmp_path, [*USUAL, ("Tổng cộng", total - 250, "")])
    (finding,) = [each for each in file.report if each.code == "total-mismatch"]
    assert (finding.row, finding.params["difference"]) == (13, 250)


def test_parts_that_do_not_sum_are_said(tmp_path):
    rows = [("98001", 100, 40, 60), ("98002", 1000, 400, 500)]
    file = read(tmp_path, rows, head="Mã xã,Dân số,Nam,Nữ")
    (finding,) = list(file.report)
    assert (finding.code, finding.row, finding.params["sum"]) == ("sum-mismatch", 3, 900)


ODD = {
    "a hundred times": (("98099", 4_000_000, ""), "outlier"),
    "too dense": (("98099", 900_000, 2), "density-implausible"),
    "a zero lost": (("98099", 3_500, 55), "zeros-lost"),
    "two zeros lost": (("98099", 350, 55), "zeros-lost"),
    "hardly anybody": (("98099", 900, 300), "density-implausible"),
    "copied": (("98099", USUAL[3][1], USUAL[3][2]), "same-value"),
}


@pytest.mark.parametrize("defect", ODD)
def test_what_stands_out_is_pointed_at_and_kept(tmp_path, defect):
    row, code = ODD[defect]
    file = read(tmp_path, [*USUAL, row])
    assert [(each.code, each.row, each.severity) for each in file.report] == [
        (code, 13, Severity.LOOK)
    ]
    assert file.table["people"].iloc[-1] == row[1]


def test_measured_areas_come_before_written_ones(tmp_path):
    areas = {code: float(area) for code, _, area in USUAL}
    rows = [(code, people, area * 1000) for code, people, area in USUAL]
    assert found(read(tmp_path, rows, areas_km2=areas)) == []


# --- former communes ------------------------------------------------------------------------

CROSSWALK = tables.crosswalk(
    pd.DataFrame(
        [("00001", "98001", "full"), ("00002", "98001", "full"), ("00003", "98002", "full"),
         ("00004", "98003", "partial"), ("00004", "98004", "partial"), ("00005", "98004", "full")],
        columns=["old_code", "new_code", "relation"],
    ).assign(old_name="x", old_district=None)
)  # fmt: skip
FORMER = "Mã xã cũ,Dân số"


def test_people_of_whole_communes_are_carried_and_divided_ones_reported(tmp_path):
    rows = [("00001", 10), ("00002", 20), ("00003", 30), ("00004", 40), ("00005", 50), ("00009", 1)]
    file = read(tmp_path, rows, head=FORMER, crosswalk=CROSSWALK)
    people = file.table.set_index("code")["people"]
    assert (people["98001"], people["98002"]) == (30, 30)
    assert people[["98003", "98004"]].isna().all()
    assert file.apportion == {"00004": 40}
    assert {("commune-split", 5), ("commune-unlinked", 7)} <= set(found(file))


def test_a_missing_former_commune_makes_the_present_one_unknown(tmp_path):
    file = read(tmp_path, [("00001", 10)], head=FORMER, crosswalk=CROSSWALK)
    assert np.isnan(file.table.set_index("code")["people"]["98001"])
    assert "commune-incomplete" in {each.code for each in file.report}


@given(st.lists(st.integers(0, 4_000_000), min_size=1, max_size=30))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_people_of_a_file_are_those_written(tmp_path, counts):
    rows = [(f"98{at:03d}", count, "") for at, count in enumerate(counts)]
    file = read(tmp_path, rows)
    assert file.table["people"].tolist() == counts


@pytest.mark.parametrize(
    "heading",
    ["Dân số 2024", "Dân số năm 2024", "Dân số đến 31/12/2024", "DÂN SỐ TÍNH ĐẾN NGÀY 1/7/2025",
     "Dân số trung bình năm 2024 (người)", "Dân số (người) năm 2024"],
)  # fmt: skip
def test_people_of_a_year_are_people(tmp_path, heading):
    path = tmp_path / "people.csv"
    path.write_text(f"Mã xã;{heading}\n98001;1200\n", encoding="utf-8")
    assert read_population(path, Unusable.LEAVE_OUT).table["people"].tolist() == [1200]


def test_which_of_two_years_is_meant_is_asked(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Mã xã;Dân số 2023;Dân số 2024\n98001;1100;1200\n", encoding="utf-8")
    report = read_population(path, Unusable.LEAVE_OUT).report
    assert report.blocked
    assert "column-ambiguous" in {each.code for each in report}
