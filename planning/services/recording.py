"""How an import is recorded: who brings what, what was kept of it, and the refusal of a file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from planning.model.errors import ImportRefusedError, RequestError
from planning.services.requests import now
from planning.store import audit, imports
from planning.store.imports import ImportBatch


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import kept: for which province, how many rows, and everything it saw."""

    province_code: str
    kind: str
    rows: int
    left_out: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who brings a file and what they say of it.

    `source` names where the data come from (default: the file's name), `as_of` the day they
    describe, `synthetic` that they are demonstration data.
    """

    by: str = "local"
    source: str | None = None
    as_of: str | None = None
    synthetic: bool = False

    def __post_init__(self) -> None:
        if self.as_of is not None:
            require_day(self.as_of)


@dataclass(frozen=True, slots=True)
class ImportFile:
    """The file in hand: where it is, what was seen in it, who brings it."""

    path: Path
    report: FindingReport
    origin: Origin


@dataclass(frozen=True, slots=True)
class Kept:
    """What an import keeps; `left_out` None counts the findings that leave rows out."""

    province: str
    kind: str
    rows: int
    valid_from: str = ""
    left_out: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    column: str | None = None


def keep(db: sa.Connection, kept: Kept, file: ImportFile) -> ImportResult:
    """Record an import and its audit event; called inside the transaction of the data."""
    path, origin = file.path, file.origin
    left_out = kept.left_out
    if left_out is None:
        found = file.report.of(Severity.LEFT_OUT)
        left_out = sum(int(str(each.params.get("count", 1))) for each in found)
    at = now()
    named = f"{path.name}, {kept.column}" if kept.column else path.name
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    imports.record(
        db,
        ImportBatch(
            province_code=kept.province, kind=kept.kind, valid_from=kept.valid_from,
            file=path.name, sha256=sha256, options=dict(kept.options), rows=kept.rows,
            left_out=left_out, source=origin.source or named, as_of=origin.as_of,
            synthetic=origin.synthetic, findings=[each.as_dict() for each in file.report],
            imported_at=at,
        ),
    )  # fmt: skip
    audit.record(
        db, "data:import:committed", kept.province, at=at, actor=origin.by, kind=kept.kind,
        file=path.name, sha256=sha256, rows=kept.rows, left_out=left_out,
    )  # fmt: skip
    return ImportResult(kept.province, kept.kind, kept.rows, left_out, tuple(file.report))


def refused(report: FindingReport) -> ImportRefusedError:
    """Return the refusal of a file with every finding that stands in the way."""
    blocking = report.of(Severity.BLOCKS) or report.of(Severity.LEFT_OUT)
    error = ImportRefusedError(
        N_("%(file)s was refused and nothing of it was kept: %(count)s problems."),
        file=report.file, count=len(blocking),
    )  # fmt: skip
    error.findings = tuple(blocking)
    return error


def require_day(text: str) -> None:
    """Refuse what is no day written year-month-day."""
    try:
        day: str | None = date.fromisoformat(text).isoformat()
    except ValueError:
        day = None
    if day != text:
        raise RequestError(
            N_("“%(day)s” is no day; write it as year-month-day, such as 2025-07-01."), day=text
        )
