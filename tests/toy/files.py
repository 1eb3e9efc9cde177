"""The toy district as the files a planner would have: the row of four communes of `district`."""

import json
from pathlib import Path
from typing import Any

import shapely

from tests.toy import district

POPULATION = "Mã xã,Dân số\n98001,100\n98002,200\n98003,300\n98004,400\n"


def feature(code: str, shape: Any, **properties: Any) -> dict[str, Any]:
    """Return one commune as a GeoJSON feature."""
    return {
        "type": "Feature",
        "geometry": json.loads(shapely.to_geojson(shape)),
        "properties": {"code": code, "name": f"Số {code[-1]}", "full_name": f"Xã Số {code[-1]}",
                       "province_code": code[:2], "province_name": "Tỉnh Mẫu", **properties},
    }  # fmt: skip


def row_of_four() -> list[dict[str, Any]]:
    """Return the four communes of the drawing as features."""
    return [feature(code, district.square(2 * at, 0, 2)) for at, code in enumerate(district.CODES)]


def collection(features: list[Any], **members: Any) -> str:
    """Return features as the text of a GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", **members, "features": features})


def points_csv(*rows: tuple[tuple[float, float], str, str, str]) -> str:
    """Return a list of points: (place in km, name, kind, status) each."""
    lines = ["Tên điểm thu,Hình thức,Trạng thái,Vĩ độ,Kinh độ"]
    for place, name, kind, status in rows:
        lon, lat = district.degrees([place])[0]
        lines.append(f"{name},{kind},{status},{lat:.9f},{lon:.9f}")
    return "\n".join(lines) + "\n"


def write(folder: Path) -> Path:
    """Write boundaries, population and points of the row of four into `folder`."""
    (folder / "communes.geojson").write_text(collection(row_of_four()), encoding="utf-8")
    (folder / "population.csv").write_text(POPULATION, encoding="utf-8")
    text = points_csv(
        ((3, 1), "Bưu cục Giữa", "Trực tiếp", "Hoạt động"),
        ((7, 1), "Nhà thuốc An", "Trực tuyến", "Hoạt động"),
        ((1, 1), "Bưu cục Cũ", "Trực tiếp", "Chấm dứt"),
    )
    (folder / "points.csv").write_text(text, encoding="utf-8")
    return folder
