"""The conditions of laid points, as their last inspection left them."""

import pandas as pd

from geo.tables import Organisations, Points, PointTable, Staff
from planning.demo.inspections import BOOKS, POSTED
from planning.demo.wording import LABEL


def lay_conditions(
    points: Points, staff: Staff, organisations: Organisations, inspections: pd.DataFrame
) -> pd.DataFrame:
    """Return `point_id`, `code` of a line of the checklist, `met`, `day` and `by` of direct points.

    A condition follows from what the register says on the day of the last inspection; without
    an inspection, or where the register does not know, it has no row.
    """
    last = inspections.sort_values("day", kind="stable").drop_duplicates("point_id", keep="last")
    direct = points[points[PointTable.kind] == "direct"]
    seen = direct.merge(last, on="point_id")
    people = staff.groupby("point_code")
    card = seen[PointTable.official_code].map(people["card_valid_to"].min())
    contract = seen[PointTable.organisation_code].map(
        organisations.set_index("organisation_code")["contract_valid_to"]
    )
    waiting = seen["findings"].where(seen["settled"] == "", "")
    sure = pd.Series(data=True, index=seen.index)
    met = {
        "BH": seen[PointTable.sign],
        "NV": seen[PointTable.permanent_staff],
        "THE": (card >= seen["day"]).where(card.notna()),
        "NY": ~waiting.isin(POSTED),
        "MT": sure,
        "SS": waiting != BOOKS,
        "GIO": seen[PointTable.opening_hours].notna(),
        "HD": (contract >= seen["day"]).where(contract.notna()),
    }
    whole = pd.concat(
        [seen[["point_id", "day"]].assign(code=code, met=each) for code, each in met.items()],
        ignore_index=True,
    )
    return whole[whole["met"].notna()].assign(by=LABEL).astype({"met": bool})
