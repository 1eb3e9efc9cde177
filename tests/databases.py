"""Fresh databases for tests, in files and on a PostgreSQL server, made by copying one."""

import os
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from planning.database import Database
from planning.store.session import Store

SERVER = "DIEMTHU_TEST_POSTGRESQL"
WHY = (
    f"no PostgreSQL server: {SERVER} names none, such as "
    "postgresql+psycopg://postgres@/postgres?host=/folder/of/its/socket"
)

# For tests that look at what SQLite does, or at no table at all.
ON_FILES = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ON_SERVERS = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


class Databases(ABC):
    """Where databases can be made: `new` is without any table, `copy` is of one nobody has open.

    `lighten` takes out what no test looks at and every copy would carry along.
    """

    def __init__(self) -> None:
        self._prepared: dict[str, Database] = {}

    @abstractmethod
    def new(self) -> Database: ...

    @abstractmethod
    def copy(self, of: Database) -> Database: ...

    @abstractmethod
    def lighten(self, database: Database) -> None: ...

    @abstractmethod
    def drop(self, database: Database) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    def prepared(
        self, name: str, of: Callable[[], Database], fill: Callable[[Store], object]
    ) -> Database:
        """Return the database of this name, to be copied: what `of` makes, filled by `fill`.

        It is made at the first call. A fixture of a kind of database is made anew whenever
        tests change between the kinds; what stands here outlives that.
        """
        if name not in self._prepared:
            made = of()
            store = Store(made)
            fill(store)
            store.close()
            self._prepared[name] = made
        return self._prepared[name]


class Files(Databases):
    """SQLite files in one folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def new(self) -> Database:
        return Database.of(self._folder / f"{secrets.token_hex(6)}.db")

    def copy(self, of: Database) -> Database:
        made = self.new()
        made.file.write_bytes(of.file.read_bytes())
        return made

    def drop(self, database: Database) -> None:
        for each in self._folder.glob(f"{database.file.name}*"):
            if each.is_file():
                each.unlink()

    def lighten(self, database: Database) -> None:
        pass

    def close(self) -> None:
        pass


class Server(Databases):
    """Databases of their own on a server on which databases may be made.

    They order texts as Vietnamese dictionaries do, which nothing here may depend on.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = Database.named(url).url
        self._engine = sa.create_engine(
            self._url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )
        self._made: set[str] = set()

    def new(self) -> Database:
        return self._create(
            "template0 LOCALE 'C.UTF-8' ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'vi'"
        )

    def copy(self, of: Database) -> Database:
        return self._create(f"{of.url.database} STRATEGY FILE_COPY")

    def lighten(self, database: Database) -> None:
        # The coordinate systems of PostGIS are half of an empty database.
        engine = sa.create_engine(database.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as db:
            db.exec_driver_sql("DELETE FROM spatial_ref_sys WHERE srid <> 4326")
            db.exec_driver_sql("VACUUM FULL spatial_ref_sys")

    def drop(self, database: Database) -> None:
        self.run(f"DROP DATABASE IF EXISTS {database.url.database} WITH (FORCE)")
        self._made.discard(database.url.database)

    def close(self) -> None:
        for name in list(self._made):
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, sql: str) -> list[sa.Row]:
        """Run a statement beside all databases of tests."""
        with self._engine.connect() as db:
            result = db.exec_driver_sql(sql)
            return list(result) if result.returns_rows else []

    def _create(self, template: str) -> Database:
        name = f"diemthu_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        self._made.add(name)
        return Database(self._url.set(database=name).render_as_string(hide_password=False))


def databases_of(kind: str, factory: pytest.TempPathFactory) -> Databases:
    """Return where databases of a kind, sqlite or postgresql, can be made."""
    return Files(factory.mktemp("databases")) if kind == "sqlite" else server()


def server() -> Server:
    """Return the server of the tests; where there is none the test is skipped, but never in CI."""
    if url := os.environ.get(SERVER):
        return Server(url)
    if os.environ.get("CI") == "true":
        pytest.fail(WHY, pytrace=False)
    pytest.skip(WHY)


def migrated(databases: Databases) -> Database:
    """Return a database with every table and no row, to be copied."""

    def fill(store: Store) -> None:
        store.upgrade()
        store.close()
        databases.lighten(store.database)

    return databases.prepared("migrated", databases.new, fill)
