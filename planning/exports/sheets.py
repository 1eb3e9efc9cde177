"""What goes in which column of an exported table, with its shapes and its notes."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.sources.points import HEADINGS as POINT_HEADINGS
from geo.sources.points import KINDS, STATUSES
from planning.analysis.situation import Situation
from planning.language import speaker
from planning.model.coverage import CoverageReport
from planning.model.performance import NEED_NAMES, Need
from planning.model.siting import Method, SitingPlan
from planning.model.standards import ServiceStandard, TerrainClass

DEMONSTRATION = "Dữ liệu minh họa"
COUNTED = "Nhu cầu được tính"
TERRAINS = {
    TerrainClass.URBAN: "đô thị", TerrainClass.DELTA: "đồng bằng",
    TerrainClass.MIDLAND: "trung du", TerrainClass.MOUNTAIN: "miền núi",
    TerrainClass.DIFFICULT: "miền núi đặc biệt khó khăn", TerrainClass.ISLAND: "hải đảo",
}  # fmt: skip
METHODS = {Method.COVERAGE: "Nhiều người nhất", Method.CLUSTERS: "Tâm cụm dân cư"}
# The end of a column's name -> the places that mean something; shares have six.
_PLACES = {"_m": 1, "lat": 7, "lon": 7, "_km": 3, "_km2": 3, "_point": 1}
_SHARE_PLACES = 6
_SAID = ("verdict", "code_state", "former_state")  # columns that hold message ids


@dataclass(frozen=True)
class Sheet:
    """A table ready to be handed out.

    `keys` has one plain English column name per column, `headings` the Vietnamese one a
    spreadsheet shows; `shapes` one geometry per row in WGS 84 degrees. `notes` are lines
    about the whole: province, vintage, standard, population base, date, and the mark of
    demonstration data where it holds.
    """

    name: str
    rows: pd.DataFrame
    headings: dict[str, str]
    shapes: NDArray[np.object_]
    notes: tuple[tuple[str, str], ...]


def communes_sheet(situation: Situation, report: CoverageReport, notes: tuple) -> Sheet:
    """Return the communes with what was measured of each."""
    measured = {each.code: each.as_dict() for each in report.communes}
    headings = {
        "code": "Mã xã", "name": "Xã/phường/đặc khu", "district": "Huyện (cũ)",
        "office": "BHXH cơ sở quản lý", "area_km2": "Diện tích (km²)", "people": "Dân số (người)",
        "people_covered": "Dân số được phục vụ (người)", "share_covered": "Độ bao phủ (0–1)",
        "points_direct": "Điểm thu trực tiếp", "points_online": "Điểm thu trực tuyến",
        "people_per_point": "Số dân phục vụ bình quân (người/điểm)",
        "mean_radius_km": "Bán kính phục vụ bình quân (km)",
        "mean_distance_m": "Khoảng cách trung bình (m)",
        "median_distance_m": "Khoảng cách trung vị (m)",
        "p90_distance_m": "Khoảng cách 90% dân số (m)",
        "max_distance_m": "Khoảng cách xa nhất (m)",
    }  # fmt: skip
    communes = situation.communes
    rows = [
        {**measured[code], "district": district, "office": office}
        for code, district, office in zip(
            communes["code"], communes["district"], communes["office"], strict=True
        )
    ]
    # Whole persons stay whole where some are unknown.
    whole = {"people": "Int64", "people_covered": "Int64"}
    frame = pd.DataFrame(rows)[list(headings)].astype(whole)
    return Sheet("communes", _sensible(frame), headings, communes.geometry.to_numpy(), notes)


def points_sheet(situation: Situation, notes: tuple) -> Sheet:
    """Return the points under the headings of the offices' template, which import reads back."""
    points = situation.points
    names = dict(zip(situation.communes["code"], situation.communes["full_name"], strict=True))
    frame = pd.DataFrame(
        {
            "number": range(1, len(points) + 1),
            **{field: points[field] for field in POINT_HEADINGS},
            "commune": points["commune_code"].map(names),
        }
    )
    frame = frame.assign(written_code=points["commune_code"].fillna(points["written_code"]))
    headings = {"number": "STT", **{field: spelled[0] for field, spelled in POINT_HEADINGS.items()},
                "commune": "Xã/phường/đặc khu"}  # fmt: skip
    order = ["number", "organisation", "organisation_code", "official_code", "name", "kind",
             "host_type", "address", "commune", "written_code", "former_code", "office", "lat",
             "lon", "sign", "sign_date", "staff_count", "permanent_staff", "opening_hours",
             "contract_number", "contract_date", "status", "status_since", "opened", "closed",
             "former_codes", "note"]  # fmt: skip
    return Sheet("points", _sensible(frame[order]), {key: headings[key] for key in order},
                 _places(points), notes)  # fmt: skip


def words(sheet: Sheet) -> pd.DataFrame:
    """Return the rows of a sheet as an office reads them: kinds, yes and no in Vietnamese."""
    rows = sheet.rows.copy()
    for column, known in (("kind", KINDS), ("status", STATUSES)):
        if column in rows:
            rows[column] = rows[column].map(known)
    vietnamese = speaker("vi")
    for column in _SAID:
        if column in rows:
            rows[column] = rows[column].map(vietnamese)
    for column in ("sign", "permanent_staff"):
        if column in rows:
            yes = rows[column].map({True: "Có", False: "Chưa" if column == "sign" else "Không"})
            rows[column] = yes.astype(object).where(rows[column].notna(), None)
    return rows


def proposals_sheet(plan: SitingPlan, notes: tuple) -> Sheet:
    """Return the suggested points, in order of rank."""
    headings = {
        "rank": "STT", "proposal_id": "Mã tạm", "commune": "Xã/phường/đặc khu",
        "commune_code": "Mã xã", "lat": "Vĩ độ", "lon": "Kinh độ",
        "host": "Địa điểm gần nhất", "host_type": "Loại địa điểm",
        "host_m": "Cách địa điểm (m)", "people_gained": "Dân số được phục vụ thêm (người)",
        "distance_now_m": "Khoảng cách hiện nay (m)",
        "distance_then_m": "Khoảng cách khi có điểm (m)",
    }  # fmt: skip
    rows = [{**site, "proposal_id": f"DX-{site['rank']:03d}"} for site in plan.told_sites()]
    frame = pd.DataFrame(rows, columns=list(headings))
    most = plan.upper_bound_people_gained
    bound = (
        () if most is None else (("Không đề xuất nào cùng số điểm vượt quá (người)", str(most)),)
    )
    proof = (
        ("Dân số được phục vụ thêm (người)", str(plan.people_gained)), *bound,
        ("Phương pháp", METHODS[plan.method]), ("Hạt ngẫu nhiên", str(plan.seed)),
    )  # fmt: skip
    return Sheet("proposals", _sensible(frame), headings, _places(frame), (*notes, *proof))


def demand_sheet(situation: Situation, notes: tuple) -> Sheet:
    """Return where people live."""
    headings = {"lon": "Kinh độ", "lat": "Vĩ độ", "people": "Dân số (người)",
                "commune_code": "Mã xã"}  # fmt: skip
    demand = situation.demand
    return Sheet("demand", _sensible(demand[list(headings)]), headings,
                 _places(demand), notes)  # fmt: skip


def counting(sheet: Sheet, need: Need) -> Sheet:
    """Return a sheet that says in every row whom it counts, where that is not everybody.

    Nobody is called the population then.
    """
    if need is Need.EVERYBODY:
        return sheet
    headings = {key: _persons(text) for key, text in sheet.headings.items()}
    rows = sheet.rows.assign(demand=speaker("vi")(NEED_NAMES[need]))
    notes = tuple((_persons(what), text) for what, text in sheet.notes)
    return replace(sheet, rows=rows, headings={**headings, "demand": COUNTED}, notes=notes)


def _persons(heading: str) -> str:
    words = {"Dân số": "Số người", "dân số": "số người", "Số dân": "Số người",
             "số dân": "số người", "10.000 dân": "10.000 người"}  # fmt: skip
    for everybody, some in words.items():
        heading = heading.replace(everybody, some)
    return heading


def radii_in_words(standard: ServiceStandard) -> str:
    """Return the radii of a standard as an office writes them."""
    radii = {
        TERRAINS[terrain]: f"{km:g}".replace(".", ",") for terrain, km in standard.radii_km.items()
    }
    if not standard.by_class:
        return f"{next(iter(radii.values()))} km"
    return "; ".join(f"{terrain} {km} km" for terrain, km in radii.items())


def _sensible(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with measured numbers cut to the places that mean something."""
    places = {
        column: next((_PLACES[end] for end in _PLACES if column.endswith(end)), _SHARE_PLACES)
        for column in map(str, rows.select_dtypes("number").columns)
    }
    return rows.round(places)


def _places(rows: pd.DataFrame) -> NDArray[np.object_]:
    """Return the place of each row, from its longitude and latitude."""
    return np.asarray(shapely.points(rows["lon"].to_numpy(float), rows["lat"].to_numpy(float)))


def plain(value: Any) -> Any:
    """Return a cell as a plain value: missing as None, numbers of numpy as Python's."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value
