"""Publishing the lists: nothing personal goes out, nothing that is out changes, who may do it."""

import csv
import hashlib
import io
import json
import re
from contextlib import contextmanager

import openpyxl
import pytest
import sqlalchemy as sa

from planning.exports.published import file_names
from planning.model.errors import NotFoundError, RequestError
from planning.model.people import ForbiddenError, Grant, Role, User
from planning.model.publishing import Act
from planning.services import imports, public, publishing
from planning.services.imports import ImportAsk
from planning.services.public import Wanted
from planning.store import audit, publications, schema
from tests.toy import district

HERE = district.PROVINCE
POST, SHOP = "0101010101", "0202020202"
APPROVER = User("binh", grants=(Grant(Role.APPROVER, HERE),))
ORGANISATIONS = (
    "Mã tổ chức,Tên tổ chức dịch vụ thu,Điện thoại,Địa chỉ,Địa bàn,Số hợp đồng\n"
    f"{POST},Bưu điện Ân,0281111111,Số 1 ĐT 0281111112,Toàn tỉnh,HĐ-77001\n"
    f"{SHOP},Viễn thông Ấp,0281111113,Số 2,,HĐ-77002\n"
)
PERSONS = (  # code, name, organisation, card, certificate, telephone
    ("NV-A1", "Nguyễn Thị An", POST, "THE-50001", "CC-60001", "0901000001"),
    ("NVT079185001234", "Trần Văn Bình", POST, "THE-50002", "CC-60002", "0901000002"),
    ("NV-A3", "=Lê Cúc", SHOP, "THE-50003", "CC-60003", "0901000003"),
    ("THE-50004", "Phạm Dung", SHOP, "THE-50004", "CC-60004", "0901000004"),
)
NUMBERS = (*(each for person in PERSONS for each in person[3:]), "079185001234", "0281111111",
           "0281111112", "0281111113", "0901555555", "77001", "77002", "88003")  # fmt: skip
FAMILY = ("Nguyễn Thị An", "Trần Văn Bình", "Lê Cúc", "Phạm Dung")


def points_file() -> str:
    rows = ["Mã điểm thu,Tên điểm thu,Hình thức,Địa chỉ,Thời gian làm việc,Vĩ độ,Kinh độ,Trạng thái,Mã tổ chức,Điện thoại điểm thu,Số hợp đồng"]  # fmt: skip
    listed = (
        ((1, 1), "Ô Bưu cục", "Số 1 (0901 555 555)", "Hoạt động", POST),
        ((3, 1), "An Bưu cục", "ấp 2", "Tạm dừng", POST),
        ((5, 1), "Nhà bà Trần Văn Bình", "ấp 3", "Hoạt động", SHOP),
        ((7, 1), "Điểm dự kiến", "ấp 4", "Dự kiến", SHOP),
        ((7, 1.5), "Điểm đã đóng", "ấp 4", "Chấm dứt", SHOP),
    )
    for at, (place, name, address, status, whose) in enumerate(listed, start=1):
        (lon, lat), *_ = district.degrees([place]).tolist()
        commune = district.CODES[min(at, 4) - 1]
        code = f"{whose}TH{HERE}{commune}{at:03d}"
        rows.append(f"{code},{name},Trực tiếp,{address},7:30-17:00,{lat},{lon},{status},{whose},0901555555,HĐ-88003")  # fmt: skip
    return "\n".join(rows)


@pytest.fixture
def register(store, tmp_path):
    """Return the toy database with organisations, points and staff."""
    head = "Mã nhân viên,Họ và tên,Mã tổ chức,Số thẻ,Giấy chứng nhận,Điện thoại\n"
    staff = head + "\n".join(",".join(each) for each in PERSONS)
    for kind, text in (("organisations", ORGANISATIONS), ("points", points_file()), ("staff", staff)):  # fmt: skip
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        imports.commit(store, ImportAsk(kind, path, province=HERE))
    return store


def publish(store, *, names: bool = False, document: str = "1935/BHXH-QLT", user: User = APPROVER):
    seen = publishing.preview(store, user, HERE, names=names).seen
    return publishing.publish(store, user, HERE, Act(document, "2025-07-17", names), seen)


def every_file(store) -> dict[str, bytes]:
    return {name: public.file(store, HERE, name)[1] for name in file_names()}


def everything_readable(files: dict[str, bytes]) -> str:
    """Return all that the files say: texts as they are, cells of spreadsheets one by one."""
    told = []
    for name, body in files.items():
        if name.endswith(".xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(body))
            told += [str(cell.value) for page in book for row in page.iter_rows() for cell in row]
            told.append(str(book.properties.creator))
        else:
            told.append(body.decode())
    return "\n".join(told)


@pytest.mark.parametrize("names", [False, True])
def test_no_number_of_a_person_is_in_any_file(register, names):
    publish(register, names=names)
    told = everything_readable(every_file(register))
    assert "Bưu điện Ân" in told
    for number in NUMBERS:
        assert number not in told
        assert f"{number[:4]} {number[4:7]}" not in told
    assert [name for name in FAMILY if name in told] == (
        list(FAMILY) if names else ["Trần Văn Bình"]
    )


def test_the_name_of_a_point_that_names_a_member_of_staff_is_told_before(register):
    found = publishing.preview(register, APPROVER, HERE, names=False).held
    assert found.named == ("Nhà bà Trần Văn Bình",)
    assert found.texts == ("Ô Bưu cục",)
    assert found.codes == 2
    assert publishing.preview(register, APPROVER, HERE, names=True).held.named == ()


def written(store, table, column, value, **where):
    """Write a value over what the register holds."""
    with store.writing() as db:
        rows = [table.c[name] == each for name, each in where.items()]
        db.execute(sa.update(table).where(*rows).values({column: value}))


def test_numbers_are_taken_out_of_names_of_organisations_and_people_and_told_before(register):
    tail = "0909 – 123 – 456"
    written(register, schema.organisation, "name", f"Ân {tail}", organisation_code=POST)
    written(register, schema.point, "organisation", f"Ân {tail}", organisation_code=POST)
    written(register, schema.staff, "organisation", f"Chi nhánh {tail}", organisation_code=POST)
    written(register, schema.staff, "name", f"Lê Cúc {tail}", staff_id="NV-A3")
    written(register, schema.point, "opening_hours", f"7h30-17h, ĐT {tail}", name="An Bưu cục")
    held = publishing.preview(register, APPROVER, HERE, names=True).held
    # Its address holds a number too, and it is told once.
    assert held.organisations == ("Ân …", "Chi nhánh …")
    assert (held.texts, held.people) == (("Ô Bưu cục", "An Bưu cục"), 1)
    publish(register, names=True)
    told = everything_readable(every_file(register))
    assert not re.search(r"0909|123\D{1,3}456", told)
    assert "Lê Cúc …" in told
    assert publishing.preview(register, APPROVER, HERE, names=False).held.people == 0


def test_a_card_of_another_row_of_the_person_is_held_against_the_code_too(register):
    with register.writing() as db:
        mine = sa.select(schema.staff).where(schema.staff.c.staff_id == "NV-A1")
        row = dict(db.execute(mine).mappings().one())
        more = {**row, "staff_id": "#9", "card_number": "A1-77", "certificate": "NV-A1"}
        db.execute(sa.insert(schema.staff).values(more))
    (found,) = [each for each in publications_of(register) if each.name == "Nguyễn Thị An"]
    assert found.staff_id == "NV-A1"
    assert {"THE-50001", "A1-77", "NV-A1"} <= set(found.secrets)
    lists = publishing.preview(register, APPROVER, HERE, names=False).lists
    assert [each.code for each in lists.staff] == ["NV-A3"]


def publications_of(store):
    with store.reading() as db:
        return publications.staff(db, HERE)


def test_points_to_come_and_closed_ones_stay_away_and_suspended_ones_say_so(register):
    publish(register)
    _, found = public.in_force(register, HERE)
    shown = {each.name: each.status for each in found.publication.lists.points}
    assert shown == {"Ô Bưu cục": "open", "An Bưu cục": "suspended", "Nhà bà Trần Văn Bình": "open"}
    first = found.publication.lists.points[0]
    assert (first.commune, first.organisation) == ("Xã Số 1", "Bưu điện Ân")
    assert first.address == "Số 1 (…)"


def test_staff_without_a_code_to_show_are_a_number_of_their_organisation(register):
    publish(register)
    lists = public.in_force(register, HERE)[1].publication.lists
    assert [(each.code, each.name) for each in lists.staff] == [("NV-A1", ""), ("NV-A3", "")]
    assert [(each.organisation, each.people) for each in lists.unnamed] == [
        ("Bưu điện Ân", 1), ("Viễn thông Ấp", 1)
    ]  # fmt: skip
    publish(register, names=True, document="2000/QĐ-BHXH")
    lists = public.in_force(register, HERE)[1].publication.lists
    assert {each.name: each.code for each in lists.staff} == {
        "Nguyễn Thị An": "NV-A1", "Trần Văn Bình": "", "=Lê Cúc": "NV-A3", "Phạm Dung": ""
    }  # fmt: skip
    assert lists.unnamed == ()


def test_what_is_published_stays_to_the_byte_when_the_register_changes(register, tmp_path):
    head = publish(register)
    before = every_file(register)
    path = tmp_path / "new.csv"
    path.write_text(points_file().replace("Ô Bưu cục", "Tên mới"), encoding="utf-8")
    imports.commit(register, ImportAsk("points", path, province=HERE))
    register.public.clear()
    assert every_file(register) == before
    assert hashlib.sha256(before["lists.json"]).hexdigest() == head.sha256
    for name, body in before.items():
        if name != "lists.json":
            assert head.sha256 in everything_readable({name: body}), name
    changes = publishing.preview(register, APPROVER, HERE, names=False).changes["points"]
    assert [(each.name, each.fields) for each in changes.changed] == [("Tên mới", ("name",))]
    assert (changes.added, changes.removed) == ((), ())


def test_text_stays_text_in_every_file(register):
    publish(register, names=True)
    files = every_file(register)
    book = openpyxl.load_workbook(io.BytesIO(files["staff.xlsx"]))
    cells = [cell for row in book.worksheets[0].rows for cell in row]
    assert "=Lê Cúc" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)
    rows = list(csv.reader(io.StringIO(files["staff.csv"].decode("utf-8-sig")), delimiter=";"))
    assert "'=Lê Cúc" in [cell for row in rows for cell in row]
    places = json.loads(files["points.geojson"])["features"]
    assert [round(each["geometry"]["coordinates"][0], 5) for each in places] == [
        round(float(lon), 5) for lon, _ in district.degrees([(1, 1), (3, 1), (5, 1)])
    ]  # fmt: skip


def test_who_asks_from_outside_for_many_pushes_out_only_what_is_public(register):
    publish(register)
    register.remembered(("ours",), lambda: "made once")
    for at in range(100):
        register.public.of((at,), str)
    public.in_force(register, HERE)
    assert register.remembered(("ours",), lambda: "made again") == "made once"


def test_lists_are_read_while_no_connection_is_held(register, monkeypatch):
    publish(register)
    held, most, reading = 0, [], register.reading

    @contextmanager
    def counted():
        nonlocal held
        held += 1
        most.append(held)
        try:
            with reading() as db:
                yield db
        finally:
            held -= 1

    monkeypatch.setattr(register, "reading", counted)
    of = register.public.of
    monkeypatch.setattr(register.public, "of", lambda *given: (most.append(held), of(*given))[1])
    public.in_force(register, HERE)
    assert most == [1, 0, 1]  # the head, nothing, the lists


def test_what_was_looked_at_is_what_is_published(register, tmp_path):
    seen = publishing.preview(register, APPROVER, HERE, names=False).seen
    path = tmp_path / "new.csv"
    path.write_text(points_file().replace("Hoạt động", "Tạm dừng", 1), encoding="utf-8")
    imports.commit(register, ImportAsk("points", path, province=HERE))
    for names, day in ((False, "2025-07-17"), (True, "2025-07-17")):
        with pytest.raises(RequestError, match="was changed since"):
            publishing.publish(register, APPROVER, HERE, Act("1", day, names), seen)
    publish(register)
    with pytest.raises(RequestError, match="was changed since"):  # sent twice
        publishing.publish(register, APPROVER, HERE, Act("1", "2025-07-17", names=False), seen)
    assert len(publishing.listed(register, APPROVER, HERE)) == 1


@pytest.mark.parametrize(
    ("document", "day", "why"),
    [(" ", "2025-07-17", "number of the document"), ("x" * 201, "2025-07-17", "at most"),
     ("1", "17/7/2025", "is no day"), ("1", "2999-01-01", "still to come")],
)  # fmt: skip
def test_a_publication_needs_a_document_and_a_day(register, document, day, why):
    seen = publishing.preview(register, APPROVER, HERE, names=False).seen
    with pytest.raises(RequestError, match=why):
        publishing.publish(register, APPROVER, HERE, Act(document, day, names=False), seen)
    assert publishing.listed(register, APPROVER, HERE) == []


def test_what_is_withdrawn_is_not_there_and_nothing_older_comes_back(register):
    first, second = publish(register), publish(register, document="2")
    with pytest.raises(RequestError, match="not in force"):
        publishing.withdraw(register, APPROVER, HERE, first.id)
    publishing.withdraw(register, APPROVER, HERE, second.id)
    with pytest.raises(NotFoundError) as gone:
        public.in_force(register, HERE)
    with pytest.raises(NotFoundError) as unknown:
        public.in_force(register, "77")
    assert str(gone.value).replace(HERE, "77") == str(unknown.value)
    with pytest.raises(NotFoundError):
        publishing.withdraw(register, APPROVER, HERE, 99)
    with register.reading() as db:
        told = [(each.tag, each.actor) for each in audit.events(db, HERE, area="register")]
    assert told[-3:] == [("register:lists:published", "binh")] * 2 + [
        ("register:lists:withdrawn", "binh")
    ]


def test_events_and_heads_name_nobody(register):
    publish(register, names=True)
    with register.reading() as db:
        told = str([each.facts for each in audit.events(db, HERE, area="register")])
    for each in (*FAMILY, *NUMBERS):
        assert each not in told


@pytest.mark.parametrize(
    "role", [each for each in Role if each not in (Role.REVIEWER, Role.APPROVER)]
)
def test_who_may_not_publish_does_not(register, role):
    more = {Role.ORGANISATION: {"organisation": POST}, Role.CHECKER: {"office": "*"}}.get(role, {})
    user = User("an", grants=(Grant(role, HERE, **more),))
    head = publish(register)
    for deed in (
        lambda: publishing.preview(register, user, HERE, names=False),
        lambda: publishing.publish(register, user, HERE, Act("1", "2025-07-17", names=False), ""),
        lambda: publishing.withdraw(register, user, HERE, head.id),
        lambda: publishing.file_kept(register, user, HERE, head.id, "points.csv"),
    ):
        with pytest.raises(ForbiddenError):
            deed()
    if role is Role.ORGANISATION:
        with pytest.raises(ForbiddenError):
            publishing.listed(register, user, HERE)
    else:
        assert [each.id for each in publishing.listed(register, user, HERE)] == [head.id]


def test_a_kept_list_of_names_is_taken_with_an_event(register):
    head = publish(register, names=True)
    publishing.file_kept(register, APPROVER, HERE, head.id, "points.csv")
    _, body = publishing.file_kept(register, APPROVER, HERE, head.id, "staff.csv")
    assert "Phạm Dung" in body.decode()
    with register.reading() as db:
        told = [(each.tag, each.facts["file"]) for each in audit.events(db, HERE, area="people")]
    assert told == [("people:publication:taken", "staff.csv")]


def test_points_are_searched_by_words_commune_and_place(register):
    publish(register)
    _, found = public.in_force(register, HERE)

    def names(**wanted) -> list[str]:
        return [each.point.name for each in public.points(found, Wanted(**wanted)).rows]

    assert names() == ["Ô Bưu cục", "An Bưu cục", "Nhà bà Trần Văn Bình"]
    assert names(text="buu CUC") == ["Ô Bưu cục", "An Bưu cục"]
    assert names(text="vien thong") == ["Nhà bà Trần Văn Bình"]
    assert names(commune=district.CODES[1]) == ["An Bưu cục"]
    (lon, lat), *_ = district.degrees([(4.2, 1)]).tolist()
    near = public.points(found, Wanted(near=(lat, lon))).rows
    assert [each.point.name for each in near] == ["Nhà bà Trần Văn Bình", "An Bưu cục", "Ô Bưu cục"]
    assert [each.distance_m for each in near] == pytest.approx([800, 1200, 3200], abs=2)


@pytest.mark.parametrize(
    ("text", "place"),
    [("10.3811, 105.4382", (10.3811, 105.4382)), ("10,3811; 105,4382", (10.3811, 105.4382)),
     ("105.4382 10.3811", (10.3811, 105.4382)), (" ", None)],
)  # fmt: skip
def test_a_place_is_read_as_people_write_it(text, place):
    assert public.place_of(text) == place


@pytest.mark.parametrize("text", ["10.38", "chợ Mới", "48.1, 11.5", "10.38, 105.4, 7", "1e1, 1e2"])
def test_what_is_no_place_is_refused(text):
    with pytest.raises(RequestError, match="no place in Viet Nam"):
        public.place_of(text)
