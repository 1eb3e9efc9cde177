"""What the preview of a file shows: findings by kind, what is to be decided, what can be chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geo.errors import N_
from geo.findings import Finding, Severity
from geo.recognition import Recognised
from planning.exports.as_findings import WORDS, Saying, sentence_of
from planning.language import percent
from planning.services.imports import Preview
from planning.web import import_words

SHOWN = 50
EXAMPLES = 5
_ORDER = (Severity.BLOCKS, Severity.ASK, Severity.LEFT_OUT, Severity.CHANGED, Severity.LOOK)
_AFTER = ("after", "code", "people")  # values of a finding that say how a cell would be read
EXCHANGED = "axes-exchanged"  # says both numbers as written; agreed, they change places
DECLINED = {
    Severity.LOOK: N_("No, leave it as it is written"),
    Severity.LEFT_OUT: N_("No, leave these rows out"),
    Severity.BLOCKS: N_("No; then the file is not imported"),
}
CANNOT_READ = N_("The file cannot be read; correct what it was taken for, or choose another.")
BLOCKED = N_("What is marked “refused” must be mended in the file, or chosen otherwise, first.")
UNDECIDED = N_("%(count)s decisions are still open; answer them, then look again.")
NOTHING = N_("No row of the file can be used.")


@dataclass(frozen=True, slots=True)
class Line:
    """One finding as a row of a table; `after` is how the cell would be read, where it says so."""

    row: int | None
    column: str
    value: str
    message: str
    mend: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one kind and gravity: the first fifty as lines, how many there are."""

    code: str
    severity: Severity
    gravity: str
    title: str
    mend: str
    count: int
    lines: tuple[Line, ...]
    alike: bool  # every line says what the title says
    answer: bool | None = None
    declined: str = ""  # what comes of it when somebody says no

    @property
    def style(self) -> str:
        """The end of the class by which the page colours it."""
        return self.severity.value.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class View:
    """Everything the preview page shows that needs working out."""

    groups: tuple[Group, ...]
    decisions: tuple[Group, ...]
    reasons: tuple[str, ...]
    fields: Mapping[str, str]
    missing: tuple[str, ...]  # fields that need a column and have none
    systems: tuple[tuple[str, str], ...]  # value, words
    system: str
    encodings: tuple[str, ...]
    changed: int
    title: str
    choices: Mapping[str, Any]


def shown(draft: Any, preview: Preview, saying: Saying, language: str) -> View:
    """Return what the page of a draft shows, in the language of `saying`."""
    choices: dict[str, Any] = draft.said.get("choices", {})
    answers: dict[str, bool] = choices.get("answers", {})
    known = preview.recognised
    groups = grouped(preview.findings, saying, answers)
    words = import_words.kinds().get(draft.kind)
    encodings: tuple[str, ...] = import_words.ENCODINGS
    if known is not None and known.encoding and known.encoding not in encodings:
        encodings = (known.encoding, *encodings)
    missing = tuple(
        str(each.params["field"]) for each in preview.of(Severity.BLOCKS) if "field" in each.params
    )
    columns = known is not None and known.headings
    return View(
        groups=tuple(groups),
        decisions=tuple(each for each in groups if each.code in {*preview.asked, *answers}),
        reasons=tuple(_reasons(preview, saying)),
        fields=import_words.fields(draft.kind, known, missing) if known and columns else {},
        missing=missing,
        systems=() if known is None else tuple(_systems(known, saying, language)),
        system="" if known is None else import_words.chosen_system(known),
        encodings=encodings, changed=preview.changed,
        title=draft.kind if words is None else saying.say(words.title), choices=choices,
    )  # fmt: skip


def grouped(
    findings: Iterable[Finding], saying: Saying, answers: Mapping[str, bool] | None = None
) -> list[Group]:
    """Return findings by kind and gravity, the gravest first."""
    found: dict[tuple[Severity, str], list[Finding]] = {}
    for each in findings:
        found.setdefault((each.severity, each.code), []).append(each)
    order = sorted(found.items(), key=lambda item: _ORDER.index(item[0][0]))
    return [_group(some, saying, answers or {}) for _, some in order]


def _group(findings: list[Finding], saying: Saying, answers: Mapping[str, bool]) -> Group:
    first = findings[0]
    lines = tuple(_line(each, saying) for each in findings[:SHOWN])
    alike = all((each.message, each.mend) == (lines[0].message, lines[0].mend) for each in lines)
    subject = first.column or (first.value if len(findings) == 1 else None)
    place = f"“{subject}”: " if subject else ""
    return Group(
        first.code, first.severity, saying.say(WORDS[first.severity]), place + lines[0].message,
        lines[0].mend, len(findings), lines, alike, answers.get(first.code),
        saying.say(DECLINED[first.declined or Severity.LOOK]),
    )  # fmt: skip


def _line(finding: Finding, saying: Saying) -> Line:
    message, mend = sentence_of(finding, saying)
    after = next((str(finding.params[each]) for each in _AFTER if each in finding.params), "")
    before = str(finding.params.get("before", finding.value or ""))
    if finding.code == EXCHANGED and not after and "written" in finding.params:
        before = str(finding.params["written"])
        after = ", ".join(reversed(before.split(", ")))
    return Line(finding.row, finding.column or "", before, message, mend, after)


def _reasons(preview: Preview, saying: Saying) -> Iterable[str]:
    if preview.refusal is not None:
        yield saying.say(CANNOT_READ)
        return
    if preview.blocked:
        yield saying.say(BLOCKED)
    if preview.asked:
        yield saying.say(UNDECIDED) % {"count": saying.number(len(preview.asked))}
    if not preview.usable and not preview.blocked:
        yield saying.say(NOTHING)


def _systems(known: Recognised, saying: Saying, language: str) -> Iterable[tuple[str, str]]:
    for each in import_words.systems(known):
        words = [saying.say(each.name)]
        if each.meridian is not None:
            words.append(
                saying.say(N_("central meridian %(meridian)s"))
                % {"meridian": _degrees(each.meridian)}
            )
        if each.axes == "yx":
            words.append(saying.say(N_("north first")))
        if each.inside is not None:
            words.append(
                saying.say(N_("%(share)s of the places inside the province"))
                % {"share": percent(each.inside, language)}
            )
        yield each.value, f"{', '.join(words)} ({each.value.partition('|')[0]})"


def _degrees(meridian: float) -> str:
    whole, rest = divmod(round(meridian * 60), 60)
    return f"{whole}°{rest:02d}′"
