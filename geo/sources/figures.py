"""A table of targets and results → one row per period, programme and whom the figure is about.

Nothing is looked up here: which programme, organisation, commune, point or person a cell means
is for who knows the register to say. `FigureFile.cells` takes the findings on that.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.names import heading_key, search_key
from geo.recognition import Choices, Recognised
from geo.sources.columns import match_columns, unknown_columns
from geo.sources.fields import known_keys
from geo.sources.files import NOTHING, RawTable, read_table
from geo.sources.rows import Cells, Seen, Texts, mapped, there
from geo.sources.wide_figures import is_doubled, known_wide, lengthened
from geo.sources.written_figures import read_figures
from geo.sources.written_periods import month_of_day, period_code

HEADINGS = {
    "period": ("Kỳ", "Kỳ báo cáo", "Kỳ giao chỉ tiêu", "Thời kỳ", "Quý", "Tháng", "Tuần", "Năm"),
    "programme": ("Chương trình", "Mã chương trình", "Sản phẩm", "Loại hình", "Loại hình tham gia"),
    "level": ("Cấp", "Cấp số liệu"),
    "office": ("BHXH cơ sở", "BHXH cơ sở quản lý", "Cơ quan BHXH"),
    "organisation_code": ("Mã tổ chức", "Mã TCDV", "Mã TCDV thu", "Mã đại lý", "Mã tổ chức dịch vụ thu"),
    "organisation": (
        "Tên tổ chức dịch vụ thu", "Tổ chức dịch vụ thu", "Tên tổ chức", "Tổ chức", "Tên TCDV thu",
        "TCDV thu", "TCDV", "Đại lý thu", "Đại lý", "Đơn vị",
    ),
    "commune_code": ("Mã xã", "Mã xã/phường", "Mã xã/phường/đặc khu", "Mã ĐVHC", "Mã đơn vị hành chính"),
    "commune": ("Xã/phường/đặc khu", "Xã/phường", "Phường/xã", "Xã", "Tên xã", "Địa bàn"),
    "point_code": ("Mã điểm thu", "Mã điểm"),
    "staff_id": ("Mã nhân viên thu", "Mã nhân viên", "Mã NV"),
    "target": ("Chỉ tiêu", "Chỉ tiêu giao", "Chỉ tiêu được giao", "Số giao", "Kế hoạch", "Kế hoạch giao"),
    "result": ("Thực hiện", "Kết quả thực hiện", "Kết quả", "Đã thực hiện", "Số thực hiện"),
}  # fmt: skip
REPEATED = (
    "STT", "TT", "Ghi chú", "Tên điểm thu", "Điểm thu", "Họ tên nhân viên", "Nhân viên thu", "Đơn vị tính",
    "Tỷ lệ", "Tỷ lệ hoàn thành", "Tỷ lệ (%)", "% hoàn thành", "Còn thiếu",
)  # fmt: skip
PRIVATE = ("staff_id",)
KEYS = (
    "office",
    "organisation_code",
    "organisation",
    "commune_code",
    "commune",
    "point_code",
    "staff_id",
)
# Level → how a table writes it; the level is told by the keys of a row where no column says it.
LEVELS = {
    "province": "Tỉnh", "office": "BHXH cơ sở", "organisation": "Tổ chức", "commune": "Xã",
    "organisation in commune": "Tổ chức theo xã", "point": "Điểm thu", "staff": "Nhân viên thu",
}  # fmt: skip
_LEVEL_WORDS = {
    "toan tinh": "province", "bhxh tinh": "province", "to chuc dich vu thu": "organisation",
    "tcdv thu": "organisation", "phuong": "commune", "xa/phuong": "commune", "cap xa": "commune",
    "xa/phuong/dac khu": "commune", "to chuc tai xa": "organisation in commune",
    "to chuc - xa": "organisation in commune", "nhan vien": "staff", "diem": "point",
}  # fmt: skip
FIGURES = ("target", "result")
_NEEDS = {
    "province": (), "office": ("office",), "organisation": ("organisation",),
    "commune": ("commune",), "organisation in commune": ("organisation", "commune"),
    "point": ("point_code",), "staff": ("staff_id",),
}  # fmt: skip
_WHOLE = frozenset({"toan tinh", "ca tinh", "tong so", "tong cong", "tong"})

_NO_PERIOD = Seen(
    Severity.LEFT_OUT, "period-unreadable",
    N_("is no period; write Quý 1/2025, Tháng 3/2025, Tuần 13/2025 or 2025."),
)  # fmt: skip
_DAY = Seen(
    Severity.CHANGED, "period-was-a-day",
    N_("is a day that a spreadsheet made of a month; it was read as the month %(period)s."),
)  # fmt: skip
_NO_PROGRAMME = Seen(Severity.LEFT_OUT, "programme-missing", N_("the row names no programme."))
_NO_LEVEL = Seen(Severity.LEFT_OUT, "level-unknown", N_("is no level; use one of %(known)s."))
_KEY_MISSING = Seen(
    Severity.LEFT_OUT, "level-key-missing",
    N_("says %(level)s, but the row does not name whom it is about."),
    N_("Fill in the column “%(column)s” of that row, or correct the level."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FigureFile:
    """The rows of a table of targets and results, as they are written.

    `frame` has one row per row of the table: `period` and `level` as codes, the texts of what
    the row names (`KEYS` and `programme`), `target` and `result` as numbers (NaN: none);
    `usable` says which rows can be looked up. `cells` knows rows and columns.
    """

    frame: pd.DataFrame
    usable: np.ndarray
    cells: Cells
    report: FindingReport
    rows: int
    recognised: Recognised


def read_figure_file(
    path: Path, needed: str, choices: Choices = NOTHING, programmes: Collection[str] = ()
) -> FigureFile:  # fmt: skip
    """Read targets and results; `needed` is `target` or `result`.

    A table may have a column for every one of `programmes` (codes and names), or for every
    period: it is read as one row per figure then. A row that cannot be read is a finding that
    leaves it out. Raises `FileError` when the file cannot be read.
    """
    raw = _opened(path, choices, programmes)
    names = {heading_key(each): each for each in programmes}
    chosen = {column for column in choices.columns.values() if column}
    raw = lengthened(raw, HEADINGS, names, chosen, needed)
    raw, matched = match_columns(raw, HEADINGS, ("period", "programme", needed), choices)
    # Of a wide table only the columns it has itself can be chosen otherwise.
    real = {field: column for field, column in matched.items() if column in raw.found.headings}
    raw = replace(raw, found=replace(raw.found, columns=real))
    unknown_columns(raw, matched, REPEATED)
    cells = Cells(raw, HEADINGS, matched, choices, PRIVATE)
    programme = cells.text("programme")
    cells.see(~there(programme) & ("programme" in matched), "programme", _NO_PROGRAMME)
    keys = {field: _key(cells, field) for field in KEYS}
    level, levelled = _levels(cells, keys)
    figures, readable = read_figures(cells, FIGURES)
    frame = pd.DataFrame(
        {"period": _periods(cells), "programme": programme, "level": level, **keys}, dtype=object
    ).assign(**figures)
    usable = there(frame["period"].to_numpy(dtype=object)) & there(programme) & levelled & readable
    return FigureFile(frame, usable, cells, raw.report, len(cells), raw.found)


def _opened(path: Path, choices: Choices, programmes: Collection[str]) -> RawTable:
    """Return the table; where figures stand under several headings, with these in front."""
    raw = read_table(path, known_keys(HEADINGS), choices)
    if not is_doubled(raw):
        return raw
    bare = known_keys({name: each for name, each in HEADINGS.items() if name not in FIGURES})
    return read_table(path, bare | known_wide(programmes), choices)


def _periods(cells: Cells) -> Texts:
    texts = cells.written("period")
    codes = mapped(texts, period_code)
    days = mapped(cells.without(texts, there(codes)), month_of_day)
    cells.see(there(days), "period", _DAY, lambda at: {"period": days[at]})
    found = np.where(there(codes), codes, days)
    cells.see(~there(found) & ("period" in cells.matched), "period", _NO_PERIOD)
    return found


def _key(cells: Cells, field: str) -> Texts:
    """Return what a row names in a field; “Toàn tỉnh” there names nobody."""
    texts = cells.text(field)
    whole = mapped(texts, lambda text: True if search_key(text) in _WHOLE else None)
    return cells.without(texts, there(whole))


def _levels(cells: Cells, keys: dict[str, Texts]) -> tuple[Texts, np.ndarray]:
    """Return the level of every row, and which rows name all that their level needs."""
    named = {
        "office": there(keys["office"]), "point_code": there(keys["point_code"]),
        "staff_id": there(keys["staff_id"]),
        "organisation": there(keys["organisation"]) | there(keys["organisation_code"]),
        "commune": there(keys["commune"]) | there(keys["commune_code"]),
    }  # fmt: skip
    both = named["organisation"] & named["commune"]
    told = np.select(
        [named["staff_id"], named["point_code"], both, named["organisation"], named["commune"],
         named["office"]],
        ["staff", "point", "organisation in commune", "organisation", "commune", "office"],
        "province",
    ).astype(object)  # fmt: skip
    texts = cells.text("level")
    words = {search_key(word): level for level, word in LEVELS.items()} | _LEVEL_WORDS
    written = mapped(texts, lambda text: words.get(search_key(text)))
    unknown = there(texts) & ~there(written)
    cells.see(unknown, "level", _NO_LEVEL, lambda _: {"known": ", ".join(LEVELS.values())})
    lacking: dict[int, dict[str, object]] = {}
    for level, needs in _NEEDS.items():
        for need in needs:
            for at in np.flatnonzero((written == level) & ~named[need]):
                lacking.setdefault(
                    int(at), {"level": LEVELS[level], "column": HEADINGS[need][0]}
                )  # fmt: skip
    cells.see(lacking, "level", _KEY_MISSING, lacking.__getitem__)
    good = ~unknown
    good[list(lacking)] = False
    return np.where(there(written), written, told), good
