"""Inspections of laid points by the offices: one each in the last quarter, but for a stated number."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo.tables import PointTable
from planning.demo.profiles import NetworkProfile
from planning.demo.register import Register

COLUMNS = (
    "day",
    "point_id",
    "content",
    "findings",
    "conclusion",
    "deadline",
    "settled",
    "document",
)
CONTENT = "Kiểm tra định kỳ: biển hiệu, quy trình, biên lai, sổ sách, báo cáo"
POSTED = ("Chưa niêm yết đủ danh sách nhân viên thu", "Chưa niêm yết quy trình và mức đóng")
BOOKS = "Sổ theo dõi biên lai ghi chưa đủ"
_FINDINGS = (*POSTED, BOOKS, "Báo cáo tháng gửi chậm")
# The share of points where something was found, the days given to settle it: ours.
_FOUND = 0.12
_DAYS_GIVEN = 20
_RECENT = (2, 80)
_LONG_AGO = (150, 260)


def lay_inspections(
    profile: NetworkProfile, register: Register, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one row per inspection: `COLUMNS`, days as ISO texts, empty where there is none.

    `conclusion` is met or not met. What was found is settled within the days given, except at
    the points that the register says are unsettled.
    """
    points, lapsing = register.points, register.lapsing
    day = date.fromisoformat(profile.as_of)
    ago = rng.integers(*_RECENT, len(points))
    ago[lapsing.uninspected] = rng.integers(*_LONG_AGO, len(lapsing.uninspected))
    ago[lapsing.unsettled] = rng.integers(_DAYS_GIVEN + 10, _RECENT[1], len(lapsing.unsettled))
    found = rng.uniform(0, 1, len(points)) < _FOUND
    found[lapsing.unsettled] = True
    words = rng.integers(0, len(_FINDINGS), len(points))
    took = rng.integers(3, _DAYS_GIVEN, len(points))
    open_still = np.zeros(len(points), dtype=bool)
    open_still[lapsing.unsettled] = True
    rows = []
    for at, opened in enumerate(points[PointTable.opened]):
        seen = max(day - timedelta(days=int(ago[at])), date.fromisoformat(opened))
        deadline = seen + timedelta(days=_DAYS_GIVEN)
        settled = seen + timedelta(days=int(took[at]))
        done = not open_still[at] and settled <= day
        rows.append(
            {
                "day": seen.isoformat(),
                "point_id": points[PointTable.point_id].iloc[at],
                "content": CONTENT,
                "findings": _FINDINGS[words[at]] if found[at] else "",
                "conclusion": "not met" if found[at] else "met",
                "deadline": deadline.isoformat() if found[at] else "",
                "settled": settled.isoformat() if found[at] and done else "",
            }
        )
    frame = pd.DataFrame(rows).sort_values(["day", "point_id"], kind="stable", ignore_index=True)
    return frame.assign(document=[f"{at + 1:04d}/BB-KT" for at in range(len(frame))])[[*COLUMNS]]
