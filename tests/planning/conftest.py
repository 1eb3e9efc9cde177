"""A database that holds the toy district, to measure, change and hand out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.services import imports
from planning.services.imports import Origin
from planning.store.session import Store
from tests.toy import district, files

ORIGIN = Origin(source="Bản vẽ", as_of="2025-03-31", synthetic=True)


@pytest.fixture(scope="session")
def toy_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the toy district's files."""
    return files.write(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="session")
def toy_database(toy_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "toy.db"
    store = Store(path)
    store.upgrade()
    vintage = Vintage(district.PROVINCE, district.SINCE)
    imports.import_boundaries(store, toy_files / "communes.geojson", vintage, ORIGIN)
    imports.import_population(store, toy_files / "population.csv", Unusable.LEAVE_OUT, ORIGIN)
    imports.import_points(store, toy_files / "points.csv", ORIGIN, district.PROVINCE)
    store.close()
    return path


@pytest.fixture
def store(toy_database: Path, tmp_path: Path) -> Iterator[Store]:
    """Return an open copy of the toy database that a test may change."""
    own = tmp_path / "own.db"
    own.write_bytes(toy_database.read_bytes())
    opened = Store(own)
    yield opened
    opened.close()


@pytest.fixture
def empty_store(tmp_path: Path) -> Iterator[Store]:
    """Return an open database without any province."""
    opened = Store(tmp_path / "empty.db")
    opened.upgrade()
    yield opened
    opened.close()
