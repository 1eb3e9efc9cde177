"""Places a planner names, and the candidates that kinds and hosts allow."""

import pytest

from planning.model.errors import RequestError
from planning.model.wishes import CandidateKind, RuleWishes
from tests.planning.siting.toy_questions import asked, identity, ids
from tests.toy import district
from tests.toy.district import Point


def test_kinds_and_types_of_hosts_allow_only_such_sites():
    there = district.situation(
        [Point((7, 1.5), kind="online", name="Nhà thuốc")],
        hosts=district.hosts([((1, 1.2), "Bưu cục A")]),
    )  # the online point has no type of host; the home 200 m from the post office has one near

    def places(**rules):
        return list(asked(there, points=1, rules=RuleWishes(**rules)).places.table["id"])

    post, home = identity((1, 1.2)), identity((1, 1))
    assert places(kinds=(CandidateKind.HOST,)) == [post]
    assert places(kinds=(CandidateKind.ONLINE,)) == [identity((7, 1.5))]
    assert sorted(places(host_types=("Buu cuc",))) == sorted([home, post])
    assert identity((3, 1)) in places(host_types=("bưu cục",), host_within_km=2.1)
    assert identity((3, 1)) not in places(host_types=("bưu cục",), host_within_km=1.9)
    with pytest.raises(RequestError, match="“ga”; there are: bưu cục"):
        places(host_types=("ga",))


def locked(there, *, points=2, **rules):
    question = asked(there, points=points, rules=RuleWishes(**rules))
    return question, ids(question, question.problem.rules.chosen)


def test_a_place_is_locked_in_by_its_id_its_host_or_coordinates_near_it():
    there = district.situation(hosts=district.hosts([((6, 1), "Trạm Y tế B")]))
    lon, lat = district.degrees([(1.1, 1)])[0]  # 100 m from the first home
    for text, place in (
        (identity((5, 1)), (5, 1)),
        ("trạm  y tế b", (6, 1)),
        (f"{lon}, {lat}", (1, 1)),
    ):
        assert locked(there, locked_in=(text,))[1] == [identity(place)]


def test_coordinates_far_from_every_candidate_are_one_when_locked_in():
    question, chosen = locked(district.situation(), locked_in=(identity((4.5, 0.5)),))
    assert chosen == [identity((4.5, 0.5))]
    row = question.places.table.set_index("id").loc[chosen[0]]
    assert (row["kind"], row["commune_code"]) == ("named place", "98003")


def test_what_is_locked_in_is_a_site_whatever_kinds_are_allowed():
    _, chosen = locked(
        district.situation(), kinds=(CandidateKind.SEAT,), locked_in=(identity((5, 1)),)
    )
    assert chosen == [identity((5, 1))]


def test_a_place_locked_out_is_no_site_nor_what_stands_beside_it():
    there = district.situation(hosts=district.hosts([((1, 1.2), "Bưu cục A")]))
    question, _ = locked(there, locked_out=("Bưu cục A", identity((7, 1))))
    assert list(question.places.table["id"]) == [identity((3, 1)), identity((5, 1))]
    # By its own id only the candidate itself is meant, not the home 200 m beside it.
    question, _ = locked(there, locked_out=(identity((1, 1.2)),))
    assert identity((1, 1)) in list(question.places.table["id"])


@pytest.mark.parametrize(
    ("rules", "why"),
    [({"locked_in": ("Bưu cục",)}, "near to it are: Bưu cục A"),
     ({"locked_in": ("Chợ",)}, "2 hosts are called “Chợ”; write which one by its place: 105"),
     ({"locked_in": ("105.0,9.0",)}, "lies in no commune"),
     ({"locked_in": ("Bưu cục A",), "locked_out": (identity((1, 1.2)),)}, "locked out by another"),
     ({"locked_in": ("Bưu cục A",), "spacing_km": 3}, "only 2010 m from a point that stays")],
)  # fmt: skip
def test_a_place_that_cannot_be_locked_in_is_refused(rules, why):
    hosts = district.hosts([((1, 1.2), "Bưu cục A"), ((5, 1), "Chợ"), ((7, 1), "Chợ 2")])
    hosts = hosts.assign(name=["Bưu cục A", "Chợ", "Chợ"])
    there = district.situation([Point((3, 1))], hosts=hosts)
    with pytest.raises(RequestError, match=why):
        locked(there, **rules)
