"""The page of what needs a hand in the browser: list and map know each other; a mend and back."""

import pytest
from opened import PROVINCE, WAIT_MS, own_copy, served
from playwright.sync_api import Page, expect

from planning.services import imports
from planning.services.imports import Origin
from planning.store import layers
from planning.store.session import Store

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(demonstration, tmp_path_factory):
    """Serve a copy of the demonstration whose network is three points, all troubled."""
    folder = tmp_path_factory.mktemp("attention")
    own = own_copy(demonstration, folder)
    store = Store(own)
    with store.reading() as db:
        newest = layers.vintages(db, PROVINCE)[-1][0]
        communes = layers.load_communes(db, PROVINCE, newest)
    west, south, _, _ = communes.total_bounds.tolist()
    inside = communes.geometry.iloc[0].representative_point()
    path = folder / "troubled.csv"
    path.write_text(
        "Tên điểm thu,Vĩ độ,Kinh độ\n"
        f"Bưu cục Một,{inside.y:.6f},{inside.x:.6f}\n"
        f"Bưu cục Hai,{inside.y:.6f},{inside.x + 0.00004:.6f}\n"
        f"Bưu cục Xa,{south - 0.05:.6f},{west:.6f}\n",
        encoding="utf-8",
    )
    imports.import_points(store, path, Origin(synthetic=True), PROVINCE)
    store.close()
    with served(own) as address:
        yield address


def open_list(page: Page, query: str = "") -> None:
    page.goto(f"/{PROVINCE}/attention{query}")
    page.wait_for_selector("body[data-ready='true']", timeout=WAIT_MS)


def test_list_and_map_know_each_other(page):
    open_list(page)
    item = page.locator(".item", has_text="Bưu cục Xa")
    item.locator(".locate").click()
    expect(item).to_have_class("item chosen")
    # The chosen place now stands in the middle of the map, and a click there finds it again.
    page.evaluate("() => document.querySelector('.item.chosen').classList.remove('chosen')")
    box = page.locator("#map_diemthu").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(item).to_have_class("item chosen")


def test_a_mend_and_its_undoing_take_a_click_each(page):
    open_list(page)
    before = page.locator(".waiting").inner_text()
    page.get_by_role("button", name="Tạm dừng Bưu cục Xa").click()
    expect(page.locator(".saved")).to_contain_text("Tạm dừng Bưu cục Xa")
    expect(page.locator(".waiting")).to_have_text(str(int(before) - 1))
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".waiting")).to_have_text(before)


def test_it_works_without_scripts(browser, site):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/{PROVINCE}/attention")
    page.get_by_role("button", name="Vị trí đúng").first.click()
    expect(page.locator(".saved")).to_contain_text("Đã ghi nhận")
    page.locator(".saved").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".saved")).to_contain_text("Đã đưa lại")
    context.close()


def test_a_phone_shows_the_whole_page(page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_list(page)
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
