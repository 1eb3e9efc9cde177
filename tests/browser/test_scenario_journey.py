"""Scenarios in the browser: the journey of a planner, on the map and by keyboard; what goes wrong."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from opened import PROVINCE, WAIT_MS, own_copy, served
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

pytestmark = pytest.mark.browser
LIST = f"/{PROVINCE}/scenarios"
VENDOR = Path(__file__).resolve().parents[2] / "planning" / "web" / "static" / "vendor"
ISSUES = """async () => (await axe.run()).violations.map(
  (each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`)"""


@pytest.fixture(scope="module")
def site(demonstration, tmp_path_factory):
    """Serve a copy of the demonstration of this module's own: scenarios pile up in it."""
    with served(own_copy(demonstration, tmp_path_factory.mktemp("scenarios"))) as address:
        yield address


def ready(page: Page) -> None:
    page.wait_for_selector("body[data-ready='true']", timeout=WAIT_MS)


def new(page: Page, name: str) -> str:
    """Make a scenario by the form and return its address."""
    page.goto(LIST)
    page.get_by_label("Tên phương án mới").fill(name)
    page.get_by_role("button", name="Lập phương án").click()
    ready(page)
    return page.url


def people(page: Page, part: str) -> int:
    return int(page.locator(f"#bar .is-{part} dd").inner_text().strip("+−").replace(".", ""))


def issues(page: Page) -> list[str]:
    script = next(VENDOR.glob("axe-core-*/axe.min.js")).read_text(encoding="utf-8")
    page.evaluate(script)
    return page.evaluate(ISSUES)


def drag(page: Page, sign, right: int, down: int) -> None:
    box = sign.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=6)
    page.mouse.up()


def saved(page: Page, number: int) -> None:
    expect(page.locator("#changes .count")).to_contain_text(f"Bước {number} trên")


def add_at_worst_gap(page: Page, step: int) -> None:
    if page.locator("#gaps-box").get_attribute("open") is None:
        page.locator("#gaps-box > summary").click()
    first = page.locator("#gaps-box .picks li").first
    worst = first.inner_text()
    first.get_by_role("button", name="Thêm tại đây").click()
    saved(page, step)
    followed(page, "#gaps-box")
    expect(first).not_to_have_text(worst)  # the one just served is no longer the first


def followed(page: Page, box: str) -> None:
    """Wait until an open list of places has followed the last change."""
    expect(page.locator(f"{box} .part")).not_to_have_attribute("aria-busy", "true")


def test_from_the_worst_gap_over_three_points_to_the_exported_comparison(page):
    at = new(page, "Ba điểm")
    before = people(page, "beyond")
    for step in (1, 2, 3):
        add_at_worst_gap(page, step)
    gained = people(page, "gained")
    assert gained > 0
    assert people(page, "beyond") == before - gained
    new(page, "Hai điểm gần")
    page.locator("#places-box > summary").click()
    for step in (1, 2):
        page.locator("#places-box .picks li").first.get_by_role("button", name="Thêm tại đây").click()  # fmt: skip
        saved(page, step)
        followed(page, "#places-box")
    page.goto(LIST)
    page.get_by_label("So sánh Ba điểm").check()
    page.get_by_role("button", name="So sánh các phương án đã đánh dấu").click()
    ready(page)
    expect(page.locator("table").first).to_contain_text("phục vụ nhiều dân nhất")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Excel").click()
    assert waiting.value.suggested_filename.endswith(".xlsx")
    page.goto(at)
    with page.expect_download() as waiting:
        page.locator("#take > summary").click()
        page.get_by_role("link", name="GeoJSON").click()
    assert waiting.value.suggested_filename.endswith(".geojson")


def test_a_point_is_added_by_a_click_and_dragged_and_every_figure_follows(page):
    new(page, "Kéo")
    page.locator("#adding").click()
    box = page.locator("#map_diemthu").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
    saved(page, 1)
    page.keyboard.press("Escape")
    expect(page.locator("#adding")).to_have_attribute("aria-pressed", "false")
    place = page.locator("#changes small").first.inner_text()
    drag(page, page.locator("#map_diemthu .mark"), 60, -40)
    saved(page, 2)
    assert page.locator("#changes small").first.inner_text() != place
    page.keyboard.press("Control+z")
    saved(page, 1)
    expect(page.locator("#changes small").first).to_have_text(place)
    page.keyboard.press("Control+y")
    saved(page, 2)


def test_everything_is_done_by_keyboard_alone(page):
    new(page, "Bàn phím")
    page.get_by_label("Vĩ độ").last.focus()
    form = page.locator("#add-box form")
    form.get_by_label("Vĩ độ").focus()
    lat, lon = middle(page)
    page.keyboard.type(lat)
    page.keyboard.press("Tab")
    page.keyboard.type(lon)
    page.keyboard.press("Enter")
    saved(page, 1)
    summary = page.locator("#points-box > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.locator("#points-box input[name=find]").focus()
    page.keyboard.type("Bưu")
    page.keyboard.press("Enter")
    close = page.locator("#points .point-card").first.get_by_role("button", name="Chấm dứt")
    close.focus()
    page.keyboard.press("Enter")
    saved(page, 2)
    expect(page.locator("#changes")).to_contain_text("chấm dứt")
    undo = page.locator("#undo")
    undo.focus()
    page.keyboard.press("Enter")
    saved(page, 1)


def middle(page: Page) -> tuple[str, str]:
    """Return a place inside the province as the offices write it."""
    lat, lon = page.evaluate("() => {const c = Diemthu.layers.communes.values().next().value.shape; const p = c.getCenter(); return [p.lat, p.lng]}")  # fmt: skip
    return f"{lat:.5f}".replace(".", ","), f"{lon:.5f}".replace(".", ",")


def test_a_point_of_the_list_is_chosen_on_the_map_and_closed(page):
    new(page, "Đóng")
    layer = page.request.get(f"/{PROVINCE}/layers/points.json").json()
    row = next(each for each in layer["rows"] if each[2:4] == ["direct", "open"])
    page.evaluate("(r) => Diemthu.layers.state.choose('p', r[0], {name: r[1], lat: r[5], lon: r[4]})", row)  # fmt: skip
    card = page.locator("#points .point-card")
    expect(card).to_contain_text(row[1])
    card.get_by_role("button", name=re.compile("^Chấm dứt")).click()
    saved(page, 1)
    expect(page.locator("#map_diemthu .sign-close")).to_have_count(1)


def test_of_two_editors_the_second_is_told_and_his_sign_goes_back(page, browser, site):
    at = new(page, "Hai người")
    add_at_worst_gap(page, 1)
    context = browser.new_context(base_url=site, viewport={"width": 1366, "height": 768}, reduced_motion="reduce")  # fmt: skip
    other = context.new_page()
    other.goto(at)
    ready(other)
    add_at_worst_gap(page, 2)
    sign = other.locator("#map_diemthu .mark")
    before = sign.bounding_box()
    drag(other, sign, 50, 30)
    expect(other.locator("#trouble")).to_contain_text("Đã có người sửa phương án này")
    after = other.locator("#map_diemthu .mark").first.bounding_box()
    assert (after["x"], after["y"]) == pytest.approx((before["x"], before["y"]), abs=1)
    other.get_by_role("button", name="Tải trạng thái hiện nay").click()
    saved(other, 2)
    expect(other.locator("#map_diemthu .mark")).to_have_count(2)
    context.close()


@pytest.fixture
def forgiving(browser, site):
    """Return a page whose console may speak of requests that failed: they are meant to."""
    context = browser.new_context(base_url=site, viewport={"width": 1366, "height": 768}, reduced_motion="reduce")  # fmt: skip
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()


def test_a_connection_lost_in_mid_drag_loses_nothing(forgiving):
    page = forgiving
    new(page, "Mất mạng")
    add_at_worst_gap(page, 1)
    page.context.set_offline(True)
    drag(page, page.locator("#map_diemthu .mark"), 50, 20)
    expect(page.locator("#trouble")).to_contain_text("Mất kết nối")
    expect(page.locator("#status")).to_contain_text("1")
    page.context.set_offline(False)
    again = page.get_by_role("button", name="Gửi lại")
    with suppress(PlaywrightTimeoutError):  # the page may have sent it by itself meanwhile
        if again.is_visible():
            again.click(timeout=2000)
    saved(page, 2)
    expect(page.locator("#trouble")).to_be_hidden()


def test_a_change_whose_answer_was_lost_is_not_done_twice(forgiving):
    page = forgiving
    new(page, "Trả lời lạc")
    lost = []

    def swallow(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())  # the service does it; its answer never arrives
        route.abort()

    page.route("**/change.json*", swallow)
    page.locator("#gaps-box > summary").click()
    page.locator("#gaps-box .picks li").first.get_by_role("button", name="Thêm tại đây").click()  # fmt: skip
    expect(page.locator("#trouble")).to_contain_text("Mất kết nối")
    page.get_by_role("button", name="Gửi lại").click()
    saved(page, 1)
    assert page.locator("#changes li[data-id]").count() == 1


def test_what_waits_is_sent_after_the_page_was_loaded_anew(forgiving):
    page = forgiving
    at = new(page, "Tải lại")
    page.route("**/change.json*", lambda route: route.abort())
    page.locator("#gaps-box > summary").click()
    page.locator("#gaps-box .picks li").first.get_by_role("button", name="Thêm tại đây").click()  # fmt: skip
    expect(page.locator("#trouble")).to_contain_text("Mất kết nối")
    page.unroute("**/change.json*")
    page.goto(at)
    ready(page)
    saved(page, 1)


def test_the_maps_of_a_comparison_show_the_difference_and_move_in_step(page):
    first, second = new(page, "Trái"), new(page, "Phải")
    page.goto(first)
    ready(page)
    add_at_worst_gap(page, 1)
    ids = ",".join(each.rpartition("/")[2] for each in (first, second))
    page.goto(f"{LIST}/compare?ids={ids}")
    ready(page)
    expect(page.locator("#map-left .more span").first).to_be_visible()
    expect(page.locator("#legend li")).to_have_count(10)
    page.get_by_label("hai bản đồ song hành").check()
    expect(page.locator("#map-right")).to_be_visible()
    page.locator("#map-left .leaflet-control-zoom-in").click()
    expect(page).to_have_url(re.compile("mode=split"))
    scales = page.locator(".leaflet-control-scale-line:first-child")
    expect(scales.nth(1)).to_have_text(scales.nth(0).inner_text())
    page.reload()
    ready(page)
    expect(page.locator("#map-right")).to_be_visible()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_can_be_used_by_everyone(page, language):
    at = new(page, f"Mọi người {language}")
    add_at_worst_gap(page, 1)
    number = at.rpartition("/")[2]
    other = new(page, f"Khác {language}").rpartition("/")[2]
    for path in (LIST, at, f"{at}?part=places", f"{at}?points=7", f"{LIST}/compare?ids={number},{other}",
                 f"{LIST}/compare"):  # fmt: skip
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        if path not in (LIST, f"{LIST}/compare"):
            ready(page)
        assert issues(page) == [], path
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_a_phone_shows_the_workspace(page):
    page.set_viewport_size({"width": 390, "height": 844})
    at = new(page, "Điện thoại")
    add_at_worst_gap(page, 1)
    number = at.rpartition("/")[2]
    for path in (at, LIST, f"{LIST}/compare?ids={number}"):
        page.goto(path)
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, path
    page.goto(at)
    ready(page)
    assert issues(page) == []


def test_it_works_without_scripts(browser, site):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(LIST)
    page.get_by_label("Tên phương án mới").fill("Không mã")
    page.get_by_role("button", name="Lập phương án").click()
    page.locator("#gaps-box > summary").click()
    page.locator("#gaps-box").get_by_role("button", name="Xem").click()
    page.get_by_role("button", name="Thêm tại đây").first.click()
    expect(page.locator("#changes")).to_contain_text("Bước 1 trên 1")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#changes")).to_contain_text("Bước 0 trên 1")
    context.close()


def test_more_is_suggested_from_a_scenario_and_made_part_of_it(page):
    at = new(page, "Thêm nữa")
    add_at_worst_gap(page, 1)
    page.goto(f"{at}?points=3#more-box")
    ready(page)
    page.locator("#more-box").get_by_role("button", name="Đề xuất", exact=True).click()
    page.wait_for_url(re.compile(r"/suggestions/\d+$"), timeout=2 * WAIT_MS)
    assert issues(page) == []
    page.get_by_role("button", name="Thêm các điểm này vào phương án").click()
    ready(page)
    expect(page.locator("#changes li[data-id]")).to_have_count(4)
