"""The open database: one transaction to read, one to write, whole or not at all."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock, RLock
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from geo.errors import N_
from planning.model.errors import NotReadyError

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_MS = 10_000
_MOST_REMEMBERED = 24
Made = TypeVar("Made")


class Store:
    """One SQLite file. Readers see a steady state while one writer works.

    Writing begins with BEGIN IMMEDIATE, so that two writers wait for each other instead of
    losing an update; a committed change is on the disk (`synchronous=FULL`).

    Nothing else in a process that has the file open may open and close it, not even to copy
    it: the locks of the operating system belong to the process, closing lets go of all of
    them, and the next process to leave takes the journal away from under this one
    (https://www.sqlite.org/howtocorrupt.html, section 2.2).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = sa.create_engine(f"sqlite:///{path}")
        sa.event.listen(self._engine, "connect", _prepare)
        sa.event.listen(self._engine, "begin", _begin)
        self._memory: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._making: dict[tuple[object, ...], RLock] = {}
        self._remembering = Lock()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one state and changes nothing.

        Raises `NotReadyError` where there is no database yet; reading makes none.
        """
        if not self.path.exists():
            raise NotReadyError(
                N_(
                    "There is no database %(path)s yet; import boundaries, or load the demonstration with “diemthu demo province”."
                ),
                path=self.path,
            )
        with self._engine.connect() as db:
            self._require_schema(db)
            yield db

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a transaction that is kept whole when the block ends, dropped when it fails."""
        with self._engine.connect().execution_options(writes=True) as db, db.begin():
            self._require_schema(db)
            yield db

    def upgrade(self) -> None:
        """Bring the schema to the version of this code; creates the file when absent.

        Raises `NotReadyError` for a database that a later version of this code has made.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._engine.connect().execution_options(writes=True) as db, db.begin():
            current = MigrationContext.configure(db).get_current_revision()
            if current is not None and current not in _known():
                raise NotReadyError(
                    N_("The database %(path)s was made by a later version of this program; use that version, or another database."),
                    path=self.path,
                )  # fmt: skip
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS))
            config.attributes["connection"] = db
            command.upgrade(config, "head")

    def _require_schema(self, db: sa.Connection) -> None:
        if MigrationContext.configure(db).get_current_revision() != _head():
            raise NotReadyError(
                N_("The database %(path)s is of another version; run “diemthu db upgrade”."),
                path=self.path,
            )

    def remembered(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """Return what `make` gave for `key` before, or make it now; the last few are kept.

        `key` must hold the fingerprint of everything the result depends on. Requests for
        what is being made wait for it instead of making it twice.
        """
        with self._remembering:
            lock = self._making.setdefault(key, RLock())
        with lock:
            with self._remembering:
                if key in self._memory:
                    self._memory.move_to_end(key)
                    return cast(Made, self._memory[key])
            made = make()
            with self._remembering:
                self._memory[key] = made
                self._making.pop(key, None)
                while len(self._memory) > _MOST_REMEMBERED:
                    self._memory.popitem(last=False)
            return made

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


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                   f"busy_timeout={_BUSY_MS}"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _begin(db: sa.Connection) -> None:
    writes = db.get_execution_options().get("writes", False)
    db.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
