"""The sheet of communes by access and results."""

import numpy as np
import pandas as pd

from planning.analysis.situation import Situation
from planning.exports.sheets import Sheet
from planning.model.mismatch import Access, Kind, Mismatch

KINDS = {
    Kind.BOTH: "Tiếp cận tốt, kết quả tốt", Kind.PERSON: "Tiếp cận tốt, kết quả kém: thiếu người",
    Kind.BEYOND: "Tiếp cận kém, kết quả tốt", Kind.POINT: "Tiếp cận kém, kết quả kém: thiếu điểm thu",
    Kind.NO_DATA: "Chưa có số liệu",
}  # fmt: skip


def mismatch_sheet(
    situation: Situation, found: Mismatch, results: str, notes: tuple[tuple[str, str], ...]
) -> Sheet:
    """Return every commune with its access, its completion and its kind.

    `results` says which programme and period the results are of.
    """
    share = found.by is Access.SHARE
    headings = {
        "code": "Mã xã", "name": "Xã/phường/đặc khu", "people": "Dân số (người)",
        "access": "Độ bao phủ (0–1)" if share else "Nhân viên thu trên 10.000 dân",
        "rate": "Tỷ lệ hoàn thành (thực hiện/chỉ tiêu)", "comparison": "Nhận xét",
    }  # fmt: skip
    rows = [{**each.as_dict(), "comparison": KINDS[each.kind]} for each in found.communes]
    frame = pd.DataFrame(rows, columns=list(headings)).astype({"people": "Int64"})
    frame = frame.round({"access": 6 if share else 2, "rate": 6})
    shapes = situation.communes.set_index("code").geometry
    told = (
        ("Kết quả", results),
        ("Tiếp cận tốt từ", _threshold(found.access_from)),
        ("Kết quả tốt từ (thực hiện/chỉ tiêu)", _threshold(found.rate_from)),
    )
    return Sheet("access-and-results", frame, headings,
                 np.asarray(shapes.reindex(frame["code"])), (*notes, *told))  # fmt: skip


def _threshold(value: float | None) -> str:
    return "không có" if value is None else f"{value:.4f}".replace(".", ",")
