"""From appraised proposals to official codes by one review round, in the browser, without scripts too."""

from dataclasses import dataclass

import openpyxl
import pytest
from opened import PROVINCE, own_copy, served
from playwright.sync_api import expect
from test_every_page import issues

from planning.exports.packet.words import REASON_CODES
from planning.model.people import Action, local_user
from planning.model.proposals import (
    DEFAULT_CRITERIA,
    Condition,
    Content,
    Met,
    ProposalKind,
    Reason,
    SiteCheck,
    State,
)
from planning.services import siting
from planning.services.requests import AnalysisRequest
from planning.services.review import checking, computing, criteria, deciding, drafting, rounds
from planning.services.review.steps import Ask
from planning.store import proposals
from planning.store.session import Store

pytestmark = pytest.mark.browser
ROUNDS = f"/{PROVINCE}/rounds"
LOCAL = local_user(frozenset({PROVINCE}))
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}


@dataclass(frozen=True)
class Office:
    """An office with six appraised proposals, a round of the last three, and its database."""

    address: str
    store: Store


def appraised(store: Store, place) -> None:
    """Propose a point at a place of the plan and bring it before the meeting."""

    def ask(number: str) -> Ask:
        with store.reading() as db:
            version = proposals.load(db, PROVINCE, number).version
        return Ask(PROVINCE, number, version, Action.COMMENT)

    content = Content(ProposalKind.OPEN, f"Điểm thu {place.commune}", place.lon, place.lat,
                      organisation="3456789000")  # fmt: skip
    number = drafting.propose(store, LOCAL, PROVINCE, content).number
    computing.submit(store, LOCAL, ask(number))
    checking.begin(store, LOCAL, ask(number))
    met = tuple(Condition(each.code, Met.YES) for each in DEFAULT_CRITERIA)
    seen = SiteCheck("local", criteria.today(), met, placed=True, passed=True)
    checking.finish(store, LOCAL, ask(number), seen)
    deciding.appraise(store, LOCAL, [ask(number)])


@pytest.fixture(scope="module")
def office(demonstration, tmp_path_factory):
    database = own_copy(demonstration, tmp_path_factory.mktemp("office"))
    with served(database) as address:
        store = Store(database)
        (plan, *_) = siting.latest(store, AnalysisRequest(PROVINCE))
        for place in plan.sites[:6]:
            appraised(store, place)
        with store.reading() as db:
            last = [each.number for each in proposals.listed(db, PROVINCE)][3:]
        rounds.make(store, LOCAL, PROVINCE, ("Phiên trước", "2026-11-20"), last)
        yield Office(address, store)
        store.close()


@pytest.fixture(scope="module")
def site(office):
    return office.address


def states(store: Store) -> list[State]:
    with store.reading() as db:
        return [each.state for each in proposals.listed(db, PROVINCE)]


def fits(page) -> None:
    """The page is readable by everyone, and nothing sticks out to the side."""
    assert issues(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_meeting_from_appraised_proposals_to_codes(page, office, tmp_path):
    page.goto(f"/{PROVINCE}/proposals?state=appraised")
    for box in page.locator("input[name=chosen]").all()[:3]:
        box.check()
    page.get_by_role("button", name="Lập phiên rà soát từ các hồ sơ đã chọn").click()
    expect(page.locator("h1")).to_have_text("Lập phiên rà soát")
    expect(page.locator("input[name=chosen]:checked")).to_have_count(3)
    fits(page)
    page.get_by_label("Tên phiên").fill("Phiên rà soát quý IV")
    page.get_by_role("button", name="Lập phiên và giữ nguyên số liệu").click()
    expect(page.locator("h1")).to_have_text("Phiên rà soát quý IV")
    fits(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Danh sách để ghi quyết định (Excel)").click()
    path = tmp_path / "danh-sach.xlsx"
    waiting.value.save_as(path)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Toàn bộ tài liệu").click()
    whole = waiting.value.path().read_bytes()
    assert whole.startswith(b"PK")

    book = openpyxl.load_workbook(path)
    sheet = book["Danh sách"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row, verdict in enumerate(("Phê duyệt", "Phê duyệt", "Không phê duyệt"), start=2):
        sheet.cell(row, columns["Quyết định"]).value = verdict
        sheet.cell(row, columns["Số văn bản"]).value = "15/QĐ-BHXH"
    book.save(path)
    page.get_by_role("link", name="Nhập quyết định của phiên họp").first.click()
    fits(page)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.locator(".severity.s-blocks")).to_have_count(1)  # a refusal needs its reason
    expect(page.get_by_role("button", name="Xác nhận")).to_be_disabled()
    fits(page)
    page.get_by_role("button", name="Bỏ, không quyết định gì").click()

    sheet.cell(4, columns["Mã lý do"]).value = REASON_CODES[Reason.NEED]
    book.save(path)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.locator(".price")).to_contain_text("chưa được phục vụ")
    fits(page)
    assert set(states(office.store)) == {State.APPRAISED}
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.locator(".saved")).to_contain_text("2 phê duyệt, 1 không phê duyệt")
    fits(page)
    page.get_by_role("button", name="Cấp mã cho 2 điểm đã phê duyệt").click()
    expect(page.locator(".saved")).to_be_visible()
    assert states(office.store)[:3] == [State.CODE_ISSUED, State.CODE_ISSUED, State.NOT_APPROVED]
    page.goto(f"{ROUNDS}/2")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Toàn bộ tài liệu").click()
    assert waiting.value.path().read_bytes() == whole


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_of_rounds_can_be_read_by_everyone(page, language, size):
    page.set_viewport_size(size)
    for path in (ROUNDS, f"{ROUNDS}/new?state=", f"{ROUNDS}/1", f"{ROUNDS}/1/decisions"):
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        expect(page.locator("h1")).to_be_visible()
        fits(page)


def test_decisions_are_typed_and_taken_by_the_keyboard_without_scripts(browser, office):
    context = browser.new_context(base_url=office.address, java_script_enabled=False, viewport=DESK)
    page = context.new_page()
    page.goto(f"{ROUNDS}/1/decisions")
    page.get_by_label("Số văn bản chung").fill("16/QĐ-BHXH")
    verdict = page.locator("select[name^=verdict]").first
    verdict.focus()
    page.keyboard.type("Phê")
    expect(verdict).to_have_value("Phê duyệt")
    page.get_by_role("button", name="Xem trước cái giá").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/decisions/*")
    assert states(office.store)[3] is State.APPRAISED
    page.get_by_role("button", name="Xác nhận").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".saved")).to_contain_text("1 phê duyệt, 0 không phê duyệt")
    assert states(office.store)[3] is State.APPROVED
    context.close()
