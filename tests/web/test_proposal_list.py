"""The list of proposals: filters, order, what waits for whom, steps with several, downloads."""

import html
import io
import json
import re
from dataclasses import replace

import openpyxl
import pytest
from reviewing import EVIL, LOCAL, OPEN, PEOPLE, as_user, asking, brought, kept, moved
from small_province import NAMES, PROVINCE

from planning.model.people import Action, may
from planning.model.proposals import State, possible
from planning.services.review import bulk, computing, deciding
from planning.services.review.listing import Filter, listed, next_step
from planning.store import audit

LIST = f"/{PROVINCE}/proposals"


def named(name, by=0.0):
    return replace(moved(OPEN, by), name=name, organisation="")


def text_of(client, path=LIST, **query):
    answer = client.get(path, query_string=query or None)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def rows_of(text):
    """Return the names in the table, from the top."""
    found = re.search(
        r'<table class="data" id="proposals">.*?<tbody>(.*?)</tbody>', text, re.DOTALL
    )
    return (
        re.findall(r'<th scope="row">(.*?)(?:<br>.*?)?</th>', found[1], re.DOTALL) if found else []
    )


@pytest.fixture
def store(app):
    return app.extensions["planning"]


@pytest.fixture
def three(store):
    """Return three proposals: a draft, one sent in, one appraised; the last two in one commune."""
    return (brought(store, State.DRAFT, named("Ân Phú", -0.06)),
            brought(store, State.SUBMITTED, named("Đông Hòa")),
            brought(store, State.APPRAISED, named("An Bình", 0.01)))  # fmt: skip


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Ân Phú", "Đông Hòa", "An Bình"]),
        ({"state": "draft"}, ["Ân Phú"]),
        ({"state": ["draft", "submitted"]}, ["Ân Phú", "Đông Hòa"]),
        ({"kind": "close"}, []),
        ({"kind": "open", "commune": "98001"}, ["Đông Hòa", "An Bình"]),
        ({"text": "an phu"}, ["Ân Phú"]),
        ({"text": "DX-2026-0002 hoa"}, ["Đông Hòa"]),
        ({"mine": "1"}, []),
        ({"due": "over"}, []),
        ({"office": "BHXH cơ sở nào đó"}, []),
        ({"organisation": "9999999999"}, []),
        ({"sort": "name"}, ["An Bình", "Ân Phú", "Đông Hòa"]),
        ({"sort": "name", "down": "1"}, ["Đông Hòa", "Ân Phú", "An Bình"]),
        ({"sort": "state"}, ["Ân Phú", "Đông Hòa", "An Bình"]),
    ],
)
def test_a_filter_in_the_address_leaves_what_it_says_in_the_order_asked_for(client, query, names):
    assert rows_of(text_of(client, **query)) == names


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("query", [{"state": "new"}, {"kind": EVIL}, {"due": "x"}, {"sort": "x"}])
def test_a_filter_that_cannot_be_is_refused_with_a_sentence(client, query):
    answer = client.get(LIST, query_string=query)
    assert answer.status_code == 400
    assert EVIL not in answer.get_data(as_text=True)


def test_due_days_and_who_has_it_are_found(client, store, three):
    deciding.assign(store, LOCAL, [asking(store, three[0].number)], "local", "2020-01-01")
    deciding.assign(store, LOCAL, [asking(store, three[1].number)], "lan", "2999-01-01")
    assert rows_of(text_of(client, due="over")) == ["Ân Phú"]
    assert rows_of(text_of(client, due="soon")) == ["Ân Phú"]
    assert rows_of(text_of(client, mine="1")) == ["Ân Phú"]
    assert client.get(f"{LIST}/mine").location == f"{LIST}?mine=1&sort=due"
    text = text_of(client)
    assert "1 hồ sơ quá hạn" in text
    assert "1 hồ sơ được giao cho bạn" in text


def test_everybody_is_told_what_waits_for_their_roles_and_sees_no_more_than_they_may(
    client, store, monkeypatch, three
):
    own = brought(store, State.CHECKED)
    every = [kept(store, each.number) for each in (*three, own)]
    for name, user in PEOPLE.items():
        as_user(monkeypatch, user)
        text = text_of(client)
        seen = [each for each in every if may(user, Action.SEE_PROPOSAL, each.thing)]
        assert len(rows_of(text)) == len(seen), name
        waiting = sum(
            step is not None and may(user, step, each.thing)
            for each in seen for step in [next_step(each.kind, each.state)]
        )  # fmt: skip
        told = re.findall(r"<li><a href=[^>]*>(\d+) hồ sơ|>(\d+) lượt", text)
        assert sum(int(one or other) for one, other in told) == waiting, name
        assert sum(listed(store, user, PROVINCE, Filter()).counts.values()) == len(seen)
    as_user(monkeypatch, PEOPLE["reviewer"])
    assert "1 hồ sơ chờ bạn thẩm định" in text_of(client)


def test_the_map_holds_the_lines_of_the_list_and_texts_stay_texts(client, store):
    it = brought(store, State.SUBMITTED)
    text = client.get(LIST).get_data(as_text=True)
    assert EVIL not in text
    view = json.loads(re.search(r'id="proposals-map">(.*?)</script>', text, re.DOTALL)[1])
    assert [(each["key"], each["kind"], each["look"]) for each in view["items"]] == [
        (it.number, "open", "way")
    ]
    assert EVIL in view["items"][0]["text"]
    outlines = client.get(view["communes"]).get_json()
    assert len(outlines["topology"]["objects"]["communes"]["geometries"]) == len(NAMES)


def together(client, own, action, chosen, **more):
    data = {"action": action, "chosen": [f"{each.number}:{each.version}" for each in chosen],
            "query": "sort=name", **more}  # fmt: skip
    return client.post(f"{LIST}/bulk", data=data, headers=own)


def test_several_are_approved_at_once_with_one_reason_and_one_document(client, own, store):
    both = [brought(store, State.APPRAISED, named("Một")),
            brought(store, State.APPRAISED, named("Hai", 0.01))]  # fmt: skip
    answer = together(client, own, "approve", both, document="600/QĐ-BHXH", reason="Đủ điều kiện")
    assert answer.status_code == 303
    text = text_of(client, answer.location)
    assert "Phê duyệt: đã thực hiện với 2 hồ sơ." in text
    assert "Lập lại đề xuất theo các quyết định đã có" in text
    for each in both:
        decision = kept(store, each.number).decision
        assert (decision.document, decision.text) == ("600/QĐ-BHXH", "Đủ điều kiện")


def test_if_one_cannot_none_does_and_every_reason_is_said_with_all_that_was_typed(
    client, own, store, three
):
    appraised = three[2]
    answer = together(client, own, "approve", three, document="600/QĐ", reason="Đủ cả")
    assert answer.status_code == 409
    text = html.unescape(answer.get_data(as_text=True))
    alert = re.search(r'role="alert">(.*?)</div>', text, re.DOTALL)[1]
    assert three[0].number in alert
    assert three[1].number in alert
    assert appraised.number not in alert
    assert kept(store, appraised.number).state is State.APPRAISED
    assert text.count(" checked>") == 3
    assert 'value="600/QĐ"' in text
    assert ">Đủ cả</textarea>" in text
    assert rows_of(text) == ["An Bình", "Ân Phú", "Đông Hòa"]  # the order that was looked at


def test_checks_begun_together_keep_nothing_of_an_earlier_check(client, own, store):
    again = brought(store, State.CHECKED, named("Lại"))
    deciding.ask_more(store, LOCAL, asking(store, again.number), [("", "Làm lại")])
    computing.submit(store, LOCAL, asking(store, again.number))
    both = [kept(store, again.number), brought(store, State.SUBMITTED, named("Hai", 0.01))]
    assert both[0].check.passed
    assert together(client, own, "begin-check", both).status_code == 303
    for each in both:
        it = kept(store, each.number)
        assert it.state is State.CHECKING
        assert (it.check.passed, it.check.conditions) == (None, ())
        assert (it.check.from_lon, it.check.from_lat) == (it.content.lon, it.content.lat)


def test_one_that_was_changed_since_stops_all(client, own, store):
    both = [brought(store, State.APPRAISED, named("Một")),
            brought(store, State.APPRAISED, named("Hai", 0.01))]  # fmt: skip
    deciding.comment(store, LOCAL, asking(store, both[1].number), "Chờ")
    answer = together(client, own, "approve", both, document="6/QĐ")
    assert answer.status_code == 409
    assert both[1].number in answer.get_data(as_text=True)
    assert kept(store, both[0].number).state is State.APPRAISED


def test_not_approving_several_shows_every_price_before_it_is_confirmed(client, own, store):
    both = [brought(store, State.APPRAISED, named("Một")),
            brought(store, State.APPRAISED, named("Hai", 0.03))]  # fmt: skip
    data = {"chosen": [f"{each.number}:{each.version}" for each in both]}
    page = client.post(f"{LIST}/price", data=data, headers=own)
    text = html.unescape(page.get_data(as_text=True))
    assert page.status_code == 200
    assert text.count("người vẫn chưa được phục vụ") == 2
    assert {kept(store, each.number).state for each in both} == {State.APPRAISED}
    answer = together(client, own, "reject", both, reason_code="need", reason="Ít người")
    assert answer.status_code == 303
    for each in both:
        decision = kept(store, each.number).decision
        assert (decision.reason, decision.text) == ("need", "Ít người")
        assert decision.price is not None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"action": "approve"}, "chọn ít nhất một hồ sơ"),
        ({"action": "fly", "chosen": "DX-2026-0001:1"}, "không có bước"),
        ({"action": "suspend", "chosen": "DX-2026-0001:1"}, "nhiều hồ sơ cùng lúc"),
        ({"action": "approve", "chosen": "DX-2026-0001"}, "phiên bản nào"),
        ({"action": "approve", "chosen": ["DX-2026-0001:1"] + [f"DX-2026-{n}:1" for n in range(600)],
          "document": "1"}, "tối đa 500"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("three")
def test_what_cannot_be_asked_of_several_is_said(client, own, data, sentence):
    answer = client.post(f"{LIST}/bulk", data=data, headers=own)
    assert 400 <= answer.status_code < 500
    assert sentence in html.unescape(answer.get_data(as_text=True)).lower()


def test_steps_offered_for_several_are_those_that_some_line_and_role_allow(
    client, monkeypatch, three
):
    decides = {"approve", "reject", "assign"}
    for name, user in PEOPLE.items():
        as_user(monkeypatch, user)
        text = text_of(client)
        box = re.search(r'<select name="action".*?</select>', text, re.DOTALL)
        found = set(re.findall(r'<option value="([a-z-]+)"', box[0])) if box else set()
        expected = {
            str(step).replace(" ", "-") for step in bulk.STEPS for each in three
            if step in possible(each.kind, each.state) and may(user, step, each.thing)
        }  # fmt: skip
        assert found == expected, name
        assert found & decides == {"approver": decides, "reviewer": {"assign"}}.get(name, set())


def test_the_list_is_handed_out_as_filtered_without_personal_data(client, store):
    brought(store, State.DRAFT, named("=HYPERLINK(1)", -0.06))
    brought(store, State.SUBMITTED)
    answer = client.get(f"{LIST}/export.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = list(book["Danh sách"].iter_rows(values_only=True))
    at = {
        name: rows[0].index(name) for name in ("Tên điểm thu", "Số nhân viên thu", "Chi phí (đồng)")
    }
    assert [row[at["Tên điểm thu"]] for row in rows[1:]] == ["=HYPERLINK(1)", OPEN.name]
    assert [row[at["Số nhân viên thu"]] for row in rows[1:]] == [1, 1]
    assert rows[1][at["Chi phí (đồng)"]] == 40_000_000
    assert book["Danh sách"].cell(2, at["Tên điểm thu"] + 1).data_type == "s"
    assert not [cell for row in rows for cell in row if f"NV{EVIL}" in str(cell)]
    answer = client.get(f"{LIST}/export.csv", query_string={"state": "submitted"})
    assert len(answer.get_data(as_text=True).splitlines()) == 2
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    with store.reading() as db:
        told = audit.events(db, PROVINCE, area="proposal")[-1]
    assert (told.tag, told.actor, told.facts["count"]) == ("proposal:list:handed-out", "local", 1)
    assert client.get(f"{LIST}/export.doc").status_code == 404


def test_what_an_organisation_hands_out_is_its_own(client, store, monkeypatch, three):
    brought(store, State.SUBMITTED, moved(OPEN, 0.02))
    as_user(monkeypatch, PEOPLE["organisation"])
    lines = client.get(f"{LIST}/export.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert not [each for each in three if any(each.number in line for line in lines)]


def test_the_navigation_counts_what_waits_and_an_empty_list_says_what_to_do(client, store):
    assert "Chưa có hồ sơ nào mà bạn được xem." in text_of(client)
    brought(store, State.SUBMITTED)
    text = text_of(client)
    assert re.search(r'href="/98/proposals"[^>]*>Rà soát <span class="waiting">1</span>', text)


def test_the_list_is_complete_in_english(client, three):
    text = text_of(client, lang="en")
    assert "Review of proposals" in text
    assert f"{three[0].number}" in text
    assert "1 proposals wait for your decision" in text
