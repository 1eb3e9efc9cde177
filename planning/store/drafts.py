"""Uploaded files that wait until their owner has looked at them: private, short-lived, by token.

Every draft is a folder of its own, named by a token that cannot be guessed. It holds the file
under a name of ours and `draft.json`: whose it is, how its owner calls it, what he said of it.
Nothing of a draft is in the database; after a day it is swept away.
"""

import errno
import hashlib
import json
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from geo.errors import N_
from planning.model.errors import DoneAlreadyError, NoRoomError, NotFoundError, TooLargeError

KEPT_S = 24 * 3600
CLAIM_S = 15 * 60  # an import that takes longer was killed
LEAST_FREE_BYTES = 1_000_000_000
MB = 1_000_000
LONGEST_NAME = 120
ENDINGS = frozenset(
    {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".geojson", ".json", ".gpkg",
     ".zip", ".kml", ".kmz", ".fgb", ".tif", ".tiff"}
)  # fmt: skip
_TOKEN = re.compile(r"[0-9a-f]{40}")
_FACTS, _CLAIM, _ROOM_EACH = "draft.json", "claimed", 16 * MB


@dataclass(frozen=True, slots=True)
class Draft:
    """One uploaded file: for which province, of which kind, what its owner said of it.

    `name` is how its owner calls it: text, never a path. `said` are plain values; `done` is
    what came of it once it was imported, and its file is gone then. `by` is the name of its
    owner: for nobody else it is there.
    """

    token: str
    province: str
    kind: str
    name: str
    file: str
    bytes: int
    sha256: str
    said: dict[str, Any] = field(default_factory=dict)
    done: dict[str, Any] | None = None
    by: str = "local"


class Incoming:
    """A file while it arrives: counted, hashed, refused as soon as it is too large."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.token = secrets.token_hex(20)
        self.folder = folder / self.token
        self.folder.mkdir(mode=0o700)
        self.size = 0
        self.hash = hashlib.sha256()
        self._most = most_bytes
        self._looked = 0
        self._file = (self.folder / "incoming").open("x+b")

    def write(self, data: bytes) -> int:
        """Append `data`; raise `TooLargeError` or `NoRoomError` where it cannot be."""
        self.size += len(data)
        if self.size > self._most:
            raise too_large(self._most)
        if self.size - self._looked > _ROOM_EACH:
            self._looked = self.size
            require_room(self.folder, self.size)
        self.hash.update(data)
        try:
            return self._file.write(data)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise no_room() from error
            raise

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place of the file, as whoever wrote it does at the end."""
        return self._file.seek(place, whence)

    def close(self) -> None:
        """Let go of the open file."""
        self._file.close()

    def drop(self) -> None:
        """Delete what has arrived."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Drafts:
    """The folder of all drafts; nobody but its owner's account may look into it."""

    def __init__(self, folder: Path, largest_mb: int) -> None:
        self.folder = folder
        self.most_bytes = largest_mb * MB

    def receive(self, expected: int | None) -> Incoming:
        """Return an empty file to write to, `expected` bytes being announced."""
        if expected is not None and expected > self.most_bytes + MB:
            raise too_large(self.most_bytes)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self.sweep()
        require_room(self.folder, expected or 0)
        return Incoming(self.folder, self.most_bytes)

    def keep(
        self,
        incoming: Incoming,
        province: str,
        kind: str,
        name: str,
        said: dict[str, Any],
        *,
        by: str = "local",
    ) -> Draft:
        """Keep a file that has arrived as a draft."""
        incoming.close()
        ending = Path(name).suffix.lower()
        file = f"file{ending if ending in ENDINGS else ''}"
        (incoming.folder / "incoming").replace(incoming.folder / file)
        draft = Draft(
            incoming.token, province, kind, plain_name(name), file, incoming.size,
            incoming.hash.hexdigest(), said, by=by,
        )  # fmt: skip
        self.save(draft)
        return draft

    def find(self, province: str, token: str, by: str | None = None) -> Draft:
        """Return a draft of this very province; raise `NotFoundError` for every other token.

        With `by` it is there for its owner alone.
        """
        path = self.folder / token / _FACTS
        if _TOKEN.fullmatch(token) and path.is_file():
            draft = Draft(**json.loads(path.read_text(encoding="utf-8")))
            if (
                draft.province == province
                and by in (None, draft.by)
                and _age_s(path.parent) <= KEPT_S
            ):
                return draft
        raise NotFoundError(
            N_(
                "This file is not here any more: an uploaded file is kept for one day. Choose it again."
            )
        )

    def path(self, draft: Draft) -> Path:
        """Return where the file of a draft is."""
        return self.folder / draft.token / draft.file

    def save(self, draft: Draft) -> None:
        """Write down what is known of a draft, whole or not at all."""
        folder = self.folder / draft.token
        part = folder / f".{_FACTS}"
        part.write_text(json.dumps(asdict(draft), ensure_ascii=False), encoding="utf-8")
        part.replace(folder / _FACTS)

    @contextmanager
    def claimed(self, draft: Draft) -> Iterator[Draft]:
        """Hold a draft for its import, so that nobody imports it at the same time or again."""
        claim = self.folder / draft.token / _CLAIM
        if claim.exists() and _age_s(claim) > CLAIM_S:
            claim.rmdir()
        try:
            claim.mkdir()
        except FileExistsError:
            raise DoneAlreadyError(
                N_("This file is being imported at this moment; see the data page.")
            ) from None
        try:
            fresh = self.find(draft.province, draft.token)
            if fresh.done is not None:
                raise self.done_already()
            yield fresh
        finally:
            shutil.rmtree(claim, ignore_errors=True)

    def finish(self, draft: Draft, done: dict[str, Any]) -> None:
        """Note that a draft was imported and delete its file: the database holds it now."""
        self.save(replace(draft, done=done))
        self.path(draft).unlink(missing_ok=True)

    def done_already(self) -> DoneAlreadyError:
        """Return the refusal to import what was imported."""
        return DoneAlreadyError(N_("This file was imported already; see the data page."))

    def drop(self, draft: Draft) -> None:
        """Delete a draft and its file."""
        shutil.rmtree(self.folder / draft.token, ignore_errors=True)

    def sweep(self) -> None:
        """Delete every draft that is older than a day."""
        for each in self.folder.iterdir():
            if _TOKEN.fullmatch(each.name) and _age_s(each) > KEPT_S:
                shutil.rmtree(each, ignore_errors=True)


def plain_name(name: str) -> str:
    """Return how an owner calls a file as text to show: its last part, no signs one cannot see."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each)[0] != "C"
    ).strip()
    if len(seen) > LONGEST_NAME:
        ending = Path(seen).suffix[:10]
        seen = f"{seen[: LONGEST_NAME - len(ending) - 1]}…{ending}"
    return seen or "tệp"


def require_room(folder: Path, expected: int) -> None:
    """Refuse what would leave no room for the database to work in."""
    if shutil.disk_usage(folder).free < max(LEAST_FREE_BYTES, 3 * expected):
        raise no_room()


def too_large(most_bytes: int) -> TooLargeError:
    """Return the refusal of a file larger than `most_bytes`."""
    return TooLargeError(
        N_("The file is larger than %(most)s MB; split it, or have the setting largest_upload_mb raised."),
        most=most_bytes // MB,
    )  # fmt: skip


def no_room() -> NoRoomError:
    """Return the refusal of a file for which there is no room."""
    return NoRoomError(
        N_(
            "There is too little room on the disk of this service to take the file; nothing was kept."
        )
    )


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
