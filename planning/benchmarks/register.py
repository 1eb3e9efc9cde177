"""The register at full size: its import through the door of the browser, then every page of it.

Each import is beside reading the same file with pandas and inserting it unlooked at; each page
beside one count over the tables it is about. Seconds are process time of this process.
"""

import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.benchmarks.measured import peak_mb
from planning.benchmarks.register_files import Made, Size, made
from planning.bootstrap import open_store
from planning.model.days import today
from planning.model.people import local_user
from planning.model.publishing import Act
from planning.services import imports, publishing
from planning.services.demo import BEFORE, FOLDER, PROVINCE, SINCE, SOURCE
from planning.services.imports import Origin
from planning.services.register.handles import handle
from planning.settings import Settings
from planning.store import layers, register_tables, schema
from planning.store.session import Store
from planning.web import create_app

AIM_IMPORT_S, AIM_PAGE_S = 60.0, 0.3
_LEAST_S = 1e-4  # no clock tells less
AGAIN = 5  # times that a page is asked for after the first
OWN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
# Whose pages are measured, and the tables that each is about.
BLUEPRINTS = {
    "register": ("point", "organisation", "staff"), "register_records": ("point", "staff"),
    "register_edits": ("point",), "register_inspections": ("point", "inspection"),
    "compliance": ("point", "staff", "result"), "results": ("target", "result"),
    "results_files": ("target", "result"), "workload": ("point", "staff"),
    "mismatch": ("target", "result"), "public": ("point", "staff"), "publishing": ("point", "staff"),
}  # fmt: skip
# What people ask of a list besides its first page: addresses of endpoints named already.
SEARCHES = (
    ("register.points", "register?text=buu+cuc&sort=owner_name&page=40"),
    ("register.points", "register?sign=no&permanent=no&down=1"),
    ("register.staff", "register/staff?text=mau+99&sort=owner_name"),
    ("results.below", "results/below?at=2&list=staff"),
)
FILES = (
    "register/export/points.xlsx", "register/export/staff.xlsx", "compliance/export.xlsx",
    "workload/export/points.csv",
)  # fmt: skip
Found = TypeVar("Found")


@dataclass
class RegisterBench:
    """One measuring; `lines` yields the report, `result` has all figures afterwards."""

    size: Size = field(default_factory=Size)
    result: dict[str, Any] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """Yield the report line by line."""
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings.from_environment(
                {"DIEMTHU_DATABASE": str(Path(folder) / "bench.db"),
                 "DIEMTHU_UPLOADS": str(Path(folder) / "uploads")}
            )  # fmt: skip
            _lay_ground(settings)
            app = create_app(settings)
            store: Store = app.extensions["planning"]
            table = self._table(store)
            files = table.written(Path(folder))
            yield from self._imports(app, files, Path(folder) / "bare.db")
            _publish(store)
            yield from self._pages(app, store)
            store.close()
        self.result["peak_mb"] = peak_mb()
        yield f"peak {peak_mb():.0f} MB"

    def _table(self, store: Store) -> Made:
        with store.reading() as db:
            grid = layers.load_grid(db, PROVINCE)
            communes = layers.load_communes(db, PROVINCE, SINCE)
        assert grid is not None
        return made(self.size, grid, communes, PROVINCE)

    def _imports(self, app: Flask, files: dict[str, Path], bare: Path) -> Iterator[str]:
        client = app.test_client()
        total_s = bare_s = 0.0
        self.result["imports"] = {}
        for kind, path in files.items():
            bare_one, rows = _timed(lambda path=path, kind=kind: _bare(path, kind, bare))  # type: ignore[misc]
            took, _ = _timed(lambda path=path, kind=kind: _brought(client, kind, path))  # type: ignore[misc]
            total_s, bare_s = total_s + took, bare_s + bare_one
            self.result["imports"][kind] = {"rows": rows, "cpu_s": took, "bare_s": bare_one}
            yield _imported(f"{kind}: {rows} rows", took, bare_one)
        self.result["imports"]["all"] = {"cpu_s": total_s, "bare_s": bare_s}
        yield _imported("all of them", total_s, bare_s) + f" (aim: under {AIM_IMPORT_S:.0f} s)"

    def _pages(self, app: Flask, store: Store) -> Iterator[str]:
        """Yield a line for every page, the slowest first, and one for all."""
        client = app.test_client()
        bounds = {name: _counting(store, tables) for name, tables in BLUEPRINTS.items()}
        found = self.result["pages"] = {}
        for endpoint, path in _addresses(app, store):
            first, answer = _timed(lambda path=path: _asked(client, path))  # type: ignore[misc]
            rest = [_timed(lambda path=path: _asked(client, path))[0] for _ in range(AGAIN)]  # type: ignore[misc]
            found[path] = {
                "endpoint": endpoint, "status": answer[0], "bytes": answer[1], "first_s": first,
                "s": statistics.median(rest), "bound_s": bounds[endpoint.partition(".")[0]],
            }  # fmt: skip
        yield f"pages, seconds at first and after (median of {AGAIN}; aim: under {AIM_PAGE_S} s)"
        for path, each in sorted(found.items(), key=lambda one: -one[1]["s"]):
            wrong = "" if each["status"] == 200 else f" ANSWERED {each['status']}"
            yield (
                f"  {each['first_s']:6.3f} {each['s']:6.3f} s, {each['s'] / each['bound_s']:5.1f} "
                f"times a bare count, {each['bytes'] / 1000:5.0f} kB  {path}{wrong}"
            )
        yield from self._files(client, store)
        slow = [path for path, each in found.items() if each["s"] >= AIM_PAGE_S]
        yield f"{len(found)} pages, {len(slow)} at or over {AIM_PAGE_S} s"

    def _files(self, client: FlaskClient, store: Store) -> Iterator[str]:
        """Yield a line for every file handed out; no aim is set for them."""
        with store.reading() as db:
            newest = db.execute(sa.select(sa.func.max(register_tables.publication.c.id))).scalar()
        yield "files, seconds"
        public = (
            f"/public/{PROVINCE}/files/{name}"
            for name in ("points.xlsx", "staff.xlsx", "lists.json")
        )
        for path in (*(f"/{PROVINCE}/{each}" for each in FILES), *public,
                     f"/{PROVINCE}/publications/{newest}/files/staff.csv"):  # fmt: skip
            took, (status, size) = _timed(lambda path=path: _asked(client, path))  # type: ignore[misc]
            self.result.setdefault("files", {})[path] = {"s": took, "bytes": size, "status": status}
            yield f"  {took:6.3f} s, {size / 1000:5.0f} kB  {path}" + (
                "" if status == 200 else f" ANSWERED {status}"
            )


def _lay_ground(settings: Settings) -> None:
    """Keep boundaries and people of the demonstration province, without its network."""
    store = open_store(settings)
    store.upgrade()
    origin = Origin(source=SOURCE, as_of="2025-03-31", synthetic=True)
    for first, last in ((BEFORE, "2025-06-30"), (SINCE, None)):
        imports.import_boundaries(
            store, FOLDER / f"communes_{first[:4]}.geojson", Vintage(PROVINCE, first, last), origin
        )
        people = FOLDER / f"population_{first[:4]}.csv"
        imports.import_population(store, people, Unusable.LEAVE_OUT, origin, first)
    imports.import_grid(store, FOLDER / "population_grid.csv", origin, PROVINCE)
    imports.import_crosswalk(store, FOLDER / "crosswalk.csv", origin)
    store.close()


def _timed(work: Callable[[], Found]) -> tuple[float, Found]:
    """Return the seconds of process time that some work takes, those of its children too."""
    began, before = time.process_time(), _of_children()
    found = work()
    return time.process_time() - began + _of_children() - before, found


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _brought(client: FlaskClient, kind: str, path: Path) -> None:
    """Import a file as a browser does: upload it, look at what was found, commit it."""
    form = {"kind": kind, "file": (BytesIO(path.read_bytes()), path.name), "synthetic": "1",
            "source": SOURCE}  # fmt: skip
    sent = client.post(f"/{PROVINCE}/import", data=form, headers=OWN)
    if sent.status_code != 303:
        raise ArithmeticError(f"{kind}: {sent.status_code} {sent.text[-2000:]}")
    shown = client.get(sent.location)
    done = client.post(f"{sent.location}/commit", data={}, headers=OWN)
    if done.status_code != 303:
        raise ArithmeticError(f"{kind}: {done.status_code} {shown.status_code} {done.text[-6000:]}")


def _bare(path: Path, kind: str, database: Path) -> int:
    """Read a file with pandas and insert it as it is; return how many rows it has."""
    frame = pd.read_csv(path, dtype=str)
    with sqlite3.connect(database) as db:
        frame.to_sql(kind, db, index=False, if_exists="replace")
    return len(frame)


def _imported(what: str, took: float, bare: float) -> str:
    return (f"{what} imported in {took:.1f} s, {took / max(bare, 1e-9):.1f} times reading with "
            f"pandas and inserting unlooked at ({bare:.2f} s)")  # fmt: skip


def _publish(store: Store) -> None:
    """Publish the lists, so that there are public pages."""
    user = local_user(frozenset({PROVINCE}))
    seen = publishing.preview(store, user, PROVINCE, names=False).seen
    publishing.publish(store, user, PROVINCE, Act("1/CV", today(), names=False), seen)


def _counting(store: Store, tables: tuple[str, ...]) -> float:
    """Return the seconds of counting all rows of some tables, looking into each of them."""
    chosen = [schema.metadata.tables[name] for name in tables]
    with store.reading() as db:

        def count() -> None:
            for each in chosen:
                last = list(each.columns)[-1]
                db.execute(sa.select(sa.func.count(), sa.func.max(last)).select_from(each)).one()

        count()
        return max(min(_timed(count)[0] for _ in range(AGAIN)), _LEAST_S)


def _asked(client: FlaskClient, path: str) -> tuple[int, int]:
    answer = client.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True)
    return answer.status_code, len(answer.data)


def _addresses(app: Flask, store: Store) -> Iterator[tuple[str, str]]:
    """Yield every page of the register that can be asked for, by its rules; files apart."""
    bind = app.url_map.bind("localhost")
    known = _known(store)
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] not in BLUEPRINTS or "GET" not in (rule.methods or ()):
            continue
        values = {"province": PROVINCE, **known.get(rule.endpoint, {})}
        if rule.arguments <= values.keys() and "export" not in rule.rule:
            yield rule.endpoint, bind.build(rule.endpoint, values, "GET")
    yield from ((name, f"/{PROVINCE}/{path}") for name, path in SEARCHES)


def _known(store: Store) -> dict[str, dict[str, Any]]:
    """Return by endpoint one record that its address can name."""
    with store.reading() as db:

        def first(column: sa.Column[Any]) -> Any:
            return db.execute(sa.select(sa.func.min(column))).scalar()

        point, person = first(schema.point.c.point_id), first(schema.staff.c.person_id)
        organisation = first(schema.organisation.c.organisation_code)
        inspection = first(register_tables.inspection.c.id)
    return {
        "register_records.point": {"record": point},
        "register_records.organisation": {"record": organisation},
        "register_records.person": {"record": handle(store, PROVINCE, person)},
        "register_edits.form": {"what": "points", "record": point},
        "register_inspections.show": {"number": inspection},
        "workload.next": {"number": 1},
    }  # fmt: skip
