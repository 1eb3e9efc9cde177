"""How an import is recorded: the file itself, what stood before, what was kept of it."""

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from geo.findings import Finding, FindingReport, Severity
from planning.services.imports.asked import ImportAsk
from planning.services.imports.reading import Kept
from planning.services.requests import now
from planning.store import audit, imports
from planning.store.imports import ImportBatch


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import kept: for which province, how many rows, and everything it saw.

    `batch` is the number of its record, by which it can be undone.
    """

    batch: int
    province_code: str
    kind: str
    rows: int
    left_out: int
    findings: tuple[Finding, ...]


def fingerprint(body: bytes) -> str:
    """Return the SHA-256 of a file, by which the same file is known again."""
    return hashlib.sha256(body).hexdigest()


def record(db: sa.Connection, ask: ImportAsk, kept: Kept, report: FindingReport) -> ImportResult:
    """Record an import and its audit event; called inside the transaction of the data."""
    report = kept.report or report
    left_out = kept.left_out
    if left_out is None:
        found = report.of(Severity.LEFT_OUT)
        left_out = sum(int(str(each.params.get("count", 1))) for each in found)
    at = now()
    origin = ask.origin
    named = f"{ask.file}, {kept.column}" if kept.column else ask.file
    sha256 = imports.keep_file(db, ask.path.read_bytes(), at)
    choices = ask.choices.as_dict()
    batch = imports.record(
        db,
        ImportBatch(
            province_code=kept.province, kind=kept.kind, valid_from=kept.valid_from,
            file=ask.file, sha256=sha256,
            options={**kept.options, **({"choices": choices} if choices else {})},
            rows=kept.rows, left_out=left_out, source=origin.source or named,
            as_of=origin.as_of, synthetic=origin.synthetic or kept.synthetic,
            findings=[each.as_dict() for each in report], imported_at=at, imported_by=origin.by,
        ),
    )  # fmt: skip
    audit.record(
        db, "data:import:committed", kept.province, at=at, actor=origin.by, kind=kept.kind,
        file=ask.file, sha256=sha256, rows=kept.rows, left_out=left_out, batch=batch,
    )  # fmt: skip
    return ImportResult(batch, kept.province, kept.kind, kept.rows, left_out, tuple(report))
