"""A refused file leaves every table as it was, and says everything that is wrong with it."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from geo.errors import Refusal
from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.model.errors import ImportRefusedError
from planning.services import imports
from planning.services.imports import Origin
from planning.store import schema
from planning.store.session import Store
from tests.toy import district, files

ORIGIN = Origin()
VINTAGE = Vintage(district.PROVINCE, district.SINCE)


def rows(store: Store) -> dict[str, list]:
    """Return every row of every table."""
    with store.reading() as db:
        return {
            table.name: [tuple(row) for row in db.execute(sa.select(table))]
            for table in schema.metadata.sorted_tables
        }


def boundaries(store: Store, path: Path) -> None:
    imports.import_boundaries(store, path, VINTAGE, ORIGIN)


def population(store: Store, path: Path) -> None:
    imports.import_population(store, path, Unusable.LEAVE_OUT, ORIGIN)


def points(store: Store, path: Path) -> None:
    imports.import_points(store, path, ORIGIN, None)


def grid(store: Store, path: Path) -> None:
    imports.import_grid(store, path, ORIGIN, None)


def crosswalk(store: Store, path: Path) -> None:
    imports.import_crosswalk(store, path, ORIGIN)


def seats(store: Store, path: Path) -> None:
    imports.import_seats(store, path, ORIGIN)


GOOD_POINT = files.points_csv(((3, 1), "Bưu cục", "Trực tiếp", "Hoạt động"))
OVERLAP = files.collection(
    [
        files.feature("98001", district.square(0, 0, 2)),
        files.feature("98002", district.square(1, 0, 2)),
    ]
)
REFUSED = {
    "communes overlap": (boundaries, "a.geojson", OVERLAP),
    "boundaries cut off": (boundaries, "a.geojson", files.collection(files.row_of_four())[:-50]),
    "boundaries of another province": (
        boundaries, "a.geojson", files.collection([files.feature("97001", district.square(0, 0, 2))])
    ),
    "a commune twice in the population": (population, "p.csv", "code,people\n98001,5\n98001,6\n"),
    "population of nobody here": (population, "p.csv", "code,people\n97001,5\n"),
    "population without people": (population, "p.csv", "code\n98001\n"),
    "a point among good ones without a place": (points, "x.csv", GOOD_POINT + "B,Trực tiếp,,,\n"),
    "points without headings": (points, "x.csv", "1,2,3\n"),
    "a grid elsewhere": (grid, "g.csv", "lon,lat,people\n107.5,15.5,9\n"),
    "a grid with a word": (grid, "g.csv", "lon,lat,people\n105.51,10.23,many\n"),
    "a crosswalk with a hole": (crosswalk, "c.csv", "old_code,old_name,new_code\n1,A,98001\n,B,98002\n"),
    "a crosswalk to nowhere": (crosswalk, "c.csv", "old_code,old_name,new_code\n1,A,97001\n"),
    "seats of nobody here": (seats, "s.csv", "code,lat,lon\n97001,10.5,105.5\n"),
}  # fmt: skip


@pytest.mark.parametrize("defect", REFUSED)
def test_nothing_is_kept_of_a_refused_file(store, tmp_path, defect):
    take, name, text = REFUSED[defect]
    (tmp_path / name).write_text(text, encoding="utf-8")
    before = rows(store)
    with pytest.raises(Refusal) as refused:
        take(store, tmp_path / name)
    assert "\n" not in str(refused.value)
    assert rows(store) == before


def test_a_refusal_carries_every_problem(store, tmp_path):
    text = GOOD_POINT + "B,Trực tiếp,Hoạt động,,105.5\nC,Trực tiếp,Hoạt động,10.O,105.5\n"
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefusedError, match=r"x\.csv was refused.*2 problems") as refused:
        points(store, path)
    assert [(each.row, each.column) for each in refused.value.findings] == [
        (3, "Vĩ độ"), (4, "Vĩ độ")
    ]  # fmt: skip


def test_good_rows_are_kept_when_the_planner_says_so_and_the_others_counted(store, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(GOOD_POINT + "B,Trực tiếp,Hoạt động,,105.5\n", encoding="utf-8")
    result = imports.import_points(store, path, ORIGIN, None, good_rows=True)
    assert (result.rows, result.left_out) == (1, 1)


@pytest.mark.parametrize(
    "vintage",
    [Vintage("98", "soon"), Vintage("98", "2025-13-01"), Vintage("98", "20250701"), Vintage("98", "2025-07-01", "never"),
     Vintage("98", "2025-07-01", "2020-01-01"), Vintage("9", "2025-07-01"),
     Vintage("AG", "2025-07-01")],
)  # fmt: skip
def test_a_vintage_that_cannot_be_is_refused(store, toy_files, vintage):
    before = rows(store)
    with pytest.raises(Refusal) as refused:
        imports.import_boundaries(store, toy_files / "communes.geojson", vintage, ORIGIN)
    assert "Table" not in str(refused.value)
    assert rows(store) == before


def test_a_file_for_several_provinces_is_kept_for_each(store, tmp_path):
    """Two provinces side by side, one table of people for both."""
    other = files.collection([files.feature("97001", district.square(8, 0, 2))])
    (tmp_path / "other.geojson").write_text(other, encoding="utf-8")
    imports.import_boundaries(
        store, tmp_path / "other.geojson", Vintage("97", "2025-07-01"), ORIGIN
    )
    (tmp_path / "p.csv").write_text(files.POPULATION + "97001,77\n", encoding="utf-8")
    found = imports.import_population(store, tmp_path / "p.csv", Unusable.LEAVE_OUT, ORIGIN)
    assert [(each.province_code, each.rows) for each in found] == [("97", 1), ("98", 4)]
