"""The compliance page and the page of the rules, as a browser without scripts has them."""

import html
import re

import pytest
from flask import g
from small_province import EVIL_POINT, PROVINCE

from planning.model.compliance import Check, Count
from planning.model.days import today
from planning.model.people import Grant, Role, User
from planning.services.compliance import rules
from planning.store import audit, compliance, layers, partners
from planning.web import access
from planning.web.compliance_chart import trend
from tests.toy.register import organisations, points, staff

A = "0123456780"
PAGE = f"/{PROVINCE}/compliance"


@pytest.fixture
def listed(app):
    """Return the store with points and staff of one organisation that fail some rules."""
    store = app.extensions["planning"]
    here = {"lon": 105.02, "lat": 10.22, "organisation_code": A, "opened": "2025-08-01"}
    with store.writing() as db:
        layers.save_points(db, PROVINCE, points(
            {**here, "name": EVIL_POINT, "sign": False, "permanent_staff": True},
            {**here, "sign": True, "permanent_staff": True}))  # fmt: skip
        partners.save_organisations(db, PROVINCE, organisations(
            {"organisation_code": A, "name": "Đại lý <b>Ân</b>", "contract_valid_to": "2025-12-31"}))  # fmt: skip
        partners.save_staff(db, PROVINCE, staff(
            {"name": "Nguyễn Thị Một", "organisation_code": A, "card_valid_to": "2026-01-01"}))  # fmt: skip
    return store


def read(client, query="", status=200):
    """Read the page of today, unless the query asks for another day."""
    day = "" if "day=" in query else f"{'&' if query else '?'}day={today()}"
    answer = client.get(PAGE + query + day)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def plain(text):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def rows(text, heading):
    """Return the cells of every row of the table under a heading, as plain text."""
    table = text.split(f'id="{heading}"', 1)[1].split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return [[plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
            for row in table.split("</tr>") if "<t" in row]  # fmt: skip


def as_role(monkeypatch, role, **more):
    who = User("an", grants=(Grant(role, PROVINCE, **more),))
    monkeypatch.setattr(access, "_recognise", lambda: setattr(g, "user", who))


@pytest.mark.usefixtures("listed")
def test_the_page_says_what_fails_since_when_by_which_clause_and_what_next(client):
    text = read(client)
    counts = {row[0]: row[1:5] for row in rows(text, "h-rules")}
    assert counts["Điểm thu chưa có biển hiệu"] == ["1", "2", "50,0%", "0"]
    assert counts["Hợp đồng hết hạn"] == ["1", "1", "100,0%", "0"]
    sign = next(row for row in rows(text, "failures") if "biển hiệu" in row[0])
    assert sign[1].startswith(EVIL_POINT)
    assert sign[2:5] == ["Đại lý <b>Ân</b>", "Xã Đông <b>Hòa</b>", "01/08/2025"]
    assert "Công văn 3116/BHXH-BT" in sign[5]
    assert sign[6].startswith("Cấp biển hiệu")
    assert EVIL_POINT not in text
    assert f'href="{PAGE}"' in text.split("</nav>")[1]  # of the network, with this page in it
    assert f'href="/{PROVINCE}/register/points/P0"' in text
    assert f'href="/{PROVINCE}/register/organisations/{A}"' in text


@pytest.mark.usefixtures("listed")
def test_filters_and_sorting_leave_what_they_say_and_wrong_ones_are_refused(client):
    only = read(client, "?rule=sign-missing")
    assert [row[1].split(" điểm thu")[0] for row in rows(only, "failures")] == [EVIL_POINT]
    assert len(rows(read(client, f"?organisation={A}"), "failures")) == 4
    nobody = rows(read(client, "?organisation=-"), "failures")
    assert {row[2] for row in nobody} == {"–"}
    down = [row[1] for row in rows(read(client, "?sort=name&down=1"), "failures")]
    assert down == [row[1] for row in rows(read(client, "?sort=name"), "failures")][::-1]
    communes = rows(read(client, "?by=commune&rank=name&most=0"), "h-ranks")
    assert [row[0] for row in communes] == [
        "Xã Ân Phú", "Xã Bình An`${alert(1)}`", "Xã Đông <b>Hòa</b>",
        "Xã Tân </script><script>alert(2)</script>", "không thuộc xã nào"]  # fmt: skip
    for query in (
        "?rule=none",
        "?sort=none",
        "?by=none",
        "?rank=none",
        "?page=x",
        "?day=2999-01-01",
    ):
        read(client, query, 400)


def test_a_viewer_sees_no_name_of_staff_and_an_organisation_its_own_alone(
    listed, client, monkeypatch
):
    as_role(monkeypatch, Role.VIEWER)
    assert "Nguyễn Thị Một" not in read(client)
    as_role(monkeypatch, Role.ORGANISATION, organisation="0999999999")
    text = plain(read(client))
    assert "Đại lý" not in text
    assert "không hồ sơ nào" in text
    as_role(monkeypatch, Role.ORGANISATION, organisation=A)
    text = read(client)
    assert "Nguyễn Thị Một" in text
    assert "h-trend" not in text
    with listed.reading() as db:
        seen = [each.actor for each in audit.events(db, PROVINCE, area="people")]
    assert seen == ["an"]


def test_a_line_is_drawn_from_the_second_counted_day_on(listed, client):
    assert 'class="chart"' not in read(client)
    with listed.writing() as db:
        compliance.keep_counts(db, PROVINCE, "2026-01-01", [
            Count("2026-01-01", Check.SIGN_MISSING, 40, 50)])  # fmt: skip
    text = read(client, "?rule=sign-missing")
    numbers = text.split('class="chart"')[1].split("<tbody>")[1].split("</tbody>")[0]
    assert [plain(row) for row in numbers.split("</tr>")[:2]] == [
        "01/01/2026 40", f"{'/'.join(reversed(today().split('-')))} 1"]  # fmt: skip


def test_an_earlier_count_is_not_called_that_of_a_month_ago(listed, client):
    with listed.writing() as db:
        compliance.keep_counts(db, PROVINCE, "2025-01-15", [
            Count("2025-01-15", Check.SIGN_MISSING, 4, 5)])  # fmt: skip
    text = read(client)
    assert '<th scope="col" class="n">So với lần đếm trước</th>' in text
    sign = next(row for row in rows(text, "h-rules") if "biển hiệu" in row[0])
    assert sign[5] == "✓ -3 15/01/2025"
    assert "tháng trước" not in text


@pytest.mark.usefixtures("listed")
def test_the_page_and_the_rules_say_what_programmes_of_participants_cannot_tell(client):
    said = (
        "chương trình tính theo số người đang tham gia không cho biết điểm còn vận động hay không"
    )
    assert said in read(client)
    assert said in client.get(f"{PAGE}/rules").get_data(as_text=True)


def test_the_line_stands_where_its_days_and_numbers_say():
    counts = [Count(day, Check.CARD_EXPIRED, failures, 20)
              for day, failures in (("2026-01-01", 10), ("2026-01-02", 0), ("2026-01-11", 5))]  # fmt: skip
    drawn = trend(counts, None)
    first, second, last = drawn.dots
    assert (second.x - first.x) * 10 == pytest.approx(last.x - first.x, abs=0.6)
    assert last.y == pytest.approx((first.y + second.y) / 2, abs=0.1)
    assert second.y > last.y > first.y  # fewer stand lower
    assert drawn.lines[0] == (0, second.y)
    assert trend(counts[:1], None) is None
    assert trend(counts, Check.SIGN_MISSING) is None


@pytest.mark.usefixtures("listed")
def test_the_spreadsheet_is_of_what_the_filter_leaves(client):
    answer = client.get(f"{PAGE}/export.xlsx?rule=sign-missing")
    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("listed")
def test_the_overview_says_how_many_fail_once_they_were_counted(client):
    assert "không đạt quy định" not in client.get(f"/{PROVINCE}/overview").get_data(as_text=True)
    failures = len(rows(read(client), "failures"))
    overview = plain(client.get(f"/{PROVINCE}/overview").get_data(as_text=True))
    assert f"{failures} trường hợp không đạt quy định" in overview


def form(store, **more):
    state = rules.state_of(rules.all_rules(store, PROVINCE))
    return {"state": state, "check": "too-few-points", "clause": "Quyết định <i>5</i>",
            "amount": "5", "first": today(), "last": "", "deed": "put", **more}  # fmt: skip


def test_an_administrator_changes_and_ends_rules_and_others_read_them(
    listed, client, own, monkeypatch
):
    path = f"{PAGE}/rules"
    as_role(monkeypatch, Role.ADMINISTRATOR)
    assert client.post(path, data=form(listed), headers=own).status_code == 303
    text = client.get(path).get_data(as_text=True)
    assert "Quyết định &lt;i&gt;5&lt;/i&gt;" in text
    ended = form(listed, deed="end", last=today())
    assert client.post(path, data=ended, headers=own).status_code == 303
    last = [each.valid_to for each in rules.all_rules(listed, PROVINCE)
            if each.check is Check.TOO_FEW_POINTS]  # fmt: skip
    assert last[-1] == today()
    for wrong in ({"check": "none"}, {"amount": "x"}, {"amount": ""}, {"first": "2020-01-01"}):
        answer = client.post(path, data=form(listed, **wrong), headers=own)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.get_data(as_text=True)
    as_role(monkeypatch, Role.VIEWER)
    shown = client.get(path)
    assert shown.status_code == 200
    assert '<form method="post" action="/98/compliance' not in shown.get_data(as_text=True)
    assert client.post(path, data=form(listed), headers=own).status_code == 403


def test_demonstration_data_are_looked_at_on_the_day_they_describe(client):
    shown = client.get(PAGE).get_data(as_text=True)
    (described,) = re.findall(r"dữ liệu tính đến ([\d/]+)", shown)
    iso = "-".join(reversed(described.split("/")))
    assert iso != today()
    assert f'name="day" max="{today()}" value="{iso}"' in shown
