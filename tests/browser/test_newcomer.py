"""The path of a newcomer: the commune served worst, three points that serve it best, the comparison.

Every click is counted: what is to be found by somebody without a manual is few clicks away.
"""

import re

import pytest
from opened import PROVINCE, WAIT_MS, own_copy, served
from openpyxl import load_workbook
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser
POINTS = 3


@pytest.fixture(scope="module")
def site(demonstration, tmp_path_factory):
    """Serve a copy of the demonstration of this module's own: scenarios are made in it."""
    with served(own_copy(demonstration, tmp_path_factory.mktemp("newcomer"))) as address:
        yield address


class Hand:
    """Clicks, and knows how often since it was last asked."""

    def __init__(self) -> None:
        self._clicks = 0

    def click(self, what: Locator) -> None:
        self._clicks += 1
        what.click()

    def clicks(self) -> int:
        count, self._clicks = self._clicks, 0
        return count


def ready(page) -> None:
    page.wait_for_selector("body[data-ready='true']", timeout=WAIT_MS)


def whole(text: str) -> int:
    return int(re.sub(r"[^\d]", "", text))


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["laptop", "phone"])
def test_a_newcomer_finds_the_worst_commune_places_three_points_and_exports(page, tmp_path, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    areas = page.request.get(f"/{PROVINCE}/layers/coverage.json").json()["communes"]
    worst = min(areas, key=lambda it: it["people_covered"] / it["people"])
    hand = Hand()

    page.goto("/")
    hand.click(page.get_by_role("link", name="Toàn cảnh").first)
    hand.click(page.locator("table.worst tbody a").first)
    expect(page.locator("h1")).to_contain_text(worst["name"])
    assert hand.clicks() <= 2

    hand.click(page.get_by_role("button", name="Thử đặt thêm điểm thu").first)
    ready(page)
    promised = []
    for step in range(1, POINTS + 1):
        best = page.locator("#places-box .picks li").first
        promised.append(whole(best.locator(".gain").inner_text()))
        with page.expect_response(re.compile("/part/places")):  # the list follows what was added
            hand.click(best.get_by_role("button", name="Thêm tại đây"))
        expect(page.locator("#changes .count")).to_contain_text(f"Bước {step} trên {step}")
        # Whoever was counted is not counted again: the next place serves other people.
        expect(page.locator("#places-box .part")).not_to_have_attribute("aria-busy", "true")
    assert promised == sorted(promised, reverse=True)
    assert hand.clicks() <= 1 + POINTS

    hand.click(page.locator(".foot").get_by_role("link", name="So sánh"))
    ready(page)
    with page.expect_download() as waiting:
        hand.click(page.get_by_role("link", name="Excel"))
    assert hand.clicks() <= 2

    path = tmp_path / "so-sanh.xlsx"
    waiting.value.save_as(path)
    rows = load_workbook(path).worksheets[0].iter_rows(values_only=True, min_row=2)
    now, then, gained, lost = next(row[3:7] for row in rows if row[0] == worst["code"])
    assert (now, lost) == (worst["people_covered"], 0)
    assert then - now == gained == sum(promised) > 0
