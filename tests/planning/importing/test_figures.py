"""Targets and results: found in the register, added up, kept part by part, and taken back."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.findings import Severity
from planning.model.errors import ImportRefusedError, RequestError
from planning.model.people import ForbiddenError, Grant, Role, User
from planning.services import imports
from planning.store import performance_tables
from tests.planning.importing.registered import FIRST, HERE, SECOND, SHUT, brought, read

HEAD = "Kỳ,Chương trình,Cấp,BHXH cơ sở,Mã tổ chức,Tên tổ chức dịch vụ thu,Mã xã,Xã/phường/đặc khu,Mã điểm thu,Mã nhân viên thu,Chỉ tiêu,Thực hiện\n"  # fmt: skip
TN = "BHXH-TN"


def table(*rows: str) -> str:
    return HEAD + "\n".join(rows) + "\n"


def kept(store, name: str) -> dict[tuple[str, ...], int]:
    """Return programme, period, level, what it is about, vintage → value."""
    each = performance_tables.metadata.tables[name]
    with store.reading() as db:
        rows = db.execute(sa.select(each)).mappings().all()
    keys = ("office", "organisation_code", "commune_code", "point_id", "staff_id")
    return {
        (row["programme"], row["period"], row["level"], "/".join(row[k] for k in keys if row[k]),
         row["valid_from"]): row["value"]
        for row in rows
    }  # fmt: skip


def codes(reading) -> set[tuple[str, int | None]]:
    return {(each.code, each.row) for each in reading.report}


def test_every_level_is_kept_under_the_keys_of_the_register(ours, tmp_path):
    brought(
        ours, tmp_path, "results",
        table(
            f"Quý I/2025,{TN},,,,,,,,,100,90",
            "Quý I/2025,BHXH tự nguyện,,,,Bưu điện Mẫu,,,,,60,",
            "Quý I/2025,BHXH tự nguyện,,,,,,Xã Cũ 1,,,40,41",
            "2025-07,bhxh tự nguyện,,,,Viettel,98003,,,,7,8",
            f"T7/2025,{TN},,,,,,,{FIRST},,5,6",
            f"Tuần 30/2025,{TN},,,,,,,,NV2,1,0",
        ),
    )  # fmt: skip
    assert kept(ours, "target") == {
        (TN, "2025-Q1", "province", "", ""): 100,
        (TN, "2025-Q1", "organisation", "0101010101", ""): 60,
        (TN, "2025-Q1", "commune", "97001", "2004-01-01"): 40,
        (TN, "2025-07", "organisation in commune", "0202020202/98003", "2025-07-01"): 7,
        (TN, "2025-07", "point", FIRST, ""): 5,
        (TN, "2025-W30", "staff", "NV2", ""): 1,
    }
    assert len(kept(ours, "result")) == 5
    assert kept(ours, "result")[TN, "2025-W30", "staff", "NV2", ""] == 0


def test_a_written_level_takes_only_the_keys_it_needs(ours, tmp_path):
    brought(ours, tmp_path, "results",
            table(f"2025,{TN},Tỉnh,,,Viettel,,,,,,9", f"2025,{TN},Tổ chức,,,Viettel,98001,,,,,4"))  # fmt: skip
    assert set(kept(ours, "result")) == {
        (TN, "2025", "province", "", ""), (TN, "2025", "organisation", "0202020202", ""),
    }  # fmt: skip


# Row → the findings that leave it out.
BAD = {
    f"2025-03,{TN},,,,,98001,,,,,5": "commune-of-another-time",
    f"2025-08,{TN},,,,,97001,,,,,5": "commune-of-another-time",
    f"2025-08,{TN},,,,,91000,,,,,5": "commune-unknown",
    f"2025-08,{TN},,,,,,Xã Lạ,,,,5": "commune-unknown",
    f"2025-08,{TN},,,0909090909,,,,,,,5": "organisation-unknown",
    f"2025-08,{TN},,,,Công ty Lạ,,,,,,5": "organisation-unknown",
    "2025-08,BHNT,,,,Viettel,,,,,,5": "programme-unknown",
    "2025-08,,,,,Viettel,,,,,,5": "programme-missing",
    f"2025-08,{TN},,Cơ sở Lạ,,,,,,,,5": "office-unknown",
    f"2025-08,{TN},,,,,,,9999,,,5": "point-unknown",
    f"Quý 1/2025,{TN},,,,,,,{SHUT},,,5": "point-closed",
    f"2025-08,{TN},,,,,,,,NV9,,5": "staff-unknown",
    f"2025-13,{TN},,,,Viettel,,,,,,5": "period-unreadable",
    f",{TN},,,,Viettel,,,,,,5": "period-unreadable",
    f"2025-08,{TN},,,,Viettel,,,,,,-5": "figure-negative",
    f"2025-08,{TN},,,,Viettel,,,,,,nhiều": "figure-unreadable",
    f'2025-08,{TN},,,,Viettel,,,,,,"12,5"': "figure-not-whole",
    f"2025-08,{TN},,,,Viettel,,,,,,": "figure-missing",
    f"2025-08,{TN},Tầng,,,Viettel,,,,,,5": "level-unknown",
    f"2025-08,{TN},Điểm thu,,,Viettel,,,,,,5": "level-key-missing",
}  # fmt: skip


def test_every_bad_row_is_named_and_nothing_of_the_file_is_kept(ours, tmp_path):
    good = f"2025-08,{TN},,,,Viettel,,,,,,5"
    text = table(good, *BAD)
    reading = read(ours, tmp_path, "results", text)
    found = [(each.row, each.code) for each in reading.report if each.severity is Severity.LEFT_OUT]
    assert sorted(found) == [(at, code) for at, code in enumerate(BAD.values(), start=3)]
    assert (reading.rows, reading.usable) == (len(BAD) + 1, 1)
    with pytest.raises(ImportRefusedError) as refused:
        brought(ours, tmp_path, "results", text)
    assert kept(ours, "result") == {}
    assert "NV9" not in " ".join(each.sentence(str) for each in refused.value.findings)

    brought(ours, tmp_path, "results", text, good_rows=True)
    assert list(kept(ours, "result").values()) == [5]


def test_a_wrong_code_on_many_rows_is_told_once_with_their_number(ours, tmp_path):
    rows = [f"2025-{at:02d},{TN},,,,Công ty Lạ,,,,,,5" for at in range(1, 13)]
    reading = read(ours, tmp_path, "results", table(*rows))
    (told,) = [each for each in reading.report if each.code == "organisation-unknown"]
    assert (told.row, told.params["count"]) == (2, 12)


def test_the_same_figure_twice_stops_the_file(ours, tmp_path):
    text = table(f"2025-08,{TN},,,,Viettel,,,,,,5", f"Tháng 8/2025,{TN},,,0202020202,,,,,,,6")
    reading = read(ours, tmp_path, "results", text)
    assert ("figure-twice", 3) in codes(reading)
    assert reading.report.blocked


def test_a_target_and_a_result_of_one_place_may_stand_on_two_rows(ours, tmp_path):
    text = table(f"2025-08,{TN},,,,Viettel,,,,,5,", f"2025-08,{TN},,,,Viettel,,,,,,6")
    brought(ours, tmp_path, "results", text)
    assert list(kept(ours, "target").values()) == [5]
    assert list(kept(ours, "result").values()) == [6]


def sums(reading) -> list[tuple[int, int]]:
    return [(each.params["sum"], each.params["own"]) for each in reading.report
            if each.code == "cascade-differs"]  # fmt: skip


def test_sums_that_do_not_fit_are_named_with_both_numbers_and_never_mended(ours, tmp_path):
    text = table(
        f"2025-Q3,{TN},,,,,,,,,100,", f"2025-Q3,{TN},,,,Viettel,,,,,40,",
        f"2025-Q3,{TN},,,,Bưu điện tỉnh,,,,,50,", f"2025-Q3,{TN},,,,Viettel,98001,,,,40,",
    )  # fmt: skip
    assert sums(read(ours, tmp_path, "targets", text)) == [(90, 100)]
    brought(ours, tmp_path, "targets", text)
    assert sorted(kept(ours, "target").values()) == [40, 40, 50, 100]


def test_sums_are_held_against_what_is_kept(ours, tmp_path):
    brought(ours, tmp_path, "targets", table(f"2025-Q3,{TN},,,,,,,{FIRST},,10,"))
    staff = (f"2025-Q3,{TN},,,,,,,,NV1,4,", f"2025-Q3,{TN},,,,,,,,NV2,7,")
    assert sums(read(ours, tmp_path, "targets", table(*staff))) == [(11, 10)]
    other = f"2025-Q4,{TN},,,,,,,,NV1,4,"
    assert sums(read(ours, tmp_path, "targets", table(other))) == []
    mended = table(f"2025-Q3,{TN},,,,,,,{FIRST},,11,", *staff)
    assert sums(read(ours, tmp_path, "targets", mended)) == []


SOME = st.one_of(st.none(), st.integers(0, 9))
ORGS, COMMUNES = ("0101010101", "0202020202"), ("98001", "98002")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole=SOME, orgs=st.tuples(SOME, SOME), communes=st.tuples(SOME, SOME),
       both=st.tuples(SOME, SOME, SOME, SOME))  # fmt: skip
def test_every_difference_of_the_cascade_is_told_and_no_other(
    ours, tmp_path, whole, orgs, communes, both
):
    cells = [(org, commune) for org in ORGS for commune in COMMUNES]
    rows = [("", "", whole), *zip(ORGS, ("", ""), orgs, strict=True),
            *zip(("", ""), COMMUNES, communes, strict=True),
            *((*cell, value) for cell, value in zip(cells, both, strict=True))]  # fmt: skip
    expected = []
    for own, below in (
        (whole, orgs), (whole, communes), (orgs[0], both[:2]), (orgs[1], both[2:]),
        (communes[0], both[::2]), (communes[1], both[1::2]),
    ):  # fmt: skip
        given_below = [each for each in below if each is not None]
        if own is not None and given_below and sum(given_below) != own:
            expected.append((sum(given_below), own))
    text = table(*(f"2025-08,{TN},,,{org},,{commune},,,,{value},"
                   for org, commune, value in rows if value is not None))  # fmt: skip
    assert sorted(sums(read(ours, tmp_path, "targets", text))) == sorted(expected)


def test_the_same_file_again_says_so_and_keeps_the_same(ours, tmp_path):
    text = table(f"2025-07,{TN},,,,Viettel,,,,,9,1", f"2025-07,{TN},,,,,,,{FIRST},,2,3")
    brought(ours, tmp_path, "results", text)
    before = kept(ours, "result"), kept(ours, "target")
    found = {code for code, _ in codes(read(ours, tmp_path, "results", text))}
    assert found == {"same-file", "results-replaced", "targets-replaced"}
    brought(ours, tmp_path, "results", text)
    assert (kept(ours, "result"), kept(ours, "target")) == before


def test_only_the_same_period_programme_and_level_is_replaced(ours, tmp_path):
    brought(ours, tmp_path, "results",
            table(f"2025-07,{TN},,,,Viettel,,,,,,1", f"2025-08,{TN},,,,Viettel,,,,,,2",
                  f"2025-07,{TN},,,,,,,{FIRST},,,3"))  # fmt: skip
    text = table(f"2025-07,{TN},,,,Bưu điện tỉnh,,,,,,4")
    reading = read(ours, tmp_path, "results", text)
    (told,) = [each for each in reading.report if each.code == "results-replaced"]
    assert (told.params["before"], told.params["now"]) == (1, 1)
    brought(ours, tmp_path, "results", text)
    assert sorted(kept(ours, "result").values()) == [2, 3, 4]


def test_each_import_is_taken_back_by_itself(ours, tmp_path):
    first = brought(ours, tmp_path, "results", table(f"2025-07,{TN},,,,Viettel,,,,,9,1"))
    before = kept(ours, "result")
    second = brought(ours, tmp_path, "results", table(f"2025-07,{TN},,,,Viettel,,,,,,2"))
    other = brought(ours, tmp_path, "results", table(f"2025-08,{TN},,,,Viettel,,,,,,3"))
    assert imports.undoable(ours, HERE) >= {second.batch, other.batch}
    with pytest.raises(RequestError, match="stands on this one"):
        imports.undo(ours, HERE, first.batch)
    imports.undo(ours, HERE, second.batch)  # though another month came after it
    imports.undo(ours, HERE, other.batch)
    assert kept(ours, "result") == before
    imports.undo(ours, HERE, first.batch)
    assert kept(ours, "result") == kept(ours, "target") == {}


def test_a_file_with_numbers_of_staff_is_given_to_who_may_see_people(ours, tmp_path):
    of_staff = brought(ours, tmp_path, "results", table(f"2025-07,{TN},,,,,,,,NV1,,1"))
    of_points = brought(ours, tmp_path, "targets", table(f"2025-07,{TN},,,,,,,{SECOND},,1,"))
    viewer, planner = (
        User("ai", grants=(Grant(role, HERE),)) for role in (Role.VIEWER, Role.PLANNER)
    )
    with pytest.raises(ForbiddenError):
        imports.require_file(ours, viewer, HERE, of_staff.batch)
    imports.require_file(ours, planner, HERE, of_staff.batch)
    imports.require_file(ours, viewer, HERE, of_points.batch)


@pytest.mark.parametrize(
    ("row", "codes"),
    [("2025-13,BHNT,,,,Công ty Lạ,,,,,,nhiều",
      {"period-unreadable", "programme-unknown", "organisation-unknown", "figure-unreadable"}),
     ("2025-08,,,,,,91000,,,NV9,,-5", {"programme-missing", "staff-unknown", "figure-negative"}),
     (f"2025-08,{TN},,,,Công ty Lạ,91000,,,,,-5",
      {"organisation-unknown", "commune-unknown", "figure-negative"}),
     (",BHNT,,,,,,,9999,,,", {"period-unreadable", "programme-unknown", "point-unknown", "figure-missing"})],
)  # fmt: skip
def test_everything_that_is_wrong_with_a_row_is_told_at_once(ours, tmp_path, row, codes):
    reading = read(ours, tmp_path, "results", table(f"2025-08,{TN},,,,Viettel,,,,,,5", row))
    found = {each.code for each in reading.report if each.severity is Severity.LEFT_OUT}
    assert found == codes
    assert {each.row for each in reading.report if each.severity is Severity.LEFT_OUT} == {3}
    assert (reading.rows, reading.usable) == (2, 1)


CELL = st.sampled_from(
    [
        "",
        "2025-07",
        "x",
        "Viettel",
        "98001",
        "0",
        "12",
        "-3",
        FIRST,
        "NV1",
        TN,
        "Tỉnh",
        "Xã",
        "9" * 30,
    ]
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.lists(CELL, min_size=12, max_size=12), min_size=1, max_size=6))
def test_any_table_is_accounted_for_row_by_row(ours, tmp_path, rows):
    reading = read(ours, tmp_path, "results", table(*map(",".join, rows)))
    left = {each.row for each in reading.report if each.severity is Severity.LEFT_OUT}
    filled = sum(any(row) for row in rows)
    assert reading.rows <= filled
    assert (
        reading.usable + len(left) >= reading.rows or reading.report.blocked or _repeated(reading)
    )


def _repeated(reading) -> bool:
    """Whether one finding stands for several rows."""
    return any(each.params.get("count", 1) != 1 for each in reading.report)
