"""The audit after a change of communes, by hand, on the toy district."""

import pandas as pd
import pytest

from geo import tables
from planning.analysis.reform import audit_reform, standing_on
from planning.model.official_code import CodeState
from planning.model.reform import NO_CROSSWALK, NO_FORMER, FormerState, Verdict
from tests.toy import district

BEFORE = "2025-06-30"
POST = "3456789000"


def crosswalk(*pairs: tuple[str, str]) -> tables.Crosswalk:
    olds = [old for old, _ in pairs]
    rows = [(old, f"Xã {old[-1]} cũ", new, "partial" if olds.count(old) > 1 else "full")
            for old, new in pairs]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["old_code", "old_name", "new_code", "relation"])
    return tables.crosswalk(frame.assign(old_district="Huyện Đông"))


# Two became 98001; 97003 was divided between 98002 and 98003; 97004 became 98004.
CHANGE = crosswalk(("97001", "98001"), ("97002", "98001"), ("97003", "98002"),
                   ("97003", "98003"), ("97004", "98004"))  # fmt: skip


def former() -> tables.Communes:
    shapes = {"97001": district.square(0, 0, 1, 2), "97002": district.square(1, 0, 1, 2),
              "97003": district.square(2, 0, 4, 2), "97004": district.square(6, 0, 2)}  # fmt: skip
    return district.communes(shapes, valid_from=["2004-01-01"] * 4)


def situation(*listed: tuple[tuple[float, float], dict], boundaries: bool = True):
    points = [district.Point(place, **{k: v for k, v in given.items() if k in ("kind", "status")})
              for place, given in listed]  # fmt: skip
    made = district.situation(points, former=former() if boundaries else None)
    for name in ("written_code", "former_code", "official_code", "opened", "closed"):
        made.points[name] = pd.Series([given.get(name) for _, given in listed], dtype="str")
    return made


def audit(*listed, table: tables.Crosswalk | None = CHANGE, boundaries: bool = True):
    return audit_reform(situation(*listed, boundaries=boundaries), table, BEFORE)


def verdicts(result) -> dict[str, Verdict]:
    return {each.point_id: each.verdict for each in result.points}


def test_every_verdict_and_the_gravest_first():
    result = audit(
        ((1, 1), {"written_code": "98001"}),
        ((1, 1), {"written_code": "98002"}),
        ((1, 1), {"written_code": "97001"}),
        ((1, 1), {}),
        ((1, 1), {"written_code": "96009"}),
        ((20, 1), {"written_code": "98001"}),
        ((0.5, 1), {"written_code": "98001", "former_code": "97002"}),
        ((0.5, 1), {"written_code": "98001", "former_code": "97004"}),
        ((1, 1), {"written_code": "97004"}),
    )
    assert verdicts(result) == {
        "P000": Verdict.AGREES, "P001": Verdict.DIFFERENT, "P002": Verdict.FORMER_CODE,
        "P003": Verdict.UNWRITTEN, "P004": Verdict.UNKNOWN, "P005": Verdict.OUTSIDE,
        "P006": Verdict.FORMER_DIFFERS, "P007": Verdict.FORMER_DIFFERS,
        "P008": Verdict.DIFFERENT,
    }  # fmt: skip
    order = [list(Verdict).index(each.verdict) for each in result.points]
    assert order == sorted(order)


def test_the_former_commune_is_written_else_located_else_the_only_one_there_was():
    places = (((0.5, 1), {"former_code": "97002"}), ((0.5, 1), {}), ((3, 1), {}), ((7, 1), {}))
    found = {each.point_id: each.former for each in audit(*places).points}
    assert found == {"P000": "97002", "P001": "97001", "P002": "97003", "P003": "97004"}
    without = {each.point_id: each.former for each in audit(*places, boundaries=False).points}
    # 98001 came of two, so nobody can say; 98002 and 98004 came of one each.
    assert without == {"P000": "97002", "P001": None, "P002": "97003", "P003": "97004"}


def test_codes_follow_the_place_and_do_not_collide():
    result = audit(
        ((0.5, 1), {"official_code": f"{POST}TH8997001001"}),
        ((1.5, 1), {"official_code": f"{POST}TH8997002001"}),
        ((5, 1), {"official_code": f"{POST}TH9898003004"}),
        ((20, 1), {"official_code": f"{POST}TH8997004001", "former_code": "97004"}),
        ((20, 1), {"official_code": f"{POST}TH8997003001", "former_code": "97003"}),
        ((1, 1), {"official_code": "DL12"}),
    )
    found = {each.point_id: (each.issued.state, str(each.issued.code or ""))
             for each in result.points}  # fmt: skip
    assert found == {
        "P000": (CodeState.RENEWED, f"{POST}TH9898001001"),
        "P001": (CodeState.RENUMBERED, f"{POST}TH9898001002"),
        "P002": (CodeState.KEPT, f"{POST}TH9898003004"),
        "P003": (CodeState.RENEWED, f"{POST}TH9898004001"),  # outside: its former passed whole
        "P004": (CodeState.UNPLACED, ""),  # outside, and its former was divided
        "P005": (CodeState.INVALID, ""),
    }  # fmt: skip


def test_former_communes_kept_lost_gained_or_never_had_a_point():
    result = audit(
        ((0.5, 1), {}),
        ((1.5, 1), {"status": "closed", "closed": "2025-08-01"}),
        ((3, 1), {"opened": "2025-09-01"}),
        ((7, 1), {"kind": "online"}),
        ((7, 1), {"status": "planned"}),
    )
    found = {each.code: (each.state, each.points_before, each.points_now)
             for each in result.formers}  # fmt: skip
    assert found == {
        "97001": (FormerState.KEPT, 1, 1), "97002": (FormerState.LOST, 1, 0),
        "97003": (FormerState.GAINED, 0, 1), "97004": (FormerState.NEVER, 0, 0),
    }  # fmt: skip
    assert [each.state for each in result.formers] == [
        FormerState.LOST, FormerState.NEVER, FormerState.GAINED, FormerState.KEPT,
    ]  # fmt: skip
    assert result.formers_with_point == 2
    # 98001 keeps one of its two; 98002 has one; 98003 and 98004 have none.
    assert (result.communes_with_point, result.communes) == (2, 4)
    assert result.formers[0].successors == ("98001",)


def test_it_says_what_is_missing_and_works_without():
    result = audit(((1, 1), {"written_code": "98001"}), table=None, boundaries=False)
    assert result.missing == (NO_CROSSWALK, NO_FORMER)
    assert result.formers == ()
    assert verdicts(result) == {"P000": Verdict.AGREES}
    assert audit().missing == ()
    assert audit().points == ()


@pytest.mark.parametrize(
    ("given", "stood"),
    [
        ({}, True), ({"status": "suspended"}, True), ({"status": "planned"}, False),
        ({"status": "closed"}, False), ({"status": "closed", "closed": "2025-06-30"}, False),
        ({"status": "closed", "closed": "2025-07-01"}, True),
        ({"opened": "2025-06-30"}, True), ({"opened": "2025-07-01"}, False),
    ],
)  # fmt: skip
def test_points_as_they_stood_on_a_day(given, stood):
    points = situation(((1, 1), given)).points
    assert standing_on(points, BEFORE)["status"].tolist() == ["open" if stood else "closed"]
