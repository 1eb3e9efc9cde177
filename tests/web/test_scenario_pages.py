"""The pages of scenarios: made, changed, undone, compared, handed out, with two editors at once."""

import csv
import io
import json
import re

import pytest
from small_province import NAMES, PROVINCE

from planning.store import schema

LIST = f"/{PROVINCE}/scenarios"
INSIDE = {"lat": "10.22", "lon": "105.11"}  # in the third commune, where no point is open


def text_of(client, address: str) -> str:
    return client.get(address).get_data(as_text=True)


@pytest.fixture
def made(client, own):
    """Return the address of a new scenario."""

    def make(name: str = "Thử", **more: str) -> str:
        answer = client.post(LIST, data={"name": name, **more}, headers=own)
        assert answer.status_code == 303
        return answer.headers["Location"]

    return make


@pytest.fixture
def do(client, own):
    """Return a function that does a deed as the map does, at a version."""

    def deed(at: str, version: int, what: str = "change", /, **fields):
        data = {"version": str(version), **fields}
        return client.post(f"{at}/{what}.json", data=data, headers=own)

    return deed


def version_of(client, at: str) -> int:
    return client.get(f"{at}/state.json").json["version"]


def served(client, at: str) -> dict[str, int]:
    return client.get(f"{at}/state.json").json["served"]


def test_a_province_without_scenarios_says_what_to_do(client):
    text = text_of(client, LIST)
    assert "đặt tên phương án đầu tiên" in text


def test_a_scenario_of_suggestions_is_offered_where_there_are_some(client, app):
    assert "Lập từ đề xuất mới nhất" in text_of(client, LIST)
    with app.extensions["planning"].writing() as db:
        db.execute(schema.plan.delete())
    text = text_of(client, LIST)
    assert "Lập từ đề xuất mới nhất" not in text
    assert f'href="/{PROVINCE}/suggestions">Đề xuất</a></p>' in text


def test_a_scenario_is_made_and_listed(client, made):
    at = made("Phương án <b>A</b>", note="Ghi <i>chú</i>")
    for text in (text_of(client, LIST), text_of(client, at)):
        assert "Phương án &lt;b&gt;A&lt;/b&gt;" in text
        assert "<b>A</b>" not in text


def test_points_are_tried_for_a_commune_where_its_people_gain_most(client, own, do):
    sheet = text_of(client, f"/{PROVINCE}/communes/98002")
    assert '<input type="hidden" name="commune" value="98002">' in sheet
    answer = client.post(LIST, data={"of": "commune", "commune": "98002"}, headers=own)
    assert answer.status_code == 303
    at = answer.location.partition("?")[0]
    text = text_of(client, answer.location)
    assert "Thêm điểm thu cho Xã" in text
    box = text[text.index('id="places-box"') :]
    gain = int(re.search(r"\+([\d.]+) <small>người", box)[1].replace(".", ""))
    lat, lon = (re.search(rf'name="{name}" value="([^"]+)"', box[box.index("<ol") :])[1]
                for name in ("lat", "lon"))  # fmt: skip
    before = served(client, at)["98002"]
    assert do(at, 1, kind="add", lat=lat, lon=lon).json["served"]["98002"] - before == gain > 0
    assert (
        client.post(LIST, data={"of": "commune", "commune": "98009"}, headers=own).status_code
        == 404
    )


def test_a_scenario_needs_a_name(client, own):
    answer = client.post(LIST, data={"name": "  "}, headers=own)
    assert answer.status_code == 400
    assert "Hãy đặt tên" in answer.get_data(as_text=True)


def test_a_point_added_is_counted_at_once(client, made, do):
    at = made()
    before = served(client, at)
    answer = do(at, 1, kind="add", **INSIDE)
    assert answer.status_code == 200
    body = answer.json
    assert body["version"] == 2
    assert body["undo"]
    assert not body["redo"]
    assert [(each["id"], each["signs"]) for each in body["parts"]] == [("+1", ["add"])]
    assert body["served"]["98002"] > before["98002"]
    assert all(body["served"][code] >= people for code, people in before.items())


def test_every_deed_works_as_a_plain_form_too(client, made, own):
    at = made()
    answer = client.post(f"{at}/change", headers=own, data={"version": "1", "kind": "add",
                         "lat": "10,22", "lon": "105,11", "name": "Chợ <b>Mới</b>"})  # fmt: skip
    assert answer.status_code == 303
    text = text_of(client, at)
    assert "Chợ &lt;b&gt;Mới&lt;/b&gt;" in text
    for deed, version, gone in (("undo", 2, True), ("redo", 3, False)):
        client.post(f"{at}/{deed}", data={"version": str(version)}, headers=own)
        assert ("Chợ" not in text_of(client, at)) is gone
    client.post(f"{at}/comment", data={"version": "4", "text": "Hỏi <u>xã</u>"}, headers=own)
    assert "Hỏi &lt;u&gt;xã&lt;/u&gt;" in text_of(client, at)
    client.post(f"{at}/rename", data={"version": "4", "name": "Tên khác", "note": ""}, headers=own)
    assert "Tên khác" in text_of(client, LIST)


def test_undo_and_redo_bring_back_the_same_figures(client, made, do):
    at = made()
    first = served(client, at)
    do(at, 1, kind="add", **INSIDE)
    second = served(client, at)
    do(at, 2, "undo")
    assert served(client, at) == first
    do(at, 3, "redo")
    assert served(client, at) == second
    answer = do(at, 4, "redo")
    assert answer.status_code == 400
    assert "Không có gì để làm lại" in answer.json["error"]


def test_the_second_of_two_editors_is_told_what_happened_and_nothing_is_overwritten(
    client, made, do
):
    at = made()
    do(at, 1, kind="add", **INSIDE)
    before = client.get(f"{at}/state.json").json
    answer = do(at, 1, kind="add", lat="10.21", lon="105.16")
    assert answer.status_code == 409
    assert "thêm một điểm thu" in answer.json["error"]
    after = client.get(f"{at}/state.json").json
    assert after["parts"] == before["parts"]
    assert after["version"] == before["version"]


def test_a_form_of_an_older_page_gets_the_same_sentence(client, made, do, own):
    at = made()
    do(at, 1, kind="add", **INSIDE)
    answer = client.post(f"{at}/undo", data={"version": "1"}, headers=own)
    assert answer.status_code == 409
    assert "Đã có người sửa phương án này" in answer.get_data(as_text=True)


def test_a_request_that_comes_again_is_done_once(client, made, do):
    at = made()
    for _ in range(3):
        answer = do(at, 1, kind="add", token="the same", **INSIDE)
        assert answer.status_code == 200
        assert answer.json["version"] == 2
    assert len(client.get(f"{at}/state.json").json["parts"]) == 1


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"kind": "add", "lat": "105.11", "lon": "10.22"}, 400, "vĩ độ từ -90"),
        ({"kind": "add", "lat": "10.22", "lon": "100"}, 400, "không thuộc xã nào"),
        ({"kind": "add"}, 400, "vĩ độ từ -90"),
        ({"kind": "add", "lat": "x", "lon": "1"}, 400, "không phải"),
        ({"kind": "add", "lat": "nan", "lon": "inf"}, 400, "vĩ độ từ -90"),
        ({"kind": "dance"}, 400, "dance"),
        ({"kind": "close", "point_id": "nobody"}, 400, "nobody"),
        ({"kind": "move", "point_id": "+7", **INSIDE}, 400, "+7"),
        ({"kind": "restore", "point_id": "+7"}, 400, "+7"),
        ({"kind": "kind", "point_id": "+7", "to": "flying"}, 400, "flying"),
        ({"kind": "lock-out"}, 400, "vĩ độ từ -90"),
        ({"kind": "add", "name": "x" * 121, **INSIDE}, 400, "120"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(client, made, do, fields, status, words):
    at = made()
    answer = do(at, 1, **fields)
    assert answer.status_code == status
    assert words in answer.json["error"]
    assert version_of(client, at) == 1


def test_a_version_that_is_none_is_refused(client, made, do):
    assert do(made(), 0, "undo").status_code == 409
    at = made()
    assert client.post(f"{at}/undo.json", data={"version": "x"}).status_code in (400, 403)


@pytest.mark.parametrize("number", ["7", "999999999999999999999999"])
def test_a_scenario_that_is_not_there_has_a_sentence(client, number):
    answer = client.get(f"{LIST}/{number}")
    assert answer.status_code == 404
    assert "Không có phương án số" in answer.get_data(as_text=True)
    assert client.get(f"{LIST}/{number}/state.json").status_code == 404


def test_a_foreign_page_changes_nothing(client, made):
    at = made()
    answer = client.post(f"{at}/change.json", data={"version": "1", "kind": "add", **INSIDE},
                         headers={"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"})  # fmt: skip
    assert answer.status_code == 403
    assert version_of(client, at) == 1


def test_a_deleted_scenario_says_so_and_comes_back(client, made, do, own):
    at = made("Bỏ đi")
    do(at, 1, kind="add", **INSIDE)
    answer = client.post(f"{at}/delete", data={"version": "2"}, headers=own)
    page = text_of(client, answer.headers["Location"])
    assert "Đã xóa “Bỏ đi”" in page
    assert f'href="{at}"' not in page
    gone = client.get(at)
    assert gone.status_code == 410
    assert "Khôi phục" in gone.get_data(as_text=True)
    assert do(at, 2, kind="add", **INSIDE).status_code == 410
    assert client.post(f"{at}/restore", data={"version": "0"}, headers=own).status_code == 303
    assert [each["id"] for each in client.get(f"{at}/state.json").json["parts"]] == ["+1"]


def test_a_point_of_the_list_is_found_and_closed(client, made, do):
    at = made()
    card = text_of(client, f"{at}/part/points?find=img")
    assert "&lt;img src=x" in card
    assert "<img src=x" not in card
    point = re.search(r'name="point_id" value="([^"]+)"', card)[1]
    answer = do(at, 1, kind="close", point_id=point)
    assert answer.json["parts"][0]["signs"] == ["close"]
    assert sum(answer.json["served"].values()) == 0  # it was the only open direct one
    answer = do(at, 2, kind="restore", point_id=point)
    assert answer.json["parts"] == []


def test_a_point_locked_in_stays_until_it_is_unlocked(made, do):
    at = made()
    do(at, 1, kind="add", **INSIDE)
    do(at, 2, kind="lock-in", point_id="+1")
    answer = do(at, 3, kind="close", point_id="+1")
    assert answer.status_code == 400
    assert "đang bị khóa giữ" in answer.json["error"]
    do(at, 3, kind="restore", point_id="+1")
    assert do(at, 4, kind="close", point_id="+1").json["parts"] == []


def test_a_preview_keeps_nothing(client, made, do):
    at = made()
    answer = do(at, 1, "preview", kind="add", **INSIDE)
    assert set(answer.json["html"]) == {"bar", "figures"}
    assert version_of(client, at) == 1


@pytest.mark.parametrize("part", ["places", "gaps", "points?find=an"])
def test_the_lists_of_the_workspace_are_given_in_the_page_and_alone(client, made, part):
    at = made()
    assert client.get(f"{at}/part/{part}").status_code == 200
    name, _, query = part.partition("?")
    assert client.get(f"{at}?part={name}&{query}").status_code == 200


def test_a_list_that_is_none_is_refused(client, made):
    assert client.get(f"{made()}/part/other").status_code == 404


def test_best_places_count_whom_a_point_there_would_add(client, made, do):
    """What the list promises is what the figures then say."""
    at = made()
    text = text_of(client, f"{at}/part/places")
    first = re.search(r"\+([\d.]+) <small>người", text)[1].replace(".", "")
    lat, lon = (re.search(rf'name="{name}" value="([^"]+)"', text)[1] for name in ("lat", "lon"))
    before = sum(served(client, at).values())
    then = do(at, 1, kind="add", lat=lat, lon=lon).json["served"]
    assert sum(then.values()) - before == int(first)


def test_the_suggestions_made_last_become_a_scenario(client, own):
    answer = client.post(LIST, data={"of": "plan"}, headers=own)
    at = answer.headers["Location"]
    plan = client.get(f"/{PROVINCE}/layers/plan.json").json["plan"]
    state = client.get(f"{at}/state.json").json
    for axis in ("lon", "lat"):
        added = sorted(each[axis] for each in state["parts"])
        assert added == pytest.approx(sorted(each[axis] for each in plan["sites"]), abs=1e-5)
    coverage = client.get(f"/{PROVINCE}/layers/coverage.json").json
    gained = sum(state["served"].values()) - coverage["people_covered"]
    assert gained == plan["people_gained"]


@pytest.fixture
def more(client, own, working):
    """Return a function that asks for points in addition to a scenario: the address of the plan."""

    def plan(at: str, points: str = "1") -> str:
        answer = client.post(f"{at}/suggest", data={"points": points}, headers=own)
        assert answer.status_code == 303
        return working(answer.location)

    return plan


def place_of(text: str) -> dict[str, str]:
    """Return the place of the first site of a plan's page."""
    values = re.findall(r'data-value="(1?\d{1,2}\.\d+)">[\d,]+</td>', text)
    return dict(zip(("lat", "lon"), values[-2:], strict=True))


def test_suggesting_more_keeps_to_what_the_scenario_adds_and_locks(client, own, made, do, more):
    at = made()
    place = place_of(text_of(client, more(at)))
    do(at, 1, kind="lock-out", **place)
    assert place_of(text_of(client, more(at))) != place
    assert do(at, 2, kind="lock-in", lat="10.22", lon="105.16", name="Phải có").status_code == 200
    # The known place within 250 m stands for it.
    third = place_of(text_of(client, more(at)))
    assert float(third["lon"]) == pytest.approx(105.16, abs=0.0023)
    for wrong in ("0", "101", "x", ""):
        answer = client.post(f"{at}/suggest", data={"points": wrong}, headers=own)
        assert answer.status_code == 400


def test_a_plan_in_addition_is_made_part_of_its_scenario_once(client, own, made, do, more):
    at = made("Bốn <điểm>")
    do(at, 1, kind="add", **INSIDE)
    address = more(at)
    page = text_of(client, address)
    assert "Tính thêm vào phương án" in page
    assert "Bốn &lt;điểm&gt;" in page
    assert "tab=plan" not in page  # the map shows the network as it is
    assert f'href="{address}"' in text_of(client, at)
    gained = int(re.search(r"Dân số được phục vụ thêm</dt><dd>([\d.]+)", page)[1].replace(".", ""))
    before = sum(served(client, at).values())
    fields = dict(re.findall(r'name="(version|plan)" value="(\d+)"', page))
    assert client.post(f"{at}/take", data=fields, headers=own).status_code == 303
    assert sum(served(client, at).values()) - before == gained > 0
    assert client.post(f"{at}/take", data=fields, headers=own).status_code == 409
    assert "Phương án đã thay đổi" in text_of(client, address)
    assert client.post(f"{at}/take", data={**fields, "plan": "999"}, headers=own).status_code == 404

    client.post(f"{at}/delete", data={"version": "3"}, headers=own)
    page = text_of(client, address)
    assert "không còn" in page
    assert f"{at}/take" not in page


@pytest.fixture
def two(made, do):
    first, second = made("Một điểm"), made("Hai điểm")
    do(first, 1, kind="add", **INSIDE)
    do(second, 1, kind="add", lat="10.22", lon="105.065")
    do(second, 2, kind="add", lat="10.22", lon="105.155")
    numbers = [each.rpartition("/")[2] for each in (first, second)]
    return f"{LIST}/compare?ids={','.join(numbers)}", numbers


def test_two_scenarios_stand_beside_the_network_as_it_is(client, two):
    text = text_of(client, two[0])
    assert "Hiện trạng" in text
    assert text.count("★") == 1
    for name in NAMES[1:]:
        assert name not in text or "<" not in name


def test_one_scenario_alone_stands_beside_the_network_as_it_is(client, two):
    text = text_of(client, f"{LIST}/compare?ids={two[1][0]}")
    assert "Hiện trạng" in text
    assert "★" not in text
    # The other one is offered, and only the shown one is marked.
    offered = re.findall(r'name="ids" value="(\d+)"( checked)?', text)
    assert sorted(offered) == sorted([(two[1][0], " checked"), (two[1][1], "")])
    answer = client.get(f"{LIST}/compare/export.csv?ids={two[1][0]}")
    assert answer.status_code == 200


@pytest.mark.usefixtures("two")
def test_comparing_nothing_asks_what_to_compare(client):
    text = text_of(client, f"{LIST}/compare")
    assert "Chọn một đến" in text
    assert "−0" not in text
    assert client.get(f"{LIST}/compare?ids=x").status_code == 400
    assert client.get(f"{LIST}/compare?ids=1,2,3,4,5").status_code in (400, 404)


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "gpkg"])
def test_scenarios_and_comparisons_can_be_taken_away(client, two, form):
    for address in (f"{LIST}/{two[1][0]}/export.{form}",
                    two[0].replace("compare?", f"compare/export.{form}?")):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert len(answer.data) > 50
    assert client.get(f"{LIST}/{two[1][0]}/export.exe").status_code == 404


def test_the_comparison_handed_out_says_who_is_served_in_every_commune(client, two):
    body = client.get(two[0].replace("compare?", "compare/export.csv?")).get_data(as_text=True)
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(body.lstrip("\ufeff")))}
    for at, number in enumerate(two[1], start=1):
        then = served(client, f"{LIST}/{number}")
        assert {code: int(row[f"served_{at}"]) for code, row in rows.items()} == then
        for row in rows.values():
            more = int(row[f"gained_{at}"]) - int(row[f"lost_{at}"])
            assert int(row["served_now"]) + more == int(row[f"served_{at}"])


def test_the_list_handed_out_holds_every_change_with_its_place(client, two):
    body = client.get(f"{LIST}/{two[1][1]}/export.geojson").get_data(as_text=True)
    found = json.loads(body)
    places = [each["geometry"]["coordinates"] for each in found["features"]]
    assert places == [[105.065, 10.22], [105.155, 10.22]]
    assert {each["properties"]["change"] for each in found["features"]} == {"Thêm"}
    assert "Dấu vết dữ liệu" in found["about"]
