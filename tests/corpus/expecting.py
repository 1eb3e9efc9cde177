"""What a bad file must lead to: `Case`, one file of the corpus with its outcome.

Outcomes are written from the catalogue of bad inputs, case by case. Where the product
decided otherwise than the catalogue, `why` says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from geo.errors import Refusal
from geo.findings import Finding, Severity
from geo.recognition import Choices
from geo.sources.boundaries import Vintage
from planning.services.imports import ImportAsk, Origin, Reading
from tests.corpus import province


class Action(StrEnum):
    """What becomes of a file, the gravest thing that is seen in it."""

    REFUSED = "refused as a whole"  # it cannot be read: one sentence
    BLOCKS = "blocks"  # nothing is kept, every bad place is named
    ASKS = "asks"  # nothing is kept before somebody agrees
    LEAVES_OUT = "leaves out rows"
    CHANGES = "changes"  # read otherwise than written, and told
    LOOKS = "looks"  # kept, somebody should look
    ACCEPTS = "accepts"


GRAVEST = (
    (Severity.BLOCKS, Action.BLOCKS),
    (Severity.ASK, Action.ASKS),
    (Severity.LEFT_OUT, Action.LEAVES_OUT),
    (Severity.CHANGED, Action.CHANGES),
    (Severity.LOOK, Action.LOOKS),
)
SEVERITY = {action: severity for severity, action in GRAVEST}


@dataclass(frozen=True)
class Case:
    """A file and what must come of it.

    `make` writes the file into an empty folder and returns it; files beside it are traps.
    The finding expected has `code`, and `row`, `column` and `value` where they are given;
    `beside` are the codes of the only other findings there may be. Of a file refused as a
    whole `says` stands in the sentence. `mend` is what its owner chooses, beside agreeing
    to everything asked, and `kept` what then stands in the database (see
    `tests.corpus.outcomes.kept`); None where nothing is to be kept.
    """

    id: str
    kind: str
    make: Callable[[Path], Path]
    action: Action
    code: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    says: str = ""
    beside: frozenset[str] | set[str] = frozenset()
    mend: Choices = field(default_factory=Choices)
    kept: Mapping[str, Any] | float | None = None
    why: str = ""
    hostile: bool = False
    heading_row: int | None = None
    vintage: Vintage = province.VINTAGE

    @property
    def group(self) -> str:
        """The part of the catalogue the case is of."""
        return GROUPS[self.id[0]]

    def ask(self, path: Path, answers: Mapping[str, bool] | None = None) -> ImportAsk:
        """Return what is asked of the import, with answers or without."""
        mended = answers is not None
        mend = self.mend
        choices = Choices(
            part=mend.part, heading_row=mend.heading_row, columns=mend.columns,
            encoding=mend.encoding, letters=mend.letters, crs=mend.crs, axes=mend.axes,
            answers={**mend.answers, **(answers or {})},
        ) if mended else Choices()  # fmt: skip
        of_boundaries = {"vintage": self.vintage} if self.kind == "boundaries" else {}
        own = self.kind in ("points", "hosts", "grid", "organisations", "staff")
        return ImportAsk(
            self.kind, path, Origin(by="corpus"), province.CODE if own else None, choices,
            good_rows=mended, **of_boundaries,
        )  # fmt: skip


GROUPS = {
    "G": "good files of every kind", "B": "boundaries", "P": "points", "T": "tables",
    "R": "rasters", "A": "archives", "L": "letters", "H": "hostile", "D": "defects of the real data",
    "O": "organisations and staff", "C": "changes of communes, hosts",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What came of a file: the action, everything seen, or the sentence of the refusal."""

    action: Action
    findings: tuple[Finding, ...] = ()
    sentence: str = ""
    usable: int = 0
    heading_row: int | None = None


def outcome(reading: Reading | Refusal) -> Outcome:
    """Return what came of a file from what examining it gave or raised."""
    if isinstance(reading, Refusal):
        return Outcome(Action.REFUSED, sentence=str(reading))
    found = tuple(reading.report)
    seen = {each.severity for each in found}
    action = next((act for severity, act in GRAVEST if severity in seen), Action.ACCEPTS)
    recognised = reading.recognised
    row = None if recognised is None else recognised.heading_row
    return Outcome(action, found, "", reading.usable, row)


def problems(case: Case, found: Outcome) -> list[str]:
    """Return how an outcome differs from the one expected, nothing where it does not."""
    wrong = []
    if found.action != case.action:
        wrong.append(f"{found.action}, not {case.action}")
    if case.action is Action.REFUSED:
        if case.says not in found.sentence or "\n" in found.sentence:
            wrong.append(f"the sentence {found.sentence!r} does not say {case.says!r}")
        return wrong
    if case.heading_row is not None and found.heading_row != case.heading_row:
        wrong.append(f"headings on row {found.heading_row}, not {case.heading_row}")
    if case.code and not any(_fits(case, each) for each in found.findings):
        wrong.append(f"no finding {case.code} at row {case.row}, {case.column}, {case.value}")
    codes = {each.code for each in found.findings}
    others = codes - {case.code} - case.beside
    if others:
        wrong.append(f"also found {sorted(others)}")
    return wrong and [*wrong, *map(_told, found.findings), found.sentence]


def _told(finding: Finding) -> str:
    return f"{finding.severity.value} {finding.code}: {finding.sentence(str)}"


def _fits(case: Case, finding: Finding) -> bool:
    wanted = (case.row, case.column, case.value)
    given = (finding.row, finding.column, finding.value)
    return finding.code == case.code and all(
        want in (None, got) for want, got in zip(wanted, given, strict=True)
    )
