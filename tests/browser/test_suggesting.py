"""From the question to the plan in the browser: progress, stopping, refusal, a phone, no script."""

import re

import pytest
from opened import PROVINCE, WAIT_MS
from playwright.sync_api import Page, expect
from test_every_page import issues

pytestmark = pytest.mark.browser
PAGE = f"/{PROVINCE}/suggestions"
PLAN = re.compile(r"/suggestions/\d+$")
PATIENCE_MS = 6 * WAIT_MS


def put(page: Page, **fields: str) -> None:
    """Open the form, fill it in and press the button."""
    page.goto(PAGE)
    page.evaluate("document.querySelectorAll('.question details').forEach((it) => it.open = true)")
    for name, value in fields.items():
        page.locator(f'[name="{name}"]').first.fill(value)
    page.get_by_role("button", name="Đề xuất", exact=True).click()


def long_question(page: Page) -> None:
    """Ask what takes longer than anybody waits, and wait for its page."""
    page.goto(PAGE)
    page.locator("#objective").select_option("mean distance")
    page.locator("#effort").select_option("thorough")
    page.locator("#points").fill("300")
    page.get_by_text("Cách tính", exact=True).click()
    page.get_by_label("Đánh dấu từng vị trí").check()
    page.get_by_label("Tìm thêm vị trí").check()
    page.get_by_role("button", name="Đề xuất", exact=True).click()
    page.wait_for_selector("#job", timeout=PATIENCE_MS)


def test_a_question_leads_to_its_plan_and_the_plan_to_the_map(page):
    put(page, points="9")
    page.wait_for_url(PLAN, timeout=PATIENCE_MS)
    expect(page.locator("tbody tr")).to_have_count(9)
    number = page.url.rpartition("/")[2]
    assert issues(page) == []
    page.get_by_role("link", name="Mở bản đồ").click()
    page.wait_for_selector("body[data-ready='true']", timeout=PATIENCE_MS)
    assert f"plan={number}" in page.url
    expect(page.locator("#table tbody tr")).to_have_count(9)
    page.go_back()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tệp lập lại").click()
    assert waiting.value.suggested_filename == f"diemthu-{PROVINCE}-replay-{number}.json"


def test_a_long_calculation_shows_how_far_it_is_and_is_stopped_with_its_best_plan(page):
    long_question(page)
    expect(page.locator('[data-part="figure"]')).to_contain_text("Khoảng cách", timeout=PATIENCE_MS)
    assert issues(page) == []
    clock = page.locator('[data-part="clock"]').inner_text()
    expect(page.locator('[data-part="clock"]')).not_to_have_text(clock)  # goes on by itself
    page.get_by_role("button", name="Dừng, giữ đề xuất tốt nhất").click()
    page.wait_for_url(PLAN, timeout=PATIENCE_MS)
    expect(page.locator("h1")).to_contain_text("Đề xuất số")
    expect(page.locator("tbody tr").first).to_be_visible()


def test_a_long_calculation_goes_on_while_its_page_is_closed_and_is_cancelled(page):
    long_question(page)
    address = page.url
    page.goto(PAGE)
    page.get_by_role("link", name="Lượt tính số").click()
    assert page.url == address
    page.get_by_role("button", name="Hủy", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("đã bị hủy")
    expect(page.locator("#points")).to_have_value("300")
    assert issues(page) == []


def test_an_impossible_question_says_what_would_make_it_possible(page):
    put(page, points="1", **{"rules.per_commune.least": "9"})
    expect(page.get_by_role("alert")).to_contain_text("Không đề xuất nào", timeout=PATIENCE_MS)
    expect(page.locator(".warning li").first).to_be_visible()
    expect(page.locator('[name="rules.per_commune.least"]')).to_have_value("9")
    assert issues(page) == []


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_whole_form_can_be_used_by_everyone(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(PAGE)
    page.evaluate("document.querySelectorAll('.question details').forEach((it) => it.open = true)")
    assert issues(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    page.locator("#objective").select_option("fewest points")
    expect(page.locator("#target")).to_be_visible()
    page.locator("#objective").select_option("most people")
    expect(page.locator("#target")).to_be_hidden()


def test_a_lost_connection_is_said_and_found_again(page):
    long_question(page)
    lost = page.locator('[data-part="lost"]')
    page.route("**/jobs/*.json*", lambda route: route.fulfill(body="no"))
    expect(lost).to_contain_text("Máy chủ không trả lời")
    page.unroute("**/jobs/*.json*")
    expect(lost).to_be_empty()
    page.get_by_role("button", name="Hủy", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("đã bị hủy")


def test_without_scripts_a_calculation_is_followed_too(browser, site):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    plain = context.new_page()
    plain.goto(PAGE)
    plain.locator("#points").fill("11")
    plain.get_by_role("button", name="Đề xuất", exact=True).click()
    plain.wait_for_url(PLAN, timeout=PATIENCE_MS)
    expect(plain.locator("h1")).to_contain_text("Đề xuất số")
    context.close()


def test_the_curve_is_drawn_and_a_step_leads_to_the_question_for_it(page):
    put(page, points="6")
    page.wait_for_url(PLAN, timeout=PATIENCE_MS)
    page.get_by_role("button", name="Tính đường cong và lộ trình").click()
    chart = page.locator("#curve svg")
    chart.wait_for(timeout=PATIENCE_MS)
    page.locator("#curve summary").click()
    assert issues(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_label("Số điểm thu mở mỗi quý").fill("2")
    page.locator("#curve form").get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator("#curve .data:not(.narrow) tbody tr")).to_have_count(3)
    # The tenth step, between the bottom of the chart and the curve: the whole column leads on.
    step = chart.locator("a").nth(9).locator("rect")
    step.click(position={"x": 2, "y": 200})
    page.wait_for_url(re.compile(r"like=\d+&points=10"), timeout=PATIENCE_MS)
    expect(page.locator("#points")).to_have_value("10")
