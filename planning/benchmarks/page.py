"""How much the map page sends and how soon it is ready, as a first visit without any cache."""

import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

import waitress

from planning.settings import Settings
from planning.store.session import Store
from planning.web import create_app

BUDGET_BYTES = 350_000
BUDGET_READY_S = 2.0
LINK = re.compile(r'(?:src|href)="(/(?:static|map-shell)[^"]*)"')
FONT = re.compile(r'url\("(vendor/[^"]+)"\)')
VIEW = re.compile(r'<script type="application/json" id="view">(.*?)</script>', re.DOTALL)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def measure_page(store: Store, province: str) -> dict[str, Any]:
    """Return bytes and server seconds of every file of the map page, and seconds to ready.

    `bytes` are bodies as sent, gzip where the server compresses; headers are not counted.
    `first_s` is the first answer, `again_s` the second, when layers are kept. `ready_s` is
    the time from the request of the page to all layers painted in a Chromium with an empty
    cache, the best of three; None where no Chromium or no playwright is found.
    """
    with _served(store) as address:
        page = f"/{province}/map"
        files = [_measured(address, path) for path in (page, *_parts(address, page))]
        total = sum(each["bytes"] for each in files)
        ready = _ready_s(address + page)
    return {
        "province": province, "files": files, "bytes": total, "ready_s": ready,
        "budget_bytes": BUDGET_BYTES, "budget_ready_s": BUDGET_READY_S,
        "within_budget": total < BUDGET_BYTES and (ready is None or ready < BUDGET_READY_S),
    }  # fmt: skip


@contextmanager
def _served(store: Store) -> Iterator[str]:
    """Serve the database of `store` on a free port; yield the address."""
    app = create_app(Settings.from_environment({"DIEMTHU_DATABASE": str(store.path)}))
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(5)
        app.extensions["planning"].close()


def _parts(address: str, page: str) -> list[str]:
    """Return the paths of everything the page loads: scripts, styles, letters, layers."""
    text = _text(address + page)
    found = dict.fromkeys(LINK.findall(text))
    letters = [f"/static/{each}" for each in FONT.findall(_text(address + "/static/diemthu.css"))]
    view = VIEW.search(text)
    if view is None:
        raise LookupError(page)
    return [*found, *letters, *json.loads(view[1])["sources"].values()]


def _text(address: str) -> str:
    with urlopen(address, timeout=120) as answer:  # noqa: S310 - our own server
        return str(answer.read().decode())


def _measured(address: str, path: str) -> dict[str, Any]:
    seconds = []
    for _ in range(2):
        request = Request(address + path, headers={"Accept-Encoding": "gzip"})  # noqa: S310 - our own server
        start = time.perf_counter()
        with urlopen(request, timeout=120) as answer:  # noqa: S310 - our own server
            body = answer.read()
        seconds.append(round(time.perf_counter() - start, 4))
    return {"path": path, "bytes": len(body), "first_s": seconds[0], "again_s": seconds[1]}


def _ready_s(address: str) -> float | None:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where installed
    except ImportError:
        return None
    if path is None:
        return None
    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for _ in range(3):
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            page = context.new_page()
            start = time.perf_counter()
            page.goto(address, wait_until="commit")
            page.wait_for_selector("body[data-ready='true']", timeout=60_000)
            times.append(time.perf_counter() - start)
            context.close()
        browser.close()
    return round(min(times), 3)
