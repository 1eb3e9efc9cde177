"""Staff who name no point that stands are told by organisation, never by name."""

import pandas as pd

from geo import tables
from planning.analysis.attention import attend
from planning.model.attention import Kind
from planning.services import attention, imports
from planning.services.imports import ImportAsk
from tests.planning.analysis.test_attention import state
from tests.toy import district

HEADINGS = ("staff_id", "name", "organisation", "point_code")


def staff(*rows):
    frame = pd.DataFrame(rows, columns=HEADINGS)
    rest = set(tables.columns(tables.StaffTable)) - set(HEADINGS)
    whole = frame.assign(**dict.fromkeys(rest) | {"person_id": frame["staff_id"]}).astype(
        {"permanent": "boolean"}
    )
    return tables.staff(whole)


def astray(listed):
    found = attend(state(staff=listed))
    return {item.records[0].name: item.params["count"] for item in found
            if item.kind is Kind.STAFF_ASTRAY}  # fmt: skip


def test_staff_are_counted_by_organisation():
    listed = staff(
        ("1", "An", "Bưu điện", None), ("2", "Bình", "Bưu điện", "0000000000TH9898001009"),
        ("3", "Chi", "Viettel", None),
    )  # fmt: skip

    assert astray(listed) == {"Bưu điện": 2, "Viettel": 1}


def test_nobody_is_named():
    listed = staff(("079012345678", "Nguyễn Thị An", "Viettel", None))

    said = " ".join(
        each.sentence(str) + str(each.as_dict()) for each in attend(state(staff=listed))
    )
    assert "Nguyễn" not in said
    assert "079012345678" not in said


def test_a_new_list_of_staff_is_looked_at_anew(store, tmp_path):
    before = attention.waiting(store, district.PROVINCE)
    path = tmp_path / "staff.csv"
    path.write_text("Họ và tên,Tên tổ chức dịch vụ thu\nTrần Văn Bình,Viettel\n", encoding="utf-8")
    imports.commit(store, ImportAsk("staff", path))

    assert attention.waiting(store, district.PROVINCE) == before + 1
