"""A planner's choice about populations that their own file marks as unusable."""

import pytest

from geo.findings import Severity
from geo.sources.population import Unusable, read_population

FILE = (
    "code,population_raw,population_flag,population_suggested,suggestion_reason,"
    "worldpop2020,census2019_whole\n"
    "98001,100,,100,,90,95\n"
    "98002,604,trailing_zero_lost,6040,zeros lost,6800,5300\n"
    "98003,777,homonym,,belongs to another province,2386,2805\n"
)


def people(tmp_path, unusable):
    path = tmp_path / "people.csv"
    path.write_text(FILE, encoding="utf-8")
    file = read_population(path, unusable)
    return file.table.set_index("code")["people"].to_dict(), file.report


@pytest.mark.parametrize(
    ("unusable", "third"),
    [(Unusable.LEAVE_OUT, None), (Unusable.SUGGESTION, 2386), (Unusable.CENSUS, 2805)],
)
def test_the_choice_decides_about_the_unusable_value_alone(tmp_path, unusable, third):
    found, _ = people(tmp_path, unusable)

    assert (found["98001"], found["98002"]) == (100, 6040)
    assert found["98003"] == third or (third is None and found["98003"] != found["98003"])


def test_what_was_left_out_and_what_was_changed_is_said(tmp_path):
    _, report = people(tmp_path, Unusable.LEAVE_OUT)

    left_out, changed = report.of(Severity.LEFT_OUT), report.of(Severity.CHANGED)
    assert [(each.row, each.value) for each in left_out] == [(4, "777")]
    assert [(each.row, each.value) for each in changed] == [(3, "604")]


def test_an_empty_cell_is_unknown_and_said(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Mã xã,Dân số\n98001,\n98002,5\n", encoding="utf-8")

    file = read_population(path, Unusable.LEAVE_OUT)

    assert file.table.set_index("code")["people"].isna().to_dict() == {
        "98001": True,
        "98002": False,
    }
    assert [(each.code, each.row) for each in file.report] == [("people-missing", 2)]


def test_a_title_with_commas_above_semicolon_headings_is_read_past(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        "Dân số, theo xã, năm 2025\nMã xã;Dân số\n98001;1.234\n98002;5\n", encoding="utf-8"
    )

    file = read_population(path, Unusable.LEAVE_OUT)

    assert file.table.set_index("code")["people"].to_dict() == {"98001": 1234, "98002": 5}
