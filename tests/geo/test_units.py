import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from geo import units
from geo.names import name_key

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DIEMTHU_REAL_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of the same shape with three communes of 2025 made of four before."""
    data = tmp_path / units.PACKAGE / "data"
    data.mkdir(parents=True)
    (tmp_path / units.PACKAGE / "__init__.py").write_text("raise RuntimeError('imported')\n")
    base = sqlite3.connect(data / "dataset.db")
    base.execute(
        "CREATE TABLE admin_units (wardCode, ward, provinceCode, province, provinceKey, wardKey)"
    )
    base.execute(
        "CREATE TABLE admin_units_legacy (wardCode, ward, provinceCode, province, provinceKey,"
        " wardKey, districtCode, district, districtKey)"
    )
    base.executemany(
        "INSERT INTO admin_units VALUES (?, ?, '91', 'Tỉnh An Giang', 'tinhangiang', ?)",
        [("30628", "Xã Chợ Mới", "xachomoi"), ("30376", "Xã An Phú", "xaanphu"),
         ("30316", "Phường Châu Đốc", "phuongchaudoc"), ("30999", "Đặc khu Đảo", "dackhudao")],
    )  # fmt: skip
    base.executemany(
        "INSERT INTO admin_units_legacy VALUES (?, ?, ?, ?, ?, ?, '886', 'Huyện An Phú', 'huyenanphu')",
        [
            ("30628", "Thị trấn Chợ Mới", "89", "Tỉnh An Giang", "tinhangiang", "thitranchomoi"),
            ("30634", "Xã Kiến An", "89", "Tỉnh An Giang", "tinhangiang", "xakienan"),
            ("30388", "Xã Phú Hội", "89", "Tỉnh An Giang", "tinhangiang", "xaphuhoi"),
            ("31000", "Xã Bên Kia", "95", "Tỉnh Kiên Giang", "tinhkiengiang", "xabenkia"),
            (None, None, "95", "Tỉnh Kiên Giang", "tinhkiengiang", None),
        ],
    )
    base.commit()
    base.close()
    old = "tinhangiang_huyenanphu_"
    whole = {
        "xachomoi": [old + "thitranchomoi", old + "xakienan"],
        "phuongchaudoc": ["tinhkiengiang_huyenanphu_xabenkia"],
        "dackhudao": ["tinhkiengiang_huyenanphu_"],
    }
    split = {
        old + "xaphuhoi": [
            {"newWardKey": "phuongchaudoc", "isDefaultNewWard": False},
            {"newWardKey": "xaanphu", "isDefaultNewWard": True},
        ]
    }
    (data / "converter_2025.json").write_text(
        json.dumps(
            {
                "DICT_PROVINCE_WARD_NO_DIVIDED": {"tinhangiang": whole},
                "DICT_PROVINCE_WARD_DIVIDED": {"tinhangiang": split},
            }
        ),
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    units._lists.cache_clear()
    yield
    units._lists.cache_clear()


@pytest.mark.usefixtures("package")
def test_names_codes_and_provinces_are_read_and_nothing_is_imported():
    assert units.unit("30628") == units.Unit(
        "30628", "Chợ Mới", "Xã Chợ Mới", "xã", "91", "Tỉnh An Giang"
    )
    assert units.former_unit("30628") == units.Unit(
        "30628", "Chợ Mới", "Thị trấn Chợ Mới", "thị trấn", "89", "Tỉnh An Giang", "886", "Huyện An Phú"
    )  # fmt: skip
    assert units.provinces() == {"91": "Tỉnh An Giang"}
    assert units.PACKAGE not in sys.modules


@pytest.mark.usefixtures("package")
def test_former_units_lead_to_what_took_them():
    assert units.became("30628") == units.became("30634") == ("30628",)
    assert units.came_from("30628") == ("30628", "30634")
    assert units.became("30388") == ("30376", "30316"), "the main part stands first"
    assert units.came_from("30316") == ("30388", "31000")
    assert units.came_from("30999") == (), "made of a district that had no communes"
    assert [each.code for each in units.province_units("91")] == [
        "30316", "30376", "30628", "30999",
    ]  # fmt: skip
    assert [each.code for each in units.former_units("91")] == ["30388", "30628", "30634", "31000"]


@pytest.mark.usefixtures("package")
def test_what_the_list_does_not_know_is_answered_with_nothing():
    assert units.unit("00000") is None
    assert units.former_unit("00000") is None
    assert units.became("00000") == units.came_from("00000") == ()
    assert units.province_units("00") == units.former_units("00") == ()


def test_without_the_package_nothing_is_known_and_the_caller_is_told(monkeypatch):
    monkeypatch.setattr(units, "PACKAGE", "no_such_package")
    units._lists.cache_clear()

    assert units.source() is None
    assert units.unit("30628") is units.former_unit("30628") is None
    assert units.province_units("91") == units.became("30628") == ()
    assert units.provinces() == {}

    units._lists.cache_clear()


def test_the_package_is_found_but_neither_it_nor_what_it_brings_is_loaded():
    code = (
        "import sys; from geo import units; assert units.source(); assert units.unit('30628');"
        "print(sorted({'vietnamadminunits', 'geopy', 'unidecode'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "[]"


def test_the_official_list_is_whole():
    """QĐ 19/2025/QĐ-TTg: 3,321 units in 34 provinces, 2,621 xã, 687 phường, 13 đặc khu."""
    each = [unit for code in units.provinces() for unit in units.province_units(code)]

    assert len(units.provinces()) == 34
    assert Counter(unit.unit_type for unit in each) == {"xã": 2621, "phường": 687, "đặc khu": 13}
    assert len({unit.code for unit in each}) == 3321
    assert (len(units.province_units("91")), len(units.province_units("40"))) == (102, 130)


def test_every_former_unit_leads_to_present_ones():
    """NQ 1654 and NQ 1678: the communes of An Giang and Kiên Giang, and of Nghệ An."""
    assert len(units.former_units("91")) == 155 + 143
    assert len(units.former_units("40")) == 412
    split = {each.name for each in units.former_units("91") if len(units.became(each.code)) > 1}
    assert split == {"Vĩnh Châu", "Phú Hội", "Phước Hưng"}


def rows(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the real files are not in {DATA}; name their folder in DIEMTHU_REAL_DATA")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.real
def test_the_list_differs_from_the_register_of_2026_only_by_what_came_after_it():
    """Ten new wards of Đồng Nai (NQ 237, 30 April 2026), and one code.

    Ba Chẽ (Quảng Ninh) bears 06978 in the register and 06970 in the package.
    """
    register = {row["code"]: row for row in rows("admin_units_2025_3321.csv")}
    ours = {unit.code: unit for code in units.provinces() for unit in units.province_units(code)}

    assert set(register) - set(ours) == {"06978"}
    assert set(ours) - set(register) == {"06970"}
    both = [(ours[code], register[code]) for code in set(ours) & set(register)]
    assert all(name_key(unit.full_name) == name_key(row["full_name"]) for unit, row in both)
    assert all(unit.province_code == row["province_code"] for unit, row in both)
    other = [row for unit, row in both if unit.unit_type != row["unit_type"].lower()]
    assert {(row["province_code"], row["unit_type"]) for row in other} == {("75", "phường")}
    assert len(other) == 10


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "province"), [("crosswalk_an_giang.csv", "91"), ("crosswalk_nghe_an.csv", "40")]
)
def test_the_conversion_agrees_with_the_crosswalk(file, province):
    given = {(row["old_code"], row["new_code"]) for row in rows(file)}
    ours = {(u.code, new) for u in units.former_units(province) for new in units.became(u.code)}

    assert ours == given
