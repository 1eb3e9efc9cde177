"""Towns of a few hundred people at random places, with points, hosts and four communes."""

from functools import cache

import numpy as np

from geo.reach import StraightLine
from planning.model.siting import SitingPlan, SuggestionAsk
from planning.model.standards import ServiceStandard
from planning.siting.plans.plan import suggest_points
from tests.toy import district
from tests.toy.district import Point

THREE_KM = ServiceStandard.one_radius(3.0)
COMMUNES = ("98001", "98002", "98003", "98004")  # quarters of 20 × 20 km: SW, SE, NW, NE


@cache
def town(seed: int = 0, homes: int = 60) -> district.Situation:
    """Return homes on 20 × 20 km, four open points, an online one, a closed one, two hosts."""
    rng = np.random.default_rng(seed)
    places = [
        ((x, y), int(people), COMMUNES[int(x // 10) + 2 * int(y // 10)])
        for x, y, people in rng.uniform([0, 0, 1], [20, 20, 500], (homes, 3))
    ]
    listed = [Point((5, 5)), Point((15, 15)), Point((15, 5), kind="online", name="Nhà thuốc"),
              Point((5, 15), status="closed"), Point((6, 6)), Point((14, 14))]  # fmt: skip
    quarters = {
        code: district.square(10 * (at % 2), 10 * (at // 2), 10) for at, code in enumerate(COMMUNES)
    }
    hosts = district.hosts([((3, 17), "Trạm y tế"), ((12, 2), "Chợ")])
    whose = district.communes(quarters)
    former = district.communes({"97001": district.square(0, 0, 20, 10),
                                "97002": district.square(0, 10, 20, 10)})  # fmt: skip
    return district.situation(listed, places=places, whose=whose, hosts=hosts, former=former)


def planned(there: district.Situation, **ask) -> SitingPlan:
    """Return the plan for a situation at 3 km when this is asked."""
    return suggest_points(there, THREE_KM, StraightLine(), SuggestionAsk(**ask))
