"""Making and editing proposals in the form: what is read, what is refused, who may for whom."""

import html
import re

import pytest
from reviewing import CODE, EVIL, LOCAL, PEOPLE, as_user, asking, brought, kept
from small_province import EVIL_POINT, PROVINCE
from test_proposal_page import values

from planning.model.proposals import Met, ProposalKind, State
from planning.model.scenario import Change, ChangeKind
from planning.services import imports, scenarios
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from planning.services.review import drafting
from planning.services.review.drafting import Edit
from planning.services.scenarios import Write
from planning.store import proposals

LIST = f"/{PROVINCE}/proposals"
FULL = {
    "kind": "open", "name": "Bưu cục Mới", "lat": "10,222", "lon": "105,07", "point_kind": "direct",
    "organisation": CODE, "host": "UBND xã", "host_type": "UBND xã", "address": "Số 1",
    "opening_hours": "7h–17h", "cost": "40.000.000 đ", "staff": "NV1\r\nNV2; NV1",
    "note": "Dòng một\r\nDòng hai", "condition.BH": "yes", "condition.NV": "no",
    "condition-note.NV": "chưa tuyển",
}  # fmt: skip


@pytest.fixture
def store(app):
    return app.extensions["planning"]


@pytest.fixture
def send(client, own):
    return lambda data: client.post(f"{LIST}/new", data=data, headers=own)


def every(store):
    with store.reading() as db:
        return proposals.listed(db, PROVINCE)


def test_a_form_becomes_a_draft_that_says_what_was_typed(send, store):
    answer = send(FULL)
    (it,) = every(store)
    assert answer.location == f"{LIST}/{it.number}"
    said = it.content
    assert (said.kind, said.name, said.lat, said.lon) == (
        ProposalKind.OPEN,
        "Bưu cục Mới",
        10.222,
        105.07,
    )
    assert (said.cost, said.staff, said.note) == (40_000_000, ("NV1", "NV2"), "Dòng một\nDòng hai")
    assert [(each.code, each.met, each.note) for each in said.conditions] == [
        ("BH", Met.YES, ""), ("NV", Met.NO, "chưa tuyển")
    ]  # fmt: skip
    assert (it.commune, it.state) == ("98001", State.DRAFT)


def test_everything_wrong_is_said_at_once_and_nothing_typed_is_lost(send, store):
    answer = send(FULL | {"name": " ", "lat": "mười", "cost": "nhiều", "note": f"Giữ {EVIL}"})
    assert answer.status_code == 400
    text = answer.get_data(as_text=True)
    assert EVIL not in text
    text = html.unescape(text)
    alert = re.search(r'role="alert">(.*?)</div>', text, re.DOTALL)[1]
    assert len(re.findall(r"<li>", alert)) == 3
    for part in ("“mười”", "“nhiều”", "tên"):
        assert part in alert
    for typed in ("mười", "nhiều", f"Giữ {EVIL}", "NV1", "chưa tuyển"):
        assert typed in text
    assert every(store) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lat", ""), ("lat", "nan"), ("lat", "91"), ("lon", "inf"), ("lon", "1e999"),
        ("cost", "-1"), ("cost", "9" * 15), ("cost", "٣"), ("name", "x" * 201),
        ("note", "x" * 2001), ("host", "a\u202eb"), ("point_kind", "flying"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(send, store, field, value):
    assert send(FULL | {field: value}).status_code == 400
    assert every(store) == []


@pytest.mark.parametrize("kind", ["fly", "", EVIL])
def test_a_kind_that_is_none_is_not_found(client, send, kind):
    assert send(FULL | {"kind": kind}).status_code == 404
    assert client.get(f"{LIST}/new", query_string={"kind": kind}).status_code == 404


def test_an_organisation_proposes_for_itself_only(send, store, monkeypatch, client):
    as_user(monkeypatch, PEOPLE["organisation"])
    text = client.get(f"{LIST}/new").get_data(as_text=True)
    assert 'name="organisation"' not in text
    assert send(FULL | {"organisation": "1111111111"}).status_code == 303
    (it,) = every(store)
    assert it.content.organisation == CODE
    for name in ("viewer", "checker", "reviewer", "approver", "administrator"):
        as_user(monkeypatch, PEOPLE[name])
        assert client.get(f"{LIST}/new").status_code == 403, name
        assert send(FULL).status_code == 403, name
    assert len(every(store)) == 1


def test_a_listed_point_is_chosen_by_words_and_keeps_its_place(client, send, store):
    page = client.get(f"{LIST}/new", query_string={"kind": "close", "find": "buu cuc"})
    text = page.get_data(as_text=True)
    assert EVIL_POINT not in text
    links = re.findall(r'href="(/98/proposals/new\?kind=close[^"]*point=[^"]*)"', text)
    assert len(links) == 2
    form = client.get(html.unescape(links[0])).get_data(as_text=True)
    data = values(form)
    assert data["lat"]
    assert data["point_id"]
    assert send(data).status_code == 303
    (it,) = every(store)
    assert (it.kind, it.content.point_id) == (ProposalKind.CLOSE, data["point_id"])
    again = send(data)
    assert again.status_code == 400
    assert it.number in again.get_data(as_text=True)
    assert client.get(f"{LIST}/new?kind=move&point=none").status_code == 404


def test_the_place_of_a_known_host_is_taken_without_scripts(send, store, tmp_path):
    path = tmp_path / "hosts.csv"
    path.write_text(f"Tên,Vĩ độ,Kinh độ\nTrạm y tế {EVIL},10.23,105.10\nUBND xã,10.21,105.12\n",
                    encoding="utf-8")  # fmt: skip
    imports.import_hosts(store, path, Origin(synthetic=True), PROVINCE, "Trạm y tế")
    found = send(FULL | {"find_host": "tram alert", "look": "1"})
    assert found.status_code == 200
    text = found.get_data(as_text=True)
    assert EVIL not in text
    assert text.count('name="host_at"') == 1
    taken = send(FULL | {"find_host": "tram alert", "host_at": "0"})
    data = values(taken.get_data(as_text=True))
    assert (data["lat"], data["lon"], data["host"]) == (
        "10,230000",
        "105,100000",
        f"Trạm y tế {EVIL}",
    )
    assert data["name"] == FULL["name"]
    assert every(store) == []
    assert send(FULL | {"host_at": "9"}).status_code == 200


def test_who_may_not_see_staff_leaves_them_as_they_are(client, own, store, monkeypatch):
    it = brought(store, State.DRAFT)
    planner = PEOPLE["planner"]
    monkeypatch.setattr("planning.services.review.sight.may", lambda *_: False)
    as_user(monkeypatch, planner)
    form = client.get(f"{LIST}/{it.number}/edit").get_data(as_text=True)
    assert 'name="staff"' not in form
    data = values(form) | {"staff": "", "address": "Số 9"}
    assert client.post(f"{LIST}/{it.number}/edit", data=data, headers=own).status_code == 303
    after = kept(store, it.number).content
    assert (after.staff, after.address) == (it.content.staff, "Số 9")


def test_a_condition_that_left_the_checklist_stays_said(client, own, store, monkeypatch):
    it = brought(store, State.DRAFT)
    form = client.get(f"{LIST}/{it.number}/edit").get_data(as_text=True)
    monkeypatch.setattr("planning.services.review.viewing.criteria.on_day", lambda *_: ())
    data = values(form) | {"address": "Số 9"}
    assert client.post(f"{LIST}/{it.number}/edit", data=data, headers=own).status_code == 303
    assert kept(store, it.number).content.conditions == it.content.conditions


def test_an_edit_of_an_older_version_that_says_the_same_can_be_sent_again(client, own, store):
    it = brought(store, State.DRAFT)
    form = client.get(f"{LIST}/{it.number}/edit").get_data(as_text=True)
    drafting.edit(store, LOCAL, asking(store, it.number), Edit(it.content))
    answer = client.post(f"{LIST}/{it.number}/edit", data=values(form), headers=own)
    assert answer.status_code == 409
    again = values(answer.get_data(as_text=True))
    assert client.post(f"{LIST}/{it.number}/edit", data=again, headers=own).status_code == 303


def test_a_scenario_becomes_drafts_once(client, own, store):
    request = AnalysisRequest(PROVINCE)
    made = scenarios.make(store, request, "Đợt một")
    changes = [Change(ChangeKind.ADD, lon=105.07, lat=10.22, name="Nhà văn hóa"),
               Change(ChangeKind.CLOSE, "#2")]  # fmt: skip
    scenarios.change(store, request, Write(PROVINCE, made.id, made.version), changes)
    page = client.get(f"/{PROVINCE}/scenarios/{made.id}").get_data(as_text=True)
    assert "Lập hồ sơ đề xuất" in page
    data = {"scenario": str(made.id)}
    answer = client.post(f"{LIST}/from-scenario", data=data, headers=own)
    assert answer.status_code == 303
    assert "đã thực hiện với 2 hồ sơ" in client.get(answer.location).get_data(as_text=True)
    assert [(each.kind, each.scenario) for each in every(store)] == [
        (ProposalKind.OPEN, made.id), (ProposalKind.CLOSE, made.id)
    ]  # fmt: skip
    assert client.post(f"{LIST}/from-scenario", data=data, headers=own).status_code == 400
    assert len(every(store)) == 2


def test_only_who_may_edit_finds_the_form(client, store, monkeypatch):
    it = brought(store, State.DRAFT)
    for name, status in (("planner", 200), ("organisation", 200), ("reviewer", 403),
                         ("another organisation", 404), ("checker of elsewhere", 403)):  # fmt: skip
        as_user(monkeypatch, PEOPLE[name])
        assert client.get(f"{LIST}/{it.number}/edit").status_code == status, name


def test_planning_again_asks_the_question_the_proposal_came_from(client, own, store):
    it = brought(store, State.NOT_APPROVED)
    answer = client.post(f"{LIST}/replan", data={"number": it.number}, headers=own)
    assert answer.status_code == 303
    assert f"/{PROVINCE}/suggestions/" in answer.location
