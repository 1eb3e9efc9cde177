"""Takes jobs from the table and has each done by a process of its own, which it can end.

Any number of supervisors may work on one database: each job has one holder at a time. The
work of one that vanishes is taken up by another, or by its successor, when its lease is over.
"""

import logging
import multiprocessing
import os
import secrets
import socket
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from sqlalchemy.exc import OperationalError

from planning.database import Database
from planning.jobs import child
from planning.model.errors import PlanningError, UnavailableError
from planning.model.jobs import Claim, Job, Stop
from planning.services.requests import now
from planning.store import jobs
from planning.store.session import Store

TICK_S = 0.2
BEAT_S = 1.0
PAUSE_S = 1.0  # while the database does not answer
# For a search that was asked to stop to write up its best plan: whoever asked wants that plan,
# and a machine with other work on it takes its time. Dropping it is a click beside.
GRACE_S = 120.0
_END_S = 5.0
_log = logging.getLogger(__name__)


@dataclass
class _Work:
    """A job in hand: its process, the line to it, and what it told last."""

    claim: Claim
    process: BaseProcess
    pipe: Connection
    told: tuple[int | None, float | None, float | None] = (None, None, None)
    news: bool = False
    until: float | None = field(default=None)  # asked to stop: when patience ends

    def listen(self) -> None:
        """Take in what the process told since."""
        with suppress(EOFError, OSError):
            while self.pipe.poll():
                self.told, self.news = self.pipe.recv(), True

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.join(_END_S)
        self.pipe.close()


class Supervisor:
    """A thread that has up to `at_once` jobs done at a time, from `start` to `stop`."""

    def __init__(self, database: Database, at_once: int = 2) -> None:
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._store = Store(database)
        self._at_once = at_once
        self._working: list[_Work] = []
        self._leaving, self._ready = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._beaten = float("-inf")
        self._context: Any = _processes()

    def start(self) -> None:
        """Begin to take jobs."""
        self._thread.start()

    def stop(self) -> None:
        """End every process and put its job back, to be taken up by whoever comes next."""
        self._leaving.set()
        if self._thread.is_alive():
            # While the engine is being loaded there is no job in hand that could be lost.
            self._thread.join(None if self._ready.is_set() else _END_S)
        self._store.close()

    @property
    def processes(self) -> tuple[int, ...]:
        """The numbers of the processes at work."""
        return tuple(each.process.pid or 0 for each in self._working)

    def _run(self) -> None:
        # Until the engine is loaded jobs wait untaken: they can be cancelled at once.
        self._load()
        self._ready.set()
        while not self._leaving.wait(TICK_S):
            try:
                self._look()
            except PlanningError:
                continue  # no database yet, or one of another version
            except UnavailableError as error:
                _log.warning("%s %s", error, error.why)
                self._leaving.wait(PAUSE_S)
            except OperationalError:
                _log.exception("the table of jobs cannot be used at the moment")
            except Exception:  # noqa: BLE001 - said in the log
                # A thread that ends leaves every job waiting without a word.
                _log.exception("the supervisor of jobs met something nobody foresaw")
        self._go_home()
        self._store.close()

    def _load(self) -> None:
        """Return when the process that others are forked from is ready for the first."""
        first = self._context.Process(target=_nothing, daemon=True)
        try:
            first.start()
            first.join()
        except OSError:
            _log.exception("no process can be started at the moment")

    def _look(self) -> None:
        self._gather()
        self._report()
        self._obey()
        while len(self._working) < self._at_once and self._take():
            pass

    def _gather(self) -> None:
        """Let go of jobs whose process has ended, well or not."""
        for each in list(self._working):
            each.listen()
            if each.process.is_alive():
                continue
            each.end()
            with self._store.writing(alone=False) as db:
                jobs.broke_off(db, each.claim, at=now())
            self._working.remove(each)

    def _report(self) -> None:
        """Write what the processes told and that this worker is alive; drop jobs taken away."""
        news = [each for each in self._working if each.news]
        due = time.monotonic() - self._beaten >= BEAT_S
        if not self._working or not (news or due):
            return
        with self._store.writing(alone=False) as db:
            held = jobs.beat(db, self.worker, now=time.time())
            for lost in held.keys() - {each.claim for each in self._working}:
                jobs.hand_back(db, lost)  # the database took a claim and could not say so
            for each in news:
                jobs.tell(db, each.claim, *each.told)
                each.news = False
        self._beaten = time.monotonic()
        for each in [each for each in self._working if each.claim not in held]:
            if each.process.is_alive():
                each.end()
                self._working.remove(each)

    def _obey(self) -> None:
        """Stop what somebody asked to stop: at once, or when its best plan is written up."""
        if not self._working:
            return
        with self._store.reading() as db:
            wished = jobs.wishes(db, self.worker)
        for each in list(self._working):
            how = wished.get(each.claim.job)
            nothing = each.told[1] is None
            late = each.until is not None and time.monotonic() > each.until
            if how is Stop.DROP or (how is Stop.KEEP and (nothing or late)):
                each.end()
                with self._store.writing(alone=False) as db:
                    jobs.broke_off(db, each.claim, at=now())
                self._working.remove(each)
            elif how is Stop.KEEP and each.until is None:
                each.until = time.monotonic() + GRACE_S
                with suppress(OSError):  # it ended meanwhile
                    each.pipe.send(child.STOP)

    def _take(self) -> bool:
        """Take one job and start its process; return whether there was one."""
        with self._store.reading() as db:
            if not jobs.to_be_taken(db, now=time.time()):
                return False
        with self._store.writing(alone=False) as db:
            job = jobs.claim(db, self.worker, now=time.time(), at=now())
        if job is None:
            return False
        claim = Claim(job.id, self.worker, job.attempt)
        try:
            self._working.append(self._started(job, claim))
        except OSError:  # no memory or no processes left: later perhaps
            with self._store.writing(alone=False) as db:
                jobs.hand_back(db, claim)
            raise
        return True

    def _started(self, job: Job, claim: Claim) -> _Work:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=child.work, args=(self._store.database, job, claim, theirs), daemon=True
        )
        process.start()
        theirs.close()
        return _Work(claim, process, ours)

    def _go_home(self) -> None:
        for each in self._working:
            each.end()
            with (
                suppress(PlanningError, UnavailableError, OperationalError),
                self._store.writing(alone=False) as db,
            ):
                jobs.hand_back(db, each.claim)
        self._working.clear()


def _nothing() -> None:
    """Do nothing, in a process of its own."""


def _processes() -> Any:
    """Return what starts processes: quickly, from one that has loaded the engine, where it can."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["planning.jobs.ready"])
    forkserver.ensure_running()
    return context
