"""The register laid on a network: who runs it, who works in it, and what it fails, counted plainly."""

import re
from collections import Counter, defaultdict
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import toy_delta
from conftest import laid

from planning.demo.inspections import lay_inspections
from planning.demo.network import Network
from planning.demo.profiles import AN_GIANG, NGHE_AN, NetworkProfile
from planning.demo.register import Register, lay_register
from planning.model.compliance import Check

PROFILES = [AN_GIANG, NGHE_AN]
Told = list[dict[str, Any]]


class Kept:
    """A network, its register and inspections as plain rows."""

    def __init__(self, profile: NetworkProfile) -> None:
        self.profile = profile
        self.network: Network = laid(profile.name, toy_delta.places())
        self.register: Register = lay_register(profile, self.network, np.random.default_rng(3))
        self.points = rows(self.register.points)
        self.direct = [each for each in self.points if each["kind"] == "direct"]
        self.organisations = rows(self.register.organisations)
        self.staff = rows(self.register.staff)
        self.inspections = rows(
            lay_inspections(profile, self.register, np.random.default_rng(4))
        )  # fmt: skip
        self.stated = profile.lapses.by_check


def rows(table: pd.DataFrame) -> Told:
    plain = pd.DataFrame(table).astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


@pytest.fixture(scope="module", params=PROFILES, ids=lambda each: each.name)
def kept(request: pytest.FixtureRequest) -> Kept:
    return Kept(request.param)


def test_each_direct_point_has_as_many_staff_as_it_says(kept: Kept) -> None:
    at = Counter(each["point_code"] for each in kept.staff)

    assert at == {each["official_code"]: each["staff_count"] for each in kept.direct}
    assert len(kept.staff) == kept.profile.staff


def test_nobody_works_for_two_organisations_nor_for_another_than_the_points(kept: Kept) -> None:
    runs = {each["official_code"]: each["organisation_code"] for each in kept.points}

    assert len({each["staff_id"] for each in kept.staff}) == len(kept.staff)
    assert all(each["organisation_code"] == runs[each["point_code"]] for each in kept.staff)


def test_nobody_can_be_a_real_person(kept: Kept) -> None:
    for each in kept.staff:
        assert re.fullmatch(r"Nhân viên \d{4} \(minh họa\)", each["name"])
        assert re.fullmatch(r"MH-\d{6}", each["staff_id"])
        assert each["phone"] is None


def test_organisations_are_those_of_the_profile_each_with_a_contract(kept: Kept) -> None:
    assert [each["name"] for each in kept.organisations] == [
        each.name for each in kept.profile.organisations
    ]
    first = defaultdict(list)
    for each in kept.points:
        first[each["organisation_code"]].append(each["opened"])
    for each in kept.organisations:
        assert each["contract_date"] == min(first[each["organisation_code"]])
        assert each["guarantee"] >= 150_000_000


def test_points_carry_the_contract_of_their_organisation(kept: Kept) -> None:
    number = {each["organisation_code"]: each["contract_number"] for each in kept.organisations}

    assert all(each["contract_number"] == number[each["organisation_code"]]
               for each in kept.points)  # fmt: skip


def test_places_kinds_and_organisations_of_the_network_stay(kept: Kept) -> None:
    same = ["name", "lon", "lat", "kind", "status", "organisation", "commune_code", "former_code"]

    pd.testing.assert_frame_equal(
        pd.DataFrame(kept.register.points)[same], pd.DataFrame(kept.network.points)[same]
    )


def test_former_codes_name_the_former_commune_and_are_nobodys_code_now(kept: Kept) -> None:
    now = {each["official_code"] for each in kept.points}
    before = [each for each in kept.points if each["former_codes"] is not None]

    assert len(before) > len(kept.points) / 2
    assert len({each["former_codes"] for each in before}) == len(before)
    for each in before:
        assert each["former_codes"] not in now
        assert each["former_codes"][14:19] == each["former_code"] != each["commune_code"]


def test_as_many_fail_each_rule_as_stated(kept: Kept) -> None:
    day = kept.profile.as_of
    permanent = {each["point_code"] for each in kept.staff if each["permanent"]}
    holders = defaultdict(set)
    for each in kept.staff:
        holders[each["card_number"]].add((each["staff_id"], each["organisation_code"]))
    shared = [each for each in holders.values() if len({code for _, code in each}) > 1]
    found = {
        Check.SIGN_MISSING: sum(each["sign"] is False for each in kept.direct),
        Check.NO_PERMANENT_STAFF: sum(
            each["official_code"] not in permanent for each in kept.direct
        ),
        Check.CARD_EXPIRED: sum(each["card_valid_to"] < day for each in kept.staff),
        Check.CONTRACT_EXPIRED: sum(each["contract_valid_to"] < day for each in kept.organisations),
        Check.GUARANTEE_EXPIRED: sum(
            each["guarantee_valid_to"] < day for each in kept.organisations
        ),
        Check.TWO_ORGANISATIONS: sum(len(each) for each in shared),
        Check.CODE_INCONSISTENT: sum(
            each["official_code"][:10] != each["organisation_code"]
            or each["official_code"][14:19] != each["commune_code"]
            for each in kept.points
        ),
    }  # fmt: skip

    assert found == {check: kept.stated[check] for check in found}


def test_the_list_of_points_agrees_with_the_staff_on_who_is_permanent(kept: Kept) -> None:
    permanent = {each["point_code"] for each in kept.staff if each["permanent"]}

    for each in kept.direct:
        assert each["permanent_staff"] == (each["official_code"] in permanent)


def test_as_many_points_wait_for_an_inspection_or_its_mend_as_stated(kept: Kept) -> None:
    day = date.fromisoformat(kept.profile.as_of)
    overdue = set()
    newest = dict.fromkeys((each["point_id"] for each in kept.points), "")
    for each in kept.inspections:
        newest[each["point_id"]] = max(newest[each["point_id"]], each["day"])
        if each["deadline"] and not each["settled"] and each["deadline"] < day.isoformat():
            overdue.add(each["point_id"])
    overdue |= {
        point for point, seen in newest.items()
        if not seen or (day - date.fromisoformat(seen)).days > 92
    }  # fmt: skip

    assert len(overdue) == kept.stated[Check.INSPECTION_OVERDUE]


def test_inspections_are_in_order_and_after_the_point_opened(kept: Kept) -> None:
    opened = {each["point_id"]: each["opened"] for each in kept.points}

    assert len({each["document"] for each in kept.inspections}) == len(kept.inspections)
    for each in kept.inspections:
        assert opened[each["point_id"]] <= each["day"] <= kept.profile.as_of
        assert (each["conclusion"] == "not met") == bool(each["findings"])
        assert bool(each["findings"]) == bool(each["deadline"])
        assert not each["settled"] or each["day"] <= each["settled"] <= kept.profile.as_of


def test_lapses_fall_on_no_organisation_that_an_article_names(kept: Kept) -> None:
    day = kept.profile.as_of
    invented = {each.name for each in kept.profile.organisations if each.invented}
    late = [each["name"] for each in kept.organisations
            if min(each["contract_valid_to"], each["guarantee_valid_to"]) < day]  # fmt: skip
    late += [each["organisation"] for each in kept.staff if each["card_valid_to"] < day]

    assert late
    assert set(late) <= invented


def test_514_cards_were_issued_in_2023_after_two_training_sessions() -> None:
    certificates = [each["certificate"] for each in Kept(NGHE_AN).staff]
    of_year = [each for each in certificates if "/2023," in each]

    assert len(of_year) == 514
    assert {each.split(", ")[1] for each in of_year} == {"lớp 1 (minh họa)", "lớp 2 (minh họa)"}
