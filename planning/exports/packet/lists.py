"""The list of a review round for other programs: CSV, GeoJSON, GeoPackage."""

import csv
import io
import json
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from geo.crs import DEGREES
from planning.exports.cells import safe_text
from planning.exports.packet import words
from planning.exports.packet.columns import Cell, Column, list_columns, plain_columns
from planning.exports.packet.typeset import moment
from planning.model.packet import CommuneArea, Packet, ProposalRow

_PLACES = 6  # of degrees: a tenth of a metre
_CLOCK = threading.Lock()  # GDAL has one clock for the whole process


def as_csv(packet: Packet) -> bytes:
    """Return the list as offices open it: headings of the template, semicolons, decimal commas.

    UTF-8 with a byte-order mark; a text that a spreadsheet could take for a formula has an
    apostrophe before it. Each row says what it rests on: a table has no other place for that.
    """
    columns = list_columns(packet)
    about = safe_text(_about(packet))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["STT", *(each.heading for each in columns), "Nguồn"])
    for at, row in enumerate(packet.proposals, start=1):
        writer.writerow([at, *(_csv_cell(each.cell(row)) for each in columns), about])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _about(packet: Packet) -> str:
    origin = packet.origin
    return (
        f"Phiên rà soát số {packet.round.number} ngày {words.day(packet.round.day)}; số liệu đến "
        f"{words.day(origin.data_date)}; ranh giới từ {words.day(origin.valid_from)}; dân số: "
        f"{origin.population.source}; bán kính {origin.standard}; dấu vết {packet.fingerprint}"
    )


def _csv_cell(value: Cell) -> object:
    if isinstance(value, float):
        return f"{value:.{_PLACES}f}".rstrip("0").rstrip(".").replace(".", ",")
    return "" if value is None else safe_text(value)


def as_geojson(packet: Packet) -> bytes:
    """Return the proposals as GeoJSON (RFC 7946) under plain English names."""
    features = [
        {"type": "Feature", "properties": properties,
         "geometry": {"type": "Point", "coordinates": [round(row.lon, _PLACES), round(row.lat, _PLACES)]}}
        for row, properties in _rows(packet)
    ]  # fmt: skip
    whole = {"type": "FeatureCollection", "name": "proposals", "about": dict(words.sources(packet)),
             "features": features}  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def as_gpkg(packet: Packet) -> bytes:
    """Return proposals, points, gaps, communes and what they rest on, a layer each (GeoPackage)."""
    layers = (
        ("proposals", _frame([each for _, each in _rows(packet)], _spots(packet.proposals),
                             [each.key for each in plain_columns(packet)])),
        ("points", _frame([{"name": each.name, "kind": each.kind, "open": int(each.open)}
                           for each in packet.points], _spots(packet.points), ["name", "kind", "open"])),
        ("gaps", _frame([{"rank": each.rank, "name": each.name, "commune": each.commune,
                          "people": each.people, "nearest_m": each.nearest_m, "reason": each.reason.value}
                         for each in packet.gaps], _spots(packet.gaps),
                        ["rank", "name", "commune", "people", "nearest_m", "reason"])),
        ("communes", _frame([_commune(each) for each in packet.communes],
                            [polygons(each) for each in packet.communes],
                            ["code", "name", "people", "people_served", "share_served", "points_direct"])),
    )  # fmt: skip
    about = pd.DataFrame(words.sources(packet), columns=["key", "value"])
    with _written("packet.gpkg", packet) as path:
        for name, frame in layers:
            kind = "MultiPolygon" if name == "communes" else "Point"
            pyogrio.write_dataframe(
                frame, path, layer=name, driver="GPKG", append=path.exists(), geometry_type=kind
            )
        pyogrio.write_dataframe(about, path, layer="about", driver="GPKG", append=True)
        return path.read_bytes()


def _rows(packet: Packet) -> Iterator[tuple[ProposalRow, dict[str, Cell]]]:
    """Yield each proposal with its cells by plain English name."""
    columns: Sequence[Column] = plain_columns(packet)
    for row in packet.proposals:
        yield row, {each.key: each.cell(row) for each in columns}


def _commune(area: CommuneArea) -> dict[str, Any]:
    return {"code": area.code, "name": area.name, "people": area.people,
            "people_served": area.people_served, "share_served": area.share_served,
            "points_direct": area.points_direct}  # fmt: skip


def polygons(area: CommuneArea) -> shapely.MultiPolygon:
    """Return the shape of a commune in degrees."""
    return shapely.MultiPolygon(
        [shapely.Polygon(part[0], part[1:]) for part in area.shape if part and part[0]]
    )


def _spots(rows: Sequence[Any]) -> list[shapely.Point]:
    return [shapely.Point(round(each.lon, _PLACES), round(each.lat, _PLACES)) for each in rows]


def _frame(
    rows: list[dict[str, Any]], shapes: Sequence[Any], columns: list[str]
) -> gpd.GeoDataFrame:
    """Return a table in degrees; numbers of which some are not known become decimals."""
    frame = pd.DataFrame(rows, columns=columns)
    for name in columns:
        known = frame[name].dropna()
        if len(known) < len(frame) and known.map(lambda each: isinstance(each, int | float)).all():
            frame[name] = frame[name].astype(float)
    return gpd.GeoDataFrame(frame, geometry=list(shapes), crs=DEGREES)


@contextmanager
def _written(name: str, packet: Packet) -> Iterator[Path]:
    """Give a path to write to while the clock of GDAL stands at the day of the round."""
    day = moment(packet.round.day).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with _CLOCK, tempfile.TemporaryDirectory() as folder:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": day})
        try:
            yield Path(folder) / name
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
