"""The map page as its user meets it: layers, tables, panel, search, address, keyboard."""

import re
import unicodedata

import pytest
from opened import PROVINCE, open_map
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
ZOOM = "() => map_diemthu.getZoom()"
# Where on the screen some place inside a commune is.
INSIDE = """(code) => {
  const {shape} = Diemthu.layers.communes.get(code);
  const box = shape.getBounds();
  for (let step = 1; step < 400; step += 1) {
    const lat = box.getSouth() + (box.getNorth() - box.getSouth()) * ((step * 0.618) % 1);
    const lon = box.getWest() + (box.getEast() - box.getWest()) * ((step * 0.414) % 1);
    if (shape._containsPoint(map_diemthu.latLngToLayerPoint([lat, lon]))) {
      const {x, y} = map_diemthu.latLngToContainerPoint([lat, lon]);
      return [x, y];
    }
  }
}"""
CENTRE = "() => [map_diemthu.getCenter().lat, map_diemthu.getCenter().lng]"
PICTURE = """() => document.querySelector("canvas.leaflet-zoom-animated").toDataURL()"""


def drawn_anew(page: Page, before: str) -> None:
    """Wait until the canvas shows another picture than before."""
    page.wait_for_function(f"(before) => ({PICTURE})() !== before", arg=before)


def layer(page: Page, name: str) -> dict:
    return page.request.get(f"/{PROVINCE}/layers/{name}.json").json()


def plain(name: str) -> str:
    """Return a name as one types it without marks."""
    spread = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(each for each in spread if not unicodedata.combining(each)).lower()


def vietnamese(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def figure(page: Page, name: str) -> str:
    return page.locator(f"[data-figure={name}] dd").inner_text()


def test_the_key_figures_are_those_of_the_layers(page):
    open_map(page)
    coverage, gaps = layer(page, "coverage"), layer(page, "gaps")
    unserved = coverage["people"] - coverage["people_covered"]
    assert figure(page, "people") == f"{vietnamese(coverage['people'])} người"
    assert figure(page, "unserved") == f"{vietnamese(unserved)} người"
    assert figure(page, "direct") == str(coverage["points_direct"])
    assert figure(page, "online") == str(coverage["points_online"])
    assert figure(page, "gaps") == str(len(gaps["gaps"]))
    assert page.locator("#base").inner_text().startswith("Cơ sở dân số")
    assert page.locator(".demo").first.inner_text() == "Dữ liệu minh họa"


def test_the_page_needs_no_horizontal_scroll(page):
    open_map(page)
    for width, height in ((1366, 768), (1024, 700), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(100)
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_every_layer_can_be_switched_off_and_on(page):
    open_map(page)
    for name in ("communes", "borders", "direct", "gaps"):
        before = page.evaluate(PICTURE)
        box = page.locator(f"#switches input[value={name}]")
        box.uncheck()
        drawn_anew(page, before)
        box.check()
    for name, sign in (("plan", ".pin-plan"), ("gaps", ".pin-gaps"), ("names", ".name")):
        assert page.locator(sign).count() > 0, name
        page.locator(f"#switches input[value={name}]").uncheck()
        expect(page.locator(sign)).to_have_count(0)


def test_the_communes_can_be_coloured_by_four_measures_each_with_its_legend(page):
    open_map(page)
    legends, pictures = [], []
    assert page.locator("#measure").input_value() == "share"
    for measure in ("share", "load", "distance", "points"):
        page.locator("#measure").select_option(measure)
        if pictures:
            drawn_anew(page, pictures[-1])
        legend = page.locator("#legend").inner_text()
        assert "chưa có số liệu" in legend
        assert legend.count("\n") == 5
        legends.append(legend)
        pictures.append(page.evaluate(PICTURE))
    assert len(set(legends)) == len(set(pictures)) == 4


def test_a_click_on_a_row_shows_the_commune_and_its_figures(page):
    open_map(page)
    known = [it for it in layer(page, "coverage")["communes"] if it["share_covered"] is not None]
    worst = min(known, key=lambda it: it["share_covered"])
    page.locator(f"tr[data-key=c{worst['code']}]").click()
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_have_text(worst["name"])
    assert f"{vietnamese(worst['people'])} người" in panel.inner_text()
    expect(page.locator("tr.chosen")).to_have_attribute("data-key", f"c{worst['code']}")
    panel.get_by_role("button", name="Đóng").click()
    expect(panel).to_be_hidden()


def test_a_click_on_the_map_shows_the_commune_and_marks_its_row(page):
    open_map(page)
    for name in ("direct", "gaps", "plan", "names"):
        page.locator(f"#switches input[value={name}]").uncheck()
    largest = max(layer(page, "coverage")["communes"], key=lambda it: it["area_km2"])
    x, y = page.evaluate(INSIDE, largest["code"])
    page.locator("#map_diemthu").click(position={"x": x, "y": y})
    expect(page.locator("#panel h2")).to_have_text(largest["name"])
    expect(page.locator("tr.chosen th")).to_have_text(largest["name"])


def test_search_finds_a_commune_without_its_marks(page):
    open_map(page)
    names = [each["name"] for each in layer(page, "coverage")["communes"]]
    wanted = next(each for each in names if "đ" in each.lower().removeprefix("đặc khu"))
    bare = re.sub(r"^(xã|phường|đặc khu) ", "", wanted, flags=re.IGNORECASE)
    page.locator("#search").fill(plain(bare))
    rows = page.locator("#table tbody th")
    expect(rows.filter(has_text=wanted)).to_have_count(1)
    assert rows.count() < len(names) / 2
    page.locator("#search").fill("không có tên này")
    expect(page.locator("#table")).to_contain_text("Tìm thấy 0")


def test_names_are_sorted_in_vietnamese_order(page):
    open_map(page)
    page.locator("#table thead").get_by_role("button", name="Tên").click()
    names = page.locator("#table tbody th").all_inner_texts()
    bare = [re.sub(r"^(Xã|Phường|Đặc khu) ", "", each) for each in names]
    collated = page.evaluate("(all) => [...all].sort(new Intl.Collator('vi').compare)", bare)
    assert bare == collated
    assert bare != sorted(bare)


def test_the_keyboard_alone_leads_from_the_first_tab_to_a_suggested_point(page):
    open_map(page)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("#tab-communes").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-plan")).to_have_attribute("aria-selected", "true")
    row = page.locator("tr[data-key=s2] button")
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_contain_text("Điểm thu đề xuất số 2")
    expect(page.locator(".pin-plan.chosen")).to_have_text("2")
    page.locator(".pin-plan.chosen").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_contain_text("Điểm thu đề xuất số 3")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def test_the_address_keeps_place_choice_layers_and_measure(page):
    open_map(page)
    page.locator("#tab-gaps").click()
    page.locator("tr[data-key=g1]").click()
    page.locator("#switches input[value=direct]").uncheck()
    page.locator("#measure").select_option("distance")
    expect(page).to_have_url(re.compile(r"/g1/[^d]*/distance$"))
    where, address = (page.evaluate(ZOOM), page.evaluate(CENTRE)), page.url
    page.goto("about:blank")
    open_map(page, address)
    assert page.evaluate(ZOOM) == pytest.approx(where[0], abs=0.01)
    assert page.evaluate(CENTRE) == pytest.approx(where[1], abs=1e-4)
    expect(page.locator("tr.chosen")).to_have_attribute("data-key", "g1")
    expect(page.locator("#switches input[value=direct]")).not_to_be_checked()
    assert page.locator("#measure").input_value() == "distance"


def test_a_gap_of_the_table_page_opens_on_the_map(page):
    page.goto(f"/{PROVINCE}/gaps")
    page.locator("tbody a").nth(1).click()
    page.wait_for_selector("body[data-ready='true']")
    expect(page.locator("#panel .kicker")).to_have_text("Khoảng trống số 2")


def test_english_is_one_button_away_and_the_view_stays(page):
    open_map(page)
    page.locator("#tab-gaps").click()
    page.locator("tr[data-key=g1]").click()
    expect(page.locator("#panel .kicker")).to_have_text("Khoảng trống số 1")
    page.locator(".language button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.wait_for_selector("body[data-ready='true']")
    expect(page.locator("#panel .kicker")).to_have_text("Gap 1")
    assert page.locator("[data-figure=people] dd").inner_text().count(",") >= 1


def test_another_standard_changes_the_figures(page):
    open_map(page)
    before = figure(page, "unserved")
    page.locator("select[name=standard]").select_option("1")
    page.get_by_role("button", name="Xem").click()
    page.wait_for_selector("body[data-ready='true']")
    assert "standard=1" in page.url
    assert figure(page, "unserved") != before
    assert "bán kính 1 km" in page.locator("#base").inner_text()


def test_asking_for_suggestions_leads_to_them_on_the_map(page):
    open_map(page)
    page.locator("#tab-plan").click()
    page.locator("input[name=points]").fill("7")
    page.get_by_role("button", name="Đề xuất", exact=True).click()
    page.wait_for_url("**tab=plan*")
    page.wait_for_selector("body[data-ready='true']")
    expect(page.locator("#table tbody tr")).to_have_count(7)
    assert figure(page, "plan").startswith("7")
