"""What a gap is called: its own sentence in Vietnamese, one of the same parts in English."""

from dataclasses import replace

import pytest

from planning.language import GAP_SIDES, catalogue, gap_name
from planning.model.coverage import Gap, GapReason

GAP = Gap(
    rank=1, name="Phía đông bắc xã Phú Hữu, cách trụ sở xã Vĩnh Hậu 5,2 km", commune_code="98001",
    commune="Xã Phú Hữu", side="NE", seat="Xã Vĩnh Hậu", seat_m=5218.0, seat_known=True, people=412, lon=105.1,
    lat=10.7, area_km2=3.5, nearest_point_m=4200.0, reason=GapReason.FAR, outline=(),
)  # fmt: skip


def test_vietnamese_keeps_the_name_that_was_given():
    assert gap_name(GAP, "vi") == GAP.name


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "North-eastern part of Xã Phú Hữu, 5.2 km from the seat of Xã Vĩnh Hậu"),
        (
            {"seat": "Xã Phú Hữu", "side": "C", "name": "Khu giữa xã Phú Hữu, cách trụ sở 5,2 km"},
            "Middle of Xã Phú Hữu, 5.2 km from its seat",
        ),
        (
            {"name": "… cách khu đông dân nhất xã Vĩnh Hậu 5,2 km (2)", "seat_known": False},
            (
                "North-eastern part of Xã Phú Hữu, 5.2 km from the most populous place of "
                "Xã Vĩnh Hậu (2)"
            ),
        ),
        (
            {"seat": "Xã Phú Hữu", "name": "… 5,2 km", "seat_known": False},
            "North-eastern part of Xã Phú Hữu, 5.2 km from its most populous place",
        ),
    ],
)
def test_english_builds_the_name_from_its_parts(changes, name):
    assert gap_name(replace(GAP, **changes), "en") == name


def test_the_words_of_the_catalogue_are_those_of_the_names():
    words = catalogue("vi")
    assert GAP.name.startswith(words[GAP_SIDES["NE"]] + " xã")
    assert words["the seat of %(commune)s"] % {"commune": "xã Vĩnh Hậu"} in GAP.name
