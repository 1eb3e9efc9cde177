"""Write the demonstration province's files: boundaries, people, network, hosts, manifest.

`python -m planning.demo.province FOLDER` writes them; the same program gives the same bytes.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import metric_crs
from geo.invented.province import DemoProvince, build_province
from geo.repair.geometry import areas_km2
from geo.tables import Communes, CommuneTable, Demand, communes, crosswalk, demand
from planning.demo.files import write_points
from planning.demo.hosts import lay_hosts, write_hosts
from planning.demo.network import NetworkPlaces, lay_network
from planning.demo.profiles import AN_GIANG as PROFILE
from planning.demo.register_files import (
    write_figures,
    write_inspections,
    write_needs,
    write_organisations,
    write_programmes,
    write_staff,
)
from planning.demo.whole import Laid, lay_everything

LABEL = "Dữ liệu minh họa"
SEED = 20250331
VINTAGES = {"2004": ("2004-01-01", "2025-06-30"), "2025": ("2025-07-01", None)}
PROPERTIES = ("code", "name", "full_name", "unit_type", "province_code", "province_name",
              "district", "office", "terrain", "seat_lon", "seat_lat")  # fmt: skip


def write_province(folder: Path) -> None:
    """Write every file of the province and the manifest that names their hashes."""
    folder.mkdir(parents=True, exist_ok=True)
    province = build_province()
    vintages = {"2004": province.former, "2025": province.present}
    for year, frame in vintages.items():
        _write_boundaries(folder / f"communes_{year}.geojson", frame)
        frame[["code", "full_name", "people"]].to_csv(
            folder / f"population_{year}.csv", index=False, lineterminator="\n"
        )
    province.grid.to_csv(folder / "population_grid.csv", index=False, lineterminator="\n")
    province.crosswalk.to_csv(folder / "crosswalk.csv", index=False, lineterminator="\n")
    _write_network(folder, province)
    _write_manifest(folder)


def _write_boundaries(path: Path, frame: gpd.GeoDataFrame) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {name: _plain(row[name]) for name in PROPERTIES},
            "geometry": json.loads(shapely.to_geojson(row["geometry"])),
        }
        for row in frame.to_dict("records")
    ]
    lines = ",\n".join(
        json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in features
    )
    head = f'{{"type":"FeatureCollection","name":"{path.stem}","note":"{LABEL}","features":[\n'
    path.write_text(f"{head}{lines}\n]}}\n", encoding="utf-8")


def _write_network(folder: Path, province: DemoProvince) -> None:
    rng = np.random.default_rng(SEED)
    present = _communes(province.present, "2025")
    people = _demand(province)
    places = NetworkPlaces(
        communes=present, demand=people, crosswalk=crosswalk(province.crosswalk),
        former_people=dict(zip(province.former["code"], province.former["people"], strict=True)),
        former=_communes(province.former, "2004"),
    )  # fmt: skip
    network = lay_network(PROFILE, places, rng)
    write_hosts(folder / "hosts.csv", lay_hosts(present, people, rng))
    living = dict(zip(province.present["code"], province.present["people"], strict=True))
    _write_register(folder, lay_everything(PROFILE, network, living, SEED), present)


def _write_register(folder: Path, laid: Laid, present: Communes) -> None:
    names = present.set_index(CommuneTable.code)[CommuneTable.full_name]
    write_points(folder / "points.csv", laid.register.points)
    write_organisations(folder / "organisations.csv", laid.register.organisations)
    write_staff(folder / "staff.csv", laid.register.staff)
    write_inspections(folder / "inspections.csv", laid.inspections)
    write_programmes(folder / "programmes.csv", laid.programmes)
    write_figures(folder / "targets_and_results.csv", laid.figures)
    needs = laid.needs.assign(full_name=laid.needs["commune_code"].map(names))
    write_needs(folder / "needs.csv", needs)


def _communes(frame: gpd.GeoDataFrame, year: str) -> Communes:
    first, last = VINTAGES[year]
    crs = metric_crs(frame.geometry.bounds[["minx", "maxx"]].to_numpy())
    area = areas_km2(frame.geometry.to_numpy(), crs)
    return communes(frame.assign(valid_from=first, valid_to=last, area_km2=area))


def _demand(province: DemoProvince) -> Demand:
    """Return the grid's cells as demand: they are fine enough to need no cutting."""
    cells = province.grid
    owner = {
        name: gpd.sjoin(
            gpd.GeoDataFrame(geometry=gpd.points_from_xy(cells["lon"], cells["lat"], crs=4326)),
            frame[["code", "geometry"]], predicate="intersects",
        )["code"].groupby(level=0).min()
        for name, frame in (("commune_code", province.present), ("former_code", province.former))
    }  # fmt: skip
    return demand(cells.assign(**owner))


def _write_manifest(folder: Path) -> None:
    """Write what each file is, how many rows it has, and its SHA-256."""
    what = {
        "communes_2004.geojson": "155 communes valid 2004-01-01 to 2025-06-30",
        "communes_2025.geojson": "54 communes valid from 2025-07-01",
        "crosswalk.csv": "former commune to present commune, full or partial",
        "hosts.csv": "places that could house a point",
        "inspections.csv": "inspections of the points by the offices",
        "needs.csv": "people per present commune who need insurance or soon will",
        "organisations.csv": "collection service organisations, their contracts and guarantees",
        "points.csv": "collection points, headings of the offices' lists",
        "population_2004.csv": "people per former commune",
        "population_2025.csv": "people per present commune",
        "population_grid.csv": "people per cell of 0.004 degrees",
        "programmes.csv": "what targets are given for and results told of",
        "staff.csv": "collection staff, numbered people who do not exist",
        "targets_and_results.csv": "four quarters at every level, to the person; who joined by month",
    }
    lines = [
        "# The demonstration province. Everything here is invented.",
        f'label = "{LABEL}"',
        'licence = "CC0-1.0"',
        'made_by = "python -m planning.demo.province data/boundaries"',
        "",
    ]
    for name, meaning in what.items():
        body = (folder / name).read_bytes()
        rows = len(json.loads(body)["features"]) if name.endswith("json") else body.count(b"\n") - 1
        lines += [
            "[[file]]",
            f'name = "{name}"',
            f'what = "{meaning}"',
            f"rows = {rows}",
            f'sha256 = "{hashlib.sha256(body).hexdigest()}"',
            "",
        ]
    (folder / "manifest.toml").write_text("\n".join(lines), encoding="utf-8")


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else value


if __name__ == "__main__":
    write_province(Path(sys.argv[1]))
