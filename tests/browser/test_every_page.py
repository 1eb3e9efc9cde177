"""Every page in the browser: readable by everyone; the map file without a network."""

from pathlib import Path

import pytest
from opened import PROVINCE, open_map
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
VENDOR = Path(__file__).resolve().parents[2] / "planning" / "web" / "static" / "vendor"
PAGES = (
    "", "gaps", "suggestions", "suggestions/1", "overview", "coverage", "communes/99002", "reform", "standard",
    "compliance", "compliance/rules", "data", "attention", "workload?units=5", "access-and-results",
    "register", "register/organisations", "register/staff", "register/inspections",
    "register/inspections/new", "results", "results/communes?vintage=2025-07-01", "results/below?list=staff",
    "results/cascade?organisation=0000000001", "results/potential", "results/opened",
)  # fmt: skip
ISSUES = """async () => (await axe.run()).violations.map(
  (each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`)"""


def local(url: str) -> bool:
    return url.startswith(("file:", "data:"))


def issues(page: Page) -> list[str]:
    """Return what axe finds wrong; its script is handed to the page by the test."""
    script = next(VENDOR.glob("axe-core-*/axe.min.js")).read_text(encoding="utf-8")
    page.evaluate(script)
    return page.evaluate(ISSUES)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_read_by_everyone(page, name):
    page.goto(f"/{PROVINCE}/{name}" if name else "/")
    expect(page.locator("h1")).to_be_visible()
    assert issues(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_map_page_can_be_used_by_everyone_in_english_too(page):
    open_map(page, f"/{PROVINCE}/map?lang=en")
    assert issues(page) == []


@pytest.mark.parametrize("tab", ["gaps", "plan"])
def test_the_map_page_can_be_used_by_everyone_with_something_chosen(page, tab):
    open_map(page)
    page.locator(f"#tab-{tab}").click()
    page.locator("#table tbody tr").first.click()
    expect(page.locator("#panel h2")).to_be_visible()
    assert issues(page) == []


def test_the_map_can_be_used_on_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_map(page)
    expect(page.locator("details.layers")).not_to_have_attribute("open", "")
    assert issues(page) == []


def test_tables_of_the_pages_are_sorted_by_a_click(page):
    page.goto(f"/{PROVINCE}/gaps")
    heading = page.locator("thead th").nth(2)
    heading.get_by_role("button").click()
    values = [float(each) for each in page.locator("tbody td:nth-child(3)").evaluate_all(
        "(cells) => cells.map((each) => each.dataset.value || '-1')")]  # fmt: skip
    known = [each for each in values if each >= 0]
    assert known == sorted(known)
    assert heading.get_attribute("aria-sort") == "ascending"


def test_the_map_file_opens_without_a_network(page, browser, tmp_path):
    page.goto(f"/{PROVINCE}/suggestions/1")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tệp bản đồ").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    context = browser.new_context(offline=True, viewport={"width": 1366, "height": 768})
    wrong: list[str] = []
    alone = context.new_page()
    alone.on("request", lambda it: local(it.url) or wrong.append(it.url))
    alone.on("pageerror", lambda error: wrong.append(str(error)))
    alone.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    open_map(alone, file.as_uri())
    expect(alone.locator(".demo")).to_have_text("Dữ liệu minh họa")
    alone.locator("#tab-plan").click()
    alone.locator("tr[data-key=s1]").click()
    expect(alone.locator("#panel")).to_contain_text("Điểm thu đề xuất số 1")
    assert alone.locator("form").count() == 0
    context.close()
    assert wrong == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_phone_shows_every_page_of_the_navigation_and_the_figures_that_count(page, language):
    page.set_viewport_size({"width": 390, "height": 844})
    for name in ("gaps", "suggestions/1"):
        page.goto(f"/{PROVINCE}/{name}?lang={language}")
        for link in page.locator(".top nav a").all():
            box = link.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
        for column in (3, 4):  # people, distance
            box = page.locator(f"tbody tr:first-child td:nth-child({column})").bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= 375
        expect(page.locator(".slide")).to_be_visible()
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(page.locator(".slide")).to_be_hidden()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_panel_and_the_form_beside_the_map_are_not_cut(page, language):
    open_map(page, f"/{PROVINCE}/map?lang={language}")
    page.locator("#table tbody tr").first.click()
    hidden = "(each) => each.scrollHeight - each.clientHeight"
    assert page.locator("#panel").evaluate(hidden) <= 1
    page.locator("#tab-plan").click()
    box = page.locator(".plan-form button").bounding_box()
    side = page.locator(".side").bounding_box()
    assert box is not None
    assert side is not None
    assert box["y"] + box["height"] <= side["y"] + side["height"]
    text = """(it) => { const pen = document.createElement("canvas").getContext("2d");
      pen.font = getComputedStyle(it).font;
      return it.clientWidth - pen.measureText(it.selectedOptions[0].text).width; }"""
    assert page.locator(".plan-form select").evaluate(text) >= 20  # room for the arrow


def test_english_pages_name_gaps_in_english(page):
    open_map(page, f"/{PROVINCE}/map?lang=en")
    page.locator("#tab-gaps").click()
    names = page.locator("#table tbody th").all_inner_texts()
    page.goto(f"/{PROVINCE}/gaps?lang=en")
    assert names == page.locator("tbody th").all_inner_texts()
    assert not [name for name in names if "cách" in name]
    assert all(" km from " in name for name in names)
