"""Opening the map of the demonstration province."""

from playwright.sync_api import Page

PROVINCE = "99"
WAIT_MS = 30_000


def open_map(page: Page, path: str = f"/{PROVINCE}/map") -> None:
    """Open the map and wait until every layer is painted."""
    page.goto(path)
    page.wait_for_selector("body[data-ready='true']", timeout=WAIT_MS)
