"""Needs by commune, programmes and inspections: found, checked, kept beside what stays."""

import pytest
import sqlalchemy as sa

from geo.findings import Severity
from planning.model.errors import ImportRefusedError
from planning.services import imports
from planning.store import performance_tables, performance_writing, register_tables
from tests.planning.importing.registered import FIRST, HERE, SECOND, brought, read

NEEDS = "Mã xã,Xã/phường/đặc khu,Chưa tham gia BHYT,Tiềm năng\n"
INSPECTED = "Ngày kiểm tra,Mã điểm thu,Nội dung,Tồn tại,Kết luận,Hạn khắc phục,Ngày khắc phục,Số biên bản\n"  # fmt: skip


def codes(store, folder, kind: str, text: str) -> list[tuple[str, int | None]]:
    return [(each.code, each.row) for each in read(store, folder, kind, text).report]


# --- needs -----------------------------------------------------------------------------


def counted(store) -> dict[tuple[str, str, str], int]:
    with store.reading() as db:
        rows = db.execute(sa.select(performance_tables.need_count)).mappings().all()
    return {(row["need"], row["commune_code"], row["valid_from"]): row["people"] for row in rows}


def test_counts_are_kept_by_the_vintage_most_rows_belong_to(ours, tmp_path):
    now = NEEDS + "98001,,10,\n,Xã Số 2,0,7\n98003,,,9\n"
    brought(ours, tmp_path, "needs", now)
    assert counted(ours) == {
        ("uninsured", "98001", "2025-07-01"): 10, ("uninsured", "98002", "2025-07-01"): 0,
        ("potential", "98002", "2025-07-01"): 7, ("potential", "98003", "2025-07-01"): 9,
    }  # fmt: skip
    then = brought(ours, tmp_path, "needs", "Xã,Tiềm năng\nXã Cũ 1,5\nXã Cũ 2,6\n")
    assert counted(ours)["potential", "97001", "2004-01-01"] == 5
    assert len(counted(ours)) == 6
    imports.undo(ours, HERE, then.batch)
    assert len(counted(ours)) == 4


def test_only_the_needs_of_the_file_are_replaced(ours, tmp_path):
    brought(ours, tmp_path, "needs", NEEDS + "98001,,10,3\n98002,,11,4\n")
    brought(ours, tmp_path, "needs", "Mã xã,Tiềm năng\n98001,5\n")
    assert sorted(counted(ours).values()) == [5, 10, 11]


def test_payments_due_cards_expiring_and_lapsed_are_needs_of_their_own(ours, tmp_path):
    headings = "Mã xã,Tiềm năng,Đến hạn đóng,Sắp hết hạn thẻ,Đã dừng đóng\n"
    # Together they are more than the potential participants: each is counted for itself.
    brought(ours, tmp_path, "needs", headings + "98001,6,5,4,3\n98002,,0,,2\n")
    assert counted(ours) == {
        ("potential", "98001", "2025-07-01"): 6, ("due", "98001", "2025-07-01"): 5,
        ("expiring", "98001", "2025-07-01"): 4, ("lapsed", "98001", "2025-07-01"): 3,
        ("due", "98002", "2025-07-01"): 0, ("lapsed", "98002", "2025-07-01"): 2,
    }  # fmt: skip


def test_what_cannot_be_is_named(ours, tmp_path):
    text = NEEDS + "98001,,101,\n98001,,1,\n91000,,1,\n,Xã Lạ,1,\n,,1,\n98002,,-1,\n98003,,abc,\n"
    found = codes(ours, tmp_path, "needs", text)
    assert {
        ("more-than-people", 2), ("commune-twice", 3), ("commune-unknown", 4),
        ("commune-unknown", 5), ("commune-missing", 6), ("out-of-range", 7), ("not-a-count", 8),
    } <= set(found)  # fmt: skip
    with pytest.raises(ImportRefusedError):
        brought(ours, tmp_path, "needs", text)
    assert counted(ours) == {}
    assert ("needs-missing", 2) in codes(ours, tmp_path, "needs", "Mã xã,Ghi chú\n98001,x\n")


# --- programmes ------------------------------------------------------------------------

PROGRAMMES = "Mã chương trình,Tên chương trình,Đơn vị tính,Cách tính\n"


def programmes(store) -> list[tuple[str, str, str]]:
    with store.reading() as db:
        return [(each.code, each.unit, str(each.counts))
                for each in performance_writing.kept_programmes(db, HERE)]  # fmt: skip


def test_programmes_stand_in_place_of_those_of_every_province(ours, tmp_path):
    assert [code for code, _, _ in programmes(ours)] == ["BHXH-TN", "BHYT-HGD", "BHXH-TN-MOI"]
    text = (
        PROGRAMMES + "BHYT-HSSV,BHYT học sinh,thẻ,Tăng mới trong kỳ\nBHTN,Bảo hiểm thất nghiệp,,\n"
    )
    done = brought(ours, tmp_path, "programmes", text)
    assert programmes(ours) == [("BHYT-HSSV", "thẻ", "new"), ("BHTN", "người", "held")]
    imports.undo(ours, HERE, done.batch)
    assert len(programmes(ours)) == 3


def test_a_programme_with_figures_stays(ours, tmp_path):
    brought(ours, tmp_path, "results", "Kỳ,Chương trình,Thực hiện\n2025-08,BHYT hộ gia đình,5\n")
    text = PROGRAMMES + "BHTN,Bảo hiểm thất nghiệp,,\n"
    assert "programme-in-use" in [code for code, _ in codes(ours, tmp_path, "programmes", text)]
    brought(ours, tmp_path, "programmes", text)
    assert [code for code, _, _ in programmes(ours)] == ["BHTN", "BHYT-HGD"]


def test_two_programmes_of_one_code_or_name_stop_the_file(ours, tmp_path):
    text = PROGRAMMES + "A,Một,,\nA,Hai,,\nB,Một,,\n,Ba,,\nC,,,\nD,Bốn,,mỗi tuần\n"
    assert set(codes(ours, tmp_path, "programmes", text)) == {
        ("code-twice", 3), ("name-twice", 4), ("code-missing", 5), ("name-missing", 6),
        ("counts-unknown", 7),
    }  # fmt: skip


# --- inspections -----------------------------------------------------------------------


def inspected(store) -> list[dict[str, object]]:
    table = register_tables.inspection
    with store.reading() as db:
        rows = db.execute(sa.select(table).order_by(table.c.day)).mappings().all()
    return [dict(row) for row in rows]


def test_inspections_are_added_to_those_there_are(ours, tmp_path):
    first = INSPECTED + f"05/01/2026,{FIRST},Biển hiệu,Thiếu biển,Không đạt,20/01/2026,,01/BB\n"
    brought(ours, tmp_path, "inspections", first)
    again = first.replace(",,01/BB", ",15/01/2026,01/BB") + f"06/02/2026,{SECOND},,không,Đạt,,,\n"
    done = brought(ours, tmp_path, "inspections", again)
    found = inspected(ours)
    assert [(each["point_id"], each["day"], each["settled"]) for each in found] == [
        (FIRST, "2026-01-05", "2026-01-15"), (SECOND, "2026-02-06", "")
    ]  # fmt: skip
    assert (found[0]["deadline"], found[0]["conclusion"]) == ("2026-01-20", "not met")
    assert (found[1]["findings"], found[1]["conclusion"]) == ("", "met")
    imports.undo(ours, HERE, done.batch)
    assert [(each["day"], each["settled"]) for each in inspected(ours)] == [("2026-01-05", "")]


def test_every_bad_inspection_is_named_and_nothing_kept(ours, tmp_path):
    bad = {
        f"31/02/2026,{FIRST},,,Đạt,,,": "day-unreadable",
        "05/01/2026,,,,Đạt,,,": "point-missing",
        "05/01/2026,P-LẠ,,,Đạt,,,": "point-unknown",
        f"05/01/2026,{FIRST},,,Tạm,,,1": "conclusion-unknown",
        f"05/01/2026,{FIRST},,x,Không đạt,01/01/2026,,2": "deadline-too-early",
        f"05/01/2026,{FIRST},,x,Không đạt,,01/01/2026,3": "settled-too-early",
        f"05/01/2026,{FIRST},,x,Không đạt,khi nào xong,,4": "deadline-unreadable",
        f"05/01/2999,{FIRST},,,Đạt,,,": "day-in-future",
    }
    text = INSPECTED + "\n".join(bad) + "\n"
    reading = read(ours, tmp_path, "inspections", text)
    left = [(each.row, each.code) for each in reading.report if each.severity is Severity.LEFT_OUT]
    assert sorted(left) == list(enumerate(bad.values(), start=2))
    with pytest.raises(ImportRefusedError):
        brought(ours, tmp_path, "inspections", text)
    assert inspected(ours) == []


def test_the_same_inspection_twice_stops_the_file(ours, tmp_path):
    row = f"05/01/2026,{FIRST},,,Đạt,,,9/BB\n"
    assert ("inspection-twice", 3) in codes(ours, tmp_path, "inspections", INSPECTED + row * 2)
    other = f"05/01/2026,{FIRST},,Thiếu biển,Không đạt,,,10/BB\n05/01/2026,{FIRST},,,Không đạt,,,11/BB\n"
    assert codes(ours, tmp_path, "inspections", INSPECTED + other) == [("findings-missing", 3)]
