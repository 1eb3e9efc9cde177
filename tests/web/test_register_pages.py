"""The pages of the register: lists by address, records, forms that say all that is wrong."""

import html
import re

import pytest
from signing_in import OWN, add, quick_hashes, signed_in
from small_province import EVIL_POINT, PROVINCE

from planning.model.people import Grant, Role
from planning.services import imports
from planning.services.imports import ImportAsk

ORGANISATION = "0101010101"
STAFF = (
    "Mã nhân viên thu,Họ tên nhân viên,Mã tổ chức,Thẻ có giá trị đến\n"
    f"NV1,Người Một <b>,{ORGANISATION},31/12/2026\n"
)
ORGANISATIONS = f"Mã tổ chức,Tên tổ chức dịch vụ thu\n{ORGANISATION},Bưu điện <i>tỉnh</i>\n"


@pytest.fixture
def laid(app, tmp_path):
    """Return the application with one organisation and one member of staff besides the points."""
    for kind, text in (("organisations", ORGANISATIONS), ("staff", STAFF)):
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        imports.commit(app.extensions["planning"], ImportAsk(kind, path, province=PROVINCE))
    return app


def read(client, path, status=200):
    answer = client.get(f"/{PROVINCE}/{path}")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def hidden(page, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def link(page, part):
    return html.unescape(re.search(rf'href="/{PROVINCE}/({part}[^"]+)"', page)[1])


@pytest.mark.usefixtures("laid")
def test_lists_and_records_write_every_name_as_text(client):
    points = read(client, "register")
    for part, page in (
        ("register/points/", points),
        ("register/organisations/", read(client, "register/organisations")),
        ("register/staff/", read(client, "register/staff")),
    ):
        for each in (page, read(client, link(page, part))):
            assert "<img src=x" not in each
            assert not re.search(r"Bưu điện <i>|Người Một <b>", each)
    assert html.escape(EVIL_POINT, quote=False) in points


@pytest.mark.usefixtures("laid")
def test_the_address_holds_filter_order_and_page(client):
    page = read(client, "register?status=suspended&sort=kind&down=1")
    assert "Bưu cục cũ" in page
    assert "Nhà thuốc An" not in page
    assert 'aria-sort="descending"' in page
    assert "status=suspended" in link(page, "register/export/points.xlsx")
    for bad in ("status=gone", "sort=phone", "until=32-13", "stage=x"):
        read(client, f"register?{bad}", 400)
    read(client, "register?page=999")
    read(client, "register/points/none", 404)
    read(client, "register/export/none.csv", 404)


@pytest.mark.usefixtures("laid")
def test_one_record_is_changed_by_its_form_and_undone(client, own):
    point = link(read(client, "register?text=thuoc"), "register/points/")
    name = point.removeprefix("register/points/")
    form = read(client, f"register/change/points/{name}")
    mark = hidden(form, "mark")
    path = f"/{PROVINCE}/register/change/points/{name}"
    wrong = client.post(path, headers=own, data={"mark": mark, "lat": "99", "reason": ""})
    assert wrong.status_code == 400
    text = html.unescape(wrong.get_data(as_text=True))
    assert "“Vĩ độ”: “99”" in text
    assert "Ghi lý do thay đổi" in text
    assert 'value="99"' in text
    done = client.post(path, headers=own, data={"mark": mark, "note": "Mới", "reason": "Vì thế"})
    assert done.status_code == 303
    assert "Mới" in read(client, point)
    again = client.post(path, headers=own, data={"mark": mark, "note": "Hai", "reason": "Vì thế"})
    assert again.status_code == 409
    undo = re.search(r'action="(/\d+/data/\d+/undo)"', read(client, "data"))[1]
    assert client.post(undo, headers=own).status_code == 303
    assert "Mới" not in read(client, point).partition('id="history"')[0]


@pytest.mark.usefixtures("laid")
def test_several_records_are_asked_for_value_and_reason_first(client, own):
    page = read(client, "register")
    marks = [html.unescape(each) for each in re.findall(r'name="chosen" value="([^"]+)"', page)]
    form = {"field": "office", "scope": "chosen", "chosen": marks[:2], "state": hidden(page, "state")}  # fmt: skip
    asked = client.post(f"/{PROVINCE}/register/several/points", headers=own, data=form)
    assert asked.status_code == 200
    assert "của 2 bản ghi" in asked.get_data(as_text=True)
    path = f"/{PROVINCE}/register/several/points/change"
    told = client.post(path, headers=own, data={**form, "office": "BHXH Một"})
    assert told.status_code == 400
    done = client.post(path, headers=own, data={**form, "office": "BHXH Một", "reason": "Vì thế"})
    assert done.status_code == 303
    assert read(client, "register?office=BHXH+Một").count('name="chosen"') == 2
    assert client.post(path, headers=own, data={**form, "office": "Hai", "reason": "x"}).status_code == 409  # fmt: skip


@pytest.mark.usefixtures("laid")
def test_an_inspection_is_written_down_and_listed(client, own):
    point = link(read(client, "register?text=thuoc"), "register/points/")
    form = read(client, link(read(client, point), "register/inspections/new"))
    data = {"point": hidden(form, "point") if 'type="hidden" name="point"' in form else
            re.search(r'name="point"[^>]*value="([^"]*)"', form)[1],
            "day": "2026-01-05", "content": "Biển hiệu", "conclusion": "met", "document": "9/BB"}  # fmt: skip
    path = f"/{PROVINCE}/register/inspections/new"
    assert client.post(path, headers=own, data={**data, "day": "mai"}).status_code == 400
    assert client.post(path, headers=own, data=data).status_code == 303
    assert "9/BB" in read(client, "register/inspections")


@pytest.mark.usefixtures("laid")
def test_conditions_are_written_down_on_the_page_of_the_point(client, own):
    point = link(read(client, "register?text=thuoc"), "register/points/")
    page = read(client, point)
    mark = re.search(r'register/conditions/[^>]*><input type="hidden" name="mark" value="(\w+)"', page)[1]  # fmt: skip
    path = f"/{PROVINCE}/{point.replace('register/points', 'register/conditions')}"
    data = {"mark": mark, "met.BH": "no", "met.NV": "maybe", "day": "2026-01-05"}
    assert client.post(path, headers=own, data={**data, "day": "x"}).status_code == 400
    assert client.post(path, headers=own, data=data).status_code == 303
    text = read(client, point)
    assert "Điều kiện BH" in text
    assert "05/01/2026" in text
    assert client.post(path, headers=own, data=data).status_code == 409
    assert client.get(path).status_code == 303


@pytest.mark.parametrize(
    ("role", "more", "named", "changes"),
    [
        (Role.VIEWER, {}, False, False), (Role.PLANNER, {}, True, True),
        (Role.REVIEWER, {}, True, False),
        (Role.ORGANISATION, {"organisation": ORGANISATION}, True, False),
    ],
)  # fmt: skip
def test_who_sees_names_and_forms(laid, monkeypatch, role, more, named, changes):
    quick_hashes(monkeypatch)
    add(laid, "an", Grant(role, PROVINCE, **more))
    client = signed_in(laid, "an")
    page = read(client, "register/staff")
    assert ("Người Một" in page) is named
    person = read(client, link(page, "register/staff/"))
    assert ("Người Một" in person) is named
    assert ("register/change" in person) is changes
    assert 'name="chosen"' not in page or changes
    if not changes:
        answer = client.post(f"/{PROVINCE}/register/several/staff", headers=OWN)
        assert answer.status_code == 403
    exported = client.get(f"/{PROVINCE}/register/export/staff.csv")
    assert (exported.status_code == 200) is named


@pytest.mark.usefixtures("laid")
def test_the_form_of_a_person_at_two_points_asks_for_a_point_only_where_it_is_said_which(
    app, client, tmp_path
):
    path = tmp_path / "two.csv"
    path.write_text(
        "Mã nhân viên thu,Họ tên nhân viên,Mã tổ chức,Mã điểm thu\n"
        f"NV1,Người Một,{ORGANISATION},A1\nNV1,Người Một,{ORGANISATION},A2\n",
        encoding="utf-8",
    )
    imports.commit(app.extensions["planning"], ImportAsk("staff", path, province=PROVINCE))
    person = read(client, link(read(client, "register/staff"), "register/staff/"))
    form = link(person, "register/change/staff/")
    assert 'name="point_code"' in read(client, form)
    whole = read(client, form.partition("?")[0])
    assert 'name="phone"' in whole
    assert not re.search(r'name="(point_code|permanent)"', whole)
