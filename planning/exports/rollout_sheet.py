"""The sheet of a roll-out: which site of a plan opens in which quarter, and what that serves."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely

from planning.exports.sheets import Sheet
from planning.model.siting import Quarter, SitingPlan


def rollout_sheet(
    plan: SitingPlan, quarters: Sequence[Quarter], notes: tuple[tuple[str, str], ...]
) -> Sheet:
    """Return the sites in order of opening, each with the figures at the end of its quarter."""
    headings = {
        "quarter": "Quý thứ", "rank": "STT", "proposal_id": "Mã tạm",
        "commune": "Xã/phường/đặc khu", "commune_code": "Mã xã", "lat": "Vĩ độ", "lon": "Kinh độ",
        "host": "Địa điểm gần nhất", "people_gained": "Dân số được phục vụ thêm (người)",
        "points_then": "Số điểm thu đã mở đến hết quý",
        "people_then": "Dân số được phục vụ đến hết quý (người)",
        "people_afresh": "Dân số phục vụ được nếu lập riêng cho số điểm đó (người)",
        "cost_of_nesting": "Kém hơn so với lập riêng (người)",
        "bound": "Không đề xuất nào cùng số điểm vượt quá (người)",
    }  # fmt: skip
    rows, sites = [], list(plan.sites)
    for at, each in enumerate(quarters, start=1):
        then = {"quarter": at, "points_then": each.points, "people_then": each.people,
                "people_afresh": each.people_afresh, "cost_of_nesting": each.cost_of_nesting,
                "bound": each.bound}  # fmt: skip
        opened = [site for site in sites if site.rank <= each.points]
        sites = sites[len(opened) :]
        rows += [
            {**site.as_dict(), "proposal_id": f"DX-{site.rank:03d}", **then} for site in opened
        ]
    frame = pd.DataFrame(rows, columns=list(headings)).round({"lat": 7, "lon": 7})
    places = shapely.points(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float))
    return Sheet("rollout", frame, headings, np.asarray(places), notes)
