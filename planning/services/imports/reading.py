"""What reading a file gave, before anything of it is kept: `Reading`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import geopandas as gpd
import sqlalchemy as sa

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.recognition import Recognised
from planning.model.errors import ImportRefusedError, RequestError
from planning.store.replaced import Parts

OF_STAFF = "staff"  # the option of an import whose file names staff by their numbers


@dataclass(frozen=True, slots=True)
class Kept:
    """What an import keeps for one province.

    `left_out` None counts the findings that leave rows out; `report` None is the whole
    file's. `column` names the columns the values came from, where that is a choice.
    """

    province: str
    kind: str
    rows: int
    valid_from: str = ""
    left_out: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    column: str | None = None
    report: FindingReport | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read: what was seen, what would come in, and how to keep it.

    `rows` are the rows of the file, `usable` those that would be kept. `shapes` are what a
    map of the preview shows, in degrees, None where there is nothing to show. `keep` writes
    the data in an open transaction; it may refuse what only the database can tell.
    `touches` names the provinces whose data it replaces.
    """

    report: FindingReport
    rows: int
    usable: int
    keep: Callable[[sa.Connection], list[Kept]]
    touches: Callable[[sa.Connection], Sequence[str]]
    recognised: Recognised | None = None
    shapes: gpd.GeoSeries | None = None
    whole_only: bool = False  # every row must be good, or somebody agrees to leave the rest out
    parts: Parts | None = None  # the parts of tables that keeping replaces; None: whole tables

    def as_dict(self) -> dict[str, Any]:
        """Return what was recognised and found as plain values."""
        return {
            "file": self.report.file, "rows": self.rows, "usable": self.usable,
            "blocked": self.report.blocked, "asked": list(self.report.asked),
            "recognised": None if self.recognised is None else asdict(self.recognised),
            "findings": [each.as_dict() for each in self.report],
        }  # fmt: skip

    def require_keepable(self, *, good_rows: bool) -> None:
        """Refuse what cannot be kept: blocked, undecided, empty, or partly bad without consent."""
        undecided = bool(self.report.asked)
        partly = self.whole_only and self.usable < self.rows and not good_rows
        if self.report.blocked or undecided or partly:
            raise refused(self.report)
        if not self.usable:
            raise RequestError(
                N_("%(file)s holds no usable row; nothing was changed."), file=self.report.file
            )


def refused(report: FindingReport) -> ImportRefusedError:
    """Return the refusal of a file with every finding that stands in the way."""
    grave = (Severity.BLOCKS, Severity.ASK)
    blocking = [each for each in report if each.severity in grave]
    blocking = blocking or report.of(Severity.LEFT_OUT)
    error = ImportRefusedError(
        N_("%(file)s was refused and nothing of it was kept: %(count)s problems."),
        file=report.file, count=len(blocking),
    )  # fmt: skip
    error.findings = tuple(blocking)
    return error
