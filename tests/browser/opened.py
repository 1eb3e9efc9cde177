"""Opening the demonstration province: a copy of it served, its map in a page."""

import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import waitress
from playwright.sync_api import Browser, Page

from planning.bootstrap import open_supervisor
from planning.database import Database
from planning.settings import Settings
from planning.web import create_app

PROVINCE = "99"
WAIT_MS = 30_000


def own_copy(demonstration: Path, folder: Path) -> Path:
    """Return a copy of a database that nothing in this process has open.

    Reading the file of an open database and closing it again lets go of the locks of SQLite
    in the whole process (see planning/store/session.py): only the untouched one is copied.
    """
    return Path(shutil.copy(demonstration, folder / "own.db"))


@contextmanager
def served(database: Path | Database) -> Iterator[str]:
    """Serve a database as `diemthu serve` does, jobs and all, and give the address.

    What stands beside a file, uploads and the key of cookies, is of no concern here: a
    database on a server would leave it in the program's folder.
    """
    address = database.address if isinstance(database, Database) else str(database)
    with TemporaryDirectory() as uploads:
        settings = Settings.from_environment({
            "DIEMTHU_DATABASE": address, "DIEMTHU_UPLOADS": uploads,
            "DIEMTHU_SECRET_KEY": secrets.token_hex(32),
        })  # fmt: skip
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


@contextmanager
def watched(browser: Browser, address: str) -> Iterator[Page]:
    """Give a page that, at the end, has asked no other host, broken no policy and no script."""
    wrong: list[str] = []
    context = browser.new_context(
        base_url=address, viewport={"width": 1366, "height": 768}, reduced_motion="reduce"
    )
    context.set_default_timeout(WAIT_MS)

    def look(request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith((address + "/", "data:", "blob:", "file:")):
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


def open_map(page: Page, path: str = f"/{PROVINCE}/map") -> None:
    """Open the map and wait until every layer is painted."""
    page.goto(path)
    page.wait_for_selector("body[data-ready='true']", timeout=WAIT_MS)
