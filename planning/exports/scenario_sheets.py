"""The sheets of scenarios: what one changes, and several beside each other by commune."""

import numpy as np
import pandas as pd
import shapely

from geo.tables import CommuneTable
from planning.exports.sheets import Sheet
from planning.model.comparing import Comparison, NetworkFigures, ScenarioFigures
from planning.model.scenario import Outline
from planning.siting.plans.workbench import Listed, Workbench, altered

Notes = tuple[tuple[str, str], ...]
ADDED, MOVED, CLOSED, OPENED = "Thêm", "Di dời", "Chấm dứt", "Mở"
KIND_CHANGED, LOCK_IN, LOCK_OUT, LOST = ("Đổi hình thức", "Giữ chỗ bắt buộc", "Loại trừ",
                                         "Không còn trong danh sách")  # fmt: skip


def changes_sheet(bench: Workbench, outline: Outline, notes: Notes) -> Sheet:
    """Return what a scenario changes: one row per point added or altered, and per lock."""
    headings = {
        "number": "STT", "change": "Thay đổi", "point_id": "Mã trong hệ thống",
        "name": "Tên điểm thu", "kind": "Hình thức", "commune": "Xã/phường/đặc khu",
        "commune_code": "Mã xã", "lat": "Vĩ độ", "lon": "Kinh độ", "host": "Địa điểm",
        "former_lat": "Vĩ độ hiện nay", "former_lon": "Kinh độ hiện nay", "note": "Ghi chú",
    }  # fmt: skip
    rows: list[dict[str, object]] = [
        {"change": ADDED, "point_id": each.id, "name": each.name, "kind": each.kind,
         "lat": each.lat, "lon": each.lon, "host": each.host or None, "note": each.comment or None}
        for each in outline.added.values()
    ]  # fmt: skip
    for name, change in outline.altered.items():
        if name not in bench.points:
            rows.append({"change": LOST, "point_id": name, "note": change.comment or None})
            continue
        now = bench.points[name]
        then = altered(now, outline)
        rows.append(
            {"change": ", ".join(_said(now, then)), "point_id": name, "name": then.name,
             "kind": then.kind, "lat": then.lat, "lon": then.lon, "former_lat": now.lat,
             "former_lon": now.lon, "note": change.comment or None}
        )  # fmt: skip
    rows += [
        {"change": LOCK_IN if each.inside else LOCK_OUT, "point_id": each.id, "name": each.name,
         "lat": each.lat, "lon": each.lon}
        for each in outline.locks.values()
    ]  # fmt: skip
    for at, row in enumerate(rows, start=1):
        code = None if "lon" not in row else bench.commune_at(row["lon"], row["lat"])  # type: ignore[arg-type]
        row |= {"number": at, "commune_code": code, "commune": code and bench.names[code]}
    frame = pd.DataFrame(rows, columns=list(headings))
    text = [name for name in headings if not name.endswith(("lat", "lon", "number"))]
    frame[text] = frame[text].astype(object).where(frame[text].notna(), None)
    lon, lat = (pd.to_numeric(frame[name]).to_numpy(float) for name in ("lon", "lat"))
    shapes = np.empty(len(frame), dtype=object)
    shapes[:] = [shapely.Point() if np.isnan(x) else shapely.Point(x, y)
                 for x, y in zip(lon, lat, strict=True)]  # fmt: skip
    return Sheet("scenario", frame.round(7), headings, shapes, notes)


def comparison_sheet(bench: Workbench, found: Comparison, notes: Notes) -> Sheet:
    """Return scenarios beside the network as it is, commune by commune; figures as notes."""
    headings = {"code": "Mã xã", "name": "Xã/phường/đặc khu", "people": "Dân số (người)",
                "served_now": "Được phục vụ hiện nay (người)"}  # fmt: skip
    for at, scenario in enumerate(found.scenarios, start=1):
        title = f"{at}. {scenario.name}"
        headings |= {f"served_{at}": f"{title}: được phục vụ (người)",
                     f"gained_{at}": f"{title}: được thêm (người)",
                     f"lost_{at}": f"{title}: bị mất (người)"}  # fmt: skip
    rows = []
    for each in found.communes:
        row: dict[str, object] = {"code": each.code, "name": each.name, "people": each.people,
                                  "served_now": each.served_now}  # fmt: skip
        for at in range(len(found.scenarios)):
            row |= {f"served_{at + 1}": each.served[at], f"gained_{at + 1}": each.gained[at],
                    f"lost_{at + 1}": each.lost[at]}  # fmt: skip
        rows.append(row)
    communes = bench.situation.communes
    shapes = dict(zip(communes[CommuneTable.code], communes.geometry, strict=True))
    drawn = np.empty(len(rows), dtype=object)
    drawn[:] = [shapes[each.code] for each in found.communes]
    said = [("Hiện trạng", network_in_words(found.figures[0].now))]
    for at, (scenario, figures) in enumerate(zip(found.scenarios, found.figures, strict=True), start=1):  # fmt: skip
        marks = [text for text, who in (("tốt nhất", found.best), ("hiệu quả nhất", found.most_efficient))
                 if at - 1 in who]  # fmt: skip
        title = f"Phương án {at}: {scenario.name} (phiên bản {scenario.version})"
        said.append((title, "; ".join([figures_in_words(figures), *marks])))
    return Sheet("comparison", pd.DataFrame(rows, columns=list(headings)), headings, drawn,
                 (*notes, *said))  # fmt: skip


def network_in_words(it: NetworkFigures) -> str:
    """Return the key figures of a network as an office writes them."""
    mean = "–" if it.distance.mean_m is None else f"{_number(it.distance.mean_m / 1000, 2)} km"
    return (f"{_number(it.points)} điểm trực tiếp; được phục vụ {_number(it.people_served)} người; "
            f"chưa được phục vụ {_number(it.people_unserved)} người; "
            f"khoảng cách trung bình {mean}; "
            f"{it.communes_with_point}/{it.communes} xã có điểm")  # fmt: skip


def figures_in_words(it: ScenarioFigures) -> str:
    """Return the key figures of a scenario as an office writes them."""
    each = (
        "" if it.people_per_added is None else f"; {_number(it.people_per_added)} người/điểm thêm"
    )
    return (f"{network_in_words(it.then)}; thêm {_number(it.people_gained)} người, "
            f"mất {_number(it.people_lost)} người{each}")  # fmt: skip


def _said(now: Listed, then: Listed) -> list[str]:
    """Return what happens to a listed point."""
    found = []
    if then.status != now.status:
        found.append(OPENED if then.status == "open" else CLOSED)
    if (then.lon, then.lat) != (now.lon, now.lat):
        found.append(MOVED)
    if then.kind != now.kind:
        found.append(KIND_CHANGED)
    return found


def _number(value: float, digits: int = 0) -> str:
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))
