"""A table of people by commune whom the network shall reach → counts by kind of need."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.recognition import Choices, Recognised
from geo.sources.codes import commune_codes
from geo.sources.columns import match_columns, unknown_columns
from geo.sources.counts import read_counts
from geo.sources.fields import known_keys
from geo.sources.files import NOTHING, read_table
from geo.sources.rows import Cells, Seen, there

HEADINGS = {
    "code": ("Mã xã", "Mã xã/phường", "Mã xã/phường/đặc khu", "Mã ĐVHC", "Mã đơn vị hành chính"),
    "commune": ("Xã/phường/đặc khu", "Xã/phường", "Phường/xã", "Xã", "Tên xã"),
    "uninsured": ("Chưa tham gia BHYT", "Số người chưa tham gia BHYT", "Chưa có thẻ BHYT"),
    "outside compulsory": (
        "Ngoài BHXH bắt buộc trong độ tuổi lao động", "Trong độ tuổi lao động ngoài BHXH bắt buộc", "Chưa tham gia BHXH bắt buộc",
    ),
    "potential": ("Tiềm năng", "Người tham gia tiềm năng", "Đối tượng tiềm năng"),
    "due": (
        "Đến hạn đóng", "Đến hạn đóng BHXH tự nguyện", "Số người đến hạn đóng", "Đến hạn đóng BHXH",
    ),
    "expiring": ("Sắp hết hạn", "Thẻ BHYT sắp hết hạn", "Sắp hết hạn thẻ BHYT", "Sắp hết hạn thẻ"),
    "lapsed": ("Đã dừng đóng", "Số người đã dừng đóng", "Dừng đóng", "Người dừng đóng"),
}  # fmt: skip
REPEATED = ("STT", "TT", "Ghi chú", "Huyện cũ", "BHXH cơ sở", "Dân số")
NEEDS = ("uninsured", "outside compulsory", "potential", "due", "expiring", "lapsed")
MOST = 2_000_000  # people of one commune
_NONE = Seen(
    Severity.BLOCKS, "needs-missing",
    N_("the table has no column of people: %(known)s are read."),
    N_("Choose the column that holds them."),
)  # fmt: skip
_NO_COMMUNE = Seen(
    Severity.LEFT_OUT, "commune-missing", N_("the row names no commune, by code or by name.")
)


@dataclass(frozen=True, slots=True)
class NeedFile:
    """Counts by commune as they are written: one row per row of the table.

    `frame` has `code` and `commune` (text or missing) and a column of people (NaN: none) for
    each need the table has; `usable` says which rows name a commune and count somebody.
    """

    frame: pd.DataFrame
    usable: np.ndarray
    needs: tuple[str, ...]
    cells: Cells
    report: FindingReport
    rows: int
    recognised: Recognised


def read_needs(path: Path, choices: Choices = NOTHING) -> NeedFile:
    """Read people by commune: without health insurance, outside compulsory insurance and so on.

    An empty cell says nothing, a nought that there is nobody. Which communes are meant is not
    looked up here. Raises `FileError` when the file cannot be read.
    """
    raw = read_table(path, known_keys(HEADINGS), choices)
    given = "commune" if "commune" in choices.columns else "code"
    raw, matched = match_columns(raw, HEADINGS, (), choices)
    unknown_columns(raw, matched, REPEATED)
    cells = Cells(raw, HEADINGS, matched, choices)
    needs = tuple(each for each in NEEDS if each in matched)
    code = commune_codes(cells, "code", None, Severity.LEFT_OUT)
    name = cells.text("commune")
    nowhere = ~there(code) & ~there(name)
    cells.see(nowhere & ~there(cells.written("code")), given, _NO_COMMUNE)
    if not needs and len(cells):
        known = ", ".join(f"“{HEADINGS[each][0]}”" for each in NEEDS)
        cells.see([0], NEEDS[0], _NONE, lambda _: {"known": known})
    counts = {each: read_counts(cells, each, MOST, lambda _: {}) for each in needs}
    some = np.zeros(len(cells), dtype=bool)
    good = np.ones(len(cells), dtype=bool)
    for each in counts.values():
        some |= each.written
        good &= ~each.written | ~np.isnan(each.people)
    frame = pd.DataFrame({"code": code, "commune": name}, dtype=object).assign(
        **{field: each.people for field, each in counts.items()}
    )
    return NeedFile(frame, ~nowhere & some & good, needs, cells, raw.report, len(cells), raw.found)
