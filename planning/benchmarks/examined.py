"""One file examined in this process, beside the bare cost of opening it."""

import csv
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
from python_calamine import CalamineWorkbook

from geo.sources.boundaries import Vintage
from planning.benchmarks.measured import peak_mb
from planning.bootstrap import open_store
from planning.services import imports
from planning.services.imports import ImportAsk, Origin
from planning.settings import Settings


def perform(job: dict[str, Any]) -> dict[str, Any]:
    """Examine one file in this process; return rows, findings, seconds and memory."""
    path = Path(job["path"])
    store = open_store(Settings.from_environment({"DIEMTHU_DATABASE": job["database"]}))
    bare = min(_bare_s(path), _bare_s(path))
    if job["as"] == "boundaries":
        imports.examine(store, _ask(job, path))  # what is loaded and compiled once is no reading
    begun = time.process_time()
    reading = imports.examine(store, _ask(job, path))
    seconds = time.process_time() - begun
    store.close()
    return {
        "rows": reading.rows, "usable": reading.usable, "findings": len(reading.report),
        "cpu_s": seconds, "bare_s": bare, "peak_mb": peak_mb(), "said": "",
    }  # fmt: skip


def _ask(job: dict[str, Any], path: Path) -> ImportAsk:
    if job["as"] == "points":
        return ImportAsk("points", path, Origin(), job["province"], good_rows=True)
    return ImportAsk("boundaries", path, Origin(), vintage=Vintage(job["province"], "2025-07-01"))


def _bare_s(path: Path) -> float:
    """Return the seconds it takes to open a file and hand over what is in it, unlooked at."""
    begun = time.process_time()
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            list(csv.reader(file))
    elif path.suffix == ".xlsx":
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    else:
        gpd.read_file(path)
    return time.process_time() - begun
