"""Overview, coverage and the sheet of a commune in the browser: choices answered at once, print."""

import re

import pytest
from opened import PROVINCE, WAIT_MS
from playwright.sync_api import Page, expect
from test_every_page import issues

pytestmark = pytest.mark.browser
COVERAGE = f"/{PROVINCE}/coverage"
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
READY = "body[data-ready='true']"
# The commune of the demonstration with the most points has more than a sheet can list.
SHEETS = ("99002", "99035")


def open_coverage(page: Page, query: str = "") -> None:
    page.goto(COVERAGE + query)
    page.wait_for_selector(READY, timeout=WAIT_MS)


def served(page: Page) -> str:
    return page.locator("#measured .figure dd").nth(1).inner_text()


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize(
    "name", ["overview", "coverage", "coverage?measure=surface", "communes/99002"]
)
def test_the_pages_can_be_used_by_everyone_in_both_languages(page, name, size):
    page.set_viewport_size(size)
    for language in ("vi", "en"):
        page.goto(f"/{PROVINCE}/{name}{'&' if '?' in name else '?'}lang={language}")
        if name.startswith("coverage"):
            page.wait_for_selector(READY, timeout=WAIT_MS)
        page.evaluate(
            "() => document.querySelectorAll('main details').forEach((it) => { it.open = true; })"
        )
        assert issues(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_radius_is_answered_while_it_is_typed_and_the_address_says_it(page):
    open_coverage(page)
    before = served(page)
    page.locator("input[name=km]").fill("1")
    expect(page).to_have_url(re.compile(r"standard=1&"))
    page.wait_for_selector(READY)
    assert served(page) != before
    expect(page.locator("input[value=radius]")).to_be_checked()
    assert "standard=1" in (page.locator(".top nav a").nth(3).get_attribute("href") or "")
    # The same address gives the same figures to whoever it is sent to.
    now = served(page)
    page.reload()
    page.wait_for_selector(READY, timeout=WAIT_MS)
    assert served(page) == now
    page.go_back()
    page.wait_for_selector(READY, timeout=WAIT_MS)
    expect(page.locator("#measured .figure dd").nth(1)).to_have_text(before)


def test_a_radius_that_cannot_be_is_not_asked_for(page):
    open_coverage(page)
    page.locator("input[name=km]").fill("70")
    page.wait_for_timeout(500)
    assert "standard" not in page.url


def test_the_surface_is_laid_over_the_map_and_its_classes_are_stated(page):
    open_coverage(page)
    assert page.locator("img.cells").count() == 0
    page.locator("select[name=measure]").select_option("surface")
    picture = page.locator("img.cells")
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('img.cells').naturalWidth > 100")
    expect(page.locator(".classes li")).to_have_count(6)
    # The picture covers the communes and nothing else: within a few pixels of their bounds.
    gap = page.evaluate("""() => {
      const box = document.querySelector("img.cells").getBoundingClientRect();
      const map = map_diemthu.getContainer().getBoundingClientRect();
      let all = null;
      map_diemthu.eachLayer((layer) => { if (layer.feature) {
        all = all ? all.extend(layer.getBounds()) : L.latLngBounds(layer.getBounds()); } });
      const low = map_diemthu.latLngToContainerPoint(all.getSouthWest());
      const high = map_diemthu.latLngToContainerPoint(all.getNorthEast());
      return Math.max(Math.abs(box.left - map.left - low.x), Math.abs(box.right - map.left - high.x),
        Math.abs(box.top - map.top - high.y), Math.abs(box.bottom - map.top - low.y)); }""")
    assert gap < 4


def test_a_heading_sorts_without_leaving_the_page_and_keeps_the_keyboard_there(page):
    open_coverage(page)
    page.evaluate("() => { window.still = true; }")
    page.locator("table.sorted thead a").nth(1).press("Enter")
    expect(page.locator("table.sorted thead th").nth(1)).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("table.sorted thead a").nth(1)).to_be_focused()
    people = [int(each.replace(".", "")) for each in
              page.locator("table.sorted tbody td:nth-child(2)").all_inner_texts()]  # fmt: skip
    assert people == sorted(people)
    assert page.evaluate("() => window.still") is True


def test_a_commune_is_opened_from_the_map_and_from_the_table(page):
    open_coverage(page)
    name = page.locator("table.sorted tbody a").first.inner_text()
    page.locator("table.sorted tbody a").first.click()
    expect(page.locator("h1")).to_contain_text(name)
    page.go_back()
    page.wait_for_selector(READY, timeout=WAIT_MS)
    page.locator(".wide-map .folium-map").click(position={"x": 600, "y": 220})
    page.wait_for_url(re.compile(rf"/{PROVINCE}/communes/\d{{5}}"))
    expect(page.locator("svg.picture")).to_be_visible()


def test_the_tables_and_the_form_work_without_a_script(browser, site):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(COVERAGE)
    page.locator("input[value=radius]").check()
    page.locator("input[name=km]").fill("5")
    page.locator("#ask button").click()
    expect(page).to_have_url(re.compile(r"standard=5"))
    page.locator("table.sorted thead a").first.click()
    expect(page.locator("table.sorted thead th").first).to_have_attribute("aria-sort", "ascending")
    context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", SHEETS)
def test_the_sheet_of_a_commune_is_one_page_of_a4(page, code, language):
    page.goto(f"/{PROVINCE}/communes/{code}?lang={language}")
    body = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", body)) == 1
    size = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", body)
    assert size is not None
    assert (round(float(size[1])), round(float(size[2]))) == (595, 842)


def test_what_does_not_fit_on_the_sheet_is_counted_on_it(page):
    page.goto(f"/{PROVINCE}/communes/{SHEETS[0]}")
    rows = page.locator("section:last-of-type tbody tr")
    assert rows.count() > 16
    expect(page.locator(".printed-only").last).to_be_hidden()
    page.emulate_media(media="print")
    shown = sum(row.is_visible() for row in rows.all())
    said = re.search(r"\d+", page.locator(".printed-only").last.inner_text())
    assert said is not None
    assert shown + int(said[0]) == rows.count()


def test_from_the_overview_the_worst_gap_is_two_clicks_away(page):
    page.goto("/")
    page.get_by_role("link", name="Toàn cảnh").first.click()
    expect(page.locator(".tile")).to_have_count(8)
    page.locator("section[aria-labelledby=h-gaps] tbody a").first.click()
    page.wait_for_selector(READY, timeout=WAIT_MS)
    expect(page.locator("#panel h2")).to_be_visible()
    expect(page.locator("#panel")).to_contain_text("1")
