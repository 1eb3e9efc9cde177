"""A field checker of the demonstration sees the former communes that its office looks after now."""

from planning.model.people import Grant, Role, User
from planning.services import performance
from planning.services.demo import PROVINCE
from planning.services.performance import CommunesSeen, ResultsAsk
from planning.store.session import Store


def test_a_checker_sees_results_told_before_the_offices_were_there(demonstration: Store) -> None:
    office = "BHXH cơ sở Châu Phong"
    checker = User("checker", grants=(Grant(Role.CHECKER, PROVINCE, office=office),))
    ask = ResultsAsk(PROVINCE, "BHXH-TN", "2025-Q1")

    seen = performance.communes(demonstration, checker, ask)
    assert isinstance(seen, CommunesSeen)
    assert not seen.basis.whole
    assert {each.office for each in seen.rows} == {office}
    assert 0 < (seen.whole.result or 0) < 12_561
