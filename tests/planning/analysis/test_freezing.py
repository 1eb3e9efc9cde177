"""A measured network frozen: the packet says what the measures say, to the person."""

from dataclasses import replace

import pytest
import shapely

from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.analysis.freezing import Chosen, Drawn, Measured, frozen
from planning.analysis.gaps import find_gaps
from planning.model.packet import Packet
from planning.model.proposals import (
    Condition,
    Content,
    Criterion,
    Decision,
    Figures,
    Met,
    Proposal,
    ProposalKind,
    SiteCheck,
    State,
)
from planning.model.standards import ServiceStandard
from tests.planning import packets
from tests.toy import district
from tests.toy.district import Point

CRITERIA = (
    Criterion("BH", "Sign", mandatory=True), Criterion("NV", "Staff", mandatory=True),
    Criterion("MT", "Computer", mandatory=False),
)  # fmt: skip
FIGURES = Figures(
    400, 0, 12, 5000.0, 800.0, 1, "likely", "toy", district.SINCE, "", "drawing", "1 km", ""
)


def offices() -> district.tables.Communes:
    return district.communes(office=["Cơ sở 1", "Cơ sở 1", "Cơ sở 2", "Cơ sở 2"])


def proposal(at: int, place: tuple[float, float], **changes) -> Proposal:
    lon, lat = district.degrees([place])[0].tolist()
    content = Content(
        ProposalKind.OPEN, f"Điểm {at}", lon, lat, organisation="12", cost=5_000_000,
        staff=("NVT001", "NVT002"),
        conditions=(Condition("BH", Met.YES), Condition("MT", Met.YES), Condition("NV", Met.UNKNOWN)),
    )  # fmt: skip
    made = Proposal(
        at, district.PROVINCE, f"DX-2026-{at:04d}", State.APPRAISED, 4, content, "98004", "Cơ sở 2",
        district.SINCE, "an", "2026-11-01", "2026-11-02", FIGURES,
    )  # fmt: skip
    return replace(made, **changes)


def frozen_toy(listed, proposals=(), **parts) -> Packet:
    at = district.situation(listed, **{"whose": offices(), **parts})
    standard, engine = ServiceStandard.one_radius(1.0), StraightLine()
    measured = Measured(at, assess_coverage(at, standard, engine), find_gaps(at, standard, engine))
    chosen = Chosen(tuple(proposals), CRITERIA, {"12": "Bưu điện"}, 400)
    return frozen(
        packets.packet().round, packets.origin(), measured, chosen, Drawn(packets.SHADING, {"communes": {}}),
        ("Thêm một lưu ý.",),
    )  # fmt: skip


OPEN = [
    Point((1, 1)),
    Point((1.5, 1)),
    Point((3, 1), kind="online"),
    Point((5, 1), status="closed"),
]


def test_people_and_points_are_those_of_the_drawing():
    made = frozen_toy(OPEN)
    assert (made.figures.people, made.figures.people_served) == (1000, 100)
    assert (made.figures.points_direct, made.figures.points_online) == (2, 1)
    assert [(each.name, each.communes, each.people, each.people_served, each.points_direct, each.points_online)
            for each in made.offices] == [("Cơ sở 1", 2, 300, 100, 2, 1), ("Cơ sở 2", 2, 700, 0, 0, 0)]  # fmt: skip
    assert [(each.code, each.people, each.people_served) for each in made.communes] == [
        ("98001", 100, 100), ("98002", 200, 0), ("98003", 300, 0), ("98004", 400, 0)
    ]  # fmt: skip
    assert [(each.kind, each.open) for each in made.points] == [
        ("direct", True), ("direct", True), ("online", True), ("direct", False)
    ]  # fmt: skip


def test_shapes_are_those_of_the_communes():
    made = frozen_toy(OPEN)
    for each, real in zip(made.communes, offices().geometry, strict=True):
        ((ring,),) = each.shape
        assert shapely.Polygon(ring).symmetric_difference(real).area < 0.001 * real.area


def test_unknown_people_stay_unknown_and_are_said():
    made = frozen_toy(OPEN, people={"98001": 100, "98002": 200})
    assert [each.people for each in made.communes] == [100, 200, None, None]
    assert made.communes[2].share_served is None
    assert any(each.startswith("2 xã chưa rõ dân số") for each in made.notes)
    assert made.notes[-1] == "Thêm một lưu ý."


def test_no_more_than_ten_gaps_the_worst_first():
    made = frozen_toy(OPEN)
    people = [each.people for each in made.gaps]
    assert people == sorted(people, reverse=True)
    assert len(people) <= 10
    assert sum(people) <= 900


def test_overlaps_are_communes_with_ten_points_or_more():
    many = [Point((0.5 + at * 0.1, 1)) for at in range(11)] + [
        Point((3, 0.5 + at * 0.1)) for at in range(9)
    ]
    made = frozen_toy(many)
    assert [(each.code, each.points, each.people) for each in made.overlaps] == [("98001", 11, 100)]


def test_a_proposal_is_copied_without_a_name_of_its_staff():
    made = frozen_toy(OPEN, [proposal(1, (7, 1))])
    (row,) = made.proposals
    assert (row.staff, row.met, row.mandatory) == (2, 1, 2)
    assert (row.organisation, row.commune, row.gained, row.rank, row.firmness) == (
        "Bưu điện", "Xã Số 4", 400, 1, "likely"
    )  # fmt: skip
    text = made.as_bytes().decode()
    assert "NVT001" not in text
    assert '"an"' not in text
    assert made.offices[1].proposals == 1
    assert made.offices[1].people_gained == 400


def test_what_was_found_on_site_counts_before_what_was_said():
    check = SiteCheck("x", "2026-11-03", (Condition("BH", Met.NO), Condition("NV", Met.YES)))
    (row,) = frozen_toy(OPEN, [proposal(1, (7, 1), check=check)]).proposals
    assert (row.met, row.mandatory) == (1, 2)
    none = SiteCheck("x", "2026-11-03")
    (row,) = frozen_toy(OPEN, [proposal(1, (7, 1), check=none)]).proposals
    assert row.met == 1


def test_a_proposal_never_measured_has_no_figures():
    (row,) = frozen_toy(OPEN, [proposal(1, (7, 1), figures=None)]).proposals
    assert (row.gained, row.lost, row.overlap, row.rank, row.distance_now_m) == (None,) * 5


def test_a_decision_keeps_its_day_and_loses_its_author():
    decision = Decision(False, "giám đốc", "2026-11-05T03:00:00+00:00", "cost", "Đắt", "9/QĐ")
    made = frozen_toy(OPEN, [proposal(1, (7, 1), decision=decision)])
    assert made.proposals[0].decision is not None
    assert made.proposals[0].decision.day == "2026-11-05"
    assert "giám đốc" not in made.as_bytes().decode()


@pytest.mark.parametrize(("place", "former"), [((1, 1), ("97001", "Xã Số 1")), ((7, 1), ("", ""))])
def test_the_former_commune_is_the_one_it_lies_in(place, former):
    before = district.communes({"97001": district.square(0, 0, 4, 2)}, valid_to=["2025-06-30"])
    (row,) = frozen_toy(OPEN, [proposal(1, place)], former=before).proposals
    assert (row.former_code, row.former) == former


def test_a_frozen_network_comes_back_from_its_text():
    made = frozen_toy(OPEN, [proposal(1, (7, 1)), proposal(2, (5, 1))])
    again = Packet.of(made.as_dict())
    assert again.fingerprint == made.fingerprint
