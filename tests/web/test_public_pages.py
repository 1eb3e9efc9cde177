"""The public lists in a browser: open to everybody, kept by it, nothing run, nothing personal."""

import html
import re

import pytest
from flask import g
from signing_in import OWN
from small_province import NAMES, PROVINCE

from planning.model.people import NOBODY, Grant, Role, User
from planning.services import imports
from planning.services.imports import ImportAsk
from planning.web import access

PUBLIC = f"/public/{PROVINCE}"
PAGES = (PUBLIC, f"{PUBLIC}/organisations", f"{PUBLIC}/staff")
FORM = {"document": "1935/BHXH-QLT <b>", "day": "2025-07-17", "names": "0"}
SECRETS = ("079185001234", "0901000007", "0281111111", "THE-70001", "CC-80001", "Lý Thị Nghiệm")


@pytest.fixture
def full(app, tmp_path):
    """Return the application with an organisation and two members of staff besides its points."""
    files = {
        "organisations": "Mã tổ chức,Tên tổ chức dịch vụ thu,Điện thoại,Địa chỉ\n"
                         "0101010101,Bưu điện <script>alert(1)</script>,0281111111,Số 1\n",
        "staff": "Mã nhân viên,Họ và tên,Mã tổ chức,Số thẻ,Giấy chứng nhận,Điện thoại\n"
                 "079185001234,Lý Thị Nghiệm,0101010101,THE-70001,CC-80001,0901000007\n"
                 "NV-<i>2</i>,Võ Văn Hai,0101010101,,,\n",
    }  # fmt: skip
    for kind, text in files.items():
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        imports.commit(app.extensions["planning"], ImportAsk(kind, path, province=PROVINCE))
    return app


def publish(client, **changed):
    page = client.get(f"/{PROVINCE}/publications/new?names={changed.get('names', 0)}").text
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    return client.post(
        f"/{PROVINCE}/publications/new", data={**FORM, "seen": seen, **changed}, headers=OWN
    )


def as_user(monkeypatch, user: User) -> None:
    monkeypatch.setattr(access, "_recognise", lambda: setattr(g, "user", user))


def test_without_a_publication_a_province_is_as_unknown_as_one_that_is_not_here(app, monkeypatch):
    as_user(monkeypatch, NOBODY)
    client = app.test_client()
    for path in (*PAGES, f"{PUBLIC}/files/points.csv"):
        here, nowhere = client.get(path), client.get(path.replace(PROVINCE, "77"))
        assert here.status_code == nowhere.status_code == 404
        assert here.text.replace(PROVINCE, "77") == nowhere.text


def test_everybody_reads_what_is_published_and_nothing_personal(full, client, monkeypatch):
    assert publish(client).status_code == 303
    as_user(monkeypatch, NOBODY)
    stranger = full.test_client()
    for path in PAGES:
        for language in ("vi", "en"):
            answer = stranger.get(f"{path}?lang={language}")
            assert answer.status_code == 200
            assert "Dữ liệu minh họa" in answer.text
            assert "1935/BHXH-QLT &lt;b&gt;" in answer.text
            assert "Set-Cookie" not in answer.headers
            for secret in SECRETS:
                assert secret not in answer.text
    assert "Bưu cục cũ" in stranger.get(PUBLIC).text
    for name in ("points.csv", "points.xlsx", "points.geojson", "staff.csv", "staff.xlsx",
                 "organisations.csv", "organisations.xlsx", "lists.json"):  # fmt: skip
        answer = stranger.get(f"{PUBLIC}/files/{name}")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        for secret in SECRETS:
            assert secret.encode() not in answer.data
    assert stranger.get(f"{PUBLIC}/files/staff.geojson").status_code == 404


@pytest.mark.usefixtures("full")
def test_names_are_published_only_where_that_was_chosen(client):
    publish(client, names="1")
    assert "Lý Thị Nghiệm" in client.get(f"{PUBLIC}/staff").text
    text = client.get(f"/{PROVINCE}/publications").text
    assert "Lý Thị Nghiệm" not in text
    assert "Lý Thị Nghiệm" not in client.get(f"/{PROVINCE}/publications/new").text


@pytest.mark.usefixtures("full")
def test_no_published_name_is_read_as_markup(client):
    publish(client)
    for path in (*PAGES, f"/{PROVINCE}/publications", f"/{PROVINCE}/publications/new"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<i>2" not in text
    shown = html.unescape(client.get(PUBLIC).text)
    assert all(name in shown for name in NAMES)


@pytest.mark.usefixtures("full")
def test_a_page_and_a_file_travel_once(client):
    publish(client)
    for path in (PUBLIC, f"{PUBLIC}/files/points.xlsx"):
        answer = client.get(path)
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    vietnamese, english = client.get(f"{PUBLIC}?lang=vi"), client.get(f"{PUBLIC}?lang=en")
    assert vietnamese.headers["ETag"] != english.headers["ETag"]


@pytest.mark.usefixtures("full")
def test_points_are_found_by_word_commune_and_place(client):
    publish(client)

    def rows(query: str) -> list[str]:
        text = client.get(f"{PUBLIC}?{query}").text
        return [html.unescape(each) for each in re.findall(r'<th scope="row">([^<]+)', text)]

    assert rows("text=nha+thuoc") == ["Nhà thuốc An"]
    assert [each.strip() for each in rows("commune=98003")] == ["Bưu cục cũ"]
    assert rows("near=10.22,+105.06")[0] == "Nhà thuốc An"
    assert rows("text=zzz") == []
    wrong = client.get(f"{PUBLIC}?near=somewhere")
    assert wrong.status_code == 400
    assert "không phải là một vị trí ở Việt Nam" in wrong.text
    assert len(re.findall(r'<th scope="row">', wrong.text)) == 3


@pytest.mark.parametrize("page", ["0", "-1", "9", "９", "x", "1" * 60])
@pytest.mark.usefixtures("full")
def test_a_page_that_is_not_there_shows_the_nearest_that_is(client, page):
    publish(client)
    answer = client.get(PUBLIC, query_string={"page": page})
    assert answer.status_code == 200
    assert "Bưu cục cũ" in answer.text


@pytest.mark.usefixtures("full")
def test_a_publication_is_withdrawn(client):
    publish(client)
    page = client.get(f"/{PROVINCE}/publications").text
    (action,) = re.findall(r'action="([^"]+/withdraw)"', page)
    assert client.post(action, headers=OWN).status_code == 303
    assert client.get(PUBLIC).status_code == 404
    assert "/withdraw" not in client.get(f"/{PROVINCE}/publications").text
    assert client.post(action, headers=OWN).status_code == 400


@pytest.mark.usefixtures("full")
def test_after_a_refusal_what_was_typed_is_still_there(client):
    answer = publish(client, document="", day="2999-01-01")
    assert answer.status_code == 400
    assert 'value="2999-01-01"' in answer.text
    late = publish(client, seen="0" * 64)
    assert late.status_code == 400
    assert "thay đổi từ khi mở trang này" in late.text


@pytest.mark.parametrize("role", list(Role))
def test_only_who_publishes_is_led_to_it(full, client, monkeypatch, role):
    publish(client)
    more = {Role.ORGANISATION: {"organisation": "0101010101"}, Role.CHECKER: {"office": "1"}}
    as_user(monkeypatch, User("an", grants=(Grant(role, PROVINCE, **more.get(role, {})),)))
    answer = full.test_client().get(f"/{PROVINCE}/publications")
    if role in (Role.ORGANISATION, Role.CHECKER):
        assert answer.status_code == 403
    else:
        assert ("publications/new" in answer.text) is (role in (Role.REVIEWER, Role.APPROVER))
        assert ("/withdraw" in answer.text) is (role in (Role.REVIEWER, Role.APPROVER))
        assert PUBLIC in answer.text
