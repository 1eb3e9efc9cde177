"""The lists of a round open again in other programs and say what the round says."""

import csv
import io
import json
import sqlite3
from xml.etree import ElementTree as ET

import openpyxl
import pyogrio
import pytest
import shapely
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from geo.findings import Severity
from geo.sources.points import read_points
from planning.exports.as_template import POINTS
from planning.exports.packet import decision_sheet as sheet
from planning.exports.packet import lists, words
from planning.exports.packet.kml import as_kml
from planning.exports.packet.submission import submission
from planning.model.packet import Packet
from planning.model.proposals import State
from tests.planning import packets
from tests.toy import district

KML = {"k": "http://www.opengis.net/kml/2.2"}


@pytest.fixture(scope="module")
def small() -> Packet:
    return packets.packet(
        proposals=(*(packets.proposal(at) for at in range(1, 9)),
                   packets.proposal(9, decision=packets.decided(), state=State.NOT_APPROVED, gained=None,
                                    rank=None, firmness=None, distance_now_m=None))
    )  # fmt: skip


@pytest.fixture(scope="module")
def hostile() -> Packet:
    return Packet.of(packets.hostile().as_dict())


def book_of(packet: Packet):
    return openpyxl.load_workbook(io.BytesIO(sheet.decision_sheet(packet)))


def rows_of(page) -> list[dict[str, object]]:
    head, *rows = page.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def saved(folder, name: str, data: bytes):
    path = folder / name
    path.write_bytes(data)
    return path


# --- the spreadsheet --------------------------------------------------------------------------


def test_the_spreadsheet_has_the_columns_of_the_template_in_their_order(small):
    page = book_of(small)["Danh sách"]
    head = [each.value for each in page[1]]
    assert [each for each in head if each in POINTS] == list(POINTS)
    assert head[-7:] == ["Quyết định", "Mã lý do", "Lý do", "Số văn bản", "Ngày quyết định",
                         "Khóa số đề xuất", "Khóa phiên bản"]  # fmt: skip


def test_the_spreadsheet_says_what_the_round_says(small):
    rows = rows_of(book_of(small)["Danh sách"])
    assert len(rows) == len(small.proposals)
    for row, meant in zip(rows, small.proposals, strict=True):
        assert row["Số đề xuất"] == row["Khóa số đề xuất"] == meant.number
        assert row["Khóa phiên bản"] == meant.version
        assert (row["Vĩ độ"], row["Kinh độ"]) == (meant.lat, meant.lon)
        assert row["Dân số được phục vụ thêm (người)"] == meant.gained
        assert row["Chi phí (đồng)"] == meant.cost
        assert row["Mã xã"] == meant.commune_code
        assert row["Nhãn"] == "Dữ liệu minh họa"
        assert row["Quyết định"] is None
    assert "Đã có hai điểm thu cách 600 m" in str(rows[-1]["Đã quyết định trước phiên"])


def test_only_the_decisions_can_be_written_and_keys_are_hidden(small):
    page = book_of(small)["Danh sách"]
    assert page.protection.sheet
    open_columns = {
        page.cell(1, each.column).value for each in page[2] if not each.protection.locked
    }
    assert open_columns == {"Quyết định", "Mã lý do", "Lý do", "Số văn bản", "Ngày quyết định"}
    hidden = {
        page[f"{letter}1"].value for letter, it in page.column_dimensions.items() if it.hidden
    }
    keys = [each.column for each in page[1] if str(each.value).startswith("Khóa")]
    spans = [(it.min, it.max) for it in page.column_dimensions.values() if it.hidden]
    assert hidden
    assert sorted(at for low, high in spans for at in range(low, high + 1)) == keys


def test_decisions_and_codes_are_chosen_from_lists(small):
    page = book_of(small)["Danh sách"]
    lists_of = {
        each.formula1.strip('"'): str(each.sqref) for each in page.data_validations.dataValidation
    }
    assert "Phê duyệt,Không phê duyệt,Yêu cầu bổ sung" in lists_of
    assert any("CHONG_LAN" in each for each in lists_of)
    assert all(each.endswith(str(1 + len(small.proposals))) for each in lists_of.values())


def test_the_spreadsheet_says_what_it_rests_on(small):
    about = {row[0]: row[1] for row in book_of(small)["Thông tin"].iter_rows(values_only=True)}
    assert about["Dấu vết hồ sơ phiên rà soát"] == small.fingerprint
    assert about["Dấu vết dữ liệu"] == small.origin.fingerprint
    assert about["Số liệu mạng lưới tính đến ngày"] == "31/10/2026"
    assert about["Nguồn dân số"] == "dan_so_2025.csv, cột Dân số"
    assert about["Tham số: Ứng viên"] == "412"
    assert "Dữ liệu minh họa" in about


def test_nothing_in_the_spreadsheet_is_a_formula_or_a_link(hostile):
    for page in book_of(hostile).worksheets:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                assert cell.hyperlink is None


# --- CSV --------------------------------------------------------------------------------------


def csv_rows(packet: Packet) -> list[dict[str, str]]:
    data = lists.as_csv(packet)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_csv_holds_every_row_with_decimal_commas(small):
    rows = csv_rows(small)
    assert [row["Số đề xuất"] for row in rows] == [each.number for each in small.proposals]
    assert [float(row["Vĩ độ"].replace(",", ".")) for row in rows] == [
        each.lat for each in small.proposals
    ]
    assert rows[0]["Khoảng cách hiện nay (m)"] == "6543,2"
    assert rows[-1]["Dân số được phục vụ thêm (người)"] == ""
    assert all(small.fingerprint in row["Nguồn"] and "31/10/2026" in row["Nguồn"] for row in rows)


def test_no_cell_of_the_csv_begins_a_formula(hostile):
    for row in csv_rows(hostile):
        for heading, text in row.items():
            assert not text.startswith(("=", "+", "-", "@", "\t", "\r")), (heading, text)


def test_both_lists_can_be_imported_as_points(tmp_path):
    places = district.degrees([(1.0 + at, 1.0) for at in range(6)]).round(6).tolist()
    made = packets.packet(proposals=tuple(
        packets.proposal(at, lon=lon, lat=lat, commune_code=district.CODES[(at - 1) // 2], commune="")
        for at, (lon, lat) in enumerate(places, start=1)
    ))  # fmt: skip
    for name, data in (("a.csv", lists.as_csv(made)), ("a.xlsx", sheet.decision_sheet(made))):
        read = read_points(saved(tmp_path, name, data), district.communes())
        assert [
            each.sentence(str) for each in read.report if each.severity is Severity.BLOCKS
        ] == []
        assert list(read.table["name"]) == [each.name for each in made.proposals]
        assert read.table["lat"].tolist() == [each.lat for each in made.proposals]
        assert set(read.table["status"]) == {"planned", "closed"}
        assert read.table["staff_count"].tolist() == [2] * 6


# --- for maps ----------------------------------------------------------------------------------


def test_geojson_has_a_place_for_every_proposal(small):
    found = json.loads(lists.as_geojson(small))
    assert [each["geometry"]["coordinates"] for each in found["features"]] == [
        [each.lon, each.lat] for each in small.proposals
    ]
    assert found["features"][0]["properties"]["number"] == "DX-2026-0001"
    assert found["features"][0]["properties"]["label"] == "Dữ liệu minh họa"
    assert found["about"]["Dấu vết hồ sơ phiên rà soát"] == small.fingerprint


def test_the_geopackage_opens_with_every_layer(small, tmp_path):
    path = saved(tmp_path, "a.gpkg", lists.as_gpkg(small))
    assert {str(name) for name, _ in pyogrio.list_layers(path)} == {
        "proposals", "points", "gaps", "communes", "about"
    }  # fmt: skip
    proposals = pyogrio.read_dataframe(path, layer="proposals")
    assert proposals.crs.to_epsg() == 4326
    assert list(proposals["number"]) == [each.number for each in small.proposals]
    assert [each.x for each in proposals.geometry] == pytest.approx(
        [each.lon for each in small.proposals]
    )
    communes = pyogrio.read_dataframe(path, layer="communes")
    assert list(communes["name"]) == list(packets.NAMES)
    assert communes["share_served"].isna().tolist() == [False, False, False, True]
    assert shapely.area(communes.geometry.to_numpy()).tolist() == pytest.approx([0.01] * 4)
    about = pyogrio.read_dataframe(path, layer="about")
    assert small.fingerprint in set(about["value"])


def test_the_geopackage_is_whole_for_sqlite(hostile, tmp_path):
    path = saved(tmp_path, "a.gpkg", lists.as_gpkg(hostile))
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    names = pyogrio.read_dataframe(path, layer="proposals")["name"].tolist()
    assert names == [each.name for each in hostile.proposals]


def test_a_round_without_anything_still_makes_lists(tmp_path):
    bare = packets.packet(proposals=(), gaps=(), points=(), communes=())
    assert csv_rows(bare) == []
    assert json.loads(lists.as_geojson(bare))["features"] == []
    path = saved(tmp_path, "a.gpkg", lists.as_gpkg(bare))
    assert len(pyogrio.read_dataframe(path, layer="proposals")) == 0
    assert rows_of(book_of(bare)["Danh sách"]) == []
    assert ET.fromstring(as_kml(bare)).tag.endswith("kml")


def test_kml_names_places_and_colours_every_kind(hostile):
    root = ET.fromstring(as_kml(hostile))
    places = root.findall(".//k:Placemark", KML)
    names = {each.findtext("k:name", "", KML) for each in places}
    assert names == {f"{each.number} – {each.name}" for each in hostile.proposals}
    styles = {"#" + str(each.get("id")) for each in root.findall(".//k:Style", KML)}
    assert {each.findtext("k:styleUrl", "", KML) for each in places} <= styles
    assert b"http" not in as_kml(packets.packet()).replace(b"http://www.opengis.net/kml/2.2", b"")
    assert hostile.fingerprint in str(root.findtext("k:Document/k:description", "", KML))
    spot = places[0].findtext("k:Point/k:coordinates", "", KML)
    assert spot == f"{hostile.proposals[0].lon:.6f},{hostile.proposals[0].lat:.6f}"


# --- Word ----------------------------------------------------------------------------------------


def word_of(packet: Packet):
    return Document(io.BytesIO(submission(packet)))


def millimetres(*lengths: int) -> tuple[int, ...]:
    return tuple(round(each / Mm(1)) for each in lengths)


def all_text(document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def test_the_submission_is_set_as_offices_set_it(small):
    document = word_of(small)
    first, *annexes = document.sections
    assert millimetres(first.page_width, first.page_height) == (210, 297)
    assert {millimetres(each.page_width, each.page_height) for each in annexes} == {(297, 210)}
    assert len(annexes) == 2
    for section in document.sections:
        assert millimetres(section.top_margin, section.bottom_margin) == (20, 20)
        assert millimetres(section.left_margin, section.right_margin) == (30, 15)
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert "PAGE" not in section.first_page_header._element.xml
        numbers = section._sectPr.findall(qn("w:pgNumType"))
        assert [each.get(qn("w:start")) for each in numbers] == ["1"]
        assert "Dữ liệu minh họa" in section.footer.paragraphs[0].text
        assert small.fingerprint[:16] in section.first_page_footer.paragraphs[0].text
    normal = document.styles["Normal"]
    assert (normal.font.name, normal.font.size) == ("Times New Roman", Pt(13))


def test_the_submission_numbers_and_dates_nothing_by_itself(small):
    text = all_text(word_of(small))
    assert "Số:          /TTr-BHXH" in text
    assert "ngày …… tháng …… năm" in text
    assert "Kính gửi: Giám đốc Bảo hiểm xã hội tỉnh Mẫu" in text


def test_the_submission_says_what_the_round_says(small):
    text = all_text(word_of(small))
    for said in ("Phiên rà soát số 2", "143.219 người", "80,0%", "Phiên rà soát có 9 đề xuất", "6.120 người",
                 "Mở mới: 3 đề xuất", small.fingerprint, "Xã 99004 chưa rõ dân số"):  # fmt: skip
        assert said in text, said
    assert all(text.count(each.number) == 2 for each in small.proposals)
    assert "None" not in text


def test_rows_of_the_annex_are_never_cut_and_headings_repeat(small):
    tables = word_of(small).tables[2:]
    assert [len(each.rows) for each in tables] == [1 + len(small.proposals)] * 2
    for table in tables:
        head, *rows = [each._tr.trPr for each in table.rows]
        assert head.find(qn("w:tblHeader")) is not None
        assert all(each.find(qn("w:tblHeader")) is None for each in rows)
        assert all(each.find(qn("w:cantSplit")) is not None for each in (head, *rows))


def test_hostile_text_stays_text_in_word(hostile):
    text = all_text(word_of(hostile))
    for row in hostile.proposals:
        assert words.short(row.organisation, 120) in text
