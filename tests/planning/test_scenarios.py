"""Keeping scenarios: nobody's work is overwritten, every write is told, data may change beneath."""

import threading
from dataclasses import replace

import pytest

from planning.model.errors import NotFoundError, RequestError
from planning.model.scenario import Change, ChangeKind, DeletedError, StaleError
from planning.model.siting import SuggestionAsk
from planning.services import imports, scenarios, siting
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from planning.services.scenarios import Write
from planning.store import audit
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


def test_what_a_scenario_adds_counts_as_existing_when_more_is_suggested(store, made):
    alone = scenarios.suggest_more(store, OURS, made.outline, 1)
    site = alone.sites[0]
    step = [Change(ChangeKind.ADD, lon=site.lon, lat=site.lat)]
    then = scenarios.change(store, OURS, at(made), step)
    more = scenarios.suggest_more(store, OURS, then.outline, 1)
    served = scenarios.evaluate(store, OURS, then).figures.then
    assert more.people_unserved == served.people_unserved
    assert (site.lon, site.lat) not in {(each.lon, each.lat) for each in more.sites}


def test_comparing_takes_two_to_four(store, made):
    with pytest.raises(RequestError):
        scenarios.compare(store, OURS, [made])
    with pytest.raises(RequestError):
        scenarios.compare(store, OURS, [made] * 5)
    found = scenarios.compare(store, OURS, [made, made])
    assert not any(each.differs for each in found.communes)
    assert sum(each.people for each in found.communes) == found.figures[0].now.people
