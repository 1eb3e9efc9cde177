"""Every test that keeps something runs on a SQLite file and on a PostgreSQL server."""

import gc
import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from planning.database import Database
from tests.databases import Databases, databases_of, migrated

# What is asked of a change is the same for every change; elsewhere each run looks at new cases.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI") == "true":
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def databases_by_kind(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], Databases]]:
    """Return a way to get at the databases of a kind; both stay until the last test."""
    made: dict[str, Databases] = {}

    def of(kind: str) -> Databases:
        if kind not in made:
            made[kind] = databases_of(kind, tmp_path_factory)
        return made[kind]

    yield of
    for each in made.values():
        each.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(
    request: pytest.FixtureRequest, databases_by_kind: Callable[[str], Databases]
) -> Databases:
    """Return where databases can be made; parametrise it by `ON_FILES` for one kind only."""
    return databases_by_kind(request.param)


@pytest.fixture(scope="session")
def empty_database(databases: Databases) -> Database:
    """Return a database with every table and no row, to be copied."""
    return migrated(databases)


def pytest_collection_finish() -> None:
    """Take what was collected out of the reach of the collector of garbage: it stays anyway."""
    gc.collect()
    gc.freeze()
