"""The application in a real browser, on the demonstration province, with no other host."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress
from opened import PROVINCE, WAIT_MS
from playwright.sync_api import Browser, Page, sync_playwright

from planning.bootstrap import open_supervisor
from planning.model.siting import SuggestionAsk
from planning.services import demo, siting
from planning.services.requests import AnalysisRequest
from planning.settings import Settings
from planning.store.session import Store
from planning.web import create_app

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    named = os.environ.get("DIEMTHU_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("No Chromium was found, and CI may not leave out the browser tests.")
        pytest.skip("no Chromium was found; install one or name it in DIEMTHU_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the demonstration province and a plan of 40 points.

    The processes of one test run share the making; each has a copy of its own.
    """
    own = tmp_path_factory.mktemp("demonstration") / "demonstration.db"
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    ready = shared / "ready"
    try:
        shared.mkdir()
    except FileExistsError:
        for _ in range(WAIT_MS // 100):
            if ready.exists():
                break
            time.sleep(0.1)
    else:
        try:
            make_database(shared / "demonstration.db")
        finally:
            ready.touch()  # also after a failure, which the copy below then shows everywhere
    shutil.copy(shared / "demonstration.db", own)
    return own


def make_database(path: Path) -> None:
    store = Store(path)
    store.upgrade()
    demo.load_province(store)
    siting.suggest(store, AnalysisRequest(PROVINCE), SuggestionAsk())
    store.close()  # the last connection puts the journal into the file


@pytest.fixture(scope="session")
def site(database: Path) -> Iterator[str]:
    """Return the address of the application, served as `diemthu serve` serves it."""
    settings = Settings.from_environment({"DIEMTHU_DATABASE": str(database)})
    app = create_app(settings)
    supervisor = open_supervisor(settings)
    supervisor.start()
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)
    supervisor.stop()
    app.extensions["planning"].close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """Return a page that, at the end, has asked no other host, broken no policy and no script."""
    wrong: list[str] = []
    context = browser.new_context(
        base_url=site, viewport={"width": 1366, "height": 768}, reduced_motion="reduce"
    )
    context.set_default_timeout(WAIT_MS)

    def look(request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith((site + "/", "data:", "blob:", "file:")):
            wrong.append(f"asked another host: {url}")

    context.on("request", look)
    opened = context.new_page()
    opened.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    opened.on(
        "console",
        lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None,
    )
    yield opened
    context.close()
    assert not wrong


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the browser tests in one process: two browsers with two servers starve each other's jobs."""
    for item in items:
        if "browser" in item.keywords and item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("browser"))
