"""Workload, and access beside results: what the pages say is what was measured."""

import csv
import html
import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from reviewing import as_user
from small_province import PROVINCE
from sqlalchemy import insert, update

from planning.model.errors import NotFoundError
from planning.model.people import Grant, Role, User
from planning.model.performance import VOLUNTARY, Level
from planning.model.workload import WorkloadAsk
from planning.services import scenarios, workload
from planning.services.requests import AnalysisRequest
from planning.store import performance_tables, schema

EMPTY = dict.fromkeys(("office", "organisation_code", "point_id", "staff_id"), "")


def read(client, path: str) -> str:
    answer = client.get(f"/{PROVINCE}/{path}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return html.unescape(answer.get_data(as_text=True))


def rows_of(client, path: str) -> list[dict[str, str]]:
    body = client.get(f"/{PROVINCE}/{path}").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


@pytest.fixture
def told(app: Flask) -> Callable[..., None]:
    """Return a function that tells targets and results of a quarter by commune."""

    def tell(**figures: tuple[int, int]) -> None:
        store = app.extensions["planning"]
        for at, table in enumerate((performance_tables.target, performance_tables.result)):
            with store.writing() as db:
                db.execute(insert(table), [
                    {"province_code": PROVINCE, "programme": VOLUNTARY.code, "period": "2025-Q1",
                     "level": Level.COMMUNE.value, "commune_code": code.removeprefix("c"),
                     "valid_from": "2025-07-01", "value": value[at], **EMPTY}
                    for code, value in figures.items()
                ])  # fmt: skip

    return tell


def test_the_page_shows_what_was_measured(app, client):
    report = workload.measure(app.extensions["planning"], AnalysisRequest(PROVINCE), WorkloadAsk())
    assert report.staff == report.points_unknown == 1
    text = read(client, "workload")
    assert "<h1>Tải công việc</h1>" in text
    assert "Chưa rõ số nhân viên thu của 1 điểm trực tiếp đang mở: mỗi điểm tính một người." in text
    assert re.search(
        r"<dt>Ngoài tầm mọi nhân viên thu</dt><dd>" + grouped(report.people_without), text
    )
    table = text.partition('id="h-communes"')[2]
    for each in report.communes:
        assert each.name in table
    assert "&lt;img" not in read(client, "workload?lang=en")  # unescaped once, not twice
    assert "<img src=x" not in client.get(f"/{PROVINCE}/workload").get_data(as_text=True)


def test_a_point_of_a_commune_without_a_count_is_in_neither_list(app, client):
    store = app.extensions["planning"]
    (point,) = workload.measure(store, AnalysisRequest(PROVINCE), WorkloadAsk()).points
    said = "nằm ở xã chưa có số dân: không xếp là quá tải hay ít việc"
    assert said not in read(client, "workload")
    with store.writing() as db:
        db.execute(update(schema.population).values(people=None)
                   .where(schema.population.c.commune_code == point.commune_code))  # fmt: skip
    text = read(client, "workload")
    assert f"1 điểm thu {said}" in text
    assert "<h2>Điểm thu ít việc (0)</h2>" in text
    (row,) = rows_of(client, "workload/export/points.csv")
    assert row["load"] == "Chưa rõ, xã chưa có số dân"


def grouped(count: int) -> str:
    return f"{count:,}".replace(",", r"\.")


def test_what_to_add_next_is_the_same_on_the_page_and_in_the_file(client):
    asked = "units=3&per_staff=2000&only=point"
    text = read(client, f"workload?{asked}")
    rows = rows_of(client, f"workload/export/units.csv?{asked}")
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert {row["unit"] for row in rows} == {"Mở điểm thu mới"}
    assert all(0 < float(row["people"]) <= 2000 for row in rows)
    found = re.findall(r"<td>(mở điểm thu mới|thêm một nhân viên thu)</td>", text)
    assert len(found) == 3
    assert "vượt quá" in text


def test_new_points_are_tried_in_a_scenario_at_the_places_they_were_found(app, client, own):
    asked = "units=3&per_staff=2000&only=point"
    assert f"/{PROVINCE}/workload/scenario?" in read(client, f"workload?{asked}")
    answer = client.post(f"/{PROVINCE}/workload/scenario?{asked}", headers=own)
    assert answer.status_code == 303
    made = scenarios.get(app.extensions["planning"], PROVINCE, 1).outline
    rows = rows_of(client, f"workload/export/units.csv?{asked}")
    places = sorted((float(row["lon"]), float(row["lat"])) for row in rows)
    tried = sorted((it.lon, it.lat) for it in made.added.values())
    assert len(tried) == len(places) == 3
    for one, other in zip(tried, places, strict=True):
        assert one == pytest.approx(other, abs=2e-6)  # degrees, as the file writes them
    page = html.unescape(client.get(answer.location).get_data(as_text=True))
    assert "3 điểm mới theo tải công việc" in page


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [("per_staff=2000", 409, "Hãy cho biết trước cần bổ sung bao nhiêu"),
     ("units=1&per_staff=2000&only=staff", 400, "phương án chỉ thay đổi điểm thu")],
)  # fmt: skip
def test_nothing_is_made_where_there_is_no_new_point(app, client, own, asked, status, sentence):
    answer = client.post(f"/{PROVINCE}/workload/scenario?{asked}", headers=own)
    assert answer.status_code == status
    assert sentence in html.unescape(answer.get_data(as_text=True))
    with pytest.raises(NotFoundError):
        scenarios.get(app.extensions["planning"], PROVINCE, 1)


def test_communes_and_points_are_handed_out(app, client):
    report = workload.measure(app.extensions["planning"], AnalysisRequest(PROVINCE), WorkloadAsk())
    communes = {row["code"]: row for row in rows_of(client, "workload/export/communes.csv")}
    assert {code: int(row["staff_needed"]) for code, row in communes.items()} == {
        each.code: each.staff_needed for each in report.communes}  # fmt: skip
    (point,) = rows_of(client, "workload/export/points.csv")
    assert (point["staff"], point["people_in_reach"]) == ("", str(report.points[0].people_in_reach))
    sheet = client.get(f"/{PROVINCE}/workload/export/points.xlsx")
    assert sheet.data[:2] == b"PK"


REFUSED = (
    ("workload?weights=steep", 404, "Ở đây không có lựa chọn “steep”."),
    ("workload?over=0,4", 400, "Ngưỡng quá tải phải cao hơn ngưỡng ít việc"),
    ("workload?per_staff=0", 400, "Số dân trên một nhân viên thu phải từ 1 đến 1.000.000; 0 thì không."),
    ("workload?units=101", 400, "Có thể yêu cầu từ 1 đến 100 nhân viên thu hoặc điểm thu, không phải 101."),
    ("workload?units=2&only=both", 404, "Ở đây không có lựa chọn “both”."),
    ("workload/export/units.csv", 409, "Hãy cho biết trước cần bổ sung bao nhiêu"),
    ("workload/export/points.gpkg", 404, "Không xuất được “points” dưới dạng “gpkg”."),
    ("access-and-results?by=bus", 404, "Không đo tiếp cận theo “bus”."),
    ("access-and-results/export.csv", 409, "Chưa có chỉ tiêu, kết quả nào; hãy nhập trước."),
    ("access-and-results/export.doc", 404, "dưới dạng “doc”"),
)  # fmt: skip


def test_what_cannot_be_meant_is_answered_with_one_sentence(client):
    for path, status, sentence in REFUSED:
        answer = client.get(f"/{PROVINCE}/{path}")
        assert answer.status_code == status, path
        assert sentence in html.unescape(answer.get_data(as_text=True)), path


def test_without_results_the_page_says_what_to_bring(client):
    text = read(client, "access-and-results")
    assert "Chưa có chỉ tiêu, kết quả nào; hãy nhập trước." in text
    assert f"/{PROVINCE}/import" in text


def test_every_commune_is_of_the_kind_that_its_figures_say(client, told):
    """Half the targets are met in all; the first commune alone has a point."""
    told(c98000=(100, 80), c98001=(100, 20), c98002=(100, 50))
    kinds = {
        row["code"]: row["comparison"] for row in rows_of(client, "access-and-results/export.csv")
    }
    rates = {row["code"]: row["rate"] for row in rows_of(client, "access-and-results/export.csv")}
    assert rates == {"98000": "0.8", "98001": "0.2", "98002": "0.5", "98003": ""}
    assert kinds["98000"] == "Tiếp cận tốt, kết quả tốt"
    assert kinds["98001"].startswith("Tiếp cận kém, kết quả kém")
    assert kinds["98002"] == "Tiếp cận kém, kết quả tốt"
    assert kinds["98003"] == "Chưa có số liệu"
    text = read(client, "access-and-results")
    assert "BHXH tự nguyện, Quý I/2025." in text
    assert "Kết quả tốt: từ 50,0% chỉ tiêu." in text
    assert 'href="#h-point"' in text
    strict = rows_of(client, "access-and-results/export.csv?rate=90&access=0")
    assert {row["comparison"] for row in strict} == {
        "Tiếp cận tốt, kết quả kém: thiếu người", "Chưa có số liệu"}  # fmt: skip


def test_thresholds_are_told_as_they_were_written(client, told):
    told(c98000=(10, 5))
    for asked, sentence in (
        (
            "rate=1400",
            "Ngưỡng kết quả tốt phải từ 0 đến 1.000 phần trăm chỉ tiêu; 1.400 thì không.",
        ),
        ("access=140", "Ngưỡng tiếp cận tốt phải từ 0 đến 100; 140 thì không."),
        ("access=140&by=staff", ""),
    ):
        answer = client.get(f"/{PROVINCE}/access-and-results?{asked}")
        assert answer.status_code == (400 if sentence else 200)
        assert sentence in html.unescape(answer.get_data(as_text=True))


def test_a_checker_sees_the_results_of_their_communes_only(client, told, monkeypatch):
    told(c98000=(100, 80), c98001=(100, 20))
    checker = User("an", grants=(Grant(Role.CHECKER, PROVINCE, communes=frozenset({"98001"})),))
    as_user(monkeypatch, checker)
    text = read(client, "access-and-results")
    assert "Chỉ tính kết quả của các xã do bạn phụ trách" in text
    rows = {row["code"]: row["rate"] for row in rows_of(client, "access-and-results/export.csv")}
    assert rows == {"98000": "", "98001": "0.2", "98002": "", "98003": ""}
    organisation = User("ti", grants=(Grant(Role.ORGANISATION, PROVINCE, organisation="BD"),))
    as_user(monkeypatch, organisation)
    assert client.get(f"/{PROVINCE}/access-and-results").status_code == 403
    assert client.get(f"/{PROVINCE}/workload").status_code == 403
