"""The key figures of a situation that was measured."""

import pandas as pd

from geo.tables import PointTable
from planning.analysis.situation import Situation
from planning.model.coverage import CoverageReport
from planning.model.figures import KeyFigures


def key_figures(situation: Situation, report: CoverageReport) -> KeyFigures:
    """Return the key figures; `report` is the coverage of the same situation."""
    signed, sign_known = _yes_of_known(situation.open_direct[PointTable.sign])
    permanent, permanent_known = _yes_of_known(situation.open_direct[PointTable.permanent_staff])
    total = report.total
    return KeyFigures(
        points_direct=total.points_direct, points_online=total.points_online,
        signed=signed, sign_known=sign_known,
        permanent=permanent, permanent_known=permanent_known,
        communes=len(report.communes), communes_with_point=report.communes_with_point,
        former=report.former_communes, former_with_point=report.former_with_point,
        mean_radius_km=total.mean_radius_km, people_per_point=total.people_per_point,
        people=total.people or 0, people_served=total.people_covered or 0,
    )  # fmt: skip


def _yes_of_known(answers: pd.Series) -> tuple[int, int]:
    """Return how many say yes, and how many say anything."""
    known = answers.dropna()
    return int(known.astype(bool).sum()), len(known)
