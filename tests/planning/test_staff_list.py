"""Names and telephones of staff: handed out to who needs them, and never without an event."""

import csv

import openpyxl
import pytest

from planning.model.errors import NotFoundError, NotReadyError
from planning.model.people import ForbiddenError, Grant, Role, User
from planning.services import imports, staff
from planning.services.imports import ImportAsk
from planning.store import audit
from tests.toy import district

HERE = district.PROVINCE
COMMUNE, OTHER = "90001", "90002"
ORGANISATIONS = "Mã tổ chức,Tên tổ chức dịch vụ thu\n0101010101,Bưu điện tỉnh\n0202020202,Viettel\n"
STAFF = (
    "Mã nhân viên,Họ và tên,Mã tổ chức,Tên tổ chức dịch vụ thu,Mã điểm thu,Điện thoại\n"
    f"NV1,Nguyễn Thị An,0101010101,,0101010101TH{HERE}{COMMUNE}001,0901000001\n"
    f"NV2,Trần Văn Bình,,Viettel,0202020202TH{HERE}{OTHER}001,0901000002\n"
    "NV3,=1+1,0101010101,,,0901000003\n"
)


@pytest.fixture
def listed(store, tmp_path):
    """Return the toy database with three members of staff, and the number of their import."""
    for kind, text in (("organisations", ORGANISATIONS), ("staff", STAFF)):
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        (done,) = imports.commit(store, ImportAsk(kind, path, province=HERE))
    return store, done.batch


def user(role: Role, province: str = HERE, **more: object) -> User:
    return User("dung", grants=(Grant(role, province, **more),))


def names(store, who: User, path) -> list[str]:
    staff.hand_out(store, who, HERE, "csv", path)
    with path.open(encoding="utf-8-sig") as file:
        return [row["staff_id"] for row in csv.DictReader(file)]


def told(store) -> list[tuple[str, str, dict]]:
    with store.reading() as db:
        events = audit.events(db, HERE, area="people")
    return [(each.tag, each.actor, each.facts) for each in events]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (user(Role.PLANNER), ["NV1", "NV2", "NV3"]),
        (user(Role.REVIEWER), ["NV1", "NV2", "NV3"]),
        (user(Role.APPROVER), ["NV1", "NV2", "NV3"]),
        (user(Role.ORGANISATION, organisation="0101010101"), ["NV1", "NV3"]),
        (user(Role.ORGANISATION, organisation="0202020202"), ["NV2"]),
        (user(Role.CHECKER, communes=frozenset({OTHER})), ["NV2"]),
        (user(Role.CHECKER, office="*"), ["NV1", "NV2", "NV3"]),
    ],
)
def test_everybody_gets_the_staff_they_need_and_it_is_an_event(listed, tmp_path, who, seen):
    store, _ = listed
    assert names(store, who, tmp_path / "out.csv") == seen
    assert told(store) == [
        ("people:staff:handed-out", "dung", {"form": "csv", "people": len(seen)})
    ]


@pytest.mark.parametrize(
    "who",
    [user(Role.VIEWER), user(Role.ADMINISTRATOR), user(Role.PLANNER, "40"), User("dung"),
     user(Role.ORGANISATION, organisation="0303030303"),
     user(Role.CHECKER, communes=frozenset({"90009"}))],
)  # fmt: skip
def test_who_needs_nobody_gets_nothing(listed, tmp_path, who):
    store, _ = listed
    with pytest.raises(NotReadyError):
        names(store, who, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
    assert told(store) == []


def test_the_event_tells_of_nobody_by_name(listed, tmp_path):
    store, _ = listed
    names(store, user(Role.PLANNER), tmp_path / "out.csv")
    for secret in ("An", "NV1", "0901000001"):
        assert secret not in str(told(store))


def test_a_sheet_holds_text_as_text_and_says_who_took_it(listed, tmp_path):
    store, _ = listed
    staff.hand_out(store, user(Role.PLANNER), HERE, "xlsx", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert [row[1].value for row in book.worksheets[0].iter_rows(min_row=2)] == [
        "Nguyễn Thị An", "Trần Văn Bình", "=1+1"
    ]  # fmt: skip
    assert all(cell.data_type != "f" for row in book.worksheets[0].rows for cell in row)
    assert "dung" in [row[1].value for row in book.worksheets[1].rows]
    with pytest.raises(NotFoundError):
        staff.hand_out(store, user(Role.PLANNER), HERE, "gpkg", tmp_path / "out.gpkg")


def test_the_file_of_an_import_with_names_is_given_to_who_may_see_them_all(listed):
    store, batch = listed
    imports.require_file(store, user(Role.PLANNER), HERE, batch)
    assert told(store) == [("people:file:handed-out", "dung", {"batch": batch})]
    for who in (user(Role.VIEWER), user(Role.ORGANISATION, organisation="0101010101")):
        with pytest.raises(ForbiddenError):
            imports.require_file(store, who, HERE, batch)


def test_the_file_of_another_import_is_no_such_event(listed):
    store, _ = listed
    imports.require_file(store, user(Role.PLANNER), HERE, 1)
    assert told(store) == []
