"""Examining files at full size: seconds and memory beside the bare cost of opening the same file.

The bare cost is what the library underneath takes to hand over the cells (calamine, csv) or
the shapes (geopandas), with nothing looked at. Each file is examined in a process of its own.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from planning.benchmarks.alone import run_alone
from planning.bootstrap import open_store
from planning.services import demo
from planning.settings import Settings
from planning.store import layers
from planning.store.session import Store

POINTS = 100_000
AIM_POINTS_S, AIM_TIMES = 15.0, 3.0
NATIONAL = "national_2025.geojson"  # all 3,321 communes, where somebody has put them there
HEADINGS = (
    "STT", "Tên tổ chức dịch vụ thu", "Mã tổ chức", "Tên điểm thu", "Hình thức", "Loại địa điểm",
    "Số nhà, đường, thôn/ấp/khóm", "Xã/phường/đặc khu", "Mã xã", "Vĩ độ", "Kinh độ", "Biển hiệu",
    "Ngày cấp biển hiệu", "Số nhân viên thu", "Nhân viên thường trực", "Trạng thái", "Ghi chú",
)  # fmt: skip


def measure(data: Path, points: int = POINTS) -> Iterator[str]:
    """Yield the report line by line; `data` is the folder of the real files, if it is there."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bench.db"
        store = open_store(Settings.from_environment({"DIEMTHU_DATABASE": str(database)}))
        store.upgrade()
        code = demo.load_province(store)
        rows = _rows(store, code, points)
        store.close()
        yield f"{points} points on the demonstration province; seconds of process time"
        for path in (_as_csv(rows, Path(folder)), _as_xlsx(rows, Path(folder))):
            job = {"kind": "import", "database": str(database), "as": "points",
                   "path": str(path), "province": code}  # fmt: skip
            yield _line(path.name, run_alone(job), f"aim: under {AIM_POINTS_S:.0f} s")
        yield from _boundaries(data, database)


def _boundaries(data: Path, database: Path) -> Iterator[str]:
    national = data / NATIONAL
    files = [national] if national.is_file() else [
        data / "an_giang_2025.geojson", data / "nghe_an_2025.geojson"
    ]  # fmt: skip
    for path in files:
        if not path.is_file():
            yield f"{path.name}: not there; set --data"
            continue
        job = {"kind": "import", "database": str(database), "as": "boundaries",
               "path": str(path), "province": "40" if "nghe_an" in path.name else "91"}  # fmt: skip
        yield _line(path.name, run_alone(job), f"aim: under {AIM_TIMES:.0f} times the bare cost")


def _line(name: str, found: dict[str, Any], aim: str) -> str:
    if found["said"]:
        return f"{name}: {found['said']}"
    return (
        f"{name}: {found['rows']} rows, {found['usable']} usable, {found['findings']} findings; "
        f"{found['cpu_s']:.2f} s, {found['cpu_s'] / max(found['bare_s'], 1e-9):.1f} times the bare "
        f"cost of {found['bare_s']:.2f} s ({aim}); peak {found['peak_mb']:.0f} MB"
    )


def _rows(store: Store, code: str, count: int) -> pd.DataFrame:
    """Return a made-up list of points where people live, every twentieth row with a fault."""
    with store.reading() as db:
        grid = layers.load_grid(db, code)
        communes = layers.load_communes(db, code, layers.vintages(db, code)[-1][0])
    assert grid is not None
    chance = np.random.default_rng(7)
    at = chance.integers(len(grid), size=count)
    lat = grid["lat"].to_numpy()[at] + chance.uniform(-0.002, 0.002, count)
    lon = grid["lon"].to_numpy()[at] + chance.uniform(-0.002, 0.002, count)
    which = chance.integers(len(communes), size=count)
    rows = pd.DataFrame({
        "number": np.arange(1, count + 1).astype(str),
        "organisation": [f"Tổ chức {each % 25}" for each in at],
        "organisation_code": [f"TC{each % 25:02d}" for each in at],
        "name": [f"Điểm thu {each}" for each in range(count)],
        "kind": "Trực tiếp", "host": "bưu cục", "address": "Ấp Mẫu",
        "commune": communes["full_name"].to_numpy()[which],
        "code": communes["code"].to_numpy()[which],
        "lat": [f"{each:.6f}" for each in lat], "lon": [f"{each:.6f}" for each in lon],
        "sign": "Có", "sign_date": "31/03/2025", "staff": "2", "permanent": "Có",
        "status": "Hoạt động", "note": "",
    })  # fmt: skip
    faulty = np.arange(0, count, 20)
    rows.loc[faulty[0::4], "lat"] = ""
    rows.loc[faulty[1::4], "lat"] = "10,5x"
    rows.loc[faulty[2::4], "staff"] = "hai"
    rows.loc[faulty[3::4], "sign_date"] = "31/02/2025"
    return rows


def _as_csv(rows: pd.DataFrame, folder: Path) -> Path:
    path = folder / "points.csv"
    rows.to_csv(path, index=False, header=list(HEADINGS))
    return path


def _as_xlsx(rows: pd.DataFrame, folder: Path) -> Path:
    path = folder / "points.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADINGS, *rows.itertuples(index=False)]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, str(cell))
    return path
