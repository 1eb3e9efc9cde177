"""Every page as a picture, in both languages and on two screens, for a reviewer to look at.

`python -m planning.benchmarks.screenshots FOLDER [DATABASE PROVINCE]`; without a database the
demonstration province is loaded into one that is thrown away.
"""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from planning.benchmarks.browsing import DRAWN, LAPTOP, PHONE, WAIT_MS, chromium, pages_of, served
from planning.benchmarks.pictured import demonstration, single_pages
from planning.services.demo import PROVINCE as DEMONSTRATION
from planning.store.session import Store

LANGUAGES = ("vi", "en")
CHOICES = ("coverage?measure=surface", "coverage?measure=load&by=former&sort=name",
           "map?tab=plan", "no-such-page")  # fmt: skip


def write(folder: Path, database: Path, province: str) -> Iterator[str]:
    """Write a picture of every page to `folder`; yield what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        served(database) as (address, app),
        chromium(os.environ.get("DIEMTHU_CHROMIUM")) as browser,
    ):
        if browser is None:
            raise SystemExit("No Chromium was found; install one or name it in DIEMTHU_CHROMIUM.")
        paths = ["/", "/import", *pages_of(app, province)]
        paths += [f"/{province}/{each}" for each in (*_single(database, province), *CHOICES)]
        for width, height in (LAPTOP, PHONE):
            context = browser.new_context(
                viewport={"width": width, "height": height}, reduced_motion="reduce"
            )
            page = context.new_page()
            for path in paths:
                for language in LANGUAGES:
                    name = f"{_name(path)}-{language}-{width}x{height}.png"
                    _picture(page, address + path, language, folder / name)
                    yield name
            context.close()


def _picture(page: Any, address: str, language: str, file: Path) -> None:
    page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}", timeout=WAIT_MS)
    page.wait_for_selector(DRAWN, state="attached", timeout=WAIT_MS)
    page.screenshot(path=file, full_page=True)


def _name(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "provinces"


def _single(database: Path, province: str) -> list[str]:
    store = Store(database)
    found = list(single_pages(store, province))
    store.close()
    return found


def main(arguments: Sequence[str]) -> None:
    """Write the pictures that the arguments ask for and say how many there are."""
    if len(arguments) not in (1, 3):
        raise SystemExit("Give a folder, or a folder, a database and a province.")
    with TemporaryDirectory() as temporary:
        if len(arguments) == 3:
            database, province = Path(arguments[1]), arguments[2]
        else:
            database, province = demonstration(Path(temporary)), DEMONSTRATION
        count = sum(1 for _ in write(Path(arguments[0]), database, province))
    print(f"{count} pictures are in {arguments[0]}.")  # noqa: T201 - this is a program


if __name__ == "__main__":
    main(sys.argv[1:])
