"""Targets and results kept on both kinds of database, as each role sees them."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from planning.analysis.performance.standing import Standing
from planning.model.errors import NotFoundError, RequestError
from planning.model.people import Action, ForbiddenError, Grant, Role, User, local_user
from planning.model.performance import Level, Need
from planning.services import performance
from planning.services.performance import Choice, Overview, ResultsAsk, Wanted
from planning.services.performance.below import SEEN
from planning.services.performance.files import HANDED_OUT
from planning.services.review import measuring, steps
from planning.store import audit, performance_tables, schema
from tests.planning.performance.told import QUARTER, network, of_points, told
from tests.planning.review.acting import PEOPLE, at, attempt, content
from tests.planning.review.test_decisions import TO_APPRAISED, TO_OPERATING, brought
from tests.toy import district

CODE = district.PROVINCE
EVERYTHING = local_user(frozenset({CODE}))
ASK = ResultsAsk(CODE)
# Points stand in communes 98002, 98004, 98001: see the drawing of the district.
FIGURES = of_points(("#2", 10, 4), ("#3", 20, 25), ("#4", 30, 15))


def somebody(role, **more):
    return User(role.value, grants=(Grant(role, CODE, **more),))


@pytest.fixture
def filled(store):
    network(store)
    told(store, *FIGURES)
    return store


def seen(store, user=EVERYTHING, period=None) -> Overview:
    found = performance.overview(store, user, CODE, None, period)
    assert isinstance(found, Overview)
    return found


def events(store, tag=SEEN):
    with store.reading() as db:
        return [each for each in audit.events(db, CODE, area="people") if each.tag == tag]


def test_points_come_to_organisations_and_the_province(filled):
    found = seen(filled)

    assert (found.province.target, found.province.result, found.province.short) == (60, 44, 16)
    assert [(each.name, each.standing.result, each.below) for each in found.organisations] == [
        ("Viettel", 25, False), ("Bưu điện", 19, True),
    ]  # fmt: skip
    assert (found.period.code, found.comparison.over) == (QUARTER, 1)
    assert (found.before, found.year_end) == (None, None)


def test_what_is_told_later_is_seen_at_once(filled):
    seen(filled)
    told(filled, {"level": Level.PROVINCE, "result": 50})

    assert seen(filled).province.result == 50
    assert [len(each.differing) for each in seen(filled).steps if each.parent is Level.PROVINCE]


def test_nothing_is_told_before_anything_is_kept(store):
    found = performance.overview(store, EVERYTHING, CODE)

    assert isinstance(found, Choice)
    assert found.told == frozenset()


def test_equal_years_have_no_change(filled):
    told(filled, *of_points(("#2", 10, 4), ("#3", 20, 25), ("#4", 30, 15), period="2024-Q3"))
    found = seen(filled, period=QUARTER)

    assert found.before == found.province.result
    assert {each.change for each in found.organisations} == {0}


def test_what_is_held_is_compared_with_the_end_of_the_year_before(filled):
    told(filled, *of_points(("#2", 1, 40), period="2024-12"))

    assert seen(filled).year_end == 40
    assert seen(filled).before is None  # nothing was told of the third quarter


def test_an_organisation_sees_what_is_its_own(filled):
    user = somebody(Role.ORGANISATION, organisation="BD")
    found = seen(filled, user)

    assert [each.key for each in found.organisations] == ["BD"]
    assert (found.province.result, found.basis.whole) == (19, False)
    listed = performance.communes(filled, user, ASK)
    assert [(each.code, each.standing.result) for each in listed.rows] == [
        ("98001", 15),
        ("98002", 4),
    ]
    points = performance.below(filled, user, ASK, Wanted(rate=10.0))
    assert {each.key for each in points.rows} == {"#2", "#4"}
    other = performance.cascade(filled, user, ResultsAsk(CODE, organisation="VT"))
    assert other.branches == ()


def test_a_checker_sees_the_communes_it_looks_after(filled):
    user = somebody(Role.CHECKER, communes=frozenset({"98004"}))

    assert seen(filled, user).province.result == 25
    assert [each.code for each in performance.communes(filled, user, ASK).rows] == ["98004"]


def test_who_has_no_role_sees_nothing(filled):
    for ask in (
        lambda user: performance.overview(filled, user, CODE),
        lambda user: performance.communes(filled, user, ASK),
        lambda user: performance.below(filled, user, ASK, Wanted()),
        lambda user: performance.cascade(filled, user, ASK),
        lambda user: performance.potential(filled, user, ASK),
    ):
        with pytest.raises(ForbiddenError):
            ask(User("nobody"))


def test_staff_are_named_to_who_may_see_them_and_that_is_noted_once(filled):
    told(filled, *({"level": Level.STAFF, "staff_id": each, "target": 10, "result": 1}
                   for each in ("NV1", "NV2", "NV3")))  # fmt: skip
    staff = Wanted("staff", 1.0)

    hidden = performance.below(filled, somebody(Role.VIEWER), ASK, staff)
    assert {(each.name, each.key) for each in hidden.rows} == {("", "")}
    assert events(filled) == []
    own = performance.below(filled, somebody(Role.ORGANISATION, organisation="VT"), ASK, staff)
    assert [each.name for each in own.rows] == ["Người 2"]
    for _ in range(2):
        named = performance.below(filled, somebody(Role.PLANNER), ASK, staff)
        assert {each.name for each in named.rows} == {"Người 1", "Người 2", "Người 3"}
    assert [each.actor for each in events(filled)] in (
        ["planner", "organisation"],
        ["organisation", "planner"],
    )


def test_staff_at_a_point_of_another_organisation_are_their_own_organisation_s(filled):
    # NV2 of Viettel works at “#2”, a point of Bưu điện; NV3 names no organisation, “#4” does.
    with filled.writing() as db:
        for key, values in (("NV2", {"point_code": "#2"}), ("NV3", {"organisation_code": None})):
            db.execute(sa.update(schema.staff).where(schema.staff.c.staff_id == key).values(values))
    told(filled, *({"level": Level.STAFF, "staff_id": each, "target": 10, "result": result}
                   for each, result in (("NV1", 1), ("NV2", 2), ("NV3", 3))))  # fmt: skip

    def listed(code):
        user = somebody(Role.ORGANISATION, organisation=code)
        found = performance.below(filled, user, ASK, Wanted("staff", 1.0))
        return [(each.name, each.organisation, each.standing.result) for each in found.rows]

    assert listed("BD") == [("Người 1", "Bưu điện", 1), ("Người 3", "Bưu điện", 3)]
    assert listed("VT") == [("Người 2", "Viettel", 2)]


def test_who_is_beyond_the_target_makes_nobody_less_short(filled):
    found = performance.below(filled, EVERYTHING, ASK, Wanted(rate=2.0))

    # 10 − 4, 20 − 25 and 30 − 15: five beyond a target are nobody else's.
    assert (found.below, found.short) == (3, 6 + 15)


def test_names_of_staff_in_a_file_are_recorded_with_their_number(filled):
    told(filled, *({"level": Level.STAFF, "staff_id": each, "target": 10, "result": 1}
                   for each in ("NV1", "NV2")))  # fmt: skip
    staff = Wanted("staff", 1.0)

    performance.hand_out(filled, EVERYTHING, ASK, ("below", "csv"), Wanted())
    unnamed = performance.hand_out(filled, somebody(Role.VIEWER), ASK, ("below", "csv"), staff)
    assert "Người" not in unnamed.decode("utf-8-sig").replace("Người xuất", "")
    assert events(filled, HANDED_OUT) == []
    planner = somebody(Role.PLANNER)
    named = performance.hand_out(filled, planner, ASK, ("below", "csv"), staff)
    assert "Người 2" in named.decode("utf-8-sig")
    (event,) = events(filled, HANDED_OUT)
    assert (event.actor, event.facts["people"], event.facts["form"]) == ("planner", 2, "csv")


def test_those_below_a_rate_are_a_page_the_most_short_first(filled):
    found = performance.below(filled, EVERYTHING, ASK, Wanted(rate=1.0, rows=1))

    assert (found.below, found.rated, found.unrated, found.short, found.pages) == (2, 3, 0, 21, 2)
    assert [each.key for each in found.rows] == ["#4"]
    second = performance.below(filled, EVERYTHING, ASK, Wanted(rate=1.0, rows=1, page=9))
    assert [each.key for each in second.rows] == ["#2"]


def test_a_month_without_results_is_named(filled):
    told(filled, *of_points(("#2", 9, 6), ("#3", 9, 6), ("#4", 9, 9), period="2025-10"))
    told(filled, *of_points(("#2", 9, 7), period="2025-11"))
    found = seen(filled, period="2025-Q4")

    assert found.basis.missing == ("2025-12",)
    assert found.basis.behind == 2
    assert found.province.result == 7 + 6 + 9


@pytest.fixture
def counted(filled):
    with filled.writing() as db:
        db.execute(sa.insert(performance_tables.need_count), [
            {"province_code": CODE, "need": str(Need.POTENTIAL), "commune_code": code,
             "valid_from": district.SINCE, "people": people}
            for code, people in (("98001", 50), ("98004", 70))
        ])  # fmt: skip


@pytest.mark.usefixtures("counted")
def test_demand_counted_stands_beside_what_was_reached(filled):
    found = performance.potential(filled, EVERYTHING, ASK)

    assert [(each.code, each.counts, each.standing.result) for each in found.rows[:2]] == [
        ("98004", (70,), 25), ("98001", (50,), 15),
    ]  # fmt: skip
    assert (found.sums, found.lost) == ((120,), (0,))
    assert {each.counts for each in found.rows[2:]} == {(None,)}


@pytest.mark.usefixtures("counted")
def test_an_organisation_gets_no_counts_of_the_province_on_a_page_or_as_a_file(filled):
    own = somebody(Role.ORGANISATION, organisation="BD")

    with pytest.raises(ForbiddenError):
        performance.potential(filled, own, ASK)
    with pytest.raises(ForbiddenError):
        performance.hand_out(filled, own, ASK, ("potential", "csv"), Wanted())
    assert performance.hand_out(filled, own, ASK, ("communes", "csv"), Wanted())


def test_an_opened_point_has_its_promise_beside_its_results(filled):
    opened = brought(filled, ())
    figures = measuring.figures_of(filled, CODE, opened.content)
    opened = steps.act(filled, PEOPLE["planner"], at(opened, action=Action.MEASURE),
                       lambda _, then: replace(then, figures=figures))  # fmt: skip
    for who, action in (*TO_APPRAISED, *TO_OPERATING):
        opened = attempt(filled, PEOPLE[who], action, opened)
    brought(filled, TO_APPRAISED, content(name="Chưa mở"))
    told(filled, *of_points((opened.code, 50, 20)))

    found = performance.opened(filled, EVERYTHING, ASK)
    # The nearest point of the 400 people of the fourth commune was 4 km away, beyond 3 km.
    assert [(each.number, each.promised, each.standing) for each in found.rows] == [
        (opened.number, 400, Standing(50, 20))
    ]
    assert found.unknown == 0
    assert (
        performance.opened(filled, somebody(Role.ORGANISATION, organisation="VT"), ASK).rows == ()
    )


def test_points_without_organisation_stay_in_the_sum(filled):
    with filled.writing() as db:
        db.execute(sa.update(schema.point).values(organisation_code=None))
    told(filled, {"level": Level.PROVINCE, "target": 1})  # figures that tell of the change

    found = seen(filled)
    assert (found.province.result, found.organisations) == (44, ())


@pytest.mark.parametrize(
    ("programme", "period", "error"),
    [("none", None, NotFoundError), (None, "2025-Q5", RequestError), (None, "x", RequestError)],
)
def test_what_cannot_be_meant_is_refused(filled, programme, period, error):
    with pytest.raises(error):
        performance.overview(filled, EVERYTHING, CODE, programme, period)


def test_a_list_that_is_not_there_is_refused(filled):
    with pytest.raises(NotFoundError):
        performance.below(filled, EVERYTHING, ASK, Wanted("offices"))
    for what in (("nothing", "csv"), ("communes", "gpkg")):
        with pytest.raises(NotFoundError):
            performance.hand_out(filled, EVERYTHING, ASK, what, Wanted())
