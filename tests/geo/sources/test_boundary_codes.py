"""Codes and names of a boundary file beside the official list of units."""

from pathlib import Path

import pytest

from geo import units
from geo.findings import Finding, FindingReport, Severity
from geo.sources.boundaries import Vintage, read_boundaries
from geo.sources.boundary_codes import compare_with_list
from tests.toy import district, files

NEW, OLD = "2025-07-01", "2024-01-01"


@pytest.fixture(autouse=True)
def listed(monkeypatch):
    """A list of three present units and two former ones."""

    def unit(code: str, full_name: str) -> units.Unit:
        kind, _, name = full_name.partition(" ")
        return units.Unit(code, name, full_name, kind.lower(), "98", "Tỉnh Mẫu")

    present = {code: unit(code, name) for code, name in
               (("98001", "Xã Hoà Bình"), ("98002", "Phường Đông Thành"), ("98003", "Xã Diên Hoa"))}  # fmt: skip
    former = {
        code: unit(code, name) for code, name in (("98001", "Xã Hòa Bình"), ("98050", "Xã Cũ"))
    }
    monkeypatch.setattr(units, "source", lambda: "a list")
    monkeypatch.setattr(units, "provinces", lambda: {"98": "Tỉnh Mẫu"})
    monkeypatch.setattr(units, "unit", present.get)
    monkeypatch.setattr(units, "former_unit", former.get)
    monkeypatch.setattr(units, "province_units", lambda _: tuple(present.values()))


def told(communes: dict[str, str], day: str = NEW, province: str = "98") -> list[Finding]:
    report = FindingReport("a")
    rows = list(range(1, len(communes) + 1))
    compare_with_list(list(communes), list(communes.values()), rows, (province, day), report)
    return list(report)


ALL = {"98001": "Xã Hòa Bình", "98002": "Phường Đông Thành", "98003": "xã Diên Hoa"}


def test_communes_of_the_list_are_not_spoken_of_however_they_are_spelled():
    assert told(ALL) == []


def test_a_code_the_list_does_not_know_is_pointed_at_and_kept():
    (found,) = told({**ALL, "98099": "Xã Mới"})
    assert (found.code, found.severity, found.row, found.value) == (
        "code-unknown", Severity.LOOK, 4, "98099",
    )  # fmt: skip


def test_a_code_of_the_other_list_is_named():
    (found,) = told({**ALL, "98050": "Xã Cũ"})
    assert found.code == "code-unknown"
    assert "on another it was Xã Cũ's" in found.sentence(str)


def test_a_name_that_belongs_to_another_code_is_shown_with_both():
    (found,) = told({**ALL, "98002": "Phường Đồng Thành"})
    assert (found.code, found.row) == ("name-contradicts-code", 2)
    assert found.params == {"official": "Phường Đông Thành", "name": "Phường Đồng Thành"}


def test_units_the_file_lacks_are_named():
    (found,) = told({"98001": "Xã Hòa Bình", "98002": "Phường Đông Thành"})
    assert found.code == "units-missing"
    assert found.params == {"count": 1, "names": "Xã Diên Hoa"}


def test_a_file_of_the_other_vintage_is_told_in_one_sentence():
    found = told({"98050": "Xã Cũ"})
    assert [each.code for each in found] == ["other-vintage", "units-missing"]
    former = told(ALL, OLD)
    assert [each.code for each in former] == ["other-vintage"]


def test_a_province_the_list_does_not_know_is_not_compared():
    assert told({"97001": "Xã A"}, province="97") == []
    assert told({"97001": "Xã A"}, OLD, province="97") == []


def test_without_a_list_nothing_is_compared(monkeypatch):
    monkeypatch.setattr(units, "source", lambda: None)
    assert told({"98099": "Xã Mới"}) == []


def test_the_reader_compares_the_communes_it_keeps(tmp_path):
    path = tmp_path / "a.geojson"
    features = [files.feature("98001", district.square(0, 0, 1), full_name="Xã Khác")]
    path.write_text(files.collection(features), encoding="utf-8")
    file = read_boundaries(Path(path), Vintage("98", NEW), frozenset())
    assert [each.code for each in file.report] == ["name-contradicts-code", "units-missing"]
    assert file.table is not None
