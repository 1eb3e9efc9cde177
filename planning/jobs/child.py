"""The process that does one job: it tells how far it is, and ends with its supervisor."""

import os
import signal
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

from geo.errors import Refusal
from planning.jobs.tasks import TASKS
from planning.model.jobs import Claim, Job
from planning.services.requests import now
from planning.store import jobs
from planning.store.session import Store

STOP = "stop"
_TELL_EVERY_S = 0.5
_ALONE = 3  # exit status of a process whose supervisor is gone
_POLITE = 5  # pages come first


def work(path: str, job: Job, claim: Claim, pipe: Connection) -> None:
    """Do a job that was claimed, and end it together with its result, whole or not at all.

    What nobody foresaw leaves this process with a traceback and a status; its supervisor
    sees to the job.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    line = _Line(pipe)
    store = Store(Path(path))
    try:
        keep = TASKS[job.kind].work(store, job, line.tell)
    except Refusal as refusal:
        with store.writing() as db:
            jobs.refuse(db, claim, refusal, at=now())
    else:
        with store.writing() as db:
            if jobs.holds(db, claim):  # else it is somebody else's by now, and so is its plan
                jobs.finish(db, claim, keep(db), at=now())
    store.close()


class _Line:
    """The line to the supervisor: figures go up it, the wish to stop comes down."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._stopped = threading.Event()
        self._told = float("-inf")
        threading.Thread(target=self._listen, daemon=True).start()

    def tell(self, people: int, value: float | None, bound: float | None) -> bool:
        """Pass on how far the search is, twice a second at most; return whether to end it."""
        if time.monotonic() - self._told >= _TELL_EVERY_S or value is None:
            self._told = float("-inf") if value is None else time.monotonic()
            try:
                self._pipe.send((people, value, bound))
            except OSError:
                os._exit(_ALONE)
        return self._stopped.is_set()

    def _listen(self) -> None:
        """Wait for the wish to stop; without a supervisor nobody wants the result."""
        while True:
            try:
                if self._pipe.recv() == STOP:
                    self._stopped.set()
            except (EOFError, OSError):
                os._exit(_ALONE)
