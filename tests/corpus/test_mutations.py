"""Long good files with one defect somewhere: the finding names that very row, wherever it is.

And what must not matter does not: the order of rows, of columns and of features.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from geo.findings import Finding
from geo.sources.points import read_points
from geo.sources.population import Unusable, read_population
from geo.sources.population_grid import read_grid_file
from planning.store.session import Store
from tests.corpus import boundaries, points, province, tables
from tests.corpus.cases import CASES
from tests.corpus.expecting import Case
from tests.corpus.trying import examined
from tests.toy import district

ROWS = 2000
Row = list[str]
SHAPES = {code: province.square(code) for code in province.CODES}
COMMUNES = district.communes(SHAPES)


def long_points() -> list[Row]:
    """Return 2,000 points on a lattice over the province, 350 m apart and more."""
    chance = random.Random(1)
    places = [(0.2 + 0.36 * column, 0.2 + 0.36 * row) for row in range(40) for column in range(54)]
    found = []
    for at, (lon, lat) in enumerate(district.degrees(chance.sample(places, ROWS)).tolist()):
        found.append([f"Điểm {at}", "", f"{lat:.8f}", f"{lon:.8f}", "Trực tiếp", "1/2/2025"])
    return found


POINTS_HEAD = (*points.HEAD, "Hình thức", "Ngày hợp đồng")
LONG = long_points()


def cell(column: int, value: str) -> Callable[[Row], None]:
    return lambda row: row.__setitem__(column, value)


def swap(row: Row) -> None:
    row[2], row[3] = row[3], row[2]


def minus(row: Row) -> None:
    row[2] = f"-{row[2]}"


def wide(row: Row) -> None:
    row[2] = "".join(chr(ord(each) + 0xFEE0) if each.isdigit() else each for each in row[2])


def coarse(row: Row) -> None:
    row[2:4] = [f"{float(each):.2f}" for each in row[2:4]]


POINT_DEFECTS: dict[str, tuple[Callable[[Row], object], str]] = {
    "swapped": (swap, "axes-exchanged"),
    "one more cell": (lambda row: row.append("thừa"), "row-ragged"),
    "one cell less": (lambda row: row.pop(), "row-short"),
    "far away": (cell(2, "21.5"), "out-of-province"),
    "no latitude": (cell(2, ""), "coordinate-missing"),
    "no longitude": (cell(3, ""), "coordinate-missing"),
    "null island": (lambda row: row.__setitem__(slice(2, 4), ["0", "0"]), "null-island"),
    "letter O": (cell(2, "1O.28"), "not-a-number"),
    "decimal point moved": (cell(2, "102.8"), "out-of-range"),
    "infinite": (cell(3, "inf"), "not-a-number"),
    "minus": (minus, "sign-minus"),
    "full width": (wide, "full-width-digits"),
    "zero width": (lambda row: row.__setitem__(2, row[2][:3] + "\u200b" + row[2][3:]),
                   "invisible-characters"),
    "few decimals": (coarse, "low-precision"),
    "no name": (cell(0, ""), "name-missing"),
    "unknown kind": (cell(4, "Qua đò"), "word-unknown"),
    "no date": (cell(5, "31/02/2025"), "contract-date-unreadable"),
    "unknown commune": (cell(1, "77777"), "commune-unknown"),
    "no commune code": (cell(1, "ABC"), "written-code-unreadable"),
    "totals": (lambda row: row.__setitem__(slice(0, 6), ["Tổng cộng", "", "", "", "", "2000"]),
               "total-row"),
}  # fmt: skip
COUNT_DEFECTS = {
    "negative": (1, "-5", "out-of-range"),
    "a unit": (1, "7650 người", "unit-in-cell"),
    "a dash": (1, "-", "missing-token"),
    "a word": (1, "nhiều", "not-a-count"),
    "an error": (1, "#REF!", "excel-error"),
    "nothing": (1, "", "people-missing"),
    "thousands": (1, "7.650", "thousands"),
    "a fraction": (1, "7650.5", "not-integer"),
    "a hundred times": (1, "1500000", "outlier"),
    "a date for a code": (0, "2024-04-03", "date-not-code"),
    "powers of ten": (0, "9.01E+04", "code-scientific"),
    "no code": (0, "", "code-format"),
    "a decimal code": (0, "{}.0", "code-decimal"),
}
CELL_DEFECTS = {
    "a word": (2, "nhiều", "not-a-number"),
    "negative": (2, "-3", "out-of-range"),
    "no latitude": (1, "", "cell-empty"),
    "no degree": (0, "255.5", "out-of-range"),
}


def rows_of(findings: Sequence[Finding], code: str) -> set[int | None]:
    return {each.row for each in findings if each.code == code}


def somewhere(defect: str) -> int:
    """Return the position of a row, by chance but the same in every run."""
    return random.Random(defect).randrange(30, ROWS - 20)


@pytest.mark.parametrize("defect", POINT_DEFECTS)
def test_a_defect_in_a_long_list_of_points_is_named_by_its_row(defect, tmp_path):
    change, code = POINT_DEFECTS[defect]
    at = somewhere(defect)
    rows = [list(each) for each in LONG]
    change(rows[at])
    path = boundaries.saved("diem.csv", points.written(rows, head=POINTS_HEAD))(tmp_path)
    file = read_points(path, COMMUNES)
    assert rows_of(list(file.report), code) == {at + 2}
    assert {each.row for each in file.report} == {at + 2}


def test_a_long_good_list_has_no_finding(tmp_path):
    path = boundaries.saved("diem.csv", points.written(LONG, head=POINTS_HEAD))(tmp_path)
    assert list(read_points(path, COMMUNES).report) == []


def people_rows() -> list[list[str]]:
    chance = random.Random(2)
    return [
        [f"{at:05}", str(chance.randrange(4000, 16_000))] for at in range(20_000, 20_000 + ROWS)
    ]


@pytest.mark.parametrize("defect", COUNT_DEFECTS)
def test_a_defect_in_a_long_table_of_people_is_named_by_its_row(defect, tmp_path):
    column, value, code = COUNT_DEFECTS[defect]
    at = somewhere(defect)
    rows = people_rows()
    rows[at][column] = value.format(rows[at][column])
    file = read_population(tables.csv(rows)(tmp_path), Unusable.LEAVE_OUT)
    assert {(each.row, each.code) for each in file.report} == {(at + 2, code)}


@pytest.mark.parametrize("defect", CELL_DEFECTS)
def test_a_defect_in_a_long_grid_is_named_by_its_row(defect, tmp_path):
    column, value, code = CELL_DEFECTS[defect]
    at = somewhere(defect)
    rows = [[f"{105 + each % 50 / 100:.2f}", f"{10 + each // 50 / 100:.2f}", "7"]
            for each in range(ROWS)]  # fmt: skip
    rows[at][column] = value
    path = tables.csv(rows, ("lon", "lat", "people"))(tmp_path)
    file = read_grid_file(path, (105.0, 10.0, 106.0, 11.0))
    assert {(each.row, each.code) for each in file.report} == {(at + 2, code)}


# --- what must not matter ------------------------------------------------------------------

# Files whose every row says the same wherever it stands, and no cell holds a comma.
ANY_ORDER = ("G20", "P01", "P08", "P09", "P12", "P13", "P14", "P15", "P16", "P18", "P19", "P22",
             "P25", "P26", "P28", "P29", "P30", "P31", "P32", "P33", "P34", "P35", "P36", "P38",
             "T06", "T08", "T10", "T11", "T12", "T13", "T19", "T21", "T22", "T23", "T26", "T32",
             "T33", "T37", "D01", "D01b", "O01", "O03", "O04", "O12", "C01", "C04")  # fmt: skip
ANY_ORDER_OF_SHAPES = ("G01", "B01", "B03", "B04", "B07", "B08", "B13", "B26", "B33", "B43", "B21")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("order")
    province.database(folder / "own.db", folder)
    opened = Store(folder / "own.db")
    yield opened
    opened.close()


def verdict(case: Case, store: Store, path: Path) -> tuple[object, ...]:
    """Return what is decided of a file, and every finding without the number of its row."""
    found = examined(case, store, path)
    seen = Counter((e.severity, e.code, e.column if e.row else "") for e in found.findings)
    once = {"decimal-comma", "degrees-minutes"}
    return found.action, {key: n for key, n in seen.items() if key[1] not in once}, found.usable


@pytest.mark.parametrize("name", ANY_ORDER)
def test_the_order_of_rows_and_columns_does_not_matter(name, store, tmp_path):
    case = next(each for each in CASES if each.id == name)
    path = case.make(tmp_path)
    as_written = verdict(case, store, path)
    chance = random.Random(name)
    cells = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({len(each) for each in cells}) == 1
    rows, columns = cells[1:], list(range(len(cells[0])))
    chance.shuffle(rows)
    chance.shuffle(columns)
    text = "".join(",".join(row[at] for at in columns) + "\n" for row in (cells[0], *rows))
    path.write_text(text, encoding="utf-8")
    assert verdict(case, store, path) == as_written


@pytest.mark.parametrize("name", ANY_ORDER_OF_SHAPES)
def test_the_order_of_features_does_not_matter(name, store, tmp_path):
    case = next(each for each in CASES if each.id == name)
    path = case.make(tmp_path)
    as_written = verdict(case, store, path)
    whole = json.loads(path.read_text(encoding="utf-8"))
    random.Random(name).shuffle(whole["features"])
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    assert verdict(case, store, path) == as_written
