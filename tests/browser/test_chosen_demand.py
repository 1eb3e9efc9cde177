"""The choice of demand in the browser: answered at once, kept from page to page, readable."""

import re

import pytest
from opened import PROVINCE, WAIT_MS
from playwright.sync_api import Page, expect
from test_every_page import issues

pytestmark = pytest.mark.browser
READY = "body[data-ready='true']"
NEED = "uninsured"


def figure(page: Page, place: int) -> str:
    return page.locator("#measured .figure dd").nth(place).inner_text()


def test_another_demand_is_answered_in_place_and_goes_along(page):
    page.goto(f"/{PROVINCE}/coverage?lang=vi")
    page.wait_for_selector(READY, timeout=WAIT_MS)
    everybody = figure(page, 0)
    page.select_option("select[name=demand]", NEED)
    expect(page).to_have_url(re.compile(rf"demand={NEED}"))
    expect(page.locator("#measured .need strong")).to_have_text("người chưa tham gia BHYT")
    assert figure(page, 0) != everybody
    page.locator(".top nav").get_by_role("link", name="Khoảng trống").click()
    expect(page.locator("select[name=demand]")).to_have_value(NEED)
    # Without a script the page has a button; back at everybody the address says nothing.
    page.select_option("select[name=demand]", "")
    page.locator("form.demand button").click()
    expect(page.locator("main .need")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1366])
def test_pages_of_a_need_can_be_used_by_everyone(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    for name in ("gaps", "suggestions", "communes/99002", "coverage"):
        for language in ("vi", "en"):
            page.goto(f"/{PROVINCE}/{name}?demand={NEED}&lang={language}")
            if name == "coverage":
                page.wait_for_selector(READY, timeout=WAIT_MS)
            assert issues(page) == []
            assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_map_counts_those_of_the_need(page):
    page.goto(f"/{PROVINCE}/map?demand={NEED}&lang=vi")
    page.wait_for_selector(READY, timeout=WAIT_MS)
    expect(page.locator("#base")).to_contain_text("Nhu cầu được tính:")
    expect(page.locator("[data-figure=people] dt")).to_have_text("Số người được tính")
    assert issues(page) == []
