"""The audit page after a change of communes: what it shows, with and without former boundaries."""

import csv
import io
from pathlib import Path

import pytest
from small_province import PROVINCE

from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.services import imports
from planning.services.imports import Origin

PAGE = f"/{PROVINCE}/reform"
ORIGIN = Origin(source="Thử")


def text_of(client, address: str) -> str:
    return client.get(address).get_data(as_text=True)


@pytest.fixture
def changed(client, tmp_path: Path):
    """Return the client after a crosswalk: 97001 became 98000 and 98001, 97002 two others."""
    rows = ("97001,Xã Cũ <b>Một</b>,98000", "97001,Xã Cũ <b>Một</b>,98001", "97002,Xã Cũ Hai,98002",
            "97003,Xã Cũ Ba,98003")  # fmt: skip
    path = tmp_path / "crosswalk.csv"
    path.write_text("\n".join(["Mã xã cũ,Xã cũ,Mã xã mới", *rows]), encoding="utf-8")
    store = client.application.extensions["planning"]
    imports.import_crosswalk(store, path, ORIGIN, resolution="1654/NQ <i>UBTVQH15</i>")
    return client


def test_without_a_crosswalk_the_page_says_what_is_missing(client):
    text = text_of(client, PAGE)
    assert "Chưa có bảng chuyển đổi" in text
    assert "Chưa có ranh giới trước khi sắp xếp" in text
    assert "tính theo các điểm thu khi đó và dân số hiện nay" in text
    assert "% xã mới có điểm" in text
    assert "% xã cũ còn điểm" not in text


def test_former_communes_are_listed_with_what_became_of_their_points(changed):
    text = text_of(changed, f"{PAGE}?by=former")
    assert "% xã cũ còn điểm" in text
    assert "Chưa có bảng chuyển đổi" not in text
    assert "Xã Cũ &lt;b&gt;Một&lt;/b&gt;" in text
    assert "<b>Một" not in text
    assert "bị chia" in text


def test_the_change_is_named_with_its_act_and_what_it_made_of_the_communes(changed):
    text = " ".join(text_of(changed, PAGE).split())
    assert "Lần sắp xếp ngày 01/07/2025 (1654/NQ &lt;i&gt;UBTVQH15&lt;/i&gt;):" in text
    assert "2 xã đổi mã, 1 xã bị chia." in text


def test_without_former_boundaries_the_side_before_counts_the_communes_of_the_crosswalk(changed):
    text = " ".join(text_of(changed, PAGE).split())
    assert '<th scope="row">Xã, phường</th><td class="n">3</td><td class="n">4</td>' in text
    assert "theo dân số hiện nay" in text


def test_points_to_look_at_come_first_and_all_can_be_shown(changed):
    few, whole = text_of(changed, f"{PAGE}?by=points"), text_of(changed, f"{PAGE}?by=points&all=1")
    assert few.count('<th scope="row">') <= whole.count('<th scope="row">')
    assert "Toàn bộ" in whole


def test_a_table_that_is_none_is_refused(client):
    assert client.get(f"{PAGE}?by=nothing").status_code == 404


def test_with_former_boundaries_both_sides_are_shown(changed, small_files, tmp_path):
    store = changed.application.extensions["planning"]
    shapes = (small_files / "communes.geojson").read_text(encoding="utf-8")
    path = tmp_path / "former.geojson"
    path.write_text(shapes.replace('"9800', '"9700'), encoding="utf-8")
    vintage = Vintage(PROVINCE, "2004-01-01", "2025-06-30")
    imports.import_boundaries(store, path, vintage, ORIGIN)
    people = (small_files / "population.csv").read_text(encoding="utf-8")
    path = tmp_path / "people.csv"
    path.write_text(people.replace("9800", "9700"), encoding="utf-8")
    imports.import_population(store, path, Unusable.LEAVE_OUT, ORIGIN, "2004-01-01")
    text = text_of(changed, PAGE)
    assert "ranh giới từ 01/01/2004" in text
    assert "ranh giới từ 01/07/2025" in text
    assert "dân số hiện nay" not in text


@pytest.mark.parametrize("what", ["reform", "former"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "gpkg"])
def test_the_audit_can_be_taken_away(changed, what, form):
    answer = changed.get(f"/{PROVINCE}/export/{what}.{form}")
    assert answer.status_code == 200
    assert len(answer.data) > 50


def test_the_handed_out_list_of_former_communes_says_what_became_of_each(changed):
    body = changed.get(f"/{PROVINCE}/export/former.csv").get_data(as_text=True)
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(body.lstrip("\ufeff")))}
    assert set(rows) == {"97001", "97002", "97003"}
    assert rows["97001"]["successor_codes"] == "98000, 98001"


def test_a_page_can_be_asked_for_any_day(client):
    page = f"/{PROVINCE}/coverage"
    text = text_of(client, f"{page}?on=2026-03-31")
    assert "01/07/2025" in text
    assert f'href="/{PROVINCE}/gaps?on=2026-03-31"' in text
    answer = client.get(page, query_string={"on": "2025-06-30"})
    assert answer.status_code == 404
    assert "không có ranh giới có hiệu lực vào ngày 2025-06-30" in answer.get_data(as_text=True)
    assert client.get(f"{page}?on=yesterday").status_code == 400
    assert client.get(f"{page}?on=2026-03-31&valid_from=2025-07-01").status_code == 400
