"""A planner's messy spreadsheet: from the upload to points on the data page, in the browser."""

import pytest
from opened import PROVINCE
from openpyxl import Workbook
from playwright.sync_api import expect
from test_every_page import issues

pytestmark = pytest.mark.browser


@pytest.fixture
def messy(page, tmp_path):
    """Return a list with a title, a heading nobody knows, exchanged places, a bad word, a total."""
    topology = page.request.get(f"/{PROVINCE}/layers/points.json").json()
    at = {name: place for place, name in enumerate(topology["columns"])}
    places = [(row[at["lat"]], row[at["lon"]]) for row in topology["rows"][:12]]
    book = Workbook()
    sheet = book.active
    sheet.title = "DS điểm thu"
    sheet.append(["DANH SÁCH ĐIỂM THU BHXH, BHYT"])
    sheet.append([])
    sheet.append(["STT", "Tên điểm", "Hình thức", "V.độ", "Kinh độ", "Trạng thái", "Ghi chú"])
    for number, (lat, lon) in enumerate(places, start=1):
        lat, lon = f"{lat:.6f}".replace(".", ","), f"{lon:.6f}".replace(".", ",")  # noqa: PLW2901
        pair = (lon, lat) if number == 4 else (lat, lon)
        status = "Đang sửa" if number == 6 else "Hoạt động"
        sheet.append([number, f"Bưu cục {number} <b>", "Trực tiếp", *pair, status, ""])
    path = tmp_path / "Danh sách điểm thu.xlsx"
    book.save(path)
    return path


def test_a_messy_spreadsheet_goes_from_upload_to_points_and_back(page, messy):
    page.goto(f"/{PROVINCE}/data")
    before = page.locator("section.import").count()
    page.get_by_role("link", name="Nhập dữ liệu").click()
    page.get_by_label("Điểm thu BHXH, BHYT").check()
    page.locator("input[type=file]").set_input_files(messy)
    expect(page.locator(".picked")).to_contain_text(messy.name)
    page.get_by_role("button", name="Đọc tệp").click()

    expect(page.locator("h1")).to_contain_text(messy.name)
    keep = page.locator(".keep").get_by_role("button", name="Nhập", exact=True)
    expect(keep).to_be_disabled()
    assert issues(page) == []
    page.locator("label.missing select").select_option("V.độ")
    page.get_by_role("button", name="Xem lại").first.click()

    expect(page.locator(".import-map")).to_have_attribute("data-ready", "true")
    expect(keep).to_be_disabled()
    page.get_by_label("Có, sửa như vậy").check()
    page.locator(".decisions").get_by_role("button", name="Xem lại").click()

    expect(page.locator(".import-map")).to_have_attribute("data-ready", "true")
    expect(page.locator("#map-said")).to_have_text("hiển thị 11 trên 11")
    expect(keep).to_be_enabled()
    assert issues(page) == []
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_label("Tôi đồng ý bỏ 1 dòng").check()
    keep.click()

    expect(page.locator(".saved")).to_contain_text("giữ 11 dòng, bỏ 1 dòng")
    expect(page.locator("section.import")).to_have_count(before + 1)
    expect(page.locator(".unsettled")).to_contain_text(messy.name)
    assert issues(page) == []
    newest = page.locator("section.import").first
    newest.get_by_text("Hoàn tác lần nhập này").click()
    newest.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".saved")).to_contain_text("Đã hoàn tác")
    expect(page.locator("section.import").first).to_contain_text("đã hoàn tác ngày")


def test_the_import_needs_no_script(browser, site, messy):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"/{PROVINCE}/import")
    plain.get_by_label("Điểm thu BHXH, BHYT").check()
    plain.locator("input[type=file]").set_input_files(messy)
    plain.get_by_role("button", name="Đọc tệp").click()
    plain.locator("label.missing select").select_option("V.độ")
    plain.get_by_role("button", name="Xem lại").first.click()
    plain.get_by_label("Không, bỏ các dòng này").check()
    plain.get_by_role("button", name="Xem lại").first.click()
    expect(plain.get_by_label("Tôi đồng ý bỏ 2 dòng")).to_be_visible()
    plain.get_by_role("button", name="Bỏ tệp").click()
    expect(plain.locator("h1")).to_have_text("Nhập dữ liệu")
    context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_that_takes_a_file_can_be_read_by_everyone(page, language):
    page.goto(f"/{PROVINCE}/import?lang={language}")
    assert issues(page) == []
    page.get_by_role("radio").nth(2).check()
    assert issues(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
