"""How the two processes speak: a line of lengths, a JSON object, then plain numbers.

Nothing that is received can name code to run, as a pickled object could.
"""

import json
import struct
from typing import Any, BinaryIO

_LENGTHS = struct.Struct("<QQ")
LARGEST_JSON = 500_000_000
LARGEST_NUMBERS = 1_000_000_000


def send(stream: BinaryIO, said: dict[str, Any], numbers: bytes = b"") -> None:
    """Write one message."""
    text = json.dumps(said, allow_nan=False).encode()
    stream.write(_LENGTHS.pack(len(text), len(numbers)))
    stream.write(text)
    stream.write(numbers)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Read one message; None where the other side has ended.

    Raises `ValueError` for what is no message and for one that is too large.
    """
    head = stream.read(_LENGTHS.size)
    if len(head) < _LENGTHS.size:
        return None
    text, numbers = _LENGTHS.unpack(head)
    if text > LARGEST_JSON or numbers > LARGEST_NUMBERS:
        raise ValueError("a message is too large")
    said, following = stream.read(text), stream.read(numbers)
    if len(said) < text or len(following) < numbers:
        return None
    found = json.loads(said)
    if not isinstance(found, dict):
        raise ValueError("a message is no object")  # noqa: TRY004 - of the other side's making
    return found, following
