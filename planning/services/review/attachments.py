"""Photos and documents of a proposal: taken by what they are, kept for whoever may see it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from geo.errors import N_
from planning.model.errors import NotFoundError, RequestError, TooLargeError
from planning.model.people import Action, User, require
from planning.model.proposals import Proposal
from planning.services.requests import now
from planning.services.review import photos
from planning.services.review.steps import Ask, seen, taken
from planning.store import attachments
from planning.store.attachments import Attachment
from planning.store.drafts import plain_name
from planning.store.session import Store

__all__ = ["Attachment", "Incoming", "add", "listed", "one", "safe_name"]

MB = 1_000_000
PHOTO, DOCUMENT = "photo", "document"
MOST_BYTES = {PHOTO: 10 * MB, DOCUMENT: 20 * MB}
MOST_FILES, MOST_OF_PROPOSAL = 40, 100 * MB
MOST_A_DAY, MOST_BYTES_A_DAY = 400, 300 * MB
PDF, ZIP = b"%PDF-", b"PK\x03\x04"
OFFICE = "application/vnd.openxmlformats-officedocument"
# By their first bytes; spreadsheets and texts are told apart in `_office`.
DOCUMENTS = ((PDF, "application/pdf"), (photos.JPEG, "image/jpeg"), (photos.PNG, "image/png"))
ENDINGS = {
    "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png",
    f"{OFFICE}.wordprocessingml.document": "docx", f"{OFFICE}.spreadsheetml.sheet": "xlsx",
}  # fmt: skip
TOO_LARGE = N_("“%(file)s” has %(size)s MB; at most %(most)s MB are taken. Make it smaller and send it again.")  # fmt: skip
EMPTY = N_("“%(file)s” is empty.")
NO_DOCUMENT = N_("“%(file)s” is no document that is taken here: send PDF, JPEG, PNG, DOCX or XLSX.")
MACROS = N_("“%(file)s” holds macros and is not taken; save it without them.")
FULL = N_("%(number)s holds as many files as it can: at most %(files)s, and %(most)s MB.")
ENOUGH_TODAY = N_("You have added as much as you can in a day: at most %(files)s files, and %(most)s MB. Go on tomorrow.")  # fmt: skip
NO_FILE = N_("%(number)s has no file %(file)s.")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it arrived: `what` it shall be, its own name, its bytes."""

    what: str
    name: str
    body: bytes


def add(store: Store, user: User, province: str, number: str, files: Iterable[Incoming]) -> tuple[Proposal, list[Attachment]]:  # fmt: skip
    """Keep files with a proposal, each as a step of its own, all or none of them.

    What a proposal holds already, byte for byte, is not kept twice, so that a sending whose
    answer was lost can be sent again. Raises `NotFoundError`, `ForbiddenError`, and
    `RequestError` for what is not taken.
    """
    with store.reading() as db:
        require(user, Action.ATTACH, seen(db, user, province, number).thing)
    ready = [_ready(each) for each in files]
    with store.writing() as db:
        found = seen(db, user, province, number)
        require(user, Action.ATTACH, found.thing)
        kept = []
        for what, name, media_type, body in ready:
            found, one = _kept(db, user, found, (what, name, media_type), body)
            kept.append(one)
    return found, kept


def listed(store: Store, user: User, province: str, number: str) -> list[Attachment]:
    """Return the files of a proposal that somebody may see, without their bytes."""
    with store.reading() as db:
        return attachments.listed(db, seen(db, user, province, number).id)


def one(store: Store, user: User, province: str, number: str, file: int) -> tuple[Attachment, bytes]:  # fmt: skip
    """Return a file of a proposal that somebody may see, with its bytes."""
    with store.reading() as db:
        found = attachments.load(db, seen(db, user, province, number).id, file)
    if found is None:
        raise NotFoundError(NO_FILE, number=number, file=file)
    return found


def safe_name(number: str, it: Attachment) -> str:
    """Return a name of our own for a download: plain letters, whatever its owner calls it."""
    return f"{number}-{it.id}.{ENDINGS[it.media_type]}"


def _ready(it: Incoming) -> tuple[str, str, str, bytes]:
    """Return what a file is, its name as text, its media type and the bytes to be kept."""
    name, size, most = plain_name(it.name), len(it.body), MOST_BYTES[it.what]
    if not size:
        raise RequestError(EMPTY, file=name)
    if size > most:
        raise TooLargeError(TOO_LARGE, file=name, size=round(size / MB, 1), most=most // MB)
    if it.what == PHOTO:
        return PHOTO, name, "image/jpeg", photos.cleaned(it.body, name)
    media_type = next((kind for first, kind in DOCUMENTS if it.body.startswith(first)), "")
    if it.body.startswith(ZIP):
        media_type = _office(it.body, name)
    if not media_type:
        raise RequestError(photos.HEIC_PHOTO if photos.is_heic(it.body) else NO_DOCUMENT, file=name)
    return DOCUMENT, name, media_type, it.body


def _office(body: bytes, name: str) -> str:
    """Return the type of an Office file by the names of its parts; nothing is ever unpacked."""
    if b"vbaProject.bin" in body:
        raise RequestError(MACROS, file=name)
    if b"[Content_Types].xml" in body:
        if b"word/document.xml" in body:
            return f"{OFFICE}.wordprocessingml.document"
        if b"xl/workbook.xml" in body:
            return f"{OFFICE}.spreadsheetml.sheet"
    return ""


def _kept(
    db: sa.Connection, user: User, found: Proposal, kind: tuple[str, str, str], body: bytes
) -> tuple[Proposal, Attachment]:
    what, name, media_type = kind
    sha256 = hashlib.sha256(body).hexdigest()
    before = attachments.listed(db, found.id)
    same = next((each for each in before if (each.what, each.sha256) == (what, sha256)), None)
    if same is not None:
        return found, same
    size = len(body)
    _require_room(db, user, found, before, size)
    facts = {"what": what, "media_type": media_type, "sha256": sha256, "size": size}
    step = Ask(found.province, found.number, found.version, Action.ATTACH, facts=facts)
    after = taken(db, user, step)
    made = Attachment(0, found.id, after.version, what, name, media_type, sha256, size, user.name,
                      after.changed_at)  # fmt: skip
    number = attachments.insert(db, made, body)
    return after, replace(made, id=number)


def _require_room(
    db: sa.Connection, user: User, found: Proposal, before: list[Attachment], size: int
) -> None:
    held = sum(each.size for each in before)
    if len(before) >= MOST_FILES or held + size > MOST_OF_PROPOSAL:
        raise RequestError(FULL, number=found.number, files=MOST_FILES, most=MOST_OF_PROPOSAL // MB)
    day_ago = (datetime.fromisoformat(now()) - timedelta(days=1)).astimezone(UTC)
    count, sent = attachments.kept_since(db, user.name, day_ago.isoformat(timespec="seconds"))
    if count >= MOST_A_DAY or sent + size > MOST_BYTES_A_DAY:
        raise RequestError(ENOUGH_TODAY, files=MOST_A_DAY, most=MOST_BYTES_A_DAY // MB)
