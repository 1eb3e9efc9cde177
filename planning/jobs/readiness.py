"""Has the first look at changed data ready before somebody asks for it."""

import logging
import threading
from collections.abc import Hashable

from sqlalchemy.exc import OperationalError

from geo.errors import Refusal
from planning.services import attention, overview, performance
from planning.services.compliance import checking
from planning.services.layers import layer
from planning.services.requests import AnalysisRequest, standard_of
from planning.store import layers
from planning.store.session import Store
from planning.store.situation import current_fingerprint

PAUSE_S = 1.0
FEW = 3  # provinces made ready at the start; with more, memory would not hold them all

_log = logging.getLogger(__name__)
State = dict[str, tuple[str, str]]


class Readiness:
    """A thread that, from `start` to `stop`, works out what the pages of changed data need.

    Only what is remembered or kept by the fingerprint of the data is made here: gaps, the
    small map, the layers of the large one, the count of what needs a hand, the results of the
    province. No figures are kept, since those of data half imported would later be
    compared with. What breaks the rules of the network is counted for the day, and counted anew
    with every change of that day.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name="readiness", daemon=True)
        self._stamp: Hashable = None
        self._last: State | None = None  # what the last look saw
        self._ready: State = {}

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a province in hand is not waited for."""
        self._leaving.set()

    def look(self) -> tuple[str, ...]:
        """Make provinces ready whose data changed and then stood still for one look.

        Returns their codes. At the first look every province counts as changed where they
        are few, none where they are many.
        """
        stamp = self._store.stamp()
        if stamp == self._stamp and self._last == self._ready:
            return ()
        self._stamp = stamp
        seen = self._state()
        if self._last is None and len(seen) > FEW:
            self._ready = dict(seen)
        still = self._last if self._last is not None else seen
        due = [code for code, state in seen.items()
               if still.get(code) == state and self._ready.get(code) != state]  # fmt: skip
        self._last = seen
        self._ready = {code: state for code, state in self._ready.items() if code in seen}
        for code in due:
            if self._leaving.is_set():
                break
            self._ready[code] = seen[code]
            _make_ready(self._store, code)
        return tuple(due)

    def _state(self) -> State:
        """Return the fingerprint and the standard of every province that can be measured."""
        with self._store.reading() as db:
            codes = [row.code for row in layers.provinces(db)]
        found = {}
        for code in codes:
            try:
                fingerprint, _ = current_fingerprint(self._store, code, None)
            except Refusal:
                continue  # no boundaries yet
            standard = standard_of(self._store, AnalysisRequest(code)).key
            others = checking.state(self._store, code), performance.state(self._store, code)
            found[code] = f"{fingerprint} {others}", str(standard)
        return found

    def _run(self) -> None:
        while not self._leaving.is_set():
            try:
                self.look()
            except (Refusal, OperationalError):
                pass  # no database yet, or one of another version, or one that is busy
            except Exception:  # noqa: BLE001 - said in the log; pages then work it out themselves
                _log.exception("the first look could not be made ready")
            self._leaving.wait(PAUSE_S)


def _make_ready(store: Store, province: str) -> None:
    try:
        request = AnalysisRequest(province)
        overview.prepare(store, request)
        attention.waiting(store, province)
        performance.prepare(store, province)
        for name in ("communes", "points"):
            layer(store, request, name)
    except Refusal:
        pass  # such as no population yet: its page says so
    checking.held(store, province)
