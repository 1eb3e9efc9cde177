"""Lists of organisations and staff: what is read, what is said, and what is never shown."""

from pathlib import Path

import pytest

from geo.findings import Severity
from geo.sources.organisations import read_organisations
from geo.sources.staff import read_staff

STAFF = "Họ tên nhân viên,Mã tổ chức,Mã điểm thu,Số thẻ,Thẻ có giá trị đến,Thường trực,SĐT"
ORGANISATIONS = "Mã tổ chức,Tên tổ chức,MST,Số hợp đồng,Ngày hợp đồng,Ký quỹ,SĐT,Địa bàn"


def saved(folder: Path, *lines: str) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_an_organisation_is_read_field_by_field(tmp_path):
    path = saved(
        tmp_path,
        ORGANISATIONS,
        'T1,Bưu điện tỉnh,100109106,12/HĐ,01/07/2025,"50.000.000",912345678,Toàn tỉnh',
    )
    file = read_organisations(path)
    row = file.table.iloc[0]
    assert (row["organisation_code"], row["name"], row["contract_date"]) == (
        "T1",
        "Bưu điện tỉnh",
        "2025-07-01",
    )
    assert (row["tax_code"], row["guarantee"], row["phone"]) == (
        "0100109106",
        50_000_000,
        "0912345678",
    )
    assert {each.code for each in file.report} == {"tax-code-padded", "phone-padded"}


def test_what_is_odd_about_organisations_is_said(tmp_path):
    path = saved(tmp_path, ORGANISATIONS, "T1,Bưu điện tỉnh,,,,,,", "T1,Viettel,,,,,,", "T2,Bưu điện Tỉnh,,,,,,",
                 "T3,,,,,,,", "T4,MobiFone,12,,31/02/2025,nhiều,x1,")  # fmt: skip
    file = read_organisations(path)
    assert {(each.code, each.row) for each in file.report} == {
        ("code-twice", 3), ("name-twice", 4), ("name-missing", 5), ("tax-code-format", 6),
        ("contract-date-unreadable", 6), ("guarantee-unreadable", 6), ("phone-unreadable", 6),
    }  # fmt: skip
    assert (file.report.blocked, len(file.table), file.rows) == (True, 3, 5)


def test_a_person_is_read_field_by_field(tmp_path):
    file = read_staff(saved(tmp_path, STAFF, "Trần Thị Mẫu,T1,M1,AG001,31/12/2026,Có,0912 345 678"))
    row = file.table.iloc[0]
    assert (row["staff_id"], row["name"], row["organisation_code"]) == ("#2", "Trần Thị Mẫu", "T1")
    assert (row["card_valid_to"], row["permanent"], row["phone"]) == (
        "2026-12-31",
        True,
        "0912345678",
    )
    assert len(file.report) == 0


SAME = {
    "by card": ("Trần Thị Mẫu,T1,,AG001,,,", "Trần Thị Mẫu,T2,,AG001,,,"),
    "by telephone": ("Trần Thị Mẫu,T1,,,,,0912345678", "TRẦN THỊ MẪU,T2,,,,,912345678"),
}


@pytest.mark.parametrize("known", SAME)
def test_a_person_under_two_organisations_blocks_and_names_both_rows(tmp_path, known):
    file = read_staff(saved(tmp_path, STAFF, *SAME[known]))
    (finding,) = file.report.of(Severity.BLOCKS)
    assert (finding.code, finding.row, finding.params["other"]) == (
        "person-two-organisations",
        3,
        2,
    )


def test_namesakes_are_two_persons(tmp_path):
    file = read_staff(
        saved(tmp_path, STAFF, "Trần Thị Mẫu,T1,,AG001,,,", "Trần Thị Mẫu,T2,,AG002,,,")
    )
    assert (len(file.report), len(file.table)) == (0, 2)


def test_one_person_at_two_points_of_an_organisation_is_pointed_at(tmp_path):
    file = read_staff(
        saved(tmp_path, STAFF, "Trần Thị Mẫu,T1,M1,AG001,,,", "Trần Thị Mẫu,T1,M2,AG001,,,")
    )
    assert [(each.code, each.severity) for each in file.report] == [("person-twice", Severity.LOOK)]


def test_findings_never_show_a_name_number_or_telephone(tmp_path):
    secret = ("Trần\u200b Thị Mẫu", "079123456789", "AGX77", "0912", "GCN-5")
    head = "Họ và tên,Số CCCD,Tổ chức,Số thẻ,Giấy chứng nhận,SĐT,Hạn thẻ,Thường trực"
    line = f"{secret[0]},{secret[1]},%s,{secret[2]},{secret[4]},{secret[3]},mai,có lẽ"
    file = read_staff(saved(tmp_path, head, line % "A", line % "B", line % "A", ",,,,,12,,"))
    said = " ".join(each.sentence(str) + str(each.as_dict()) for each in file.report)
    assert {
        "person-two-organisations",
        "invisible-characters",
        "phone-unreadable",
        "name-missing",
    } <= {each.code for each in file.report}
    for each in (*secret, "Trần Thị Mẫu", "Mẫu"):
        assert each not in said


def test_a_list_without_headings_shows_nobody_s_name(tmp_path):
    file = read_staff(saved(tmp_path, "Trần Thị Mẫu,T1,M1", "Lê Văn Ví,T1,M2"))
    (finding,) = file.report.of(Severity.BLOCKS)
    assert finding.code == "column-missing"
    assert finding.params["found"] == "“(A)”, “(B)”, “(C)”"
    assert "Mẫu" not in finding.sentence(str)
