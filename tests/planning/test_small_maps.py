"""Pictures: the surface of distances decoded and measured again; small maps; classes of colours."""

import math
import re
import struct
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

from geo.reach import StraightLine
from planning.maps import picture, surface
from planning.maps.classes import MEASURES, SURFACE, Measure
from planning.services.requests import AnalysisRequest
from planning.services.surface import of_distance
from tests.toy import district
from tests.toy.district import Point

ROOT = Path(__file__).resolve().parents[2]
WEB = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
ONE_POINT = district.situation([Point((3, 1))])


def decoded(png: bytes) -> tuple[np.ndarray, list[str]]:
    """Return the indices and the palette of a PNG without filters, by the standard's own words."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, parts = 8, {}
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
        assert check == zlib.crc32(kind + body)
        parts[kind] = body
        at += 12 + length
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert (depth, colour, rest) == (8, 3, [0, 0, 0])
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    assert parts[b"tRNS"] == b"\0"
    palette = [f"#{parts[b'PLTE'][i : i + 3].hex()}" for i in range(0, len(parts[b"PLTE"]), 3)]
    return rows[:, 1:], palette


def test_every_cell_has_the_class_of_the_distance_from_its_middle():
    drawn = surface.surface(ONE_POINT, StraightLine())
    index, palette = decoded(drawn.png)
    west, south, east, north = drawn.bounds
    (left, low), (right, high) = WEB.transform(west, south), WEB.transform(east, north)
    assert tuple(palette[1:]) == SURFACE.colours
    rows, columns = index.shape
    back = Transformer.from_crs("EPSG:3857", district.ZONE, always_xy=True)
    checked = 0
    for row in range(0, rows, 7):
        for column in range(0, columns, 13):
            # Rows and columns are equal steps on a web map, the uppermost row in the north.
            x = left + (column + 0.5) * (right - left) / columns
            y = high - (row + 0.5) * (high - low) / rows
            east_m, north_m = back.transform(x, y)
            place = np.array([east_m - district.EAST, north_m - district.NORTH]) / 1000
            metres = 1000 * math.dist(place, (3, 1))
            if min(abs(metres - each) for each in SURFACE.breaks) < 25:
                continue  # the class may turn here
            inside = 0.02 < place[0] < 7.98 and 0.02 < place[1] < 1.98
            expected = 1 + sum(metres >= each for each in SURFACE.breaks)
            if inside:
                assert index[row, column] == expected
                checked += 1
    assert checked > 100


def test_cells_are_as_long_as_is_said_and_the_longer_side_has_so_many():
    at = surface.cells(ONE_POINT, longest=80)
    assert max(at.inside.shape) == 80
    assert at.step_m == pytest.approx(8000 / 80, rel=0.01)
    assert at.inside.mean() > 0.95


def test_outside_the_province_and_without_any_point_the_picture_is_clear():
    two = district.communes({"98001": district.square(0, 0, 2), "98004": district.square(6, 0, 2)})
    apart = district.situation([Point((1, 1))], {"98001": 5}, whose=two)
    index, _ = decoded(surface.surface(apart, StraightLine()).png)
    middle = index.shape[1] // 2
    assert (index[:, middle - 60 : middle + 60] == 0).all()
    assert (index[:, :60] > 0).mean() > 0.9
    nobody, _ = decoded(surface.surface(district.situation([]), StraightLine()).png)
    assert not nobody.any()


def test_the_surface_of_one_state_of_the_data_is_made_once(store):
    ask = AnalysisRequest(district.PROVINCE)
    first, version = of_distance(store, ask)
    assert of_distance(store, ask) == (first, version)
    decoded(first.png)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))
def test_a_value_belongs_to_the_highest_class_whose_lower_end_it_reached(measure: Measure):
    assert len(measure.colours) == len(measure.breaks) + 1
    assert measure.class_of(None) is None
    assert measure.class_of(0) == 0
    for rank, lower in enumerate(measure.breaks):
        assert measure.class_of(lower) == rank + 1
        assert measure.class_of(lower * 0.999) == rank


@pytest.mark.parametrize("measure", [each for each in MEASURES.values() if each.field])
def test_the_map_page_draws_the_same_classes_in_the_same_colours(measure: Measure):
    text = (ROOT / "planning/web/static/map/signs.js").read_text(encoding="utf-8")
    found = re.search(
        rf"{measure.name}: {{key: \"(\w+)\", breaks: \[([^\]]+)\], colours: (\w+)", text
    )
    assert found is not None
    assert found[1] == measure.field
    assert tuple(float(each) for each in found[2].split(",")) == measure.breaks
    colours = re.search(rf"const {found[3]} = \[([^\]]+)\]", text)
    assert colours is not None
    assert tuple(re.findall(r"#\w{6}", colours[1])) == measure.colours


@pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))
def test_lightness_moves_one_way_from_class_to_class(measure: Measure):
    def lightness(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        line = [
            each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
        ]
        return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]

    found = [lightness(each) for each in measure.colours]
    assert found == sorted(found, reverse=True)
    assert all(one - other > 0.03 for one, other in pairwise(found))


def test_a_small_map_is_to_one_scale_with_a_bar_that_holds():
    drawn = picture.province(ONE_POINT, 320, 400)
    # 8 km by 2 km on 308 pixels: 38.5 pixels a kilometre.
    assert drawn.bar_km == 2
    assert drawn.bar_px == pytest.approx(77, rel=0.001)
    assert drawn.height == pytest.approx(2 * 38.5 + 12, abs=1)
    assert [each.code for each in drawn.areas] == list(district.CODES)
    (mark,) = drawn.marks
    assert (mark.x, mark.y) == pytest.approx((6 + 3 * 38.5, 6 + 1 * 38.5), abs=0.2)


def test_the_map_of_a_commune_shows_its_neighbours_and_every_point_on_it():
    at = district.situation([Point((3, 1)), Point((2.9, 0.5), kind="online"),
                             Point((3.5, 1), status="closed"), Point((7, 1))])  # fmt: skip
    drawn = picture.commune(at, "98002", (), 360, 300)
    assert [each.code for each in drawn.areas] == ["98001", "98002", "98003"]
    assert sorted((each.kind, each.is_open) for each in drawn.marks) == [
        ("direct", False), ("direct", True), ("online", True)
    ]  # fmt: skip
