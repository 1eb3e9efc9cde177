"""Examine a file without keeping anything; keep it whole; take an import back."""

import pandas as pd
import sqlalchemy as sa

from geo.errors import N_, FileError
from geo.findings import Finding, Severity
from planning.model.days import day_of
from planning.model.errors import RequestError
from planning.services.imports.asked import ImportAsk, Origin
from planning.services.imports.decided import require_unused
from planning.services.imports.kinds import reader
from planning.services.imports.reading import Reading
from planning.services.imports.recording import ImportResult, fingerprint, record
from planning.services.requests import now
from planning.store import audit, imports, replaced, snapshots, watched
from planning.store.register import Deed
from planning.store.review_names import review_of
from planning.store.session import Store

CHANGED_MEANWHILE = N_(
    "Something was changed since the file was examined; look again, then import."
)
STANDS_ON = N_("Proposals, review rounds or a checklist stand on this province; its first boundaries cannot be undone, but imported again.")  # fmt: skip
_TRIES = 5


def examine(store: Store, ask: ImportAsk) -> Reading:
    """Read a file as it would be imported; nothing is kept.

    Raises a `Refusal` when the file cannot be read at all. A file that was imported before
    says so among its findings.
    """
    try:
        reading = reader(ask.kind)(store, ask)
    except FileError as error:
        if "file" in error.params:
            error.params["file"] = ask.file
        raise
    reading.report.file = ask.file
    if not reading.rows and not reading.report.blocked and not reading.report.asked:
        reading.report.add(
            Finding(Severity.BLOCKS, "no-rows", N_("there is no row of data under the headings."),
                    N_("Choose the file, sheet or row of headings that is meant."))
        )  # fmt: skip
    _same_file(store, ask, reading)
    return reading


def commit(store: Store, ask: ImportAsk) -> list[ImportResult]:
    """Keep a file: data, record, what stood before, the file itself and the audit event at once.

    Raises `ImportRefusedError` with everything that stands in the way; nothing is kept then.
    A file that was read while something else was imported or undone is read again.
    """
    usable = None
    for _ in range(_TRIES):
        with store.reading() as db:
            state = imports.state(db)
        reading = examine(store, ask)
        reading.require_keepable(good_rows=ask.good_rows)
        if usable is not None and usable != reading.usable:
            break  # what came between changed what this file gives; its owner did not see that
        usable = reading.usable
        with store.writing() as db:
            if imports.state(db) != state:
                continue  # read on communes or people that another import has replaced since
            before = {
                each: snapshots.taken(db, ask.kind, each)
                if reading.parts is None
                else replaced.taken(db, each, reading.parts)
                for each in reading.touches(db)
            }
            was = {each: _records(db, ask.kind, each) for each in before}
            results = [record(db, ask, kept, reading.report) for kept in reading.keep(db)]
            for result in results:
                snapshots.save(db, result.batch, before[result.province_code])
                deed = Deed(now(), ask.origin.by, "import", result.batch)
                _tell(db, ask.kind, result.province_code, was[result.province_code], deed)
            return results
    raise RequestError(CHANGED_MEANWHILE)


def undo(store: Store, province: str, batch: int, by: str = "local") -> None:
    """Put back what stood before an import, and mark the import as undone.

    Only the newest import of its data can be undone: what came later was made on top of it.
    """
    with store.writing() as db:
        found = [each for each in imports.batches(db, province) if each.id == batch]
        if not found:
            raise RequestError(
                N_("Province %(province)s has no import number %(batch)s that could be undone."),
                province=province, batch=batch,
            )  # fmt: skip
        undone = found[0]
        later = [
            each for each in imports.batches(db, province)
            if each.id > batch and snapshots.stands_on(each, undone)
        ]  # fmt: skip
        if later:
            raise RequestError(
                N_("A later import, %(file)s, stands on this one; undo that first."),
                file=later[-1].file,
            )
        body = snapshots.load(db, batch)
        if body is None:
            raise RequestError(
                N_("What stood before this import was not kept; it cannot be undone.")
            )
        if snapshots.is_first(body) and review_of(db, province):
            raise RequestError(STANDS_ON)
        if undone.kind == "points" and not undone.is_mend:
            require_unused(db, province, undone.imported_at)
        was = _records(db, undone.kind, province)
        snapshots.restore(db, undone.kind, province, body)
        at = now()
        _tell(db, undone.kind, province, was, Deed(at, by, "undo", batch))
        imports.mark_undone(db, batch, at=at, by=by)
        audit.record(
            db, "data:import:undone", province, at=at, actor=by, kind=undone.kind,
            file=undone.file, sha256=undone.sha256, batch=batch,
        )  # fmt: skip


def _records(db: sa.Connection, kind: str, province: str) -> pd.DataFrame | None:
    """Return the records of a kind as they stand, None for a kind that holds none."""
    record = watched.OF_IMPORT.get(kind)
    return None if record is None else watched.rows(db, province, record)


def _tell(
    db: sa.Connection, kind: str, province: str, was: pd.DataFrame | None, deed: Deed
) -> None:  # fmt: skip
    if was is not None:
        watched.tell(db, province, watched.OF_IMPORT[kind], was, deed)


def _same_file(store: Store, ask: ImportAsk, reading: Reading) -> None:
    """Say so when this very file is in force already."""
    sha256 = fingerprint(ask.path.read_bytes())
    with store.reading() as db:
        known = imports.of_file(db, sha256, ask.kind)
    if known is not None:
        year, month, day = day_of(known.imported_at).split("-")
        nobody = known.imported_by == Origin().by  # on this machine; no name was given
        reading.report.add(
            Finding(
                Severity.LOOK, "same-file",
                N_("this very file was imported on %(day)s already.") if nobody
                else N_("this very file was imported on %(day)s by %(who)s already."),
                params={"day": f"{day}/{month}/{year}", "who": known.imported_by},
            )
        )  # fmt: skip
