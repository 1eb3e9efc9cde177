"""The attributes of a boundary file as Unicode text: bytes decoded, legacy letters converted."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from geo.errors import N_, FileError
from geo.findings import Finding, FindingReport, Severity
from geo.letters import CARRIER, Letters, converted, decoded, recognise
from geo.recognition import Choices

_MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Text:
    """How the text of a file was read."""

    encoding: str | None
    letters: str | None


def decoded_columns(
    cells: pd.DataFrame, said: str | None, choices: Choices, report: FindingReport
) -> tuple[pd.DataFrame, str]:
    """Return a table whose text is bytes, one character each, decoded; and the encoding.

    `said` is what the file says of its text. Where all of the text is UTF-8 and the file says
    otherwise, its owner is asked. Raises `FileError` for an encoding that cannot be.
    """
    whole = "\n".join(_texts(cells)).encode(CARRIER, "replace")
    wanted = choices.encoding
    if wanted is None:
        found = decoded(whole)[1] if not whole.isascii() else (said or "utf-8")
        contradicts = said is not None and not whole.isascii() and _contradict(said, found)
        wanted = said if said is not None and not contradicts else found
        if contradicts and not report.ask(
            Finding(
                Severity.ASK, "encoding-contradicts",
                N_("the text is not in %(said)s, as the file says, but in %(found)s: “%(sample)s”."),
                N_("Agree to read it so, or choose another encoding."),
                params={"said": said, "found": found, "sample": _sample(cells, found)},
            ), Severity.LOOK,
        ) and "encoding-contradicts" not in report.asked:  # fmt: skip
            wanted = str(said)
    if choices.encoding is None and not _can_be(whole, wanted):
        wanted = CARRIER  # bytes that the encoding leaves open: kept, for letters to be told by
    try:
        one = {text: decoded(text.encode(CARRIER), wanted)[0] for text in set(_texts(cells))}
    except LookupError as error:
        raise FileError(
            "%(file)s: nobody knows the encoding “%(encoding)s”; choose another one.",
            file=report.file, encoding=wanted[:_MOST_SHOWN],
        ) from error  # fmt: skip
    except UnicodeError as error:
        raise FileError(
            "%(file)s: its text is not in %(encoding)s; choose another encoding.",
            file=report.file, encoding=wanted[:_MOST_SHOWN],
        ) from error  # fmt: skip
    return _changed(cells, lambda text: one[text]), wanted


def converted_columns(
    cells: pd.DataFrame, choices: Choices, report: FindingReport
) -> tuple[pd.DataFrame, str | None]:
    """Return a table with legacy letters turned into Unicode, and which they were.

    Letters that are recognised and not chosen are asked about, with a sample.
    """
    chosen = choices.letters
    if chosen is not None:
        try:
            known = Letters(chosen)
        except ValueError:
            return cells, None
        return _changed(cells, lambda text: converted(text, known)), chosen
    found = recognise(_texts(cells))
    if found is None:
        return cells, None
    if found is Letters.NFD:  # the same letters, only taken apart: nothing to decide
        return _changed(cells, lambda text: converted(text, Letters.NFD)), found.value
    before = next((each for each in _texts(cells) if converted(each, found) != each), "")
    agreed = report.ask(
        Finding(
            Severity.ASK, "letters-legacy",
            N_("the text is written in the letters of %(letters)s: “%(before)s” is “%(after)s”."),
            N_("Agree to read it so, or choose other letters."),
            params={"letters": found.value, "before": before[:_MOST_SHOWN],
                    "after": converted(before, found)[:_MOST_SHOWN]},
        ),
        Severity.LOOK,
    )  # fmt: skip
    if not agreed and "letters-legacy" not in report.asked:
        return cells, None
    return _changed(cells, lambda text: converted(text, found)), found.value


def _texts(cells: pd.DataFrame) -> list[str]:
    """Return every heading and every text of the table."""
    found = [str(each) for each in cells.columns]
    for at in range(cells.shape[1]):
        found += [each for each in cells.iloc[:, at] if isinstance(each, str)]
    return found


def _changed(cells: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    columns = [
        pd.Series([change(each) if isinstance(each, str) else each for each in cells.iloc[:, at]], dtype=object)
        for at in range(cells.shape[1])
    ]  # fmt: skip
    found = pd.concat(columns, axis=1) if columns else cells.copy()
    found.columns = pd.Index([change(str(each)) for each in cells.columns])
    return found


def _can_be(data: bytes, encoding: str) -> bool:
    try:
        decoded(data, encoding)
    except UnicodeError:
        return False
    return True


def _contradict(said: str, found: str) -> bool:
    """Whether text recognised as UTF-8 or windows-1258 is said to be another."""
    return found in ("utf-8", "windows-1258") and said.lower().replace("_", "-") != found


def _sample(cells: pd.DataFrame, encoding: str) -> str:
    text = next((each for each in _texts(cells) if not each.isascii()), "")
    return decoded(text.encode(CARRIER, "replace"), encoding)[0][:_MOST_SHOWN]
