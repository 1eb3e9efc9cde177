"""The application in a real browser, on the demonstration province, with no other host."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from opened import PROVINCE, WAIT_MS, own_copy, served, watched
from playwright.sync_api import Browser, Page, expect, sync_playwright

from planning.model.siting import SuggestionAsk
from planning.services import demo, siting
from planning.services.requests import AnalysisRequest
from planning.store.session import Store

expect.set_options(timeout=WAIT_MS)  # a busy machine is no fault of a page
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
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the demonstration province and a plan of 40 points, to be copied.

    The processes of one test run share the making. Nobody opens it: each serves a copy.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    ready = shared / "ready"
    try:
        shared.mkdir()
    except FileExistsError:
        for _ in range(6 * WAIT_MS // 100):
            if ready.exists():
                break
            time.sleep(0.1)
    else:
        try:
            make_database(shared / "demonstration.db")
        finally:
            ready.touch()  # also after a failure, which a copy then shows everywhere
    return shared / "demonstration.db"


def make_database(path: Path) -> None:
    store = Store(path)
    store.upgrade()
    demo.load_province(store)
    siting.suggest(store, AnalysisRequest(PROVINCE), SuggestionAsk())
    store.close()  # the last connection puts the journal into the file


@pytest.fixture(scope="session")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the application on the demonstration."""
    with served(own_copy(demonstration, tmp_path_factory.mktemp("served"))) as address:
        yield address


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """Return a page that, at the end, has asked no other host, broken no policy and no script."""
    with watched(browser, site) as opened:
        yield opened
