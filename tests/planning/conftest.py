"""A database that holds the toy district, to measure, change and hand out."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.database import Database
from planning.services import imports
from planning.services.imports import Origin
from planning.store.session import Store
from tests.databases import Databases
from tests.toy import district, files

ORIGIN = Origin(source="Bản vẽ", as_of="2025-03-31", synthetic=True)


@pytest.fixture(autouse=True)
def nothing_left_at_work() -> Iterator[None]:
    """End the processes that a failed test leaves.

    A forked one holds open whatever this process has open, and who waits for the end of that
    would wait for ever: the whole run did, for a browser.
    """
    yield
    for each in multiprocessing.active_children():
        each.kill()
        each.join()


@pytest.fixture(scope="session")
def toy_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the toy district's files."""
    return files.write(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="session")
def toy_database(toy_files: Path, databases: Databases, empty_database: Database) -> Database:
    """Return a database that holds the toy district, to be copied."""

    def fill(store: Store) -> None:
        vintage = Vintage(district.PROVINCE, district.SINCE)
        imports.import_boundaries(store, toy_files / "communes.geojson", vintage, ORIGIN)
        imports.import_population(store, toy_files / "population.csv", Unusable.LEAVE_OUT, ORIGIN)
        imports.import_points(store, toy_files / "points.csv", ORIGIN, district.PROVINCE)

    return databases.prepared("toy", lambda: databases.copy(empty_database), fill)


@pytest.fixture
def own_database(toy_database: Database, databases: Databases) -> Iterator[Database]:
    """Return a copy of the toy database that a test may change."""
    own = databases.copy(toy_database)
    yield own
    databases.drop(own)


@pytest.fixture
def store(own_database: Database) -> Iterator[Store]:
    """Return an open copy of the toy database that a test may change."""
    opened = Store(own_database)
    yield opened
    opened.close()


@pytest.fixture
def empty_store(empty_database: Database, databases: Databases) -> Iterator[Store]:
    """Return an open database without any province."""
    own = databases.copy(empty_database)
    opened = Store(own)
    yield opened
    opened.close()
    databases.drop(own)
