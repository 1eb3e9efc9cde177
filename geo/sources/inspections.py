"""A table of inspections of collection points → one row per inspection."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.names import search_key
from geo.recognition import Choices, Recognised
from geo.sources.columns import match_columns, unknown_columns
from geo.sources.fields import iso_date, known_keys
from geo.sources.files import NOTHING, read_table
from geo.sources.rows import Cells, Seen, Texts, mapped, there

HEADINGS = {
    "day": ("Ngày kiểm tra", "Ngày", "Ngày lập biên bản"),
    "point_code": ("Mã điểm thu", "Mã điểm", "Điểm thu"),
    "content": ("Nội dung kiểm tra", "Nội dung"),
    "findings": ("Phát hiện, tồn tại", "Tồn tại", "Phát hiện", "Tồn tại, hạn chế", "Phát hiện/tồn tại"),
    "conclusion": ("Kết luận", "Kết luận kiểm tra", "Kết quả kiểm tra"),
    "deadline": ("Hạn khắc phục", "Thời hạn khắc phục"),
    "settled": ("Ngày khắc phục", "Ngày khắc phục xong", "Đã khắc phục ngày"),
    "document": ("Số biên bản", "Biên bản số", "Biên bản"),
}  # fmt: skip
REPEATED = ("STT", "TT", "Ghi chú", "Tên điểm thu", "Tên tổ chức dịch vụ thu", "Xã/phường/đặc khu")
NEEDED = ("day", "point_code", "conclusion")
CONCLUSIONS = {"met": "Đạt", "not met": "Không đạt"}
_OTHERS = {"dat yeu cau": "met", "khong dat yeu cau": "not met", "chua dat": "not met"}

_NO_DAY = Seen(
    Severity.LEFT_OUT, "day-unreadable", N_("is no date of an inspection; write day/month/year.")
)
_NO_POINT = Seen(Severity.LEFT_OUT, "point-missing", N_("the row names no point."))
_NO_CONCLUSION = Seen(
    Severity.LEFT_OUT, "conclusion-unknown", N_("is no conclusion; write “Đạt” or “Không đạt”.")
)
_DATE = {
    "deadline": Seen(
        Severity.LEFT_OUT, "deadline-unreadable", N_("is no date; write day/month/year.")
    ),
    "settled": Seen(
        Severity.LEFT_OUT, "settled-unreadable", N_("is no date; write day/month/year.")
    ),
}
_EARLY = {
    "deadline": Seen(
        Severity.LEFT_OUT, "deadline-too-early",
        N_("lies before the inspection, %(day)s."), N_("Correct one of the two dates."),
    ),
    "settled": Seen(
        Severity.LEFT_OUT, "settled-too-early",
        N_("lies before the inspection, %(day)s."), N_("Correct one of the two dates."),
    ),
}  # fmt: skip
_TWICE = Seen(
    Severity.BLOCKS, "inspection-twice",
    N_("row %(other)s tells of this point on this day under this number of minutes too."),
    N_("Delete one of the rows, or give each its own minutes."),
)  # fmt: skip
_NOTHING_FOUND = Seen(
    Severity.LOOK, "findings-missing",
    N_("the conclusion is “Không đạt”, but nothing is written that was found."),
)  # fmt: skip
_NOTHING_SAID = frozenset({"khong", "khong co", "khong phat hien", "khong ton tai"})


@dataclass(frozen=True, slots=True)
class InspectionFile:
    """The inspections of a file as they are written.

    `frame` has the fields of `HEADINGS`, days as ISO text, `conclusion` met or not met, an
    empty text for what is not given; `usable` says which rows can be kept. Which point a code
    means is not looked up here.
    """

    frame: pd.DataFrame
    usable: np.ndarray
    cells: Cells
    report: FindingReport
    rows: int
    recognised: Recognised


def read_inspections(path: Path, choices: Choices = NOTHING) -> InspectionFile:
    """Read inspections: day, point, what was looked at and found, conclusion, deadline.

    A row whose dates or conclusion cannot be read is left out; the same inspection on two rows
    blocks the file. Raises `FileError` when the file cannot be read.
    """
    raw = read_table(path, known_keys(HEADINGS), choices)
    raw, matched = match_columns(raw, HEADINGS, NEEDED, choices)
    unknown_columns(raw, matched, REPEATED)
    cells = Cells(raw, HEADINGS, matched, choices)
    day = _needed_day(cells)
    point = cells.text("point_code")
    cells.see(~there(point) & ("point_code" in matched), "point_code", _NO_POINT)
    conclusion = _conclusions(cells)
    usable = there(day) & there(point) & there(conclusion)
    dates = {}
    for field in ("deadline", "settled"):
        texts = cells.text(field)
        dates[field] = cells.parsed(field, texts, iso_date, _DATE[field])
        early = _before(dates[field], day)
        cells.see(early, field, _EARLY[field], lambda at: {"day": _shown(day[at])})
        usable &= (~there(texts) | there(dates[field])) & ~early
    found = cells.text("findings")
    found = cells.without(found, there(mapped(found, _says_nothing)))
    cells.see((conclusion == "not met") & ~there(found), "findings", _NOTHING_FOUND)
    frame = pd.DataFrame(
        {"day": day, "point_code": point, "content": cells.text("content"), "findings": found,
         "conclusion": conclusion, **dates, "document": cells.text("document")}, dtype=object,
    )  # fmt: skip
    frame = frame.where(frame.notna(), "")
    _see_twice(cells, frame, usable)
    return InspectionFile(frame, usable, cells, raw.report, len(cells), raw.found)


def _needed_day(cells: Cells) -> Texts:
    texts = cells.text("day")
    days = mapped(texts, iso_date)
    cells.see(~there(days) & ("day" in cells.matched), "day", _NO_DAY)
    return days


def _conclusions(cells: Cells) -> Texts:
    words = {search_key(word): value for value, word in CONCLUSIONS.items()} | _OTHERS
    found = mapped(cells.written("conclusion"), lambda text: words.get(search_key(text)))
    cells.see(~there(found) & ("conclusion" in cells.matched), "conclusion", _NO_CONCLUSION)
    return found


def _says_nothing(text: str) -> bool | None:
    return True if search_key(text).strip(" .") in _NOTHING_SAID else None


def _before(days: Texts, others: Texts) -> np.ndarray:
    both = there(days) & there(others)
    found = np.zeros(len(days), dtype=bool)
    found[both] = days[both] < others[both]
    return found


def _see_twice(cells: Cells, frame: pd.DataFrame, usable: np.ndarray) -> None:
    named = frame[["point_code", "day", "document"]]
    first: dict[tuple[str, ...], int] = {}
    told: dict[int, dict[str, object]] = {}
    for at in np.flatnonzero(usable):
        key = tuple(map(str, named.iloc[at]))
        before = first.setdefault(key, int(at))
        if before != at:
            told[int(at)] = {"other": int(cells.rows[before])}
    cells.see(told, "day", _TWICE, told.__getitem__)


def _shown(day: str) -> str:
    return f"{day[8:10]}/{day[5:7]}/{day[:4]}"
