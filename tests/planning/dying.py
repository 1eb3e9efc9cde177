"""A process that dies at any statement, and what it leaves behind."""

import multiprocessing
import os
import signal

import sqlalchemy as sa

from planning.store import review_tables
from planning.store.session import Store

MOST_STATEMENTS = 400  # far more than any write here needs


def everything(where):
    """Return every row of every table; a file must be sound."""
    store = Store(where)
    with store.reading() as db:
        on_file = store.database.file is not None
        sound = db.exec_driver_sql("PRAGMA integrity_check").scalar() if on_file else "ok"
        rows = {
            table.name: sorted(map(repr, db.execute(sa.select(table)).all()))
            for table in review_tables.metadata.tables.values()
        }
    store.close()
    assert sound == "ok"
    return rows


def die_at(where, act, statement):
    """Run `act` on a store and kill this very process before its n-th statement."""
    store = Store(where)
    seen = 0

    def count(*_args):
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(store._engine, "before_cursor_execute", count)
    sa.event.listen(store._engine, "commit", count)
    act(store)
    store.close()


def killed(where, act, statement):
    """Return whether a process doing `act` was killed before its n-th statement."""
    child = multiprocessing.get_context("fork").Process(target=die_at, args=(where, act, statement))
    child.start()
    child.join(60)
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0
