"""The workload of the demonstration beside a plain recount of every pair from its coordinates."""

import numpy as np
import pytest
from pyproj import Transformer

from planning.model.next_units import UnitsAsk
from planning.model.standards import ServiceStandard
from planning.model.workload import WorkloadAsk
from planning.services import workload
from planning.services.requests import AnalysisRequest
from planning.store.situation import load_situation

ASKED = AnalysisRequest("99", standard=ServiceStandard.one_radius(3))


def placed(frame, crs):
    turn = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return np.column_stack(turn.transform(frame["lon"].to_numpy(), frame["lat"].to_numpy()))


def recounted(situation):
    """Return staff per person at each place: every point against every place, by definition."""
    homes = placed(situation.demand, situation.crs)
    points = situation.points
    points = points[(points["kind"] == "direct") & (points["status"] == "open")]
    people = situation.demand["people"].to_numpy()
    access = np.zeros(len(homes))
    for at, staff in zip(placed(points, situation.crs), points["staff_count"], strict=True):
        third = np.ceil(np.hypot(*(homes - at).T) / 1000)  # of a radius of 3 km
        weight = np.select([third <= 1, third == 2, third == 3], [1.0, 0.68, 0.22], 0.0)
        if weight.any():
            access += weight * int(staff) / (weight * people).sum()
    return access


def test_all_staff_of_the_published_figure_is_shared_out(demonstration):
    """947 staff at the 857 points (published for the first quarter of 2025)."""
    report = workload.measure(demonstration, ASKED, WorkloadAsk())
    assert (len(report.points), report.staff, report.points_unknown) == (857, 947, 0)
    assert sum(each.staff_here for each in report.communes) == 947
    assert sum(each.staff_share or 0 for each in report.communes) == pytest.approx(
        report.staff_reached
    )
    situation = load_situation(demonstration, "99", None)
    access = recounted(situation)
    shares = np.bincount(
        np.unique(situation.demand["commune_code"], return_inverse=True)[1],
        access * situation.people,
    )
    told = {each.code: each.staff_share for each in report.communes if each.people}
    assert [told[code] for code in sorted(told)] == pytest.approx(shares.tolist())
    assert report.people_without == int(situation.people[access == 0].sum())


def test_what_to_add_next_there_lies_within_its_bound(demonstration):
    found = workload.add_next(demonstration, ASKED, WorkloadAsk(), UnitsAsk(20, 10_000))
    assert len({each.rank for each in found.units}) == 20
    assert 0 < found.people_gained <= found.bound <= found.people_beyond
