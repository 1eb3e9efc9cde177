"""What can be done with imports that were made: undo, take the file away, settle, list findings."""

from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from geo.errors import N_
from geo.findings import Finding, Severity
from planning.exports.as_findings import Saying, write_findings
from planning.model.errors import NotFoundError
from planning.model.people import Action, Thing, User, require
from planning.services.imports.originals import written_cells
from planning.services.imports.previewing import Preview
from planning.services.imports.reading import OF_STAFF
from planning.services.requests import now
from planning.store import audit, imports, snapshots
from planning.store.drafts import Draft, Drafts, plain_name
from planning.store.imports import ImportBatch
from planning.store.session import Store

WITH_PEOPLE = ("staff", "organisations")  # kinds of files with personal data


def undoable(store: Store, province: str) -> frozenset[int]:
    """Return the imports that can be taken back: nothing later stands on their data."""
    with store.reading() as db:
        found = imports.batches(db, province)
        newest = [
            each.id for at, each in enumerate(found)
            if not any(snapshots.stands_on(later, each) for later in found[at + 1 :])
        ]  # fmt: skip
        return frozenset(each for each in newest if snapshots.load(db, each) is not None)


def original(store: Store, province: str, number: int) -> tuple[str, bytes]:
    """Return how the file of an import is called, as text that can be shown, and its bytes."""
    with store.reading() as db:
        batch = _batch(db, province, number)
        body = imports.load_file(db, batch.sha256)
    if body is None:
        raise NotFoundError(N_("The file of this import was not kept."))
    return plain_name(batch.file), body


def require_file(store: Store, by: User, province: str, number: int) -> None:
    """Raise `ForbiddenError` unless somebody may be given the file of an import.

    That of a file with names and telephones of staff is an event.
    """
    with store.reading() as db:
        batch = _batch(db, province, number)
    if batch.kind in WITH_PEOPLE or batch.options.get(OF_STAFF):
        require(by, Action.SEE_PEOPLE, Thing(province))
        with store.writing() as db:
            audit.record(db, "people:file:handed-out", province, at=now(), actor=by.name,
                         batch=number)  # fmt: skip


def settle(store: Store, province: str, number: int, by: str = "local") -> None:
    """Note that the rows an import left out need nobody any more."""
    with store.writing() as db:
        batch = _batch(db, province, number)
        if batch.settled_at is not None or batch.undone_at is not None:
            return
        at = now()
        imports.mark_settled(db, batch.id, at=at)
        audit.record(
            db, "data:import:settled", province, at=at, actor=by, kind=batch.kind,
            file=batch.file, batch=batch.id, left_out=batch.left_out,
        )  # fmt: skip


def write_draft_findings(
    path: Path, drafts: Drafts, draft: Draft, preview: Preview, saying: Saying
) -> None:
    """Write what was found in a file that is not imported yet, its faulty cells marked."""
    cells = written_cells(drafts.path(draft), preview.recognised)
    write_findings(path, preview.findings, saying, cells)


def write_batch_findings(
    path: Path, store: Store, province: str, number: int, saying: Saying
) -> None:
    """Write what an import found, with the faulty cells of the file it kept marked."""
    with store.reading() as db:
        batch = _batch(db, province, number)
        body = imports.load_file(db, batch.sha256)
    findings = [
        Finding(**{**each, "severity": Severity(each["severity"])}) for each in batch.findings
    ]
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"file{Path(batch.file).suffix.lower()[:10]}"
        file.write_bytes(body or b"")
        cells = written_cells(file, None, batch.options.get("choices")) if body else None
        write_findings(path, findings, saying, cells)


def _batch(db: sa.Connection, province: str, number: int) -> ImportBatch:
    for each in imports.history(db, province):
        if each.id == number:
            return each
    raise NotFoundError(
        N_("Province %(province)s has no import number %(batch)s."), province=province, batch=number
    )
