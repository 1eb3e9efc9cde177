"""Every bad or odd file: stopped or asked about with its place, mended when agreed, or accepted.

What each must lead to stands with the case (`tests.corpus.cases`), written from the
catalogue of bad inputs.
"""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import geo.sources.mending
from geo.findings import Severity
from tests.corpus import hostile, province
from tests.corpus.cases import CASES
from tests.corpus.expecting import Action, Case, problems
from tests.corpus.trying import GRAVE, Tried, expected_to_be_refused, tried, tried_apart

# rasterio 1.4 itself multiplies as affine 3 will no longer like.
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database that holds the toy province."""
    folder = tmp_path_factory.mktemp("province")
    province.database(folder / "province.db", folder)
    return folder / "province.db"


@pytest.fixture(scope="module")
def canary() -> Iterator[list[str]]:
    """Listen where the hostile files want their reader to call; return who called."""
    called: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            called.append(self.path)
            self.send_error(404)

        do_HEAD = do_POST = do_GET  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    before = hostile.CANARY
    hostile.CANARY = f"http://127.0.0.1:{server.server_address[1]}"
    yield called
    hostile.CANARY = before
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("case", [each for each in CASES if not each.hostile], ids=lambda c: c.id)
def test_a_file_leads_to_what_the_catalogue_says(case: Case, database: Path, tmp_path: Path):
    check(case, tried(case, database, tmp_path))


@pytest.mark.parametrize("case", [each for each in CASES if each.hostile], ids=lambda c: c.id)
def test_a_hostile_file_leads_to_it_in_time_and_calls_nobody(
    case: Case, database: Path, tmp_path: Path, canary: list[str], monkeypatch: pytest.MonkeyPatch
):
    if case.code == "geometry-too-complex":  # the others are to be mended, however slowly
        monkeypatch.setattr(geo.sources.mending, "SECONDS_A_SHAPE", 0.5)
    canary.clear()
    found = tried_apart(case, database, tmp_path)
    check(case, found)
    assert canary == []
    assert hostile.SECRET not in repr(found)


def check(case: Case, found: Tried) -> None:
    assert problems(case, found.seen) == []
    assert found.left_alone, "a table changed without an import"
    if expected_to_be_refused(case, found.seen):
        assert found.refused is not None
        assert found.told == in_the_way(found)
    else:
        assert found.refused is None
        assert found.told == found.seen.findings
    if case.kept is None:
        assert found.kept is None
    else:
        assert_kept(case, found.kept)


def in_the_way(found: Tried) -> tuple[Any, ...]:
    """Return the findings of an examination that must stand in the refusal of the import."""
    grave = tuple(each for each in found.seen.findings if each.severity in GRAVE)
    left_out = (each for each in found.seen.findings if each.severity is Severity.LEFT_OUT)
    return grave or tuple(left_out)


def assert_kept(case: Case, kept: Any) -> None:
    assert kept is not None, "nothing was kept"
    wanted = case.kept if isinstance(case.kept, dict | type(province.PEOPLE)) else {"": case.kept}
    if case.kind == "boundaries":
        assert_communes(dict(wanted), kept)
    elif case.kind == "points":
        assert sorted(kept) == sorted(wanted)
        for name, place in wanted.items():
            assert kept[name] == pytest.approx(province.degrees(place), abs=1e-5), name
    elif case.kind == "population":
        assert kept == wanted
    else:
        assert kept == pytest.approx(wanted, rel=1e-9)


def assert_communes(wanted: dict[str, float], kept: dict[str, Any]) -> None:
    written = {key: wanted.pop(key) for key in list(wanted) if key.startswith("name of ")}
    areas = {code: each for code, each in kept.items() if not code.startswith("name of ")}
    if "" in wanted:
        assert sum(areas.values()) == pytest.approx(wanted.pop(""), rel=1e-3)
    else:
        assert areas == pytest.approx(wanted, rel=1e-3)
    names = {code: kept[f"name of {code}"] for code in areas if code in province.NAMES}
    assert names == {code: written.get(f"name of {code}", province.NAMES[code]) for code in names}


def test_the_corpus_is_of_every_group_and_no_case_stands_twice():
    ids = [each.id for each in CASES]
    assert len(set(ids)) == len(ids) >= 150
    assert {each.group for each in CASES} >= {"boundaries", "points", "tables", "rasters",
                                              "archives", "letters", "hostile"}  # fmt: skip
    bad = [each for each in CASES if each.action is not Action.ACCEPTS]
    assert len(bad) >= 120


@pytest.mark.parametrize("wanted", [
    *(f"B{at:02}" for at in range(1, 45)), *(f"P{at:02}" for at in range(1, 28)),
    *(f"T{at:02}" for at in range(1, 30) if at != 25), *(f"R{at:02}" for at in range(1, 10)),
    *(f"A{at:02}" for at in range(1, 7)), *(f"D{at:02}" for at in range(1, 11)),
])  # fmt: skip
def test_every_line_of_the_catalogue_has_its_file(wanted):
    assert wanted in {each.id for each in CASES}


@pytest.mark.parametrize("case", [e for e in CASES if e.kind == "staff"], ids=lambda c: c.id)
def test_findings_on_staff_never_show_a_person(case: Case, database: Path, tmp_path: Path):
    found = tried(case, database, tmp_path)
    told = repr((found.seen.findings, found.told, found.refused, found.seen.sentence))
    shown = (tmp_path / "file" / "nhan_vien.csv").read_text(encoding="utf-8").splitlines()[1:]
    persons = {cell for line in shown for at, cell in enumerate(line.split(",")) if at in (0, 1, 3)}
    assert not [each for each in persons if each and each in told]


def test_the_readme_counts_the_files_there_are():
    text = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    good = sum(each.id.startswith("G") for each in CASES)
    assert f"makes {len(CASES)} files: {good} good ones" in text
