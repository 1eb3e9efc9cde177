"""The web application on a small province with awkward names."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from small_province import PROVINCE, write_files

from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.jobs.supervisor import Supervisor
from planning.model.siting import SuggestionAsk
from planning.services import imports, siting
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from planning.settings import Settings
from planning.store.session import Store
from planning.web import create_app


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database that holds the small province and a plan of two points."""
    folder = tmp_path_factory.mktemp("small")
    write_files(folder)
    store = Store(folder / "small.db")
    store.upgrade()
    origin = Origin(source="Thử <u>nghiệm</u>", as_of="2025-03-31", synthetic=True)
    vintage = Vintage(province_code=PROVINCE, valid_from="2025-07-01")
    imports.import_boundaries(store, folder / "communes.geojson", vintage, origin)
    imports.import_population(store, folder / "population.csv", Unusable.LEAVE_OUT, origin)
    imports.import_points(store, folder / "points.csv", origin, PROVINCE)
    siting.suggest(store, AnalysisRequest(PROVINCE), SuggestionAsk(points=2))
    store.close()
    return folder / "small.db"


@pytest.fixture
def app(filled: Path, tmp_path: Path) -> Iterator[Flask]:
    """Return the application on a copy of the database that a test may change."""
    own = tmp_path / "own.db"
    own.write_bytes(filled.read_bytes())
    made = create_app(Settings.from_environment({"DIEMTHU_DATABASE": str(own)}))
    yield made
    made.extensions["planning"].close()


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
