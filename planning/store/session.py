"""The open database: one transaction to read, one to write, whole or not at all."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from geo.errors import N_
from planning.database import Database
from planning.model.errors import NotReadyError
from planning.store import engines
from planning.store.memory import Made, Memory

_MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION = sa.select(sa.column("version_num", sa.Text)).select_from(sa.table("alembic_version"))
_MOST_REMEMBERED = 24
_MOST_PUBLIC = 8  # whoever asks from outside for many pushes out no more than these


class Store:
    """One database. Readers see a steady state while one writer works.

    In a SQLite file writing begins with BEGIN IMMEDIATE, so that two writers wait for each
    other instead of losing an update; a committed change is on the disk (`synchronous=FULL`).
    On a PostgreSQL server each writer first takes one lock of the database, which does the
    same: what it reads stays as it is until it has written. Whether a commit there waits for
    the disk is for the administrator of the server to say; by default it does.

    Nothing else in a process that has a SQLite file open may open and close it, not even to
    copy it: the locks of the operating system belong to the process, closing lets go of all of
    them, and the next process to leave takes the journal away from under this one
    (https://www.sqlite.org/howtocorrupt.html, section 2.2).

    `public` remembers what everybody may ask for, apart from what the people who plan work with.
    """

    def __init__(self, where: Database | Path) -> None:
        self.database = Database.of(where) if isinstance(where, Path) else where
        self._engine = engines.engine_of(self.database)
        self._memory = Memory(_MOST_REMEMBERED)
        self.public = Memory(_MOST_PUBLIC)

    @property
    def path(self) -> Path:
        """Where the file is; only a SQLite database has one."""
        assert self.database.file is not None
        return self.database.file

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one state and changes nothing.

        Raises `NotReadyError` where there is no database yet; reading makes none. This and
        every other transaction raises `UnavailableError` where the database does not answer.
        """
        if self.database.file is not None and not self.database.file.exists():
            raise NotReadyError(
                N_(
                    "There is no database %(path)s yet; import boundaries, or load the demonstration with “diemthu demo province”."
                ),
                path=self.database,
            )
        options = engines.to_read(self.database)
        with (
            engines.answering(self.database),
            self._engine.connect().execution_options(**options) as db,
        ):
            self._require_schema(db)
            yield db

    @contextmanager
    def writing(self, *, alone: bool = True) -> Iterator[sa.Connection]:
        """Open a transaction that is kept whole when the block ends, dropped when it fails.

        With `alone` False every statement of the block must be right by itself, whatever others
        write between it and the next: on a server it then waits for none of them.
        """
        with self._writing(alone=alone) as db:
            self._require_schema(db)
            yield db

    @contextmanager
    def _writing(self, *, alone: bool) -> Iterator[sa.Connection]:
        options = engines.to_write(self.database, alone=alone)
        with (
            engines.answering(self.database),
            self._engine.connect().execution_options(**options) as db,
            db.begin(),
        ):
            yield db

    def upgrade(self) -> None:
        """Bring the schema to the version of this code; creates a file when absent.

        Raises `NotReadyError` for a database that a later version of this code has made, and
        for one on a server that has no PostGIS.
        """
        if self.database.file is not None:
            self.database.file.parent.mkdir(parents=True, exist_ok=True)
        with self._writing(alone=True) as db:
            current = MigrationContext.configure(db).get_current_revision()
            if current is not None and current not in _known():
                raise NotReadyError(
                    N_("The database %(path)s was made by a later version of this program; use that version, or another database."),
                    path=self.database,
                )  # fmt: skip
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS))
            config.attributes["connection"] = db
            command.upgrade(config, "head")

    def _require_schema(self, db: sa.Connection) -> None:
        # Asked with every transaction, so by one plain statement: Alembic's own way takes four
        # times as long.
        try:
            versions = db.execute(_VERSION).scalars().all()
        except DBAPIError as error:
            if not engines.lacks_a_table(error):
                raise
            versions = []
        if versions != [_head()]:
            raise NotReadyError(
                N_("The database %(path)s is of another version; run “diemthu db upgrade”."),
                path=self.database,
            )

    def stamp(self) -> Hashable:
        """Return what is another after every write to the database; looks into no table."""
        if self.database.file is None:
            with engines.answering(self.database), self._engine.connect() as db:
                # Only transactions that write have a number, and this tells which have ended.
                return str(db.exec_driver_sql("SELECT pg_current_snapshot()").scalar_one())
        journal = self.path.with_name(self.path.name + "-wal")
        seen = [each.stat() for each in (self.path, journal) if each.exists()]
        return tuple((each.st_mtime_ns, each.st_size) for each in seen)

    def remembered(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """Return what `make` gave for `key` before, or make it now; the last few are kept.

        `key` must hold the fingerprint of everything the result depends on. Requests for
        what is being made wait for it instead of making it twice.
        """
        return self._memory.of(key, make)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


@cache
def _known() -> frozenset[str]:
    """Return the versions of the schema that this code knows."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return frozenset(each.revision for each in ScriptDirectory.from_config(config).walk_revisions())


@cache
def _head() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()
