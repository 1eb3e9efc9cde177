"""Lists of organisations and staff are kept, replaced and undone like every other import."""

import pytest

from planning.model.errors import ImportRefusedError
from planning.services import imports
from planning.services.imports import ImportAsk
from planning.store import partners
from tests.toy import district

ORGANISATIONS = (
    "Mã tổ chức,Tên tổ chức dịch vụ thu,Số hợp đồng,Ngày hợp đồng,Bảo lãnh\n"
    "BD,Bưu điện tỉnh,12/HĐ,01/02/2025,150000000\nVT,Viettel,13/HĐ,,\n"
)
STAFF = (
    "Mã nhân viên,Họ và tên,Tên tổ chức dịch vụ thu,Số thẻ\n"
    "NV1,Nguyễn Thị An,Bưu điện tỉnh,T001\nNV2,Trần Văn Bình,Viettel,T002\n"
)
TWO_MASTERS = STAFF + "NV1,Nguyễn Thị An,Viettel,T001\n"


def brought(store, tmp_path, kind, text):
    path = tmp_path / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    return imports.commit(store, ImportAsk(kind, path))[0]


def listed(store):
    with store.reading() as db:
        organisations = partners.load_organisations(db, district.PROVINCE)
        staff = partners.load_staff(db, district.PROVINCE)
    return list(organisations["name"]), list(staff["name"])


def test_both_lists_are_kept_replaced_and_undone(store, tmp_path):
    brought(store, tmp_path, "organisations", ORGANISATIONS)
    brought(store, tmp_path, "staff", STAFF)
    assert listed(store) == (["Bưu điện tỉnh", "Viettel"], ["Nguyễn Thị An", "Trần Văn Bình"])

    later = brought(store, tmp_path, "staff", STAFF.rsplit("NV2", maxsplit=1)[0])
    assert listed(store)[1] == ["Nguyễn Thị An"]
    imports.undo(store, district.PROVINCE, later.batch)
    assert listed(store)[1] == ["Nguyễn Thị An", "Trần Văn Bình"]


def test_a_contract_and_a_guarantee_are_kept_as_they_are_meant(store, tmp_path):
    brought(store, tmp_path, "organisations", ORGANISATIONS)

    with store.reading() as db:
        found = partners.load_organisations(db, district.PROVINCE).set_index("organisation_code")
    assert found.loc["BD", "contract_date"] == "2025-02-01"
    assert found.loc["BD", "guarantee"] == 150_000_000
    assert found["guarantee"].isna()["VT"]


def test_nobody_serves_two_organisations(store, tmp_path):
    with pytest.raises(ImportRefusedError) as refused:
        brought(store, tmp_path, "staff", TWO_MASTERS)

    assert listed(store)[1] == []
    said = " ".join(each.sentence(str) for each in refused.value.findings)
    assert "An" not in said  # whose row it is, never who it is
    assert "T001" not in said
