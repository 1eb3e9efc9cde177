"""Keeping scenarios: nobody's work is overwritten, every write is told, data may change beneath."""

import json
import threading
from dataclasses import replace

import numpy as np
import pytest

from geo.errors import FileError
from planning.model.errors import NotFoundError, RequestError
from planning.model.scenario import Change, ChangeKind, DeletedError, Outline, StaleError
from planning.model.siting import SuggestionAsk, Upon
from planning.model.standards import ServiceStandard
from planning.services import imports, replay, scenarios, siting
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from planning.services.scenarios import Write
from planning.store import audit, plans
from planning.store.situation import load_situation
from tests.toy import district

OURS = AnalysisRequest(district.PROVINCE)


def add(x: float, y: float = 1.0, **more: str) -> Change:
    lon, lat = district.degrees([(x, y)])[0]
    return Change(ChangeKind.ADD, lon=float(lon), lat=float(lat), **more)


def at(scenario, **more) -> Write:
    return Write(district.PROVINCE, scenario.id, scenario.version, **more)


@pytest.fixture
def made(store):
    return scenarios.make(store, OURS, "  Phương   án ", "Ghi chú")


def test_what_is_kept_is_what_was_made(store, made):
    assert made.name == "Phương án"
    then = scenarios.change(store, OURS, at(made), [add(7, name="Chợ", comment="vì đông")])
    then = scenarios.change(store, OURS, at(then), [add(3), add(5, 0.5)])
    then = scenarios.undo(store, at(then))
    assert scenarios.get(store, district.PROVINCE, made.id) == then
    assert (then.cursor, len(then.steps), then.version) == (1, 2, 4)
    then = scenarios.change(store, OURS, at(then), [add(1, 0.5)])
    assert scenarios.get(store, district.PROVINCE, made.id) == then
    assert len(then.steps) == 2


def test_a_stale_write_is_refused_and_told_what_happened(store, made):
    first = scenarios.change(store, OURS, at(made, by="An"), [add(7)])
    for write in (
        lambda: scenarios.change(store, OURS, at(made), [add(3)]),
        lambda: scenarios.undo(store, at(made)),
        lambda: scenarios.rename(store, at(made), "X", ""),
        lambda: scenarios.delete(store, at(made)),
    ):
        with pytest.raises(StaleError, match=r"a point was added, An") as refused:
            write()
        assert refused.value.version == first.version
    assert scenarios.get(store, district.PROVINCE, made.id) == first


def test_of_many_editors_at_once_one_is_done_and_the_others_are_told(store, made):
    done, told = [], []
    ready = threading.Barrier(6)

    def edit(number: int) -> None:
        ready.wait()
        try:
            done.append(scenarios.change(store, OURS, at(made), [add(1 + number)]))
        except StaleError as error:
            told.append(error)

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(done), len(told)) == (1, 5)
    assert scenarios.get(store, district.PROVINCE, made.id) == done[0]


def test_a_request_whose_answer_was_lost_is_not_done_twice(store, made):
    write = at(made, token="t1")
    first = scenarios.change(store, OURS, write, [add(7)])
    assert scenarios.change(store, OURS, write, [add(7)]) == first
    again = scenarios.undo(store, at(first, token="t2"))
    assert scenarios.undo(store, at(first, token="t2")) == again
    scenarios.comment(store, at(again, token="c"), "một lần")
    scenarios.comment(store, at(again, token="c"), "một lần")
    assert [each.text for each in scenarios.comments(store, again)] == ["một lần"]


def test_a_refused_change_leaves_no_trace(store, made):
    for wrong in (add(9), Change(ChangeKind.CLOSE, "P999"), Change(ChangeKind.RESTORE, "P000")):
        with pytest.raises(RequestError):
            scenarios.change(store, OURS, at(made), [add(7), wrong])
    assert scenarios.get(store, district.PROVINCE, made.id) == made
    with store.reading() as db:
        tags = [each.tag for each in audit.events(db, district.PROVINCE)]
    assert tags.count("scenario:scenario:written") == 0


def test_deleting_is_undone_as_it_was(store, made):
    then = scenarios.change(store, OURS, at(made), [add(7)])
    scenarios.delete(store, at(then))
    assert scenarios.listed(store, OURS) == []
    with pytest.raises(DeletedError, match="Phương án"):
        scenarios.get(store, district.PROVINCE, made.id)
    with pytest.raises(DeletedError):
        scenarios.undo(store, at(then))
    back = scenarios.restore(store, at(then))
    assert back.steps == then.steps
    assert [each.scenario.id for each in scenarios.listed(store, OURS)] == [made.id]


def test_a_number_is_never_given_twice_and_belongs_to_one_province(store, made):
    other = scenarios.make(store, OURS, "Khác")
    assert other.id > made.id
    with pytest.raises(NotFoundError):
        scenarios.get(store, "99", made.id)


def test_changed_data_make_a_scenario_out_of_date_until_somebody_looks(store, made, tmp_path):
    then = scenarios.change(store, OURS, at(made), [Change(ChangeKind.CLOSE, first_point(store))])
    assert not scenarios.evaluate(store, OURS, then).out_of_date
    path = tmp_path / "points.csv"
    lon, lat = district.degrees([(3, 1)])[0]
    path.write_text(f"Tên điểm thu,Vĩ độ,Kinh độ\nMới,{lat:.6f},{lon:.6f}\n", encoding="utf-8")
    imports.import_points(store, path, Origin(synthetic=True), district.PROVINCE)
    found = scenarios.evaluate(store, OURS, then)
    assert found.out_of_date
    # The figures are those of the present data, and say which change has no effect there.
    points = {each.id for each in scenarios.bench(store, OURS).points.values()}
    assert (found.figures.without_effect == ()) is (first_of(then) in points)
    looked = scenarios.follow(store, OURS, at(then))
    assert not scenarios.evaluate(store, OURS, looked).out_of_date


def first_point(store) -> str:
    ready = scenarios.bench(store, OURS)
    return next(each.id for each in ready.points.values() if each.serves)


def first_of(scenario) -> str:
    return scenario.changes[0].point_id


def test_a_plan_becomes_a_scenario_with_the_plans_figures(store):
    request = replace(OURS, standard=None)
    plan = siting.suggest(store, request, SuggestionAsk(points=2))
    made = scenarios.from_plan(store, OURS, plan)
    found = scenarios.evaluate(store, request, made).figures
    assert found.people_gained == plan.people_gained
    assert found.added == len(plan.sites)
    assert made.name == f"Đề xuất {len(plan.sites)} điểm thu"
    assert made.cursor == 1


def more_for(store, scenario, points=1):
    """Return what is suggested in addition to a scenario, kept and read again."""
    ask, basis = scenarios.ask_for_more(scenario, points)
    plan = siting.made(store, OURS, ask, upon=Upon(basis))
    with store.writing() as db:
        number = siting.keep(db, plan, by="local")
    kept = siting.kept(store, district.PROVINCE, number)
    assert kept.plan == plan
    assert not kept.out_of_date
    return plan


def test_what_a_scenario_adds_counts_as_existing_when_more_is_suggested(store, made):
    site = more_for(store, made).sites[0]
    step = [Change(ChangeKind.ADD, lon=site.lon, lat=site.lat)]
    then = scenarios.change(store, OURS, at(made), step)
    more = more_for(store, then)
    served = scenarios.evaluate(store, OURS, then).figures.then
    assert more.people_unserved == served.people_unserved
    assert (site.lon, site.lat) not in {(each.lon, each.lat) for each in more.sites}
    for points in (0, 101):
        with pytest.raises(RequestError, match="1 to 100"):
            scenarios.ask_for_more(made, points)


def test_more_becomes_part_of_the_scenario_in_one_step(store, made):
    first_point_closed = [Change(ChangeKind.CLOSE, first_point(store)), add(7)]
    then = scenarios.change(store, OURS, at(made), first_point_closed)
    before = scenarios.evaluate(store, OURS, then).figures.then
    more = more_for(store, then, 2)
    assert more.basis.changes == then.changes
    whole = scenarios.take_in(store, OURS, at(then), more)
    after = scenarios.evaluate(store, OURS, whole).figures.then
    assert after.people_served - before.people_served == more.people_gained > 0
    assert whole.cursor == then.cursor + 1
    assert scenarios.undo(store, at(whole)).changes == then.changes
    with pytest.raises(StaleError):
        scenarios.take_in(store, OURS, at(then), more)
    # A scenario of its own holds both, and counts the same.
    both = scenarios.from_plan(store, OURS, more)
    assert both.outline == whole.outline
    assert scenarios.evaluate(store, OURS, both).figures.then == after


def test_what_adds_to_a_scenario_is_never_taken_for_a_plan_of_the_network_as_it_is(store, made):
    request = replace(OURS, standard=None)
    plan = siting.suggest(store, request, SuggestionAsk(points=2))
    then = scenarios.change(store, OURS, at(made), [add(7)])
    more_for(store, then)
    assert siting.latest(store, OURS)[0] == plan
    assert [line.scenario for line, _ in siting.listed(store, district.PROVINCE)] == [made.id, None]
    assert [line.scenario for line in siting.made_from(store, district.PROVINCE, made.id)] == [
        made.id
    ]
    assert siting.made_from(store, district.PROVINCE, made.id + 1) == []


def test_what_adds_to_a_scenario_is_repeated_from_its_file(store, made, tmp_path):
    then = scenarios.change(store, OURS, at(made), [add(7)])
    body = replay.recorded(more_for(store, then), "2026-01-01T00:00:00+00:00", plans.MADE_BY)
    path = tmp_path / "replay.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    repeated = replay.repeat(store, path)
    assert (repeated.reasons, repeated.differences) == ((), ())
    del body["question"]["basis"]
    path.write_text(json.dumps(body), encoding="utf-8")
    assert replay.repeat(store, path).differences
    for wrong in ({}, [], {"scenario": "x", "changes": []}, {"scenario": 1, "changes": [{}]}):
        body["question"]["basis"] = wrong
        path.write_text(json.dumps(body), encoding="utf-8")
        with pytest.raises(FileError, match="no replay file"):
            replay.repeat(store, path)


def test_comparing_takes_one_to_four(store, made):
    with pytest.raises(RequestError):
        scenarios.compare(store, OURS, [])
    with pytest.raises(RequestError):
        scenarios.compare(store, OURS, [made] * 5)
    found = scenarios.compare(store, OURS, [made, made])
    assert not any(each.differs for each in found.communes)
    assert sum(each.people for each in found.communes) == found.figures[0].now.people


def test_one_scenario_is_compared_with_the_network_as_it_is_and_marked_as_nothing(store, made):
    then = scenarios.change(store, OURS, at(made), [add(7)])
    found = scenarios.compare(store, OURS, [then])
    assert (found.best, found.most_efficient) == (frozenset(), frozenset())
    assert [each.code for each in found.communes if each.differs] == [district.CODES[3]]


def test_places_for_a_commune_count_its_people_only(store):
    """Counted once more by hand, of all places where people live; the point stands at (3, 1)."""
    near = replace(OURS, standard=ServiceStandard.one_radius(0.93))  # no ties
    demand = load_situation(store, district.PROVINCE, None).demand
    x, y = district.TO_ZONE.transform(demand["lon"].to_numpy(), demand["lat"].to_numpy())
    post = district.TO_ZONE.transform(*district.degrees([(3.0, 1.0)])[0])
    lonely = np.hypot(x - post[0], y - post[1]) > 930
    for code in district.CODES:
        ours = lonely & (demand["commune_code"].to_numpy() == code)
        places = scenarios.best_places(store, near, Outline(), commune=code)
        assert bool(places) == ours.any()
        for each in places:
            here = district.TO_ZONE.transform(each.lon, each.lat)
            reached = ours & (np.hypot(x - here[0], y - here[1]) <= 930)
            assert each.people == demand["people"].to_numpy()[reached].sum() > 0
