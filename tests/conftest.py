"""Every test that keeps something runs on a SQLite file and on a PostgreSQL server."""

from collections.abc import Iterator

import pytest

from planning.database import Database
from tests.databases import Databases, databases_of, migrated


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    """Return where databases can be made; parametrise it by `ON_FILES` for one kind only."""
    made = databases_of(request.param, tmp_path_factory)
    yield made
    made.close()


@pytest.fixture(scope="session")
def empty_database(databases: Databases) -> Database:
    """Return a database with every table and no row, to be copied."""
    return migrated(databases)
