"""The process that does one job: it tells how far it is, and ends with its supervisor."""

import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection

import sqlalchemy as sa

from geo.errors import Refusal
from planning.database import Database
from planning.jobs.tasks import TASKS, Keep
from planning.model.errors import UnavailableError
from planning.model.jobs import Claim, Job
from planning.services.requests import now
from planning.store import jobs
from planning.store.session import Store

STOP = "stop"
_TELL_EVERY_S = 0.5
_ALONE = 3  # exit status of a process whose supervisor is gone
_POLITE = 5  # pages come first
_PATIENCE_S = 120.0  # for a database that does not answer: what was worked out is worth it
_AGAIN_S = 1.0


def work(database: Database, job: Job, claim: Claim, pipe: Connection) -> None:
    """Do a job that was claimed, and end it together with its result, whole or not at all.

    What nobody foresaw leaves this process with a traceback and a status; its supervisor
    sees to the job. Where the database does not answer in the end, that is waited for.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    line = _Line(pipe)
    store = Store(database)
    try:
        keep = TASKS[job.kind].work(store, job, line)
    except UnavailableError:
        raise  # says nothing about the question: the job is tried again
    except Refusal as refusal:
        _end(store, partial(_refuse, claim, refusal))
    else:
        _end(store, partial(_finish, claim, keep))
    store.close()


def _refuse(claim: Claim, refusal: Refusal, db: sa.Connection) -> None:
    jobs.refuse(db, claim, refusal, at=now())


def _finish(claim: Claim, keep: Keep, db: sa.Connection) -> None:
    if jobs.holds(db, claim):  # else it is somebody else's by now, and so is its plan
        jobs.finish(db, claim, keep(db), at=now())


def _end(store: Store, write: Callable[[sa.Connection], None]) -> None:
    """Write how a job ended, as soon as the database takes it; twice changes nothing more."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            with store.writing() as db:
                write(db)
        except UnavailableError:
            if time.monotonic() >= until:
                raise
            time.sleep(_AGAIN_S)
        else:
            return


class _Line:
    """The line to the supervisor: figures go up it, the wish to stop comes down."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._stopped = threading.Event()
        self._act: Callable[[], None] = lambda: None
        self._told = float("-inf")
        threading.Thread(target=self._listen, daemon=True).start()

    def tell(self, people: int, value: float | None, bound: float | None) -> bool:
        """Pass on how far the search is, twice a second at most; return whether to end it."""
        if time.monotonic() - self._told >= _TELL_EVERY_S:
            self._told = time.monotonic()
            try:
                self._pipe.send((people, value, bound))
            except OSError:
                os._exit(_ALONE)
        return self._stopped.is_set()

    def on_stop(self, act: Callable[[], None]) -> None:
        """Have `act` done once, as soon as somebody asks to stop."""
        self._act = act
        if self._stopped.is_set():
            act()

    def _listen(self) -> None:
        """Wait for the wish to stop; without a supervisor nobody wants the result."""
        while True:
            try:
                if self._pipe.recv() == STOP:
                    self._stopped.set()
                    self._act()
            except (EOFError, OSError):
                os._exit(_ALONE)
