"""Review rounds: frozen for good, handed out, and decided from the list."""

import io
import json
import zipfile

import openpyxl
import pytest

from planning.model.errors import ImportRefusedError, NotFoundError, RequestError
from planning.model.packet import Packet
from planning.model.people import Action, ForbiddenError
from planning.model.proposals import State
from planning.services.review import deciding, drafting, meeting, rounds
from planning.services.review.steps import BulkError
from planning.store import audit, proposals
from planning.store.session import Store
from tests.planning.review.acting import PEOPLE, PROVINCE, at, attempt, content
from tests.planning.review.test_decisions import TO_APPRAISED

PLANNER, REVIEWER, APPROVER = PEOPLE["planner"], PEOPLE["reviewer"], PEOPLE["approver"]
ABOUT = ("Phiên rà soát quý IV", "2026-12-10")


def appraised(store: Store, x: float, **more):
    now = drafting.propose(store, PLANNER, PROVINCE, content(x, **more))
    for who, action in TO_APPRAISED:
        now = attempt(store, PLANNER if who == "post" else PEOPLE[who], action, now)
    return now


@pytest.fixture
def chosen(store):
    return [appraised(store, x, name=f"Điểm thu {x}") for x in (1, 6, 7)]


@pytest.fixture
def made(store, chosen):
    return rounds.make(store, REVIEWER, PROVINCE, ABOUT, [each.number for each in chosen])


def filled(store: Store, head, folder, **decisions: tuple[str, str, str, str]):
    """Return the spreadsheet of a round with decisions by the end of a number."""
    body = rounds.hand_out(store, REVIEWER, rounds.one(store, REVIEWER, PROVINCE, head.number),
                           "danh-sach.xlsx")  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(body))
    sheet = next(each for each in book if any(
        cell.value == "Quyết định" for row in each.iter_rows() for cell in row))  # fmt: skip
    (top,) = [cell.row for row in sheet.iter_rows() for cell in row if cell.value == "Quyết định"]
    heads = {cell.value: cell.column for cell in sheet[top] if cell.value}
    columns = [heads[each] for each in ("Quyết định", "Mã lý do", "Lý do", "Số văn bản")]
    for row in range(top + 1, sheet.max_row + 1):
        said = " ".join(str(cell.value) for cell in sheet[row])
        for end, values in decisions.items():
            if f"-000{end.removeprefix('n')}" in said:
                for column, value in zip(columns, values, strict=True):
                    sheet.cell(row, column).value = value or None
    path = folder / "quyết định.xlsx"
    book.save(path)
    return path


def test_a_round_holds_what_was_chosen_as_it_stood(store, chosen, made):
    assert (made.number, made.name, made.day) == (1, *ABOUT)
    _, packet = rounds.one(store, REVIEWER, PROVINCE, 1)
    assert packet.fingerprint == made.fingerprint
    assert [row.number for row in packet.proposals] == [each.number for each in chosen]
    assert packet.origin.synthetic  # the toy district is labelled as made up
    deciding.comment(store, REVIEWER, at(chosen[0]), "xem lại")
    now = rounds.present(store, made)
    assert [(then, each.version - then) for then, each in now] == [
        (chosen[0].version, 1), (chosen[1].version, 0), (chosen[2].version, 0)]  # fmt: skip


def test_people_gained_together_are_counted_once(store, chosen, made):
    """Points at 6 and 7 km both reach the fourth commune: 3 km by a ruler."""
    _, packet = rounds.one(store, REVIEWER, PROVINCE, made.number)
    alone = [rounds.make(store, REVIEWER, PROVINCE, ABOUT, [each.number]) for each in chosen[1:]]
    gains = [rounds.one(store, REVIEWER, PROVINCE, each.number)[1].gained_together for each in alone]  # fmt: skip
    both = rounds.make(store, REVIEWER, PROVINCE, ABOUT, [each.number for each in chosen[1:]])
    together = rounds.one(store, REVIEWER, PROVINCE, both.number)[1].gained_together
    assert max(gains) <= together <= sum(gains)
    assert packet.gained_together >= together


def test_the_same_round_gives_the_same_files_whatever_came_after(store, chosen, made, monkeypatch):
    before = rounds.hand_out(
        store, REVIEWER, rounds.one(store, REVIEWER, PROVINCE, 1), rounds.WHOLE
    )
    deciding.approve(store, APPROVER, [at(chosen[0], document="1/QĐ")])
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    after = rounds.hand_out(store, APPROVER, rounds.one(store, APPROVER, PROVINCE, 1), rounds.WHOLE)
    assert before == after
    with zipfile.ZipFile(io.BytesIO(before)) as packed:
        manifest = json.loads(packed.read("manifest.json"))
        kept = Packet.of(json.loads(packed.read("ho-so-phien.json")))
    assert manifest["fingerprint"] == made.fingerprint == kept.fingerprint
    assert {"tong-hop.pdf", "phu-luc.pdf", "to-trinh.docx", "danh-sach.xlsx"} <= set(
        manifest["files"]
    )


def test_making_and_taking_are_told(store, chosen, made):
    rounds.hand_out(store, REVIEWER, rounds.one(store, REVIEWER, PROVINCE, 1), "danh-sach.csv")
    with store.reading() as db:
        told = {each.tag: each.facts for each in audit.events(db, PROVINCE, area="round")}
        assert list(audit.breaks(db)) == []
    assert told["round:round:made"]["proposals"] == [each.number for each in chosen]
    assert told["round:round:made"]["fingerprint"] == made.fingerprint
    assert told["round:document:taken"]["document"] == "danh-sach.csv"


@pytest.mark.parametrize(
    ("about", "who", "error"),
    [((" ", "2026-12-10"), "reviewer", RequestError), (("Tên", "10/12/2026"), "reviewer", RequestError),
     (ABOUT, "planner", ForbiddenError), (ABOUT, "neighbour", ForbiddenError)],
)  # fmt: skip
def test_what_cannot_be_a_round_is_refused(store, chosen, about, who, error):
    with pytest.raises(error):
        rounds.make(store, PEOPLE[who], PROVINCE, about, [chosen[0].number])
    with pytest.raises(RequestError):
        rounds.make(store, REVIEWER, PROVINCE, ABOUT, [])
    with pytest.raises(NotFoundError):
        rounds.one(store, REVIEWER, PROVINCE, 1)


def test_a_draft_is_not_laid_before_a_meeting(store):
    draft = drafting.propose(store, PLANNER, PROVINCE, content())
    with pytest.raises(RequestError, match="not sent in"):
        rounds.make(store, REVIEWER, PROVINCE, ABOUT, [draft.number])


@pytest.mark.usefixtures("chosen")
def test_the_decisions_of_a_meeting_are_taken_from_its_spreadsheet(store, made, tmp_path):
    path = filled(
        store, made, tmp_path,
        n1=("Phê duyệt", "", "Đủ điều kiện", "15/QĐ-BHXH"),
        n2=("Không phê duyệt", "NHU_CAU", "Ít người", ""),
        n3=("Yêu cầu bổ sung", "", "Bổ sung ảnh", ""),
    )  # fmt: skip
    found = meeting.read(store, made, path)
    assert found.blocked == 0, [each.code for each in found.report]
    with store.reading() as db:
        assert {each.state for each in proposals.listed(db, PROVINCE)} == {State.APPRAISED}
    done = meeting.take(store, APPROVER, made, found)
    assert [each.state for each in done] == [State.APPROVED, State.NOT_APPROVED, State.MORE_WANTED]
    assert done[0].decision.document == "15/QĐ-BHXH"
    assert done[1].decision.price is not None
    assert done[2].wanted[0].text == "Bổ sung ảnh"
    with store.reading() as db:
        assert proposals.events(db, done[0].id)[-1].facts["round"] == made.number
    with pytest.raises(ImportRefusedError):  # the same file again: everything changed since
        meeting.take(store, APPROVER, made, meeting.read(store, made, path))


@pytest.mark.usefixtures("chosen")
def test_a_spreadsheet_with_one_fault_decides_nothing(store, made, tmp_path):
    path = filled(
        store, made, tmp_path, n1=("Phê duyệt", "", "", "15/QĐ"), n2=("Có lẽ", "", "", "")
    )
    with pytest.raises(ImportRefusedError) as refused:
        meeting.take(store, APPROVER, made, meeting.read(store, made, path))
    assert [each.column for each in refused.value.findings if each.code == "decision-unknown"]
    path = filled(store, made, tmp_path, n1=("Phê duyệt", "", "", "15/QĐ"), n2=("Phê duyệt", "", "", ""))  # fmt: skip
    with pytest.raises(RequestError, match="document"):
        meeting.take(store, APPROVER, made, meeting.read(store, made, path))
    path = filled(store, made, tmp_path, n1=("Phê duyệt", "", "", "15/QĐ"), n2=("Phê duyệt", "", "", "15/QĐ"))  # fmt: skip
    with pytest.raises(BulkError) as refused:  # a reviewer does not decide, whatever the file says
        meeting.take(store, REVIEWER, made, meeting.read(store, made, path))
    assert [type(each) for each in refused.value.lines] == [ForbiddenError] * 2
    with store.reading() as db:
        assert {each.state for each in proposals.listed(db, PROVINCE)} == {State.APPRAISED}


def test_a_proposal_changed_after_the_list_was_printed_is_not_decided_from_it(
    store, chosen, made, tmp_path
):
    path = filled(store, made, tmp_path, n1=("Phê duyệt", "", "", "15/QĐ"), n2=("Phê duyệt", "", "", "15/QĐ"))  # fmt: skip
    attempt(store, REVIEWER, Action.COMMENT, chosen[1])
    found = meeting.read(store, made, path)
    assert [each.code for each in found.report] == ["proposal-changed"]
    with pytest.raises(ImportRefusedError):
        meeting.take(store, APPROVER, made, found)
