"""Files made to make the reader fetch, unpack or allocate something: refused before opening."""

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from geo.errors import FileError
from geo.names import heading_key
from geo.sources.files import read_table
from geo.sources.shapes import read_shapes
from tests.toy import files


def linked(address: str) -> str:
    crs = {"type": "link", "properties": {"href": f"{address}/crs", "type": "ogcwkt"}}
    return files.collection(files.row_of_four(), crs=crs)


VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{}</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.fgb", "a.zip"])
def test_no_file_makes_the_reader_fetch_anything(tmp_path, canary, name):
    address, asked = canary
    path = tmp_path / name
    if name == "a.zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.geojson", linked(address))
    else:
        path.write_text(linked(address), encoding="utf-8")

    with pytest.raises(FileError):
        read_shapes(path)
    assert asked == []


@pytest.mark.parametrize("source", ["/vsicurl/{address}/x.geojson", "{file}"])
def test_a_virtual_data_set_under_another_name_opens_no_other_file(tmp_path, canary, source):
    address, asked = canary
    other = tmp_path / "private.geojson"
    other.write_text(files.collection(files.row_of_four()), encoding="utf-8")
    path = tmp_path / "a.gpkg"
    path.write_text(VRT.format(source.format(address=address, file=other)), encoding="utf-8")

    with pytest.raises(FileError, match="not what its name says"):
        read_shapes(path)
    assert asked == []


def test_a_zip_that_would_fill_the_disk_is_not_unpacked(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * 50_000_000)

    with pytest.raises(FileError, match="would unpack"):
        read_shapes(path)


def test_a_zip_without_all_parts_of_a_shapefile_says_which_belong(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"x")
        archive.writestr("a.dbf", b"x")

    with pytest.raises(FileError, match=r"\.shx"):
        read_shapes(path)


def test_a_zipped_shapefile_is_read(tmp_path):
    features = files.row_of_four()
    frame = gpd.GeoDataFrame.from_features(features, crs=4326)[["code", "name", "geometry"]]
    frame.to_file(tmp_path / "communes.shp")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in Path(tmp_path).glob("communes.*"):
            archive.write(part, part.name)

    assert list(read_shapes(path).frame["code"]) == [
        each["properties"]["code"] for each in features
    ]


def test_a_cell_at_the_end_of_the_sheet_is_named(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "Mã xã", 1
    book.save(tmp_path / "far.xlsx")

    with pytest.raises(FileError, match="XFD1048576"):
        read_table(tmp_path / "far.xlsx", frozenset({heading_key("Mã xã")}))


def test_the_sheet_that_fits_is_found_behind_a_guide(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "Hướng dẫn điền mẫu"
    page = book.create_sheet("Danh sách")
    page.append(["Mã xã", "Dân số"])
    page.append(["98001", 5])
    book.save(tmp_path / "two.xlsx")

    table = read_table(
        tmp_path / "two.xlsx", frozenset({heading_key("Mã xã"), heading_key("Dân số")})
    )
    assert table.cells.to_dict("list") == {"Mã xã": ["98001"], "Dân số": ["5"]}


def test_properties_that_are_no_table_are_named(tmp_path):
    features = files.row_of_four()
    features[1]["properties"] = "text"
    path = tmp_path / "a.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )

    with pytest.raises(FileError, match="feature 2"):
        read_shapes(path)
