"""The register of the bench: the same for a seed, and its figures add up on every level."""

import numpy as np
import pandas as pd
import pytest

from geo import tables
from planning.benchmarks.register_files import PERIODS, Size, made
from planning.model.official_code import parse
from planning.model.performance import DEFAULT_PROGRAMMES
from tests.toy import district

SIZE = Size(points=60, staff=120, organisations=5, inspections=7)
PART = ["Kỳ", "Chương trình"]


@pytest.fixture(scope="module")
def register():
    places = district.degrees(district.MIDDLES)
    grid = tables.grid(
        pd.DataFrame({"lon": places[:, 0], "lat": places[:, 1], "people": [1.0, 2.0, 3.0, 4.0],
                      "width_deg": 0.01, "height_deg": 0.01})
    )  # fmt: skip
    return [made(SIZE, grid, district.communes(), district.PROVINCE) for _ in range(2)]


def test_the_same_seed_makes_the_same_files(register, tmp_path):
    bodies = []
    for at, each in enumerate(register):
        folder = tmp_path / str(at)
        folder.mkdir()
        bodies.append({kind: path.read_bytes() for kind, path in each.written(folder).items()})
    assert bodies[0] == bodies[1]
    assert len(bodies[0]) == 6


def test_every_point_has_a_code_of_its_own_commune_and_organisation(register):
    points = register[0].points
    read = [parse(each) for each in points["Mã điểm thu"]]
    assert points["Mã điểm thu"].is_unique
    assert [each.organisation for each in read] == list(points["Mã tổ chức"])
    assert [each.commune for each in read] == list(points["Mã xã"])
    assert len(points) == 60


def test_results_add_up_from_staff_to_the_province(register):
    results, staff, points = register[0].results, register[0].staff, register[0].points
    place = dict(zip(staff["Mã nhân viên thu"], staff["Mã điểm thu"], strict=True))
    owner = points.set_index("Mã điểm thu")[["Mã tổ chức", "Mã xã"]]
    filled = {
        name: results[name] != "" for name in ("Mã tổ chức", "Mã điểm thu", "Mã nhân viên thu")
    }
    by_staff = results[filled["Mã nhân viên thu"]]
    by_point = results[filled["Mã điểm thu"]].set_index([*PART, "Mã điểm thu"])["Thực hiện"]
    by_pair = results[filled["Mã tổ chức"]].set_index([*PART, "Mã tổ chức", "Mã xã"])["Thực hiện"]
    whole = results[~np.logical_or.reduce(list(filled.values()))].set_index(PART)["Thực hiện"]
    summed = by_staff.groupby([*PART, by_staff["Mã nhân viên thu"].map(place)])["Thực hiện"].sum()
    assert summed.to_dict() == by_point.to_dict()
    flat = by_point.reset_index().join(owner, on="Mã điểm thu")
    assert flat.groupby(by_pair.index.names)["Thực hiện"].sum().to_dict() == by_pair.to_dict()
    assert by_staff.groupby(PART)["Thực hiện"].sum().to_dict() == whole.to_dict()
    assert len(whole) == len(PERIODS) * len(DEFAULT_PROGRAMMES)
    assert len(by_staff) == 120 * len(whole)
