"""The toy district with its register, brought in once and copied for every test."""

from collections.abc import Iterator

import pytest

from planning.database import Database
from planning.store.session import Store
from tests.databases import Databases
from tests.planning.importing.registered import register


@pytest.fixture(scope="session")
def registered_database(
    toy_database: Database, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Database:
    """Return a database with the toy district and its register, to be copied."""
    return databases.prepared(
        "registered",
        lambda: databases.copy(toy_database),
        lambda store: register(store, tmp_path_factory.mktemp("register")),
    )


@pytest.fixture
def ours(registered_database: Database, databases: Databases) -> Iterator[Store]:
    """Return an open copy of the database with the register, which a test may change."""
    own = databases.copy(registered_database)
    opened = Store(own)
    yield opened
    opened.close()
    databases.drop(own)
