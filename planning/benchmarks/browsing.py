"""Serving a database to a Chromium, and what the browser says of a page."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import waitress
from flask import Flask

from planning.settings import Settings
from planning.web import create_app

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LAPTOP, PHONE = (1366, 768), (390, 844)
WAIT_MS = 60_000
# Pages with a map say so themselves once it is drawn.
DRAWN = "body:not(:has(.folium-map)), body[data-ready='true']"
PROVINCE_ONLY = re.compile(r"^/<province:province>/[a-z-]+$")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A page opened with an empty cache: bytes over the line with their headers, seconds."""

    path: str
    bytes: int
    requests: int
    ready_s: float


@contextmanager
def served(database: Path) -> Iterator[tuple[str, Flask]]:
    """Serve a database on a free port; yield the address and the application."""
    app = create_app(Settings.from_environment({"DIEMTHU_DATABASE": str(database)}))
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}", app
    finally:
        time.sleep(0.3)  # the threads of the last answers end before what they write to does
        server.close()
        thread.join(5)
        app.extensions["planning"].close()


@contextmanager
def chromium(named: str | None = None) -> Iterator[Any]:
    """Start a Chromium that reaches no other host; yield None where none is found."""
    path = named or next(filter(None, map(shutil.which, CHROMIUM)), None)
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where installed
    except ImportError:
        path = None
    if path is None:
        yield None
        return
    args = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=args)
        try:
            yield browser
        finally:
            browser.close()


def opened(browser: Any, address: str, path: str) -> Loaded:
    """Open a page with an empty cache and wait until it is drawn."""
    context = browser.new_context(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
    page = context.new_page()
    line = context.new_cdp_session(page)
    sizes: list[int] = []
    line.on("Network.loadingFinished", lambda it: sizes.append(int(it["encodedDataLength"])))
    line.send("Network.enable")
    begun = time.perf_counter()
    page.goto(address + path, wait_until="load", timeout=WAIT_MS)
    page.wait_for_selector(DRAWN, state="attached", timeout=WAIT_MS)
    seconds = time.perf_counter() - begun
    context.close()
    return Loaded(path, sum(sizes), len(sizes), round(seconds, 3))


def pages_of(app: Flask, province: str) -> list[str]:
    """Return the address of every page of a province that needs nothing else to be named."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    found = sorted(rule.rule for rule in rules if PROVINCE_ONLY.match(rule.rule))
    moved = {"/<province:province>/communes"}  # an old address
    return [each.replace("<province:province>", province) for each in found if each not in moved]
