"""The whole job on real An Giang and Nghệ An, through the command line, recounted from files.

The recount reads only what the program handed out, with numpy and geodesic distances of
pyproj: none of our own code measures here. Projected metres differ from the geodesic by less
than 0.1 %, so only people whose distance lies that near to the radius may be counted
otherwise.
"""

import csv
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from pyproj import Geod

from planning.cli.commands import cli
from planning.database import Database
from planning.store.session import Store
from tests.databases import Databases

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DIEMTHU_REAL_DATA", ROOT.parent / "shared" / "data"))
WGS84 = Geod(ellps="WGS84")
RADIUS_M, NEARLY = 3000.0, 0.001
LON_M = 111_700.0  # no degree is longer


@dataclass(frozen=True)
class Case:
    name: str
    code: str
    profile: str
    communes: int
    unusable: int
    direct: int


CASES = (
    Case("an_giang", "91", "an-giang-2025q1", 102, 9, 857),
    Case("nghe_an", "40", "nghe-an-2023", 130, 0, 1294),
)


@dataclass(frozen=True)
class Journey:
    """What the commands said and wrote for one province."""

    case: Case
    folder: Path
    said: dict[str, str]

    def json(self, name: str) -> dict[str, Any]:
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


EACH = [
    pytest.param(case, kind, id=f"{case.name}-{kind}")
    for case, kind in ((CASES[0], "sqlite"), (CASES[1], "sqlite"), (CASES[0], "postgresql"))
]

pytestmark = [pytest.mark.real, pytest.mark.parametrize(("case", "databases"), EACH, indirect=True)]


@pytest.fixture(scope="module")
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[Database]:
    made = databases.new()
    store = Store(made)
    store.upgrade()
    store.close()
    yield made
    databases.drop(made)


@pytest.fixture(scope="module")
def journey(case: Case, database: Database, tmp_path_factory) -> Journey:
    if not (DATA / "an_giang_2025.geojson").is_file():
        pytest.skip(f"the real files are not in {DATA}; name their folder in DIEMTHU_REAL_DATA")
    folder = tmp_path_factory.mktemp(case.name)
    settings = {"DIEMTHU_DATABASE": database.address, "DIEMTHU_LANGUAGE": "en"}
    steps = {
        "boundaries": ("import", "boundaries", DATA / f"{case.name}_2025.geojson",
                       "--province", case.code, "--valid-from", "2025-07-01"),
        "population": ("import", "population", DATA / "population_an_giang_nghe_an_qa.csv"),
        "grid": ("import", "population-grid", DATA / f"worldpop2020_1km_{case.name}.csv"),
        "crosswalk": ("import", "crosswalk", DATA / f"crosswalk_{case.name}.csv"),
        "network": ("demo", "network", "--profile", case.profile),
        "assess": ("assess", "--radius-km", "3", "--json", folder / "assess.json"),
        "gaps": ("gaps", "--radius-km", "3", "--json", folder / "gaps.json"),
        "suggest": ("suggest", "--radius-km", "3", "--points", "40", "--json",
                    folder / "suggest.json"),
        **{what: ("export", what, "--format", "csv", folder / f"{what}.csv")
           for what in ("communes", "points", "proposals", "demand")},
    }  # fmt: skip
    said = {}
    for step, words in steps.items():
        result = CliRunner().invoke(cli, [str(each) for each in words], env=settings)
        assert result.exit_code == 0, f"{step}: {result.output}"
        said[step] = result.output
    return Journey(case, folder, said)


def published(case: Case) -> dict[str, int | None]:
    """Return people per commune, read with nothing but the csv module."""
    with (DATA / "population_an_giang_nghe_an_qa.csv").open(encoding="utf-8-sig") as file:
        return {
            row["code"]: int(row["population_suggested"]) if row["population_suggested"] else None
            for row in csv.DictReader(file)
            if row["province_code"] == case.code
        }


def columns(rows: list[dict[str, str]], *names: str) -> list[np.ndarray]:
    return [np.array([float(row[name]) for row in rows]) for name in names]


def serving(journey: Journey) -> tuple[np.ndarray, np.ndarray]:
    """Return lon and lat of the open direct points of the exported list."""
    listed = [row for row in journey.rows("points")
              if row["kind"] == "direct" and row["status"] == "open"]  # fmt: skip
    return tuple(columns(listed, "lon", "lat"))


def near(lon: np.ndarray, lat: np.ndarray, site: tuple[float, float]) -> tuple[np.ndarray, ...]:
    """Return the places that may be within the radius of `site`, and their distance."""
    reach = RADIUS_M * 1.01
    down = np.abs(lat - site[1]) * 110_500 <= reach  # no degree of latitude here is shorter
    across = np.abs(lon - site[0]) * LON_M * np.cos(np.radians(lat.max() + 0.1)) <= reach
    rows = np.flatnonzero(down & across)
    away = WGS84.inv(np.full(len(rows), site[0]), np.full(len(rows), site[1]), lon[rows], lat[rows])
    return rows, np.asarray(away[2])


def reached(lon, lat, sites) -> tuple[np.ndarray, np.ndarray]:
    """Return which places are surely within the radius of a site, and which perhaps."""
    surely, perhaps = (np.zeros(len(lon), dtype=bool) for _ in range(2))
    for site in sites:
        rows, metres = near(lon, lat, site)
        surely[rows[metres <= RADIUS_M * (1 - NEARLY)]] = True
        perhaps[rows[metres <= RADIUS_M * (1 + NEARLY)]] = True
    return surely, perhaps


def test_every_commune_is_there(journey):
    assert len(journey.rows("communes")) == journey.case.communes


def test_people_of_the_communes_are_those_of_the_file_and_unusable_ones_stay_unknown(journey):
    wanted = published(journey.case)
    found = {row["code"]: int(row["people"]) if row["people"] else None
             for row in journey.rows("communes")}  # fmt: skip
    assert found == wanted
    base = journey.json("assess")["population_base"]
    assert base["people"] == sum(people for people in wanted.values() if people is not None)
    assert len(base["unknown_communes"]) == journey.case.unusable


def test_the_unusable_values_are_reported_each_with_its_row(journey):
    lines = [line for line in journey.said["population"].splitlines() if "is unusable" in line]
    assert len(lines) == journey.case.unusable
    assert all(re.search(r"\brow \d+", line) for line in lines)


def test_places_where_people_live_add_up_to_the_communes(journey):
    sums: dict[str, int] = {}
    for row in journey.rows("demand"):
        sums[row["commune_code"]] = sums.get(row["commune_code"], 0) + int(row["people"])
    known = {code: people for code, people in published(journey.case).items() if people}
    assert sums == known


def test_the_network_has_the_published_number_of_points_and_says_it_is_a_demonstration(journey):
    lon, _ = serving(journey)
    assert len(lon) == journey.json("assess")["points_direct"] == journey.case.direct
    assert {row["label"] for row in journey.rows("points")} == {"Dữ liệu minh họa"}


def test_covered_people_are_recounted_along_the_geodesic(journey):
    lon, lat, people = columns(journey.rows("demand"), "lon", "lat", "people")
    surely, perhaps = reached(lon, lat, zip(*serving(journey), strict=True))
    stated = journey.json("assess")["people_covered"]
    assert people[surely].sum() <= stated <= people[perhaps].sum()
    assert people[perhaps].sum() - people[surely].sum() < 0.01 * people.sum()


def test_gaps_and_scattered_people_are_all_who_are_not_covered(journey):
    found, assessed = journey.json("gaps"), journey.json("assess")
    lost = sum(gap["people"] for gap in found["gaps"]) + found["people_scattered"]
    assert lost == assessed["people"] - assessed["people_covered"]
    names = [gap["name"] for gap in found["gaps"]]
    assert len(set(names)) == len(names)


def test_every_suggestion_is_recounted_along_the_geodesic(journey):
    lon, lat, people = columns(journey.rows("demand"), "lon", "lat", "people")
    plan = journey.json("suggest")
    surely, perhaps = reached(lon, lat, zip(*serving(journey), strict=True))
    assert len(plan["sites"]) == 40
    total_least = total_most = 0.0
    for site in plan["sites"]:
        rows, metres = near(lon, lat, (site["lon"], site["lat"]))
        within = rows[metres <= RADIUS_M * (1 - NEARLY)]
        maybe = rows[metres <= RADIUS_M * (1 + NEARLY)]
        least = people[within[~perhaps[within]]].sum()
        most = people[maybe[~surely[maybe]]].sum()
        assert least <= site["people_gained"] <= most, site["rank"]
        surely[within], perhaps[maybe] = True, True
        total_least, total_most = total_least + least, total_most + most
    assert total_least <= plan["people_gained"] <= total_most
    assert plan["people_gained"] == sum(site["people_gained"] for site in plan["sites"])
    assert plan["upper_bound_people_gained"] >= plan["people_gained"]


def test_the_exported_list_is_the_plan(journey):
    plan, rows = journey.json("suggest"), journey.rows("proposals")
    assert [int(row["people_gained"]) for row in rows] == [
        site["people_gained"] for site in plan["sites"]
    ]
    assert [float(row["lon"]) for row in rows] == pytest.approx(
        [site["lon"] for site in plan["sites"]],
        abs=1e-7,  # a hundredth of a metre: seven decimals
    )


def test_sites_stand_where_people_live_or_at_a_known_place(journey):
    homes = [(row["lon"], row["lat"]) for row in journey.rows("demand")]
    known = [(row["lon"], row["lat"]) for row in journey.rows("points") if row["kind"] == "online"]
    places = np.array([*homes, *known], dtype=float)
    for site in journey.json("suggest")["sites"]:
        away = np.abs(places - (site["lon"], site["lat"])).max(axis=1)
        assert away.min() <= 1e-7, site["rank"]
