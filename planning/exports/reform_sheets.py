"""The sheets of the audit after a change of communes: its points, its former communes."""

import numpy as np
import pandas as pd
import shapely

from planning.analysis.situation import Situation
from planning.exports.sheets import Sheet
from planning.model.reform import CODE_STATES, ReformAudit


def audited_points_sheet(audit: ReformAudit, notes: tuple[tuple[str, str], ...]) -> Sheet:
    """Return every point with its communes, written and located, and the code it should bear."""
    headings = {
        "point_id": "Mã trong hệ thống", "name": "Tên điểm thu",
        "organisation": "Tên tổ chức dịch vụ thu", "kind": "Hình thức", "status": "Trạng thái",
        "verdict": "Đối chiếu danh sách và tọa độ",
        "former_code": "Mã xã cũ", "former": "Xã cũ",
        "former_written_code": "Mã xã cũ ghi trong danh sách",
        "former_located_code": "Mã xã cũ theo tọa độ",
        "present_code": "Mã xã", "present": "Xã/phường/đặc khu",
        "written_code": "Mã xã ghi trong danh sách", "located_code": "Mã xã theo tọa độ",
        "official_code": "Mã điểm thu hiện ghi", "proposed_code": "Mã điểm thu đề nghị",
        "code_state": "Về mã điểm thu", "lat": "Vĩ độ", "lon": "Kinh độ",
    }  # fmt: skip
    rows = [
        {
            "point_id": each.point_id, "name": each.name, "organisation": each.organisation,
            "kind": each.kind, "status": each.status, "verdict": each.verdict.value,
            "former_code": each.former, "former": audit.former_names.get(each.former or ""),
            "former_written_code": each.former_written,
            "former_located_code": each.former_located,
            "present_code": each.present, "present": audit.present_names.get(each.present or ""),
            "written_code": each.present_written, "located_code": each.present_located,
            "official_code": each.official_code,
            "proposed_code": None if each.issued.code is None else str(each.issued.code),
            "code_state": CODE_STATES[each.issued.state], "lat": each.lat, "lon": each.lon,
        }
        for each in audit.points
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(headings))
    places = np.asarray(shapely.points(frame[["lon", "lat"]].to_numpy(float)), dtype=object)
    return Sheet("reform", frame, headings, places, notes)


def formers_sheet(
    situation: Situation, audit: ReformAudit, notes: tuple[tuple[str, str], ...]
) -> Sheet:
    """Return every former commune with who took it and what became of its points.

    Without the boundaries before the shapes are empty.
    """
    headings = {
        "code": "Mã xã cũ", "name": "Xã cũ", "district": "Huyện (cũ)",
        "successor_codes": "Mã xã mới", "successors": "Xã/phường/đặc khu mới",
        "points_before": "Điểm thu trực tiếp trước sắp xếp",
        "points_now": "Điểm thu trực tiếp hiện nay", "former_state": "Tình trạng",
    }  # fmt: skip
    known = situation.former
    shapes = {} if known is None else dict(zip(known["code"], known.geometry, strict=True))
    rows = [
        {
            "code": each.code, "name": each.name, "district": each.district,
            "successor_codes": ", ".join(each.successors),
            "successors": ", ".join(audit.present_names.get(it, it) for it in each.successors),
            "points_before": each.points_before, "points_now": each.points_now,
            "former_state": each.state.value,
        }
        for each in audit.formers
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(headings))
    drawn = np.empty(len(frame), dtype=object)
    drawn[:] = [shapes.get(code, shapely.Polygon()) for code in frame["code"]]
    return Sheet("former", frame, headings, drawn, notes)
