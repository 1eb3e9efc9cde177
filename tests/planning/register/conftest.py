"""A database with a register that a test may change."""

from collections.abc import Iterator

import pytest

from planning.database import Database
from planning.store.session import Store
from tests.databases import Databases
from tests.planning.register import laid


@pytest.fixture(scope="session")
def register_database(
    toy_database: Database, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Database:
    """Return a database that holds the register of `laid`, to be copied."""
    return databases.prepared(
        "register",
        lambda: databases.copy(toy_database),
        lambda store: laid.lay(store, tmp_path_factory.mktemp("register")),
    )


@pytest.fixture
def registered(register_database: Database, databases: Databases) -> Iterator[Store]:
    """Return an open copy of it."""
    own = databases.copy(register_database)
    opened = Store(own)
    yield opened
    opened.close()
    databases.drop(own)
