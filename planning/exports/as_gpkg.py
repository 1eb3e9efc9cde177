"""GeoPackage for QGIS: one layer of the rows with their shapes, and the notes as a table."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.crs import DEGREES
from planning.exports.sheets import Sheet


def write_gpkg(path: Path, sheet: Sheet) -> None:
    """Write layer and notes into a new file, in place of an old one."""
    path.unlink(missing_ok=True)
    rows = sheet.rows.astype(
        {name: "float" if str(kind) == "Int64" else "object"
         for name, kind in sheet.rows.dtypes.items() if str(kind) in ("Int64", "boolean")}
    )  # fmt: skip
    frame = gpd.GeoDataFrame(rows, geometry=sheet.shapes, crs=DEGREES)
    pyogrio.write_dataframe(frame, path, layer=sheet.name, driver="GPKG")
    notes = pd.DataFrame(sheet.notes, columns=["key", "value"])
    pyogrio.write_dataframe(notes, path, layer="about", driver="GPKG", append=True)
