"""Pages of review rounds: making one, its documents, and the decisions of its meeting."""

import html
import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
import reviewing
from reviewing import EVIL, LOCAL, OPEN, PEOPLE, as_user, asking, brought, kept, moved
from small_province import PROVINCE

from planning.exports.packet.words import REASON_CODES
from planning.model.proposals import Reason, State
from planning.services.review import computing, deciding, rounds
from planning.store import audit, proposals

ROUNDS = f"/{PROVINCE}/rounds"
ROUND = f"{ROUNDS}/1"
APPROVE, REJECT, MORE = "Phê duyệt", "Không phê duyệt", "Yêu cầu bổ sung"


def text_of(client, path, status=200, **query):
    answer = client.get(path, query_string=query or None, follow_redirects=True)
    assert answer.status_code == status
    text = answer.get_data(as_text=True)
    assert EVIL not in text
    return html.unescape(text)


@pytest.fixture
def store(app):
    return app.extensions["planning"]


@pytest.fixture
def three(store):
    """Return three appraised proposals, one of them with a hostile name."""
    return [brought(store, State.APPRAISED, replace(moved(OPEN, 0.01 * at), name=name))
            for at, name in enumerate(("Một", f"Hai {EVIL}", "Ba"))]  # fmt: skip


@pytest.fixture
def made(store, three):
    return rounds.make(store, LOCAL, PROVINCE, ("Phiên quý IV", "2026-12-10"),
                       [each.number for each in three])  # fmt: skip


def states(store):
    with store.reading() as db:
        return [each.state for each in proposals.listed(db, PROVINCE)]


def typing(three, *decisions, document="15/QĐ-BHXH", day="2026-12-11"):
    """Return the form of the page: of each proposal its verdict, code of a reason, text."""
    data = {"document": document, "day": day}
    for it, (verdict, code, text) in zip(three, decisions, strict=False):
        data |= {f"version.{it.number}": it.version, f"verdict.{it.number}": verdict,
                 f"code.{it.number}": code, f"text.{it.number}": text}  # fmt: skip
    return data


NEED = (REJECT, REASON_CODES[Reason.NEED], "Ít người")


def typed(client, own, three, *decisions, **more):
    """Type decisions; return the address of the page that shows them."""
    answer = client.post(f"{ROUND}/decisions", data=typing(three, *decisions, **more), headers=own)
    assert answer.status_code == 303
    return answer.location


def commit(client, own, address, **more):
    """Confirm what the page of some decisions shows."""
    seen = re.search(r'name="seen" value="(\w*)"', text_of(client, address))[1]
    return client.post(f"{address}/commit", data={"seen": seen, **more}, headers=own)


def sheet(client, fill):
    """Return the spreadsheet of the round with cells filled: (row of the list, heading) -> text."""
    body = client.get(f"{ROUND}/documents/danh-sach.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(body))
    page = book["Danh sách"]
    columns = {cell.value: cell.column for cell in page[1]}
    for (row, heading), value in fill.items():
        page.cell(row + 1, columns[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client, own, body, name="quyết định.xlsx"):
    return client.post(f"{ROUND}/decisions/file", data={"file": (io.BytesIO(body), name)},
                       headers=own, content_type="multipart/form-data")  # fmt: skip


# --- making a round -------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
def test_the_form_offers_the_appraised_proposals_chosen_and_makes_a_round_of_them(
    client, own, store
):
    brought(store, State.SUBMITTED, replace(OPEN, name="Chưa thẩm định"))
    brought(store, State.DRAFT, replace(OPEN, name="Còn nháp"))
    text = text_of(client, f"{ROUNDS}/new")
    chosen = re.findall(r'name="chosen" value="([^"]+)"[^>]* checked', text)
    assert [each[-1] for each in chosen] == ["1", "2", "3"]
    assert "Chưa thẩm định" not in text
    every = text_of(client, f"{ROUNDS}/new", state="")
    assert "Chưa thẩm định" in every
    assert "Còn nháp" not in every  # was never sent in
    data = {"name": "Phiên I", "day": "2026-12-10", "chosen": chosen}
    answer = client.post(f"{ROUNDS}/new", data=data, headers=own)
    assert answer.location == ROUND
    text = text_of(client, ROUND)
    assert "Phiên I" in text
    assert "10/12/2026" in text
    assert all(f'href="{ROUND}/documents/{name}"' in text
               for name in ("tong-hop.pdf", "to-trinh.docx", "danh-sach.xlsx", "ho-so.zip"))  # fmt: skip


def test_what_was_chosen_in_the_list_of_proposals_is_chosen_in_the_form(client, own, store, three):
    draft = brought(store, State.DRAFT, replace(OPEN, name="Còn nháp"))
    listed = client.get(f"/{PROVINCE}/proposals").get_data(as_text=True)
    assert f'formaction="{ROUNDS}/chosen"' in listed
    marks = [f"{each.number}:{each.version}" for each in (three[2], draft)]
    answer = client.post(f"{ROUNDS}/chosen", data={"chosen": marks}, headers=own)
    text = html.unescape(answer.get_data(as_text=True))
    assert re.findall(r'name="chosen" value="([^"]+)"[^>]* checked', text) == [three[2].number]
    assert f"Không đưa vào phiên vì chưa gửi hoặc đã rút: {draft.number}." in text
    assert client.get(f"{ROUNDS}/chosen").location == f"{ROUNDS}/new"
    with store.reading() as db:
        assert audit.events(db, PROVINCE, area="round") == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [({"name": " "}, "Hãy đặt tên cho phiên rà soát"), ({"day": "10/12/2026"}, "10/12/2026"),
     ({"chosen": []}, "Hãy chọn"), ({"chosen": ["DX-2026-9999"]}, "DX-2026-9999")],
)  # fmt: skip
def test_a_round_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    client, own, three, data, sentence
):
    given = {"name": "Tên dài của phiên", "day": "2026-12-10", "chosen": [three[0].number], **data}
    answer = client.post(f"{ROUNDS}/new", data=given, headers=own)
    text = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code in (400, 404)
    assert sentence in text.partition('role="alert"')[2]
    if "name" not in data:
        assert 'value="Tên dài của phiên"' in text
    assert "Chưa có phiên rà soát nào." in text_of(client, ROUNDS)


def test_the_list_counts_what_is_decided_and_shows_the_fingerprint(client, store, three, made):
    deciding.approve(store, LOCAL, [asking(store, three[0].number, document="1/QĐ")])
    text = text_of(client, ROUNDS)
    cells = re.findall(r'<td class="n">(\d+)</td>', text)
    assert cells == ["1", "3", "1", "2"]  # number, proposals, decided, still open
    assert made.fingerprint[:12] in text


def test_the_round_shows_what_was_frozen_beside_what_became_of_it(client, store, three, made):
    deciding.approve(store, LOCAL, [asking(store, three[0].number, document="1/QĐ")])
    deciding.comment(store, LOCAL, asking(store, three[1].number), "xem lại")
    text = text_of(client, ROUND)
    rows = [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL)]
    first, second, third = (next(row for row in rows if it.number in row) for it in three)
    assert "đã quyết định sau phiên" in first
    assert "1/QĐ" in first
    assert "đã sửa sau khi lập phiên" in second
    assert "sau" not in third
    with store.reading() as db:
        (event,) = audit.events(db, PROVINCE, area="round")
    assert event.hash in text
    assert made.fingerprint in text
    assert "Cấp mã cho 1 điểm đã phê duyệt" in text


# --- documents ------------------------------------------------------------------------------


@pytest.mark.usefixtures("made")
def test_every_document_of_the_page_is_sent_as_a_download_and_the_taking_is_told(client, store):
    text = text_of(client, ROUND)
    links = re.findall(rf'href="({ROUND}/documents/[^"]+)"', text)
    begins = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "zip": b"PK", "gpkg": b"SQLite",
              "html": b"<!", "json": b"{", "geojson": b"{", "kml": b"<?xml", "csv": b"\xef\xbb\xbf"}  # fmt: skip
    assert len(links) == 11
    for link in links:
        answer = client.get(link)
        name = link.rpartition("/")[2]
        assert answer.status_code == 200, name
        assert answer.data.lower().startswith(begins[name.rpartition(".")[2]].lower()), name
        assert answer.headers["Content-Disposition"] == (
            f'attachment; filename="diemthu-{PROVINCE}-phien-1-{name}"'
        )
    with store.reading() as db:
        told = [each.facts["document"] for each in audit.events(db, PROVINCE, area="round")
                if each.tag == "round:document:taken"]  # fmt: skip
    assert told == [link.rpartition("/")[2] for link in links]


@pytest.mark.usefixtures("made")
def test_the_whole_packet_is_the_same_after_everything_changed(client, own, three):
    before = client.get(f"{ROUND}/documents/ho-so.zip").data
    commit(client, own, typed(client, own, three, (APPROVE, "", ""), NEED))
    after = client.get(f"{ROUND}/documents/ho-so.zip").data
    assert before == after
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(after)).namelist()


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("path", ["documents/none.pdf", "documents/..%2f..%2fetc%2fpasswd"])
def test_what_is_no_document_is_not_there(client, path):
    assert client.get(f"{ROUND}/{path}").status_code == 404
    assert client.get(f"{ROUNDS}/7").status_code == 404


# --- decisions ------------------------------------------------------------------------------


@pytest.mark.usefixtures("made")
def test_typed_decisions_are_shown_with_their_price_before_anything_is_decided(
    client, own, store, three
):
    address = typed(client, own, three, (APPROVE, "", "Tốt"), NEED, (MORE, "", "Bổ sung ảnh"))
    (price,) = computing.prices(store, LOCAL, [kept(store, three[1].number)])
    text = text_of(client, address)
    assert f"{price.unserved} người vẫn chưa được phục vụ" in text
    assert "15/QĐ-BHXH" in text
    assert set(states(store)) == {State.APPRAISED}
    answer = commit(client, own, address)
    assert answer.location.startswith(ROUND)
    assert states(store) == [State.APPROVED, State.NOT_APPROVED, State.MORE_WANTED]
    assert kept(store, three[0].number).decision.document == "15/QĐ-BHXH"
    assert kept(store, three[1].number).decision.price == price
    with store.reading() as db:
        facts = proposals.events(db, three[0].id)[-1].facts
    assert (facts["round"], facts["day"]) == (1, "2026-12-11")
    text = text_of(client, answer.location)
    assert "1 phê duyệt, 1 không phê duyệt, 1 yêu cầu bổ sung" in text
    assert "Cấp mã cho 1 điểm đã phê duyệt" in text
    assert "Lập lại đề xuất theo các quyết định đã có" in text
    assert client.post(f"{address}/commit", data={}, headers=own).status_code == 409
    assert text_of(client, address) == text  # leads to what came of it


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        ((REJECT, "", "Ít người"), "Mã lý do"),
        ((MORE, "", ""), "Lý do"),
        (("", "", "Ghi mà không quyết định"), "Quyết định"),
        (("Có lẽ", "", ""), "Phê duyệt"),
    ],
)
def test_a_fault_in_one_typed_line_keeps_all_from_being_decided(
    client, own, store, three, decision, sentence
):
    address = typed(client, own, three, (APPROVE, "", ""), decision)
    text = text_of(client, address)
    assert sentence in text
    assert 'id="why1"' in text
    assert commit(client, own, address).status_code == 422
    assert set(states(store)) == {State.APPRAISED}
    again = re.search(rf'href="({ROUND}/decisions\?again=\w+)"', text)[1]
    assert 'value="15/QĐ-BHXH"' in text_of(client, again)
    if decision[2]:
        assert decision[2] in text_of(client, again)


@pytest.mark.usefixtures("made")
def test_an_approval_without_a_document_is_named_before_it_is_tried(client, own, store, three):
    address = typed(client, own, three, (APPROVE, "", ""), document="")
    text = text_of(client, address)
    assert re.search(rf"{three[0].number}:</strong> .*văn bản", text)
    assert commit(client, own, address).status_code == 400
    assert set(states(store)) == {State.APPRAISED}


@pytest.mark.usefixtures("made", "three")
def test_a_filled_list_is_read_shown_and_taken(client, own, store):
    body = sheet(client, {(1, "Quyết định"): APPROVE, (2, "Quyết định"): REJECT,
                          (2, "Mã lý do"): "CHI_PHI", (3, "Quyết định"): APPROVE})  # fmt: skip
    address = upload(client, own, body).location
    text = text_of(client, address)
    assert "chưa được phục vụ" in text
    assert text.count(":</strong> ") == 2  # two approvals lack a document
    answer = client.post(address, data={"document": "20/QĐ-BHXH", "day": "2026-12-12"}, headers=own)
    assert answer.location == address
    assert ":</strong> " not in text_of(client, address)
    assert commit(client, own, address).status_code == 303
    assert states(store) == [State.APPROVED, State.NOT_APPROVED, State.APPROVED]
    with store.reading() as db:
        assert {each.decision.document for each in proposals.listed(db, PROVINCE)} == {"20/QĐ-BHXH"}


@pytest.mark.usefixtures("made")
def test_one_fault_in_the_list_is_told_by_row_column_value_and_mend(client, own, store):
    body = sheet(client, {(1, "Quyết định"): APPROVE, (1, "Số văn bản"): "1/QĐ",
                          (2, "Quyết định"): "Đồng ý một phần"})  # fmt: skip
    address = upload(client, own, body).location
    text = text_of(client, address)
    cells = re.search(r"<tbody><tr>(.*?)</tr>", text, re.DOTALL)[1]
    assert [re.sub("<[^>]+>", "", each) for each in re.findall("<td.*?</td>", cells)][:3] == [
        "3", "Quyết định", "Đồng ý một phần"]  # fmt: skip
    assert "“Yêu cầu bổ sung”" in text
    assert commit(client, own, address).status_code == 422
    assert set(states(store)) == {State.APPRAISED}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("body", "name"),
    [(b"PK\x03\x04 broken", "x.xlsx"), (b"<html>" + EVIL.encode(), f"{EVIL}.xlsx"),
     (b"\x00" * 5000, "../../etc/passwd"), (b"a,b\n1,2\n", "list.csv"),
     ("Quyết định\n=cmd|' /C calc'!A0\n".encode(), "list.csv")],
)  # fmt: skip
def test_a_file_that_is_no_such_list_is_refused_with_a_sentence_and_decides_nothing(
    client, own, store, body, name
):
    answer = upload(client, own, body, name)
    assert answer.status_code == 303
    text = text_of(client, answer.location)
    assert 'role="alert"' in text or "s-blocks" in text
    assert commit(client, own, answer.location).status_code >= 400
    assert set(states(store)) == {State.APPRAISED}
    discarded = client.post(f"{answer.location}/discard", headers=own)
    assert discarded.location == f"{ROUND}/decisions"
    assert client.get(answer.location).status_code == 404


@pytest.mark.usefixtures("made")
def test_no_file_an_empty_one_and_several_are_refused(client, own):
    where = f"{ROUND}/decisions/file"
    assert upload(client, own, b"", "x.xlsx").status_code == 400
    two = {"file": [(io.BytesIO(b"a"), "a.xlsx"), (io.BytesIO(b"b"), "b.xlsx")]}
    for data in ({}, two):
        answer = client.post(where, data=data, headers=own, content_type="multipart/form-data")
        assert answer.status_code == 400
    assert client.get(where).location == f"{ROUND}/decisions"


@pytest.mark.usefixtures("made")
def test_a_proposal_changed_between_the_page_and_the_confirmation_stops_all(
    client, own, store, three
):
    address = typed(client, own, three, (APPROVE, "", ""), NEED)
    seen = re.search(r'name="seen" value="(\w*)"', text_of(client, address))[1]
    deciding.comment(store, LOCAL, asking(store, three[0].number), "xem lại")
    answer = client.post(f"{address}/commit", data={"seen": seen}, headers=own)
    assert answer.status_code == 400
    assert three[0].number in html.unescape(answer.get_data(as_text=True))
    assert set(states(store)) == {State.APPRAISED}
    assert commit(client, own, address).status_code == 422  # still not as it was looked at


@pytest.mark.usefixtures("made")
def test_another_price_than_the_one_shown_is_not_confirmed(client, own, store, three):
    """Another proposal for the same place, approved meanwhile, takes the price away."""
    address = typed(client, own, three, NEED)
    text = text_of(client, address)
    seen = re.search(r'name="seen" value="(\w*)"', text)[1]
    before = computing.prices(store, LOCAL, [kept(store, three[0].number)])
    brought(store, State.APPROVED, replace(OPEN, name="Bốn"))
    assert computing.prices(store, LOCAL, [kept(store, three[0].number)]) != before
    answer = client.post(f"{address}/commit", data={"seen": seen}, headers=own)
    assert answer.status_code == 400
    assert "Có thay đổi kể từ khi bạn xem" in html.unescape(answer.get_data(as_text=True))
    assert kept(store, three[0].number).state is State.APPRAISED
    assert commit(client, own, address).status_code == 303


def test_nobody_decides_on_their_own_proposal_and_is_told_so_first(client, own, store, monkeypatch):
    theirs = PEOPLE["approver"].name
    monkeypatch.setattr(reviewing, "LOCAL", replace(LOCAL, name=theirs))
    both = [brought(store, State.APPRAISED, replace(OPEN, name="Của mình"))]
    monkeypatch.setattr(reviewing, "LOCAL", LOCAL)
    both.append(brought(store, State.APPRAISED, replace(moved(OPEN, 0.01), name="Của người khác")))
    assert [each.proposed_by for each in both] == [theirs, "local"]
    rounds.make(store, LOCAL, PROVINCE, ("Phiên", "2026-12-10"), [each.number for each in both])
    as_user(monkeypatch, PEOPLE["approver"])
    page = text_of(client, f"{ROUND}/decisions")
    choices = {it.number: re.search(rf'name="verdict.{it.number}".*?</select>', page, re.DOTALL)[0]
               for it in both}  # fmt: skip
    offered = [it for it in both if f'value="{APPROVE}"' in choices[it.number]]
    assert offered == both[1:]
    address = typed(client, own, both, NEED, (APPROVE, "", ""))
    assert re.findall(r"(DX-[0-9-]+):</strong>", text_of(client, address)) == [both[0].number]
    assert commit(client, own, address).status_code >= 400
    assert set(states(store)) == {State.APPRAISED}


@pytest.mark.usefixtures("made")
def test_decisions_are_there_for_whoever_brought_them_and_their_round_alone(
    client, own, store, three, monkeypatch
):
    address = typed(client, own, three, (APPROVE, "", ""))
    rounds.make(store, LOCAL, PROVINCE, ("Hai", "2026-12-20"), [three[0].number])
    assert client.get(address.replace("/rounds/1/", "/rounds/2/")).status_code == 404
    as_user(monkeypatch, PEOPLE["approver"])
    assert client.get(address).status_code == 404
    assert client.get(f"{ROUND}/decisions?again={address[-40:]}").status_code == 404


SEES = {"viewer", "planner", "reviewer", "approver", "administrator", "checker of all"}
MAKES, DECIDES = {"reviewer", "approver"}, {"approver"}


@pytest.mark.usefixtures("made")
def test_every_role_gets_the_pages_it_may_have(client, own, three, monkeypatch):
    doors = (
        ("GET", ROUNDS, SEES), ("GET", ROUND, SEES), ("GET", f"{ROUND}/documents/danh-sach.csv", SEES),
        ("GET", f"{ROUNDS}/new", MAKES), ("POST", f"{ROUNDS}/new", MAKES),
        ("POST", f"{ROUNDS}/chosen", MAKES), ("GET", f"{ROUND}/decisions", DECIDES),
        ("POST", f"{ROUND}/decisions", DECIDES), ("POST", f"{ROUND}/decisions/file", DECIDES),
    )  # fmt: skip
    for name, user in PEOPLE.items():
        as_user(monkeypatch, user)
        for method, path, allowed in doors:
            data = typing(three, NEED) if method == "POST" else None
            answer = client.open(path, method=method, data=data, headers=own)
            assert (answer.status_code != 403) == (name in allowed), (name, method, path)
    as_user(monkeypatch, PEOPLE["viewer"])
    text = text_of(client, ROUND)
    assert "/decisions" not in text
    assert "issue-code" not in text


@pytest.mark.usefixtures("made")
def test_nothing_about_staff_is_on_any_page_of_a_round(client, own, three):
    address = typed(client, own, three, (APPROVE, "", ""))
    for path in (ROUNDS, f"{ROUNDS}/new", ROUND, f"{ROUND}/decisions", address):
        assert "NV<" not in text_of(client, path)
        assert "NV&lt;" not in client.get(path).get_data(as_text=True)


@pytest.mark.usefixtures("made")
def test_pages_are_complete_in_english(client, own, three):
    address = typed(client, own, three, NEED)
    for path, words in ((ROUNDS, "Review rounds"), (f"{ROUNDS}/new", "Make a review round"),
                        (ROUND, "Documents for the meeting"), (f"{ROUND}/decisions", "Or typed here"),
                        (address, "Before deciding")):  # fmt: skip
        text = text_of(client, path, lang="en").split("<main", 1)[1]
        assert words in text
        assert not re.search("Phiên rà soát|hồ sơ|Quyết định", text), path


def test_many_long_texts_can_be_typed_at_once(client, own, store, three, made):
    del made
    address = typed(client, own, three, *[(MORE, "", "Bổ sung ảnh và giấy tờ. " * 80)] * 3)
    assert commit(client, own, address).status_code == 303
    assert set(states(store)) == {State.MORE_WANTED}
    assert kept(store, three[0].number).wanted[0].text.count("ảnh") == 80
