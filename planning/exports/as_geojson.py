"""GeoJSON (RFC 7946): WGS 84, six decimals, plain English property names."""

import json
from pathlib import Path

import shapely

from planning.exports.sheets import Sheet, plain

_GRID = 1e-6


def write_geojson(path: Path, sheet: Sheet) -> None:
    """Write one feature a row and the notes as members of the collection."""
    shapes = shapely.set_precision(sheet.shapes, _GRID, mode="pointwise")
    shapes = shapely.orient_polygons(shapes)  # outer rings counter-clockwise
    features = [
        {
            "type": "Feature",
            "properties": {key: plain(value) for key, value in zip(sheet.rows, row, strict=True)},
            "geometry": json.loads(text),
        }
        for row, text in zip(
            sheet.rows.itertuples(index=False), shapely.to_geojson(shapes), strict=True
        )
    ]
    collection = {"type": "FeatureCollection", "name": sheet.name,
                  "about": dict(sheet.notes), "features": features}  # fmt: skip
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
