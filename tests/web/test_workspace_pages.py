"""Overview, coverage, the sheet of a commune, the table of provinces: what their pages say."""

import html
import json
import re
from dataclasses import replace

import pytest
from small_province import PROVINCE

from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.model.commune import ListedPoint
from planning.model.distribution import DistanceClass, Distribution
from planning.services import imports, overview
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from planning.web import charts, communes
from tests.toy import district, files

OVERVIEW, COVERAGE = f"/{PROVINCE}/overview", f"/{PROVINCE}/coverage"


def text_of(client, path, **query):
    answer = client.get(path, query_string=query)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def rows_of(text):
    body = re.search(r'<table class="data sorted">.*?<tbody>(.*?)</tbody>', text, re.DOTALL)
    assert body is not None
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL)
    ]  # fmt: skip


def test_the_province_opens_on_its_overview(client):
    assert client.get(f"/{PROVINCE}/").location == OVERVIEW
    assert f'href="{OVERVIEW}"' in client.get("/").get_data(as_text=True)
    assert client.get("/77/").status_code == 404


def test_the_overview_has_eight_figures_each_with_its_meaning_and_no_made_up_results(client):
    text = text_of(client, OVERVIEW)
    tiles = re.findall(r'<li class="tile" data-figure="(\w+)">(.*?)</li>', text, re.DOTALL)
    assert [key for key, _ in tiles] == [
        "points", "signed", "permanent", "communes", "radius", "load", "beyond", "results"
    ]  # fmt: skip
    assert all("<summary>Ý nghĩa" in body for _, body in tiles)
    shown = dict(tiles)
    assert '<p class="value">1 <small>trực tiếp; 1 trực tuyến</small>' in shown["points"]
    assert '<p class="value">25,0% <small>1 trên 4 xã' in shown["communes"]
    assert '<p class="value">22.000 <small>người' in shown["load"]
    assert '<p class="value">– <small>chưa có số liệu' in shown["results"]
    assert '<p class="value">– ' in shown["signed"]  # the list tells it of no point
    assert text.count("chưa có kỳ trước") == 7


def test_the_overview_names_the_communes_served_worst_first(client):
    coverage = client.get(f"/{PROVINCE}/layers/coverage.json").json["communes"]
    short = [each for each in coverage if each["people_covered"] < each["people"]]
    short.sort(key=lambda it: (it["people_covered"] / it["people"], it["people_covered"] - it["people"]))  # fmt: skip
    text = text_of(client, OVERVIEW)
    table = text[text.index('aria-labelledby="h-worst"') :]
    named = re.findall(rf'href="/{PROVINCE}/communes/(\d+)"', table[: table.index("</table>")])
    assert named == [each["code"] for each in short]
    assert len(named) == 4


def test_the_overview_counts_what_needs_attention_and_leads_there(client):
    text = text_of(client, OVERVIEW)
    assert f'href="/{PROVINCE}/attention"' in text
    assert "3 xã không có điểm thu trực tiếp đang hoạt động" in text
    assert "Bước tiếp theo" in text


def test_a_change_since_the_data_before_is_shown_with_its_day(client, app, tmp_path):
    assert client.get(OVERVIEW).status_code == 200
    file = tmp_path / "more.csv"
    file.write_text(
        "Tên điểm thu,Hình thức,Vĩ độ,Kinh độ,Trạng thái\n"
        "Một,Trực tiếp,10.22,105.02,Hoạt động\nHai,Trực tiếp,10.22,105.06,Hoạt động\n"
        "Ba,Trực tiếp,10.22,105.11,Hoạt động\n", encoding="utf-8",
    )  # fmt: skip
    store = app.extensions["planning"]
    imports.import_points(store, file, Origin("Mới", "2025-06-30", synthetic=True), PROVINCE)
    text = text_of(client, OVERVIEW)
    shown = dict(re.findall(r'data-figure="(\w+)">(.*?)</li>', text, re.DOTALL))
    assert '<p class="change">▲ +2; trực tuyến ▼ −1</p>' in shown["points"]
    assert '<p class="change">▲ +50,0 điểm phần trăm</p>' in shown["communes"]
    assert '<p class="change">▼ −14.667</p>' in shown["load"]
    assert "so với số liệu tính đến ngày 31/03/2025" in text
    assert "chỉ so sánh theo tiêu chuẩn của tỉnh" in text_of(client, OVERVIEW, standard="5")


def test_the_old_address_of_the_tables_leads_to_the_new_one(client):
    answer = client.get(f"/{PROVINCE}/communes?by=former&standard=5")
    assert answer.status_code == 301
    assert answer.location == f"{COVERAGE}?standard=5&by=former"


@pytest.mark.parametrize(
    ("query", "standard"),
    [("mode=radius&km=2,5&standard=4", "standard=2,5"), ("mode=own&standard=4&km=3", ""),
     ("mode=by-class", "standard=by-class")],
)  # fmt: skip
def test_each_standard_of_the_form_has_one_address(client, query, standard):
    answer = client.get(f"{COVERAGE}?{query}&sort=name&lang=en")
    assert answer.status_code == 302
    assert ("standard=" in answer.location) == bool(standard)
    assert standard in answer.location
    assert "sort=name" in answer.location
    assert "lang=en" in answer.location
    assert "mode" not in answer.location


@pytest.mark.parametrize(
    ("query", "status"),
    [("measure=colour", 404), ("sort=colour", 404), ("by=colour", 404),
     ("standard=far", 400), ("standard=99", 400)],
)  # fmt: skip
def test_what_the_coverage_page_does_not_know_is_refused_with_a_sentence(client, query, status):
    answer = client.get(f"{COVERAGE}?{query}")
    assert answer.status_code == status
    assert 'role="alert"' in answer.get_data(as_text=True)


def test_names_are_sorted_in_vietnamese_order_both_ways(client):
    # A before Â, B before Đ before T; a collation by code points would put Đ and Â last.
    order = ["Ân Phú", "Bình An", "Đông", "Tân"]
    names = [row[0] for row in rows_of(text_of(client, COVERAGE, sort="name"))]
    assert [next(each for each in order if each in name) for name in names] == order
    names = [row[0] for row in rows_of(text_of(client, COVERAGE, sort="name", down="1"))]
    assert [next(each for each in order if each in name) for name in names] == order[::-1]


def test_a_column_is_sorted_and_says_so(client):
    text = text_of(client, COVERAGE, sort="people", down="1")
    assert [row[1] for row in rows_of(text)] == ["9.000", "6.000", "4.000", "3.000"]
    assert text.count("aria-sort=") == 1
    assert 'aria-sort="descending"' in text


def test_unknown_values_stand_last_however_it_is_sorted(client):
    for down in ("", "1"):
        loads = [row[7] for row in rows_of(text_of(client, COVERAGE, sort="load", down=down))]
        assert loads == ["4.000", "–", "–", "–"]


@pytest.mark.parametrize("measure", ["share", "distance", "load", "points", "surface"])
def test_every_map_states_its_classes_and_counts_every_commune_once(client, measure):
    text = text_of(client, COVERAGE, measure=measure)
    legend = re.search(r'<div class="classes">(.*?)</div>', text, re.DOTALL)
    assert legend is not None
    counts = [int(each) for each in re.findall(r"<small>(\d+) xã</small>", legend[1])]
    assert sum(counts) == (0 if measure == "surface" else 4)
    assert ("chưa có số liệu" in legend[1]) == (measure == "load")
    raw = client.get(COVERAGE, query_string={"measure": measure}).get_data(as_text=True)
    found = re.search(r'id="view">(.*?)</script>', raw, re.DOTALL)
    assert found is not None
    view = json.loads(found[1])
    assert set(view["tips"]) == {f"9800{at}" for at in range(4)}
    assert (view["surface"] is not None) == (measure == "surface")


def test_the_surface_is_a_picture_that_is_sent_once(client):
    answer = client.get(f"{COVERAGE}/surface.png")
    assert answer.mimetype == "image/png"
    assert answer.data.startswith(b"\x89PNG")
    again = client.get(f"{COVERAGE}/surface.png", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_charts_stand_beside_their_numbers_and_state_the_formula(client):
    text = text_of(client, COVERAGE)
    assert text.count("<figure") == 2
    assert text.count('role="img" aria-labelledby="t-') == 2
    assert "Gini = 1 − 2 × diện tích dưới đường cong" in text
    shares = re.findall(r'<th scope="row">[^<]*</th><td class="n">([\d.]+)</td>', text)
    assert sum(int(each.replace(".", "")) for each in shares) == 22_000


def test_the_sheet_of_a_commune_names_its_base_and_what_is_not_known(client):
    text = text_of(client, f"/{PROVINCE}/communes/98000")
    assert "Cơ sở dân số" in text
    assert "4.000" in text
    assert "chưa nhập bảng chuyển đổi" in text
    assert client.get(f"/{PROVINCE}/communes/98009").status_code == 404
    assert client.get(f"/{PROVINCE}/communes/{'9' * 300}").status_code == 404


def test_bars_are_as_high_as_their_shares_and_fill_the_axis():
    spread = Distribution(
        10, (DistanceClass(0, 1, 8, 0.8), DistanceClass(1, None, 2, 0.2)), ((0, 0), (1, 1)), 0.0
    )
    drawn = charts.histogram(spread)
    assert drawn is not None
    one, other = drawn.bars
    assert one.height == pytest.approx(4 * other.height, abs=0.2)
    assert one.y + one.height == pytest.approx(charts.HEIGHT - charts.BOTTOM, abs=0.1)
    assert drawn.lines[0] == (0, charts.HEIGHT - charts.BOTTOM)
    assert drawn.lines[-1][0] >= 0.8
    assert charts.histogram(Distribution(0, (), (), None)) is None
    assert charts.curve(Distribution(0, (), (), None)) is None


def test_many_provinces_stand_in_a_table_with_totals(client, app, tmp_path):
    folder = files.write(tmp_path)
    store = app.extensions["planning"]
    shapes = (folder / "communes.geojson").read_text(encoding="utf-8").replace('"980', '"970')
    shapes = shapes.replace('"98"', '"97"').replace("Tỉnh Mẫu", "Tỉnh Đầu")
    (folder / "communes.geojson").write_text(shapes, encoding="utf-8")
    people = files.POPULATION.replace("980", "970")
    (folder / "population.csv").write_text(people, encoding="utf-8")
    origin = Origin("Bản vẽ", "2025-03-31")
    imports.import_boundaries(
        store, folder / "communes.geojson", Vintage("97", district.SINCE), origin
    )
    imports.import_population(store, folder / "population.csv", Unusable.LEAVE_OUT, origin)
    imports.import_points(store, folder / "points.csv", origin, "97")
    text = text_of(client, "/")
    assert text.count("chưa tính") == 2
    for code in ("97", PROVINCE):
        overview.look(store, AnalysisRequest(code))
    text = text_of(client, "/")
    assert "chưa tính" not in text
    foot = re.search(r"<tfoot>(.*?)</tfoot>", text, re.DOTALL)
    assert foot is not None
    cells = [
        re.sub(r"<[^>]+>", "", each).strip()
        for each in re.findall(r"<t[hd].*?</t[hd]>", foot[1], re.DOTALL)
    ]
    # Only the real one: 600 of its 1,000 people are served.
    assert cells[0] == "Tổng của 1 tỉnh"
    assert cells[1:4] == ["1.000", "60,0%", "400"]
    assert cells[4] == "4"


@pytest.mark.parametrize(("letters", "printed"), [(20, 28), (70, 28), (71, 16)])
def test_fewer_points_are_printed_where_a_name_takes_two_lines(letters, printed):
    short = ListedPoint("P1", "Điểm", "direct", "open", None, None, None, None, None)
    long = replace(short, name="Đ" * letters)
    assert communes._printed([short, long]) == printed
    assert communes._printed([short] * 28 + [long]) == 28  # it is not printed
