"""Proposals in the browser: one from draft to operation through the pages, for everybody's eyes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from opened import PROVINCE, WAIT_MS, own_copy, served, watched
from playwright.sync_api import Browser, Page, expect
from test_every_page import issues

pytestmark = pytest.mark.browser
LIST = f"/{PROVINCE}/proposals"
CODE = "3456789000"
ORGANISATIONS = f"Mã tổ chức,Tên tổ chức dịch vụ thu\n{CODE},Bưu điện tỉnh Minh Họa\n"


@pytest.fixture(scope="module")
def reviewed(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the application on a copy that the tests here may change."""
    with served(own_copy(demonstration, tmp_path_factory.mktemp("reviewed"))) as address:
        yield address


@pytest.fixture
def desk(browser: Browser, reviewed: str) -> Iterator[Page]:
    """Return a page on that copy, watched for faults of scripts and of the policy."""
    with watched(browser, reviewed) as opened:
        yield opened


@pytest.fixture
def plain(browser: Browser, reviewed: str) -> Iterator[Page]:
    """Return a page in a browser that runs no scripts."""
    context = browser.new_context(base_url=reviewed, java_script_enabled=False)
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()


def readable(page: Page) -> None:
    assert issues(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def step(page: Page, name: str, **fields: str) -> None:
    """Take a step on the page of a proposal, by what its button says."""
    box = page.locator("details.step").filter(has=page.locator(f'summary:text-is("{name}")'))
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    for label, value in fields.items():
        box.locator(f"[name={label}]").first.fill(value)
    box.get_by_role("button", name=name, exact=True).click()


def bring_organisations(page: Page, folder: Path) -> None:
    file = folder / "organisations.csv"
    file.write_text(ORGANISATIONS, encoding="utf-8")
    page.goto(f"/{PROVINCE}/import?kind=organisations")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Đọc tệp").click()
    page.get_by_role("button", name="Nhập", exact=True).click()
    page.wait_for_url("**/data**")


def test_a_proposal_goes_from_draft_to_operation_through_the_pages(desk, tmp_path):
    page = desk
    bring_organisations(page, tmp_path)
    page.goto(LIST)
    readable(page)
    page.get_by_role("link", name="Lập hồ sơ mới").click()
    page.wait_for_selector("body[data-ready='true']")
    readable(page)
    page.fill("[name=name]", "Bưu cục Chợ Mới")
    page.locator(".place-map").click()
    lat, lon = (page.input_value(f"#{each}") for each in ("lat", "lon"))
    assert re.fullmatch(r"\d+,\d{6}", lat)
    assert re.fullmatch(r"\d+,\d{6}", lon)
    page.select_option("[name=organisation]", CODE)
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.wait_for_url(f"**{LIST}/DX-*")
    number = page.url.rpartition("/")[2]
    expect(page.locator("h1")).to_have_text("Bưu cục Chợ Mới")
    readable(page)

    step(page, "Gửi hồ sơ", document="12/ĐN-BĐ")
    expect(page.locator("body")).to_contain_text("Được phục vụ thêm")
    readable(page)
    step(page, "Yêu cầu bổ sung", wanted_text="Ghi rõ số nhà")
    page.get_by_role("link", name="Sửa", exact=True).click()
    expect(page.locator(".wish").first).to_contain_text("Ghi rõ số nhà")
    page.fill("[name=address]", "Số 7, ấp Đông")
    readable(page)
    page.get_by_role("button", name="Lưu", exact=True).last.click()
    step(page, "Gửi hồ sơ")
    step(page, "Bắt đầu xác minh thực địa")
    check(page)

    page.goto(f"{LIST}/{number}")
    step(page, "Thẩm định", reason="Đủ điều kiện")
    page.get_by_role("link", name="Không phê duyệt: xem trước cái giá phải trả").click()
    expect(page.locator(".price")).to_contain_text("người vẫn chưa được phục vụ")
    readable(page)
    page.get_by_role("link", name="Quay lại, không quyết định").click()
    step(page, "Phê duyệt", document="600/QĐ-BHXH", reason="Đúng nhu cầu")
    step(page, "Cấp mã điểm thu")
    expect(page.locator(".head-line")).to_contain_text(f"{CODE}TH{PROVINCE}")
    step(page, "Ghi nhận đã công khai", document="15/TB-BHXH")
    step(page, "Đưa vào hoạt động", day="2026-12-01")
    expect(page.locator(".head-line")).to_contain_text("Đang hoạt động")
    readable(page)
    history = page.locator(".history li").all_inner_texts()
    assert len(history) >= 11
    assert "600/QĐ-BHXH" in " ".join(history)
    assert "Bưu cục Chợ Mới" in page.request.get(f"/{PROVINCE}/layers/points.json").text()


def check(page: Page) -> None:
    """Write the check on site down on its own page and finish it: everything met."""
    page.get_by_role("link", name="Ghi kết quả xác minh thực địa").click()
    page.wait_for_url("**/checks/DX-*")
    for each in page.locator("input[type=radio][value=yes]").all():
        each.check(force=True)
    page.locator("input[name=place][value=same]").check(force=True)
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Kết thúc")).click()


def some_proposal(page: Page) -> None:
    """See to it that there is one, whichever test came before."""
    page.goto(LIST)
    if not page.locator("#proposals tbody tr").count():
        page.goto(f"{LIST}/new")
        for name, value in {"name": "Trạm y tế", "lat": "9,482", "lon": "107,45"}.items():
            page.fill(f"[name={name}]", value)
        page.get_by_role("button", name="Lưu bản nháp").click()
        page.wait_for_url(f"**{LIST}/DX-*")


def test_the_list_and_its_map_lead_to_each_other(desk):
    page = desk
    some_proposal(page)
    page.goto(LIST)
    page.wait_for_selector("body[data-ready='true']")
    row = page.locator("#proposals tbody tr").first
    row.locator(".locate").click()
    expect(row).to_have_class(re.compile("chosen"))
    expect(page.locator(".proposal-mark.chosen")).to_have_count(1)
    page.locator(".proposal-mark").first.click()
    readable(page)


@pytest.mark.parametrize(
    "path", ["", "/new", "/file", "/people", "/people/local", "/new?kind=move"]
)
def test_the_pages_can_be_used_on_a_phone(desk, path):
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(f"{LIST}{path}")
    expect(desk.locator("h1")).to_be_visible()
    readable(desk)


def test_without_scripts_a_proposal_is_made_changed_and_withdrawn(plain):
    page = plain
    page.goto(f"{LIST}/new")
    for name, value in (("name", "Bưu cục Tay"), ("lat", "9,95"), ("lon", "108,25")):
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.locator("h1")).to_have_text("Bưu cục Tay")
    page.get_by_role("link", name="Sửa", exact=True).click()
    page.fill("[name=note]", "Đổi ý")
    page.get_by_role("button", name="Lưu", exact=True).last.click()
    expect(page.locator(".history")).to_contain_text("Đổi ý")
    step(page, "Rút hồ sơ", reason="Không cần nữa")
    expect(page.locator(".head-line")).to_contain_text("Đã rút")
    page.goto(f"{LIST}?sort=name&down=1")
    expect(page.locator("#proposals")).to_contain_text("Bưu cục Tay")


def test_a_proposal_is_sent_in_by_the_keyboard_alone(desk):
    page = desk
    page.goto(f"{LIST}/new")
    page.locator("[name=name]").focus()
    page.keyboard.type("Bưu cục Phím")
    for field, value in (("lat", "9,95"), ("lon", "108,25")):
        page.locator(f"[name={field}]").focus()
        page.keyboard.type(value)
    page.keyboard.press("Enter")  # saves the draft: the first button of the form
    page.wait_for_url(f"**{LIST}/DX-*")
    page.locator("#step-submit summary").focus()
    page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.tagName") == "BUTTON":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".head-line")).to_contain_text("Đã gửi")
