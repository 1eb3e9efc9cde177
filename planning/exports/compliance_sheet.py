"""The sheet of failures of the rules: what, where, since when, by which clause, what next."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from planning.exports.sheets import Sheet

HEADINGS = {
    "rank": "STT", "rule": "Quy định không đạt", "record": "Loại hồ sơ", "code": "Mã hồ sơ",
    "name": "Tên", "detail": "Nội dung không đạt", "since": "Từ ngày",
    "seen": "Ngày là ngày phát hiện", "organisation": "Tổ chức dịch vụ thu",
    "organisation_code": "Mã tổ chức", "commune": "Xã/phường/đặc khu", "commune_code": "Mã xã",
    "office": "BHXH cơ sở quản lý", "clause": "Căn cứ", "next": "Bước tiếp theo",
}  # fmt: skip


def compliance_sheet(
    rows: Iterable[Mapping[str, str]], notes: tuple[tuple[str, str], ...]
) -> Sheet:
    """Return failures as a sheet, numbered in their order; empty texts become empty cells."""
    whole = [{"rank": at, **{key: value or None for key, value in row.items()}}
             for at, row in enumerate(rows, start=1)]  # fmt: skip
    frame = pd.DataFrame(whole, columns=list(HEADINGS))
    return Sheet("compliance", frame, HEADINGS, np.empty(0, object), notes)
