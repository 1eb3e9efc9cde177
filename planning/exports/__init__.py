"""Handing out: one module per format, all fed with the same tables.

`EXPORTERS` maps the name of a table format to its writer. The map file is another thing:
it holds several layers and has its own door, `as_map.write_map`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from planning.exports.as_csv import write_csv
from planning.exports.as_geojson import write_geojson
from planning.exports.as_gpkg import write_gpkg
from planning.exports.as_xlsx import write_xlsx
from planning.exports.sheets import Sheet

EXPORTERS: Mapping[str, Callable[[Path, Sheet], None]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "geojson": write_geojson,
    "gpkg": write_gpkg,
}
