"""Points that name their commune in words, and codes of points that name another one."""

from pathlib import Path

import pytest

from geo import tables
from geo.findings import Severity
from geo.sources.points import PointFile, read_points
from tests.toy import district

LON, LAT = district.degrees([(1, 1)])[0]
NAMES = ["Xã Bình An", "Xã Hòa Sơn", "Xã Hoa Sơn", "Phường Núi Sam"]
HEAD = "Tên điểm thu,Vĩ độ,Kinh độ,Xã/phường,Mã xã,Mã điểm thu"


def communes() -> tables.Communes:
    return district.communes(name=[each.split(" ", 1)[1] for each in NAMES], full_name=NAMES)


def read(
    folder: Path, named: str, code: str = "", official: str = "", head: str = HEAD,
    place: district.Place = (1, 1),
) -> PointFile:  # fmt: skip
    path = folder / "list.csv"
    lon, lat = district.degrees([place])[0]
    path.write_text(
        f'{head}\nA,{lat:.6f},{lon:.6f},"{named}",{code},{official}\n', encoding="utf-8"
    )
    crosswalk = tables.crosswalk(
        __import__("pandas").DataFrame(
            {"old_code": ["30001", "30002", "30002"], "old_name": ["Xã Cũ Kỹ", "Xã Chia Đôi", "Xã Chia Đôi"],
             "old_district": [None] * 3, "new_code": ["98001", "98001", "98002"],
             "relation": ["full", "partial", "partial"]}
        )
    )  # fmt: skip
    return read_points(path, communes(), crosswalk=crosswalk)


def codes(file: PointFile) -> list[str]:
    return [each.code for each in file.report]


@pytest.mark.parametrize(
    "named", ["Xã Bình An", "bình an", "X. Bình  An", "xã Bình An, huyện Đông"]
)
def test_a_commune_named_in_words_gets_its_code(tmp_path, named):
    file = read(tmp_path, named)
    assert (file.table["written_code"].iloc[0], codes(file)) == ("98001", [])


def test_a_former_commune_leads_to_the_present_one_and_that_is_told(tmp_path):
    file = read(tmp_path, "Xã Cũ Kỹ")
    assert (file.table["written_code"].iloc[0], codes(file)) == (
        "98001",
        ["commune-through-former"],
    )


def test_a_name_without_diacritics_is_not_guessed(tmp_path):
    file = read(tmp_path, "Hoa Son")
    (finding,) = list(file.report)
    assert (finding.code, finding.severity) == ("commune-ambiguous", Severity.LOOK)
    assert "98002" in finding.sentence(str)
    assert "98003" in finding.sentence(str)
    assert file.table["written_code"].isna().all()


@pytest.mark.parametrize(
    ("place", "told"),
    [((1, 1), []), ((3, 1), []), ((5, 1), ["commune-ambiguous"])],  # 98001, 98002, 98003
)
def test_a_part_of_a_divided_commune_is_told_by_the_place_and_else_not_guessed(
    tmp_path, place, told
):
    file = read(tmp_path, "Xã Chia Đôi", place=place)
    assert codes(file) == told
    assert file.table["written_code"].isna().all()


def test_what_commune_and_address_both_leave_open_is_said_once(tmp_path):
    head = HEAD.replace("Mã điểm thu", "Địa chỉ")
    named = "Xã Chia Đôi"
    file = read(tmp_path, named, official=f"ấp 2 {named}", head=head, place=(5, 1))
    assert [(each.code, each.column) for each in file.report] == [
        ("commune-ambiguous", "Xã/phường")
    ]


def test_a_name_that_contradicts_its_code_is_pointed_at(tmp_path):
    file = read(tmp_path, "Xã Hòa Sơn", code="98001")
    (finding,) = list(file.report)
    assert (finding.code, finding.row, finding.column) == (
        "commune-name-contradicts",
        2,
        "Xã/phường",
    )
    assert file.table["written_code"].iloc[0] == "98001"


def test_a_commune_nobody_knows_is_named(tmp_path):
    assert codes(read(tmp_path, "Xã Không Đâu")) == ["commune-not-found"]


OFFICIAL = {
    "right": ("3456789000TH9898001003", [], "3456789000TH9898001003"),
    "spaced": ("3456789000 th 98 98001 003", ["official-code-respelled"], "3456789000TH9898001003"),
    "budget relation": ("1234567TH9898001001", [], "1234567TH9898001001"),
    "too short": ("34567TH9898001003", ["official-code-format"], "34567TH9898001003"),
    "number nought": ("3456789000TH9898001000", ["official-code-number"], "3456789000TH9898001000"),
    "another province": (
        "3456789000TH9198001003",
        ["official-code-province"],
        "3456789000TH9198001003",
    ),
    "no commune": ("3456789000TH9899999003", ["official-code-commune"], "3456789000TH9899999003"),
    "elsewhere": (
        "3456789000TH9898004003",
        ["official-code-contradicts"],
        "3456789000TH9898004003",
    ),
}


@pytest.mark.parametrize("defect", OFFICIAL)
def test_official_codes_are_held_against_form_communes_and_place(tmp_path, defect):
    written, found, kept = OFFICIAL[defect]
    file = read(tmp_path, "", official=written)
    assert (codes(file), file.table["official_code"].iloc[0]) == (found, kept)
