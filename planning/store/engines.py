"""How each kind of database is opened, begins to read or to write, and fails to answer."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from geo.errors import N_, Refusal
from planning.database import Database
from planning.model.errors import RequestError, UnavailableError

WAIT_S = 10  # for another writer
_VANISHED_S = 600  # a writer that is silent for so long is given up by the server
_CONNECT_S = 5
_WRITER = 0x6469656D746875  # the number of the lock that lets one writer in at a time
_GONE = ("08", "57P01", "57P02", "57P03", "57P05", "53300", "25P03")
_TAKEN = ("55P03", "40001", "40P01")
_UNFIT = ("22003", "22021", "22P05")
_IN_QUOTES = re.compile(r'"[^"]*"')


def engine_of(database: Database) -> sa.Engine:
    """Return the engine on a database; nothing is opened yet.

    What it says of a statement that failed holds none of its values: they may be names and
    telephones of staff, and end in a log.
    """
    if database.file is not None:
        engine = sa.create_engine(database.url, hide_parameters=True)
        sa.event.listen(engine, "connect", _prepare_file)
        sa.event.listen(engine, "begin", _begin_in_file)
        return engine
    wanted = {"connect_timeout": _CONNECT_S, "application_name": "diemthu"}
    given = database.url.query
    # A connection that was lost since is made anew before it is used.
    engine = sa.create_engine(
        database.url, pool_pre_ping=True, hide_parameters=True,
        connect_args={name: value for name, value in wanted.items() if name not in given},
    )  # fmt: skip
    sa.event.listen(engine, "connect", _prepare_session)
    sa.event.listen(engine, "begin", _begin_on_server)
    sa.event.listen(engine, "handle_error", _leave_out_values)
    return engine


def to_read(database: Database) -> Mapping[str, Any]:
    """Return the options of a connection that sees one state and changes nothing."""
    if database.file is not None:
        return {}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def to_write(database: Database, *, alone: bool) -> Mapping[str, Any]:
    """Return the options of a connection that writes; `alone`: beside no other such writer."""
    if database.file is not None:
        return {"writes": True}
    return {"isolation_level": "READ COMMITTED", "writes": alone}


@contextmanager
def answering(database: Database) -> Iterator[None]:
    """Say in one sentence that a database does not answer, is busy, or cannot keep a value."""
    try:
        yield
    except (DBAPIError, PoolTimeoutError) as error:
        refusal = _refusal(error, database)
        if refusal is None:
            raise
        raise refusal from error


def lacks_a_table(error: DBAPIError) -> bool:
    """Whether a statement failed because a table it names is not there."""
    state = getattr(error.orig, "sqlstate", None)
    return state == "42P01" or str(error.orig).startswith("no such table: ")


def _refusal(error: DBAPIError | PoolTimeoutError, database: Database) -> Refusal | None:
    cause = error.orig if isinstance(error, DBAPIError) else None
    first = str(cause or error).strip().partition("\n")[0]
    if cause is None or _is_busy(cause):
        return UnavailableError(
            N_("The database is busy with other work; nothing was kept of this, try again in a minute."),
            why=first,
        )  # fmt: skip
    if database.file is not None:
        return None
    state = getattr(cause, "sqlstate", None)
    if state in _UNFIT or (isinstance(error, DataError) and "NUL" in first):
        return RequestError(
            N_("A sign or a number in what was asked cannot be kept in the database; leave it out.")
        )
    # Without a state it is no answer of the server at all.
    away = isinstance(error, OperationalError | InterfaceError) and state is None
    if not (away or (state or "").startswith(_GONE)):
        return None
    return UnavailableError(
        N_("The database cannot be reached at the moment; try again in a minute, and look whether what was being saved was kept."),
        why=first,
    )  # fmt: skip


def _is_busy(cause: BaseException) -> bool:
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorname.startswith("SQLITE_BUSY")
    return getattr(cause, "sqlstate", None) in _TAKEN


def _prepare_file(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_in_file` alone
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                   f"busy_timeout={WAIT_S * 1000}"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _begin_in_file(db: sa.Connection) -> None:
    writes = db.get_execution_options().get("writes", False)
    db.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_session(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{WAIT_S}s'")
        # One that vanished while it wrote must not keep all others from writing.
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{_VANISHED_S}s'")
    connection.commit()


def _leave_out_values(context: sa.engine.ExceptionContext) -> None:
    """Cut what a server says of a failed statement to its first line, without quoted values.

    Its further lines hold the whole row; of bad data (class 22) the first quotes the value too.
    """
    error, cause = context.sqlalchemy_exception, context.original_exception
    if error is None or not cause.args or not isinstance(cause.args[0], str):
        return
    whole = cause.args[0]
    first = whole.partition("\n")[0]
    if (getattr(cause, "sqlstate", None) or "22").startswith("22"):
        first = _IN_QUOTES.sub("“…”", first)
    cause.args = (first, *cause.args[1:])
    error.args = tuple(
        each.replace(whole, first) if isinstance(each, str) else each for each in error.args
    )


def _begin_on_server(db: sa.Connection) -> None:
    # Every statement after this one sees what the writer before has committed.
    if db.get_execution_options().get("writes", False):
        db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER})")
