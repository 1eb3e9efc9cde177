"""The page of one proposal: what is offered to whom, what is said, what two at once see."""

import html
import re

import pytest
from markupsafe import escape
from reviewing import EVIL, LOCAL, OPEN, PEOPLE, as_user, asking, brought, kept
from small_province import PROVINCE

from planning.model.people import Action, may
from planning.model.proposals import State, possible
from planning.services.review import deciding, drafting
from planning.services.review.drafting import Edit
from planning.store import audit

LIST = f"/{PROVINCE}/proposals"
STATES = [each for each in State if each is not State.NONE]
WORKING = [each for each in STATES if each not in (State.OPERATING, State.SUSPENDED, State.ENDED)]


def text_of(answer, status=200):
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, text[-2000:]
    return text


def offered(text, number):
    """Return the steps that a page offers, wherever on it, by form or by link."""
    at = re.escape(f"{LIST}/{number}/")
    found = {each.replace("-", " ") for each in re.findall(rf'action="{at}([a-z-]+)"', text)}
    links = {"edit": "edit", "price": "reject", "files": "attach"}
    found |= {step for page, step in links.items() if f'href="{LIST}/{number}/{page}"' in text}
    if re.search(rf'class="button step-link" href="/{PROVINCE}/checks/{number}"', text):
        found.add("check")
    return found


@pytest.fixture
def store(app):
    return app.extensions["planning"]


@pytest.fixture
def post(client, own):
    def send(number, deed, **data):
        if "version" not in data:
            data["version"] = kept(client.application.extensions["planning"], number).version
        return client.post(f"{LIST}/{number}/{deed}", data=data, headers=own)

    return send


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_is_what_role_and_state_allow(client, store, monkeypatch, state):
    it = brought(store, state)
    for name, user in PEOPLE.items():
        as_user(monkeypatch, user)
        answer = client.get(f"{LIST}/{it.number}")
        if not may(user, Action.SEE_PROPOSAL, it.thing):
            assert answer.status_code == 404, name
            continue
        expected = {
            str(each) for each in possible(it.kind, it.state) if may(user, each, it.thing)
        } - {"finish check"}  # on the page of the check
        assert offered(text_of(answer), it.number) == expected, name


@pytest.mark.parametrize("state", STATES)
def test_no_text_of_a_proposal_becomes_markup(client, store, state):
    it = brought(store, state)
    for path in ("", "/price", "/edit"):
        answer = client.get(f"{LIST}/{it.number}{path}")
        if answer.status_code == 200 or path == "":
            text = text_of(answer)
            assert EVIL not in text
            assert str(escape(EVIL)) in text
    text = text_of(client.get(LIST))
    assert EVIL not in text
    text = text_of(client.get(f"{LIST}/people/local"))
    assert EVIL not in text


@pytest.mark.parametrize("name", ["viewer", "administrator", "planner", "organisation"])
def test_staff_and_who_was_present_are_shown_only_to_who_may_see_people(
    client, store, monkeypatch, name
):
    it = brought(store, State.CHECKED)
    as_user(monkeypatch, PEOPLE[name])
    text = html.unescape(text_of(client.get(f"{LIST}/{it.number}")))
    sees = may(PEOPLE[name], Action.SEE_PEOPLE, it.thing)
    assert sees is (name in ("planner", "organisation"))
    assert (f"NV{EVIL}" in text) is sees
    assert (f"Bà {EVIL}" in text) is sees


def test_a_proposal_goes_its_way_through_the_forms_and_its_history_tells_it(client, store, post):
    it = brought(store, State.APPRAISED)
    page = post(it.number, "approve", document="600/QĐ-BHXH", reason="Đúng nhu cầu")
    assert page.location == f"{LIST}/{it.number}#history"
    for deed, more in (("issue-code", {}), ("publish", {"document": "12/TB-BHXH"}),
                       ("start", {"day": "2026-02-01"}), ("suspend", {"reason": "Sửa nhà"}),
                       ("resume", {}), ("end", {"day": "2026-05-01", "reason": "Hết hợp đồng"})):  # fmt: skip
        assert post(it.number, deed, **more).status_code == 303, deed
    text = html.unescape(text_of(client.get(f"{LIST}/{it.number}")))
    for line in (
        "người dùng máy này phê duyệt hồ sơ.", "Số văn bản: 600/QĐ-BHXH.", "Nội dung: Đúng nhu cầu",
        "người dùng máy này cấp mã điểm thu.", "Số văn bản: 12/TB-BHXH.", "Ngày: 01/02/2026.",
        "Nội dung: Sửa nhà", "người dùng máy này chấm dứt hoạt động điểm thu.",
        "Mã điểm thu: <strong>3456789000TH9898001001</strong>",
    ):  # fmt: skip
        assert line in text, line
    assert kept(store, it.number).state is State.ENDED


@pytest.mark.parametrize(
    ("state", "deed", "data", "sentence"),
    [
        (State.APPRAISED, "approve", {"reason": "vì gần chợ"}, "số văn bản"),
        (State.APPRAISED, "reject", {"reason": "vì gần chợ", "document": "7/QĐ"}, "lý do"),
        (State.PUBLISHED, "start", {"reason": "vì gần chợ", "day": "5/1/2026"}, "5/1/2026"),
        (State.SUBMITTED, "ask-more", {"wanted_field": "host", "wanted_text": ""}, "bổ sung"),
        (State.DRAFT, "approve", {"reason": "vì gần chợ", "document": "7/QĐ"}, "nháp"),
        (State.APPRAISED, "assign", {"to": "lan", "due": "mai", "reason": ""}, "mai"),
    ],
)
def test_what_is_refused_is_said_and_nothing_typed_is_lost(
    store, post, state, deed, data, sentence
):
    it = brought(store, state)
    answer = post(it.number, deed, **data)
    assert 400 <= answer.status_code < 500
    text = html.unescape(answer.get_data(as_text=True))
    alert = re.search(r'role="alert">(.*?)</div>', text, re.DOTALL)[1]
    assert sentence.lower() in alert.lower()
    for typed in data.values():
        if deed in offered(text, it.number) or deed == "reject":
            assert typed in text
    assert kept(store, it.number).version == it.version


def test_of_two_deciding_at_once_the_second_sees_what_changed_and_decides_again(store, post):
    it = brought(store, State.APPRAISED)
    deciding.comment(store, LOCAL, asking(store, it.number), "Nhà đã cho thuê")
    answer = post(it.number, "approve", version=it.version, document="9/QĐ", reason="Tốt")
    text = html.unescape(text_of(answer, 409))
    alert = re.search(r'role="alert">(.*?)</div>', text, re.DOTALL)[1]
    assert "Nhà đã cho thuê" in alert
    assert it.number in alert
    assert 'value="9/QĐ"' in text
    assert ">Tốt</textarea>" in text
    assert kept(store, it.number).state is State.APPRAISED
    # The form now carries the version that was just shown: sent again it holds.
    version = re.search(r'id="step-approve".*?name="version" value="(\d+)"', text, re.DOTALL)[1]
    assert post(it.number, "approve", version=version, document="9/QĐ").status_code == 303


def test_a_refusal_for_another_reason_does_not_hide_that_somebody_wrote_meanwhile(store, post):
    it = brought(store, State.APPRAISED)
    answer = post(it.number, "approve", document="", reason="Tốt")
    version = re.search(r'id="step-approve".*?name="version" value="(\d+)"',
                        answer.get_data(as_text=True), re.DOTALL)[1]  # fmt: skip
    deciding.comment(store, LOCAL, asking(store, it.number), "Chờ đã")
    assert post(it.number, "approve", version=version, document="9/QĐ").status_code == 409


def test_a_comment_is_kept_though_somebody_else_wrote_meanwhile(store, post):
    it = brought(store, State.SUBMITTED)
    deciding.comment(store, LOCAL, asking(store, it.number), "Một")
    assert post(it.number, "comment", version=it.version, text="Hai\r\nba").status_code == 303
    with store.reading() as db:
        said = [each.facts.get("text") for each in audit.events(db, PROVINCE, area="proposal")]
    assert said[-2:] == ["Một", "Hai\nba"]


def test_not_approving_shows_its_price_first_and_keeps_the_price_of_the_moment(client, store, post):
    it = brought(store, State.APPRAISED)
    text = html.unescape(text_of(client.get(f"{LIST}/{it.number}/price")))
    people = int(re.search(r"<strong>([\d.]+) người vẫn chưa", text)[1].replace(".", ""))
    assert kept(store, it.number).state is State.APPRAISED
    answer = post(it.number, "reject", reason_code="cost", reason="Đắt", document="3/QĐ")
    assert answer.status_code == 303
    decision = kept(store, it.number).decision
    assert decision.price.unserved == people > 0
    shown = html.unescape(text_of(client.get(f"{LIST}/{it.number}")))
    assert "Lý do: chi phí." in shown
    assert "Lập lại đề xuất theo các quyết định đã có" in shown


def test_who_may_not_decide_does_not_see_the_price(client, store, monkeypatch):
    it = brought(store, State.APPRAISED)
    for name in ("planner", "organisation", "reviewer", "checker"):
        as_user(monkeypatch, PEOPLE[name])
        assert client.get(f"{LIST}/{it.number}/price").status_code == 403, name


def test_requests_for_change_stand_beside_the_fields_and_are_settled_by_the_edit(
    client, store, own
):
    it = brought(store, State.MORE_WANTED)
    form = text_of(client.get(f"{LIST}/{it.number}/edit"))
    field = re.search(r'name="address".*?</div>', form, re.DOTALL)[0]
    assert f"Ghi rõ {escape(EVIL)}" in field
    data = values(form) | {"address": "Số 7, ấp Đông", "settled": ["1"]}
    answer = client.post(f"{LIST}/{it.number}/edit", data=data, headers=own)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    after = kept(store, it.number)
    assert after.content.address == "Số 7, ấp Đông"
    assert [each.settled for each in after.wanted] == [True, True]
    assert after.content.staff == OPEN.staff
    assert after.content.cost == OPEN.cost


def values(form):
    """Return what a browser would send of a form, from the page as it was sent."""
    body = re.search(
        r'<form method="post" action="[^"]*/(?:edit|new)">.*?</form>', form, re.DOTALL
    )[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or " checked" in tag) and "checkbox" not in tag:
            found[name[1]] = value[1] if value else ""
    areas = r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>'
    found |= dict(re.findall(areas, body, re.DOTALL))
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        plain = re.search(r"<option selected>([^<]*)<", options)
        found[name] = chosen[1] if chosen else plain[1] if plain else ""
    return {name: html.unescape(each) for name, each in found.items()}


def test_of_two_editing_at_once_the_second_sees_both_texts_and_can_save_again(client, store, own):
    it = brought(store, State.DRAFT)
    form = text_of(client.get(f"{LIST}/{it.number}/edit"))
    data = values(form) | {"name": "Bưu cục Của Tôi", "note": "Dòng một\r\nDòng hai"}
    other = drafting.Content.of({**it.content.as_dict(), "name": "Bưu cục Của Họ"})
    drafting.edit(store, LOCAL, asking(store, it.number), Edit(other))
    answer = client.post(f"{LIST}/{it.number}/edit", data=data, headers=own)
    text = text_of(answer, 409)
    table = re.search(r"<table.*?</table>", text, re.DOTALL)[0]
    assert "Bưu cục Của Họ" in table
    assert "Bưu cục Của Tôi" in table
    again = values(text)
    assert again["name"] == "Bưu cục Của Tôi"
    assert again["note"].replace("\r\n", "\n") == "Dòng một\nDòng hai"
    assert kept(store, it.number).content.name == "Bưu cục Của Họ"
    assert client.post(f"{LIST}/{it.number}/edit", data=again, headers=own).status_code == 303
    assert kept(store, it.number).content.name == "Bưu cục Của Tôi"


@pytest.mark.parametrize("state", WORKING)
def test_steps_that_a_role_may_not_take_are_refused_though_they_are_sent(
    store, post, monkeypatch, state
):
    it = brought(store, state)
    before = kept(store, it.number)
    as_user(monkeypatch, PEOPLE["viewer"])
    for deed in Action:
        answer = post(it.number, str(deed).replace(" ", "-"), version=it.version, day="2026-01-01",
                      document="1/QĐ", reason="x", reason_code="cost", text="x", to="x",
                      wanted_field="", wanted_text="x")  # fmt: skip
        assert answer.status_code in (400, 403, 409), deed
    assert kept(store, it.number) == before


def test_what_is_no_step_no_proposal_or_no_version_is_said(client, store, post, own):
    it = brought(store, State.DRAFT)
    assert post(it.number, "fly").status_code == 400
    assert post(it.number, "submit", version="x").status_code == 400
    assert client.get(f"{LIST}/DX-2026-9999").status_code == 404
    assert (
        client.post(f"{LIST}/DX-2026-9999/submit", data={"version": 1}, headers=own).status_code
        == 404
    )
    assert client.get(f"{LIST}/{it.number}/submit").location == f"{LIST}/{it.number}"
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post(f"{LIST}/{it.number}/submit", headers=foreign).status_code == 403


def test_figures_say_where_they_come_from_and_when_they_are_old(client, store, post):
    it = brought(store, State.SUBMITTED)
    text = text_of(client.get(f"{LIST}/{it.number}"))
    assert "nguồn dân số: Thử &lt;u&gt;nghiệm&lt;/u&gt;" in text
    assert "Đã cũ" not in text
    other = brought(store, State.APPROVED)
    text = text_of(client.get(f"{LIST}/{it.number}"))
    assert "Đã cũ" in text
    assert post(it.number, "measure").status_code == 303
    assert "Đã cũ" not in text_of(client.get(f"{LIST}/{it.number}"))
    assert other.number != it.number


def test_the_page_is_complete_in_english(client, store):
    it = brought(store, State.MORE_WANTED)
    text = html.unescape(text_of(client.get(f"{LIST}/{it.number}", query_string={"lang": "en"})))
    assert "the user of this computer asked for more information." in text
    assert "Wanted – Address: Ghi rõ" in text


def test_who_did_what_is_for_those_who_may_look_through_the_history(client, store, monkeypatch):
    brought(store, State.NOT_APPROVED)
    as_user(monkeypatch, PEOPLE["reviewer"])
    assert "người dùng máy này" in text_of(client.get(f"{LIST}/people"))
    text = html.unescape(text_of(client.get(f"{LIST}/people/local")))
    assert "người dùng máy này không phê duyệt hồ sơ." in text
    assert "người dùng máy này nhập một tệp dữ liệu." in text
    assert client.get(f"{LIST}/people/nobody").status_code == 404
    as_user(monkeypatch, PEOPLE["planner"])
    assert client.get(f"{LIST}/people").status_code == 403
    assert client.get(f"{LIST}/people/local").status_code == 403
