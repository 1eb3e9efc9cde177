"""A list of proposals as a file: template, everything wrong at once, drafts all or none."""

import csv
import html
import io
import re

import openpyxl
import pytest
from reviewing import CODE, EVIL, PEOPLE, as_user, brought
from small_province import PROVINCE

from geo.findings import Severity
from planning.model.proposals import ProposalKind, State
from planning.services.review import drafting, reading
from planning.store import proposals

LIST = f"/{PROVINCE}/proposals"
HEADINGS = ("STT", "Đề nghị", "Tên tổ chức dịch vụ thu", "Mã tổ chức", "Mã điểm thu", "Tên điểm thu",
            "Hình thức", "Nơi đặt", "Vĩ độ", "Kinh độ", "Mã nhân viên thu", "Chi phí (đồng)",
            "Ghi chú")  # fmt: skip
GOOD = ("1", "Mở mới", "", CODE, "", "Bưu cục Một", "Trực tiếp", "UBND xã", "10,22", "105,07",
        "NV1; NV2", "40.000.000", "ghi")  # fmt: skip


def row(**changes):
    at = {"asks": 1, "code": 3, "point": 4, "name": 5, "kind": 6, "host": 7, "lat": 8, "lon": 9,
          "staff": 10, "cost": 11, "note": 12, "called": 2, "number": 0}  # fmt: skip
    found = list(GOOD)
    for name, value in changes.items():
        found[at[name]] = value
    return tuple(found)


def table(*rows, headings=HEADINGS):
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([headings, *rows])
    return text.getvalue().encode("utf-8-sig")


@pytest.fixture
def store(app):
    return app.extensions["planning"]


@pytest.fixture
def bring(client, own):
    def send(body, name="danh sach.csv"):
        return client.post(f"{LIST}/file", data={"file": (io.BytesIO(body), name)}, headers=own)

    return send


def every(store):
    with store.reading() as db:
        return proposals.listed(db, PROVINCE)


def test_good_rows_are_shown_and_become_drafts_only_when_that_is_asked(client, own, store, bring):
    rows = (
        row(),
        row(number="2", name=f"Nhà thuốc {EVIL}", kind="Trực tuyến", lon="105.12", cost=""),
    )
    answer = bring(table(*rows), f"{EVIL}.csv")
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    assert EVIL not in page
    assert "Bưu cục Một" in page
    assert every(store) == []
    done = client.post(f"{answer.location}/commit", headers=own)
    assert done.status_code == 303
    one, two = every(store)
    assert (one.kind, one.content.name, one.content.host) == (
        ProposalKind.OPEN,
        "Bưu cục Một",
        "UBND xã",
    )
    assert (one.content.organisation, one.content.staff) == (CODE, ("NV1", "NV2"))
    assert (one.content.cost, one.content.lat, one.content.lon) == (40_000_000, 10.22, 105.07)
    assert (two.content.point_kind, two.content.cost) == ("online", None)
    assert {each.state for each in (one, two)} == {State.DRAFT}
    assert client.get(answer.location).status_code == 404  # its file is gone
    assert client.post(f"{answer.location}/commit", headers=own).status_code == 404
    assert len(every(store)) == 2


def test_everything_wrong_is_said_at_once_by_row_column_and_value(client, own, store, bring):
    listed = brought(store, State.DRAFT, drafting.Content(
        ProposalKind.CLOSE, "Cũ", 105.15, 10.22, point_id="#4"))  # fmt: skip
    bad = (
        row(), row(number="2", asks="Bay lên"), row(number="3", name=""),
        row(number="4", lat="", lon=""), row(number="5", cost="nhiều tiền"),
        row(number="6", asks="Di dời", point="không có"), row(number="7", lon="107,9"),
        row(number="8", name="x" * 201), row(number="9", kind="Bay"),
        row(number="10", asks="Chấm dứt", point="#4"),
    )  # fmt: skip
    answer = bring(table(*bad))
    text = html.unescape(client.get(answer.location).get_data(as_text=True))
    for part in (
        "Bay lên",
        "nhiều tiền",
        "không có",
        "x" * 40,
        listed.number,
    ):
        assert part in text, part
    for number in range(3, 12):  # the rows as a spreadsheet counts them
        assert f'<td class="n">{number}</td>' in text, number
    assert re.search(r"<dt>Sẽ thành bản nháp</dt><dd>1", text)
    refused = client.post(f"{answer.location}/commit", headers=own)
    assert refused.status_code == 400
    assert len(every(store)) == 1
    agreed = client.post(f"{answer.location}/commit", data={"left_out": "9"}, headers=own)
    assert agreed.status_code == 303
    assert [each.content.name for each in every(store)][1:] == ["Bưu cục Một"]


def test_a_column_that_was_not_recognised_is_chosen_on_the_page(client, own, store, bring):
    headings = tuple("Gọi là gì" if each == "Tên điểm thu" else each for each in HEADINGS)
    answer = bring(table(row(), headings=headings))
    text = html.unescape(client.get(answer.location).get_data(as_text=True))
    assert "disabled" in text
    assert 'name="column.name"' in text
    assert client.post(f"{answer.location}/commit", headers=own).status_code == 400
    data = {"column.name": "Gọi là gì"}
    assert client.post(answer.location, data=data, headers=own).status_code == 303
    assert client.post(f"{answer.location}/commit", data=data, headers=own).status_code == 303
    assert [each.content.name for each in every(store)] == ["Bưu cục Một"]


def test_the_empty_template_filled_in_is_read_back(client, own, store, bring, tmp_path):
    body = client.get(f"{LIST}/template.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(body))
    page = book.active
    at = {page.cell(1, column).value: column for column in range(1, page.max_column + 1)}
    filled = {"Đề nghị": "Di dời", "Mã điểm thu": "#2", "Tên điểm thu": "Bưu cục dời",
              "Vĩ độ": 10.225, "Kinh độ": 105.08, "Chi phí (đồng)": 15000000}  # fmt: skip
    for heading, value in filled.items():
        page.cell(2, at[heading], value)
    book.save(tmp_path / "filled.xlsx")
    answer = bring((tmp_path / "filled.xlsx").read_bytes(), "filled.xlsx")
    done = client.post(f"{answer.location}/commit", headers=own)
    assert done.status_code == 303, html.unescape(done.get_data(as_text=True))
    (it,) = every(store)
    assert (it.kind, it.content.point_id, it.content.cost) == (ProposalKind.MOVE, "#2", 15_000_000)
    assert set(at) <= {name for names in reading.HEADINGS.values() for name in names} | set(
        reading.REPEATED
    )


def test_an_organisation_brings_its_own_rows_only(client, own, store, bring, monkeypatch):
    as_user(monkeypatch, PEOPLE["organisation"])
    answer = bring(table(row(), row(number="2", code="1111111111"), row(number="3", code="")))
    text = html.unescape(client.get(answer.location).get_data(as_text=True))
    assert "không phải tổ chức của bạn" in text
    done = client.post(f"{answer.location}/commit", data={"left_out": "1"}, headers=own)
    assert done.status_code == 303
    assert [each.content.organisation for each in every(store)] == [CODE, CODE]


def test_a_file_is_there_for_nobody_but_who_brought_it(client, own, bring, monkeypatch, store):
    as_user(monkeypatch, PEOPLE["planner"])
    answer = bring(table(row()))
    as_user(monkeypatch, PEOPLE["organisation"])
    for step in ("", "/commit", "/anew", "/discard"):
        assert client.post(f"{answer.location}{step}", headers=own).status_code == 404, step
    assert client.get(answer.location).status_code == 404
    as_user(monkeypatch, PEOPLE["reviewer"])
    assert client.get(f"{LIST}/file").status_code == 403
    assert bring(table(row())).status_code == 403
    assert every(store) == []
    as_user(monkeypatch, PEOPLE["planner"])
    assert client.get(f"{answer.location}/commit").status_code == 303
    assert client.post(f"{answer.location}/discard", headers=own).status_code == 303
    assert client.get(answer.location).status_code == 404


@pytest.mark.parametrize(
    ("name", "body"),
    [("a.pdf", b"%PDF-1.4"), ("a.xlsx", b"PK\x03\x04rubbish"), ("a.csv", b""), ("a.csv", b"\x00\x01"),
     ("a.html", b"<script>1</script>"), ("", b"x")],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(client, own, store, bring, name, body):
    answer = bring(body, name)
    if answer.status_code == 303:
        page = client.get(answer.location)
        assert 'role="alert"' in page.get_data(as_text=True)
        assert client.post(f"{answer.location}/commit", headers=own).status_code == 400
    else:
        assert answer.status_code == 400
    assert every(store) == []


def test_two_rows_about_one_point_make_one_draft(store, tmp_path):
    path = tmp_path / "list.csv"
    rows = (row(asks="Chấm dứt", point="#2"), row(number="2", asks="Di dời", point="#2"))
    path.write_bytes(table(*rows))
    found = reading.read(store, PEOPLE["planner"], PROVINCE, path, "list.csv")
    assert [each.kind for each in found.contents] == [ProposalKind.CLOSE]
    (twice,) = [each for each in found.findings if each.code == "point-twice"]
    assert (twice.severity, twice.row, twice.value) == (Severity.LEFT_OUT, 3, "#2")


def test_of_staff_a_finding_never_tells_the_codes(store, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(table(row(staff="N" * 300)))
    found = reading.read(store, PEOPLE["planner"], PROVINCE, path, "list.csv")
    assert found.contents == ()
    (told,) = [each for each in found.findings if each.code == "text-too-long"]
    assert told.value is None


def test_more_than_can_be_taken_at_once_is_refused_whole(store, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_AT_ONCE", 2)
    path = tmp_path / "list.csv"
    path.write_bytes(table(*(row(number=str(n), name=f"Điểm {n}") for n in range(3))))
    found = reading.read(store, PEOPLE["planner"], PROVINCE, path, "list.csv")
    assert found.blocked
    assert every(store) == []
