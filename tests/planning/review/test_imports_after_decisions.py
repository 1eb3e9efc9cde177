"""A new list of points comes in after the province decided: no decision is lost unseen."""

from dataclasses import replace

import pytest

from planning.model.errors import ImportRefusedError, RequestError
from planning.model.people import Action
from planning.model.proposals import ProposalKind
from planning.services import imports
from planning.services.imports import ImportAsk, Origin
from planning.services.imports.keeping import undo
from planning.store import imports as kept
from planning.store import layers, rows
from tests.planning.review.acting import PEOPLE, PROVINCE, attempt, content
from tests.planning.review.test_decisions import TO_APPRAISED, TO_OPERATING, brought
from tests.toy import district
from tests.toy.files import points_csv

PLANNER, REVIEWER, APPROVER = PEOPLE["planner"], PEOPLE["reviewer"], PEOPLE["approver"]
TO_START = (*TO_APPRAISED, *TO_OPERATING)
MIDDLE = ((3, 1), "Bưu cục Giữa", "Trực tiếp", "Hoạt động")
ONLINE = ((7, 1), "Nhà thuốc An", "Trực tuyến", "Hoạt động")
CLOSED = ((1, 1), "Bưu cục Cũ", "Trực tiếp", "Chấm dứt")
TO_CLOSED = (*TO_APPRAISED, ("approver", Action.APPROVE), ("reviewer", Action.PUBLISH))


@pytest.fixture
def list_of(store, tmp_path):
    """Return a function that imports a list of points, with what its owner answers."""

    def bring(*lines, text=None, **answers):
        path = tmp_path / "moi.csv"
        path.write_text(text or points_csv(*lines), encoding="utf-8")
        choices = imports.Choices(answers={name.replace("_", "-"): yes for name, yes in answers.items()})  # fmt: skip
        ask = ImportAsk("points", path, Origin(by="planner"), province=PROVINCE, choices=choices)
        (done,) = imports.commit(store, ask)
        return done

    return bring


def points(store):
    with store.reading() as db:
        table = layers.load_points(db, PROVINCE)
    return {row["name"]: row for row in table.to_dict("records")}


def about(store, name, kind=ProposalKind.CLOSE, way=TO_CLOSED):
    """Bring a proposal about a listed point on its way."""
    row = points(store)[name]
    said = content(name=name, kind=kind, point_id=row["point_id"], organisation="")
    return brought(store, way, replace(said, lon=row["lon"], lat=row["lat"]), PLANNER)


def asked(error):
    return [(each.code, each.params["name"]) for each in error.value.findings]


def test_a_point_opened_by_decision_is_asked_about_and_stays_when_agreed(store, list_of):
    now = brought(store, TO_START, content(name="Bưu cục Mới"))
    with pytest.raises(ImportRefusedError) as error:
        list_of(MIDDLE, ONLINE)
    assert asked(error) == [("point-decided-missing", "Bưu cục Mới")]
    assert "Bưu cục Mới" in points(store)  # nothing was changed
    before = points(store)["Bưu cục Mới"]
    done = list_of(MIDDLE, ONLINE, point_decided_missing=True)
    assert (done.rows, done.left_out) == (3, 0)
    after = points(store)
    assert set(after) == {"Bưu cục Giữa", "Nhà thuốc An", "Bưu cục Mới"}
    told = ("point_id", "official_code", "status", "opened", "commune_code", "lon", "lat")
    assert [after["Bưu cục Mới"][each] for each in told] == [before[each] for each in told]
    now = attempt(store, REVIEWER, Action.SUSPEND, now)
    assert points(store)["Bưu cục Mới"]["status"] == "suspended"


def test_declined_it_leaves_the_list_and_comes_back_when_that_is_undone(store, list_of):
    brought(store, TO_START, content(name="Bưu cục Mới"))
    done = list_of(MIDDLE, ONLINE, point_decided_missing=False)
    assert [each.code for each in done.findings] == ["point-decided-missing"]
    assert "Bưu cục Mới" not in points(store)
    undo(store, PROVINCE, done.batch)
    assert points(store)["Bưu cục Mới"]["status"] == "open"


def test_an_import_beneath_a_decision_cannot_be_taken_back(store):
    brought(store, TO_START, content())
    with store.reading() as db:
        beneath = next(each for each in kept.batches(db, PROVINCE) if each.kind == "points")
    with pytest.raises(RequestError, match="stands on this one"):
        undo(store, PROVINCE, beneath.id)


def test_a_list_that_contradicts_a_decision_is_asked_about(store, list_of):
    attempt(store, APPROVER, Action.END, about(store, "Bưu cục Giữa"))
    assert points(store)["Bưu cục Giữa"]["status"] == "closed"
    with pytest.raises(ImportRefusedError) as error:
        list_of(MIDDLE, ONLINE, CLOSED)
    assert asked(error) == [("point-decided-otherwise", "Bưu cục Giữa")]
    list_of(MIDDLE, ONLINE, CLOSED, point_decided_otherwise=True)
    row = points(store)["Bưu cục Giữa"]
    assert (row["status"], row["closed"]) == ("closed", "2027-01-31")
    list_of(MIDDLE, ONLINE, CLOSED, point_decided_otherwise=False)
    assert points(store)["Bưu cục Giữa"]["status"] == "open"


def test_a_list_sorted_otherwise_leaves_a_decision_with_its_point(store, list_of):
    ready = about(store, "Bưu cục Giữa")
    list_of(CLOSED, ONLINE, MIDDLE)  # without codes points are called after their rows
    attempt(store, APPROVER, Action.END, ready)
    told = {name: row["status"] for name, row in points(store).items()}
    assert told == {"Bưu cục Giữa": "closed", "Nhà thuốc An": "open", "Bưu cục Cũ": "closed"}
    assert len({row["point_id"] for row in points(store).values()}) == 3


def test_another_point_never_takes_the_place_of_one_that_left(store, list_of):
    ready = about(store, "Bưu cục Giữa")
    other = ((5, 1), "Nhà văn hóa", "Trực tiếp", "Hoạt động")
    done = list_of(other, ONLINE)
    assert [each.code for each in done.findings] == ["point-proposed-missing"]
    assert points(store)["Nhà văn hóa"]["point_id"] != ready.content.point_id
    with store.reading() as db:
        assert rows.point(db, PROVINCE, ready.content.point_id) is None


def test_a_point_that_got_its_code_since_is_still_the_same(store, list_of):
    ready = about(store, "Bưu cục Giữa")
    lon, lat = district.degrees([(3, 1)])[0]
    list_of(text=f"Mã điểm thu,Tên điểm thu,Hình thức,Trạng thái,Vĩ độ,Kinh độ\n"
                 f"1234567TH9898002001,Bưu cục  giữa,Trực tiếp,Hoạt động,{lat:.9f},{lon:.9f}\n")  # fmt: skip
    attempt(store, APPROVER, Action.END, ready)
    (row,) = points(store).values()
    assert (row["status"], row["official_code"]) == ("closed", "1234567TH9898002001")


def test_a_province_that_proposals_stand_on_does_not_go_with_its_first_boundaries(store):
    brought(store, (), content())
    with store.reading() as db:
        batches = [each.id for each in kept.batches(db, PROVINCE)]
    for each in reversed(batches[1:]):
        undo(store, PROVINCE, each)
    with pytest.raises(RequestError, match="cannot be undone"):
        undo(store, PROVINCE, batches[0])
    with store.reading() as db:
        assert layers.vintages(db, PROVINCE)


def test_a_point_closed_since_is_not_opened_by_resuming_an_earlier_decision(store):
    opened = brought(store, TO_START, content(name="Bưu cục Mới"))
    opened = attempt(store, REVIEWER, Action.SUSPEND, opened)
    attempt(store, APPROVER, Action.END, about(store, "Bưu cục Mới"))
    with pytest.raises(RequestError, match="closed in the list since"):
        attempt(store, REVIEWER, Action.RESUME, opened)
    assert points(store)["Bưu cục Mới"]["status"] == "closed"
    attempt(store, APPROVER, Action.END, opened)


def test_a_code_the_list_gave_to_another_point_meanwhile_is_not_put_in_twice(store):
    ready = brought(store, TO_START[:-1], content(name="Bưu cục Mới"))
    with store.writing() as db:
        rows.change_point(db, PROVINCE, points(store)["Bưu cục Giữa"]["point_id"],
                          {"official_code": ready.code})  # fmt: skip
    with pytest.raises(RequestError, match="holds a point with the code"):
        attempt(store, REVIEWER, Action.START, ready)


def test_a_list_is_not_taken_back_under_a_proposal_about_one_of_its_points(store, list_of):
    done = list_of(CLOSED, ONLINE, MIDDLE)  # the list before called every point otherwise
    draft = about(store, "Bưu cục Giữa", way=())
    with pytest.raises(RequestError, match=draft.number):
        undo(store, PROVINCE, done.batch)
    attempt(store, PLANNER, Action.WITHDRAW, draft)
    undo(store, PROVINCE, done.batch)
