"""The process apart, seen from here: started with little, asked with a limit, killed if need be.

Uploaded files are opened by GDAL, and broken shapes rebuilt by GEOS, only in there
(`geo.confined`): a library that hangs, crashes or is led astray by a file takes nothing with
it. The process has a clean environment, no driver of GDAL but the one wanted, no proxy that
answers, and where the kernel helps no network, no other file, and limits of memory and time.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from geo.confined.messages import receive, send

MOST_SECONDS = 60.0  # for one file
MEMORY_BYTES = 4_000_000_000
_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.append(sys.argv[1]); from geo.confined.program import main; main()"
_QUIET = {
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "PROJ_NETWORK": "OFF",
    "GDAL_NUM_THREADS": "1",
    # A proxy where nobody listens: whatever a file asks GDAL to fetch, nothing leaves.
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".invalid",
    "CPL_VSIL_CURL_HEADER_FILE_KVP_ENABLED": "NO",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
}


class ChildLimitError(Exception):
    """The process apart took longer than it may and was killed."""


class ChildDiedError(Exception):
    """The process apart ended without an answer, or its answer was none."""


class ChildRefusedError(Exception):
    """The process apart answered that it could not; `why` names the kind of trouble."""

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(why, detail)
        self.why, self.detail = why, detail


class Child:
    """A process apart that may read `readable` and open files with `drivers` of GDAL only.

    Use as a context: at its end the process is ended too.
    """

    def __init__(
        self, readable: Sequence[Path] = (), drivers: frozenset[str] = frozenset()
    ) -> None:
        self._drivers = sorted(drivers)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no text of a user's
                [sys.executable, "-I", "-X", "utf8", "-c", _START, str(_ROOT)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=_environment(drivers), cwd=os.path.sep, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise ChildDiedError from error
        wanted = [str(each.resolve()) for each in readable]
        jail = {
            "readable": [*wanted, str(_ROOT / "geo" / "__init__.py"), str(_ROOT / "geo" / "confined")],
            "memory": MEMORY_BYTES, "seconds": int(MOST_SECONDS),
        }  # fmt: skip
        self.jail, _ = self._exchanged(jail, b"", MOST_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.end()

    def ask(
        self, task: str, request: dict[str, Any] | None = None, numbers: bytes = b"",
        seconds: float = MOST_SECONDS,
    ) -> tuple[dict[str, Any], bytes]:  # fmt: skip
        """Return the answer to one request of `geo.confined.tasks`.

        Raises `ChildLimitError` after `seconds` of wall clock, `ChildDiedError` where it
        ended, `ChildRefusedError` where it says no. After the first two it is gone.
        """
        said, found = self._exchanged(
            {"task": task, "drivers": self._drivers, **(request or {})}, numbers, seconds
        )
        if "refused" in said:
            raise ChildRefusedError(str(said["refused"]), str(said.get("why", "")))
        return said, found

    def end(self) -> None:
        """Kill the process and all it started, and wait for it."""
        _kill(self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()

    def _exchanged(
        self, request: dict[str, Any], numbers: bytes, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        late = threading.Event()

        def stop() -> None:
            late.set()
            _kill(self._process)

        if self._process.stdin is None or self._process.stdout is None:
            raise ChildDiedError
        clock = threading.Timer(seconds, stop)
        clock.start()
        try:
            send(self._process.stdin, request, numbers)  # type: ignore[arg-type]  # typeshed: IO[bytes]
            answer = receive(self._process.stdout)  # type: ignore[arg-type]
        except (OSError, ValueError):
            answer = None
        finally:
            clock.cancel()
            clock.join()
        if answer is None:
            self.end()
            raise ChildLimitError if late.is_set() else ChildDiedError
        return answer


def _environment(drivers: frozenset[str]) -> dict[str, str]:
    found = dict(_QUIET)
    if drivers:
        import pyogrio  # noqa: PLC0415 - only its list of names is wanted here

        # GDAL takes the list apart at commas where there is one, so that names may hold spaces.
        found["GDAL_SKIP"] = ",".join(sorted(set(pyogrio.list_drivers()) - drivers))
    if "SYSTEMROOT" in os.environ:  # Windows starts nothing without it
        found["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return found


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
