"""What reading a file saw, place by place: `Finding` and `FindingReport`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from geo.errors import filled


class Severity(StrEnum):
    """How grave a finding is."""

    BLOCKS = "blocks"  # nothing of the file is kept
    ASK = "ask"  # could be mended as said, once somebody agrees; until then nothing is kept
    CHANGED = "changed"  # a value was read otherwise than it is written
    LEFT_OUT = "left out"  # this row is not kept, the rest is
    LOOK = "look"  # kept as it is; someone should look at it


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen in one place of a file.

    `code` names the kind (stable, English, kebab-case); `message` and `mend` are message
    ids with `%(name)s` places filled from `params`, `row`, `column` and `value`. `row` is
    the row as its reader sees it: the spreadsheet's own number, or the feature's from 1.
    `declined` is how grave it is once somebody has said no to what it asks.
    """

    severity: Severity
    code: str
    message: str
    mend: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    params: dict[str, object] = field(default_factory=dict)
    declined: Severity | None = None

    def sentence(
        self, say: Callable[[str], str], number: Callable[[float], str] | None = None
    ) -> str:
        """Return place, message and mend as one sentence in the language of `say`.

        `number` writes the numbers among the values; without it they stay as they are.
        """
        given = {"row": self.row, "column": self.column, "value": self.value, **self.params}
        values = filled(given, say, number)
        place = []
        if self.row is not None:
            place.append(say("row %(row)s") % values)
        if self.column is not None:
            place.append(say("column “%(column)s”") % values)
        if self.value is not None:
            place.append(say("value “%(value)s”") % values)
        text = (", ".join(place) + ": " if place else "") + say(self.message) % values
        return f"{text} {say(self.mend) % values}" if self.mend else text

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain values, for keeping and for JSON."""
        return {
            "severity": self.severity.value, "code": self.code, "message": self.message,
            "mend": self.mend, "row": self.row, "column": self.column, "value": self.value,
            "params": self.params, "declined": self.declined,
        }  # fmt: skip


class FindingReport:
    """The findings of one file, in the order they were seen.

    `answers` says yes or no to what is asked, by the code of the finding.
    """

    def __init__(self, file: str, answers: Mapping[str, bool] | None = None) -> None:
        self.file = file
        self._answers = dict(answers or {})
        self._findings: list[Finding] = []
        self._columns: Mapping[str, str] = {}

    def call_columns(self, columns: Mapping[str, str]) -> None:
        """From now on tell a column as its file writes it: `columns` is field → column."""
        self._columns = columns

    def add(self, finding: Finding) -> None:
        """Append one finding."""
        written = self._columns.get(finding.column or "", finding.column)
        self._findings.append(replace(finding, column=written))

    def ask(self, finding: Finding, otherwise: Severity = Severity.LEFT_OUT) -> bool:
        """Append what could be mended; return whether it shall be, because somebody agreed.

        Agreed, the finding is kept as `CHANGED`; declined, as `otherwise`; while nobody has
        answered it stands as `ASK`.
        """
        answer = self._answers.get(finding.code)
        kept = {True: Severity.CHANGED, False: otherwise, None: Severity.ASK}[answer]
        self.add(replace(finding, severity=kept, declined=otherwise))
        return answer is True

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    def __len__(self) -> int:
        return len(self._findings)

    def of(self, severity: Severity) -> list[Finding]:
        """Return the findings of one severity."""
        return [each for each in self._findings if each.severity == severity]

    @property
    def blocked(self) -> bool:
        """Whether anything seen forbids keeping the file."""
        return any(each.severity == Severity.BLOCKS for each in self._findings)

    @property
    def asked(self) -> tuple[str, ...]:
        """The codes of what nobody has answered yet, each once, in the order they were seen."""
        found = (each.code for each in self._findings if each.severity == Severity.ASK)
        return tuple(dict.fromkeys(found))
