"""A small province whose names hold what would run if any page took them for markup.

Four square communes side by side, 5 km each; points stand in the first, second and fourth.
"""

import json
from pathlib import Path

PROVINCE = "98"
NAMES = (
    "Đông <b>Hòa</b>",
    "Bình An`${alert(1)}`",
    "Tân </script><script>alert(2)</script>",
    "Ân Phú",
)
EVIL_POINT = "Bưu cục <img src=x onerror=alert(3)>"
STEP = 0.045  # degrees, about 5 km


def commune(place: int) -> dict[str, object]:
    west, south = 105.0 + STEP * place, 10.2
    ring = [[west, south], [west + STEP, south], [west + STEP, south + STEP], [west, south + STEP],
            [west, south]]  # fmt: skip
    name = NAMES[place]
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "code": f"9800{place}", "name": name, "full_name": f"Xã {name}", "unit_type": "xã",
            "province_code": PROVINCE, "province_name": "Tỉnh Thử <i>Nghiệm</i>",
        },
    }  # fmt: skip


def write_files(folder: Path) -> None:
    whole = {"type": "FeatureCollection", "features": [commune(place) for place in range(4)]}
    (folder / "communes.geojson").write_text(json.dumps(whole), encoding="utf-8")
    rows = [f"9800{place},{people}" for place, people in enumerate((4000, 6000, 9000, 3000))]
    (folder / "population.csv").write_text("code,people\n" + "\n".join(rows), encoding="utf-8")
    (folder / "points.csv").write_text(
        "Tên điểm thu,Hình thức,Vĩ độ,Kinh độ,Trạng thái\n"
        f"{EVIL_POINT},Trực tiếp,10.22,105.02,Hoạt động\n"
        "Nhà thuốc An,Trực tuyến,10.22,105.06,Hoạt động\n"
        "Bưu cục cũ,Trực tiếp,10.22,105.15,Tạm dừng\n",
        encoding="utf-8",
    )
