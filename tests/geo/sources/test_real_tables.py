"""The public tables of An Giang and Nghệ An: read whole, their known defects named."""

import csv
import os
from pathlib import Path

import pytest

from geo.findings import Severity
from geo.recognition import Choices
from geo.sources.crosswalk import read_crosswalk_file
from geo.sources.places import read_hosts, read_seats
from geo.sources.population import (
    PopulationContext,
    PopulationFile,
    Unusable,
    read_population,
)
from geo.sources.population_grid import read_grid_file

pytestmark = pytest.mark.real
FOLDER = Path(os.environ.get("DIEMTHU_REAL_DATA", Path(__file__).parents[4] / "shared" / "data"))
PEOPLE = "population_an_giang_nghe_an_qa.csv"
CENSUS = "census2019_old_communes_angiang_kiengiang_nghean.csv"
TOTALS = {"91": (4_952_238, 4_539_989), "40": (3_470_988, 3_831_694)}  # province row, communes


@pytest.fixture(scope="module")
def folder() -> Path:
    if not (FOLDER / PEOPLE).is_file():
        pytest.skip(f"no real data at {FOLDER}")
    return FOLDER


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def published(folder: Path, target: Path, province: str) -> PopulationFile:
    """Return the published column alone, with the province's own row of totals under it."""
    lines = [
        f"{row['code']},{row['population_raw']},{row['area_km2']}"
        for row in rows_of(folder / PEOPLE)
        if row["province_code"] == province
    ]
    path = target / "published.csv"
    text = "\n".join(["Mã xã,Dân số,Diện tích", *lines, f"Tổng cộng,{TOTALS[province][0]},"])
    path.write_text(text, encoding="utf-8")
    return read_population(path, Unusable.LEAVE_OUT)


@pytest.mark.parametrize("province", TOTALS)
def test_totals_that_disagree_are_said_with_both_figures(folder, tmp_path, province):
    stated, summed = TOTALS[province]
    report = published(folder, tmp_path, province).report
    (finding,) = [each for each in report if each.code == "total-mismatch"]
    assert (finding.params["stated"], finding.params["sum"]) == (stated, summed)


def test_lost_zeros_are_found_in_an_giang_without_any_mark(folder, tmp_path):
    marked = {
        row["code"] for row in rows_of(folder / PEOPLE) if "zero_lost" in row["population_flag"]
    }
    assert len(marked) == 8
    report = published(folder, tmp_path, "91").report
    told = {each.params["commune_code"] for each in report if each.code == "zeros-lost"}
    assert marked <= told
    assert len(told - marked) <= 5


def test_the_copied_pair_is_found(folder, tmp_path):
    pairs = [each for each in published(folder, tmp_path, "91").report if each.code == "same-value"]
    rows = {row["code"]: row for row in rows_of(folder / PEOPLE)}
    assert len(pairs) == 1
    one, other = pairs[0].params["commune_code"], pairs[0].params["other"]
    assert rows[one]["population_raw"] == rows[other]["population_raw"]
    assert "30823" in (one, other)


def test_values_the_file_marks_are_decided_as_asked(folder):
    file = read_population(folder / PEOPLE, Unusable.LEAVE_OUT)
    assert (file.rows, int(file.table["people"].isna().sum())) == (232, 9)
    assert not file.report.asked


@pytest.mark.parametrize(("name", "rows", "units"), [("an_giang", 302, 102), ("nghe_an", 412, 130)])
def test_crosswalks_are_read_whole(folder, name, rows, units):
    file = read_crosswalk_file(folder / f"crosswalk_{name}.csv")
    assert (len(file.report), len(file.table), file.table["new_code"].nunique()) == (0, rows, units)


def test_the_census_by_former_commune_loses_nobody_unseen(folder):
    """Every person of the census is carried, to be divided, or in a row that says why not."""
    crosswalk = read_crosswalk_file(folder / "crosswalk_an_giang.csv").table
    choices = Choices(columns={"people": "pop2019", "old_code": "code_2025_03"})
    context = PopulationContext(crosswalk=crosswalk)
    file = read_population(folder / CENSUS, Unusable.LEAVE_OUT, choices, context)
    census = rows_of(folder / CENSUS)
    whole = dict(zip(crosswalk["old_code"], crosswalk["relation"], strict=True))
    split = {code for code, relation in whole.items() if relation == "partial"}
    written = {row["code_2025_03"]: int(row["pop2019"]) for row in reversed(census)}
    assert dict(file.apportion) == {code: written[code] for code in split if code in written}
    left = {each.row for each in file.report if each.code in ("commune-unlinked", "code-twice")}
    for number, row in enumerate(census, start=2):
        assert (row["code_2025_03"] in whole) or number in left


@pytest.mark.parametrize(("name", "rows"), [("an_giang", 12_418), ("nghe_an", 20_660)])
def test_grids_are_read_whole(folder, name, rows):
    path = folder / f"worldpop2020_1km_{name}.csv"
    file = read_grid_file(path, (102.0, 8.0, 110.0, 24.0))
    assert (len(file.report), file.rows) == (0, rows)
    total = sum(float(row["pop"]) for row in rows_of(path))
    assert file.table["people"].sum() == pytest.approx(total, rel=1e-12)


def test_seats_and_hospitals_are_read_whole(folder):
    seats = read_seats(folder / "commune_hq_points_an_giang.csv")
    hosts = read_hosts(folder / "poi_hospitals_an_giang_nghe_an.csv", "bệnh viện")
    assert (len(seats.seats), len(hosts.table)) == (102, 76)
    for report in (seats.report, hosts.report):
        assert not [each for each in report if each.severity is not Severity.LOOK]
