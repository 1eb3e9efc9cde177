"""The program that runs apart: enters its jail, then answers one request after the other.

It is started by `geo.sources.child` with drivers chosen by the environment, and is killed
when it takes too long; nothing it does outlives it.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

from geo.confined import jail
from geo.confined.messages import receive, send

Answer = tuple[dict[str, Any], bytes]


def main() -> None:
    """Answer requests from standard input until it ends; the first one describes the jail."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # what a library prints is no answer
    asked = sys.stdin.buffer
    first = receive(asked)
    if first is None:
        return
    wanted = first[0]
    limits = jail.Limits(int(wanted["memory"]), int(wanted["seconds"]))
    entered = jail.enter([*wanted["readable"], *_interpreter()], limits)
    send(answers, {"network_apart": entered.network_apart, "files_closed": entered.files_closed,
                   "limits": entered.limits})  # fmt: skip
    while (request := receive(asked)) is not None:
        try:
            said, numbers = _task(str(request[0]["task"]))(*request)
        except MemoryError:
            said, numbers = {"refused": "memory"}, b""
        except Exception as error:  # noqa: BLE001 - whatever a library says of a bad file
            said, numbers = {"refused": type(error).__name__, "why": str(error)[:300]}, b""
        send(answers, said, numbers)


def _task(name: str) -> Callable[[dict[str, Any], bytes], Answer]:
    from geo.confined import tasks  # noqa: PLC0415 - its libraries are loaded behind the walls

    return tasks.TASKS[name]


def _interpreter() -> list[str]:
    """Return where Python and its libraries lie, which must stay readable."""
    system = ["/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/null", "/dev/urandom"]
    return [
        sys.prefix,
        sys.base_prefix,
        *(each for each in sys.path if "site-packages" in each),
        *system,
    ]
