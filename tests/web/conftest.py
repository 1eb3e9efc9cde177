"""The web application on a small province with awkward names."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from small_province import PROVINCE, write_files

from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.database import Database
from planning.jobs.supervisor import Supervisor
from planning.model.siting import SuggestionAsk
from planning.services import imports, siting
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from planning.settings import Settings
from planning.store.session import Store
from planning.web import create_app
from tests.databases import Databases

# What is kept is tested on both kinds of database below the pages; here only where addresses,
# forms, files and calculations of any kind go down to it.
ON_BOTH = {"test_answers", "test_import_pages", "test_job_pages"}


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have tests of pages run on files, those of `ON_BOTH` on a server too."""
    said = [each.args[0] for each in metafunc.definition.iter_markers("parametrize")]
    if "databases" in metafunc.fixturenames and "databases" not in said:
        both = metafunc.module.__name__.rpartition(".")[2] in ON_BOTH
        kinds = ["sqlite", "postgresql"] if both else ["sqlite"]
        chosen = pytest.mark.parametrize("databases", kinds, indirect=True)
        metafunc.definition.add_marker(chosen)


@pytest.fixture(scope="session")
def small_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the small province."""
    folder = tmp_path_factory.mktemp("small")
    write_files(folder)
    return folder


@pytest.fixture(scope="session")
def filled(small_files: Path, databases: Databases, empty_database: Database) -> Database:
    """Return a database that holds the small province and a plan of two points, to be copied."""
    folder = small_files
    origin = Origin(source="Thử <u>nghiệm</u>", as_of="2025-03-31", synthetic=True)
    vintage = Vintage(province_code=PROVINCE, valid_from="2025-07-01")

    def fill(store: Store) -> None:
        imports.import_boundaries(store, folder / "communes.geojson", vintage, origin)
        imports.import_population(store, folder / "population.csv", Unusable.LEAVE_OUT, origin)
        imports.import_points(store, folder / "points.csv", origin, PROVINCE)
        siting.suggest(store, AnalysisRequest(PROVINCE), SuggestionAsk(points=2))

    return databases.prepared("small", lambda: databases.copy(empty_database), fill)


class Compiled(BytecodeCache):
    """Templates compiled once for all the applications of a test run."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def application(settings: Settings) -> Flask:
    """Return the application; its templates are shared with all others of this run."""
    made = create_app(settings)
    made.jinja_env.bytecode_cache = COMPILED
    return made


@pytest.fixture
def app(filled: Database, databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """Return the application on a copy of the database that a test may change."""
    own = databases.copy(filled)
    made = application(settings_on(own, tmp_path))
    yield made
    made.extensions["planning"].close()
    databases.drop(own)


def settings_on(database: Database, folder: Path) -> Settings:
    """Return the settings of an application on a database, its uploads in a folder of the test."""
    return Settings.from_environment(
        {"DIEMTHU_DATABASE": database.address, "DIEMTHU_UPLOADS": str(folder / "uploads")}
    )


@pytest.fixture
def empty_app(empty_database: Database, databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """Return the application on a database without any province."""
    own = databases.copy(empty_database)
    made = application(settings_on(own, tmp_path))
    yield made
    made.extensions["planning"].close()
    databases.drop(own)


class ReadClient(FlaskClient):
    """A client that reads every answer to its end, so that no file stays open."""

    def open(self, *args: Any, **options: Any) -> Any:
        return super().open(*args, **{"buffered": True, **options})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = ReadClient
    return app.test_client()


@pytest.fixture
def own() -> dict[str, str]:
    """Return the headers that a browser sends with a form of our own pages."""
    return {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def working(app: Flask, client: FlaskClient) -> Iterator[Callable[[str], str]]:
    """Have jobs done; return a function that waits at a job's page and says where it leads."""
    supervisor = Supervisor(app.extensions["planning"].database)
    supervisor.start()

    def wait(location: str) -> str:
        path, _, query = location.partition("?")
        while "/suggestions/jobs/" in path:
            told = client.get(f"{path}.json?{query}").get_json()
            if told["ended"]:
                return str(told["next"])
            time.sleep(0.05)
        return location

    yield wait
    supervisor.stop()
