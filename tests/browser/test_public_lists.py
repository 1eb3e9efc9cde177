"""From the register to what everybody reads: looked at, published, found, taken down."""

import pytest
from opened import PROVINCE
from playwright.sync_api import Page, expect
from test_every_page import issues

pytestmark = pytest.mark.browser
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 768}


def readable(page: Page) -> None:
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        assert issues(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_lists_are_looked_at_published_searched_and_taken_down(page):
    page.goto(f"/{PROVINCE}/publications")
    readable(page)
    page.get_by_role("link", name="Xem trước nội dung sẽ công khai").click()
    page.get_by_label("Số văn bản").fill("1935/BHXH-QLT")
    page.get_by_label("Ngày văn bản").fill("2025-07-17")
    readable(page)
    page.get_by_role("button", name="Công khai các danh sách này").click()
    expect(page.get_by_role("status")).to_have_text("Đã công khai các danh sách.")
    page.get_by_role("link", name="Trang công khai").click()
    expect(page.locator(".demo")).to_have_text("Dữ liệu minh họa")
    readable(page)
    page.get_by_label("Tên, địa chỉ hoặc tổ chức").fill("buu cuc")
    page.get_by_role("button", name="Tìm").click()
    names = page.locator("tbody th").all_inner_texts()
    assert names
    assert all("Bưu cục" in name for name in names)
    page.get_by_role("link", name="Nhân viên thu").click()
    readable(page)
    page.goto(f"/{PROVINCE}/publications")
    page.get_by_role("button", name="Gỡ xuống").click()
    expect(page.get_by_role("status")).to_contain_text("Đã gỡ các danh sách")
