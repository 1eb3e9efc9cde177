"""The sheets of the workload: by commune, by point, and what to add next."""

import numpy as np
import pandas as pd
import shapely

from planning.analysis.situation import Situation
from planning.exports.sheets import Sheet
from planning.model.next_units import NextUnits, UnitKind
from planning.model.workload import Verdict, WorkloadReport

Notes = tuple[tuple[str, str], ...]
VERDICTS = {
    Verdict.OVERLOADED: "Quá tải", Verdict.IDLE: "Ít việc",
    Verdict.BALANCED: "Bình thường", Verdict.UNSTAFFED: "Chưa có nhân viên thu",
    Verdict.UNKNOWN: "Chưa rõ, xã chưa có số dân",
}  # fmt: skip
KINDS = {UnitKind.STAFF: "Thêm nhân viên thu", UnitKind.POINT: "Mở điểm thu mới"}
WEIGHTS = "Trọng số theo khoảng cách (phần bán kính: trọng số)"


def communes_sheet(situation: Situation, report: WorkloadReport, notes: Notes) -> Sheet:
    """Return the communes with their staff within reach and the staff they need."""
    headings = {
        "code": "Mã xã", "name": "Xã/phường/đặc khu", "people": "Dân số (người)",
        "staff_here": "Nhân viên thu tại xã", "staff_share": "Nhân viên thu tính cho xã",
        "per_10000": "Nhân viên thu trên 10.000 dân",
        "people_per_staff": "Số dân trên một nhân viên thu",
        "people_without": "Dân số ngoài tầm mọi nhân viên thu (người)",
        "staff_needed": "Nhân viên thu còn thiếu",
    }  # fmt: skip
    rows = [each.as_dict() for each in report.communes]
    whole = {"people": "Int64", "people_without": "Int64", "staff_needed": "Int64"}
    frame = pd.DataFrame(rows, columns=list(headings)).astype(whole)
    frame = frame.round({"staff_share": 2, "per_10000": 2, "people_per_staff": 0})
    shapes = situation.communes.set_index("code").geometry
    return Sheet("workload", frame, headings, np.asarray(shapes.reindex(frame["code"])),
                 (*notes, *_measured(report)))  # fmt: skip


def points_sheet(situation: Situation, report: WorkloadReport, notes: Notes) -> Sheet:
    """Return the open direct points with the people who fall to them."""
    headings = {
        "point_id": "Mã trong hệ thống", "name": "Tên điểm thu",
        "organisation": "Tên tổ chức dịch vụ thu", "commune_code": "Mã xã",
        "commune": "Xã/phường/đặc khu", "staff": "Số nhân viên thu",
        "people_in_reach": "Dân số trong bán kính (người)",
        "people_falling": "Dân số tính cho điểm (người)",
        "people_per_staff": "Số dân trên một nhân viên thu", "load": "Nhận xét",
    }  # fmt: skip
    rows = [{**each.as_dict(), "load": VERDICTS[each.verdict]} for each in report.points]
    frame = pd.DataFrame(rows, columns=list(headings)).astype({"staff": "Int64"})
    frame = frame.round({"people_falling": 0, "people_per_staff": 0})
    points = situation.open_direct
    places = shapely.points(points["lon"].to_numpy(float), points["lat"].to_numpy(float))
    return Sheet("workload", frame, headings, np.asarray(places), (*notes, *_measured(report)))


def units_sheet(found: NextUnits, notes: Notes) -> Sheet:
    """Return what to add next, in order."""
    headings = {
        "rank": "STT", "unit": "Nội dung", "name": "Điểm thu/địa điểm",
        "commune_code": "Mã xã", "commune": "Xã/phường/đặc khu", "lat": "Vĩ độ", "lon": "Kinh độ",
        "host": "Địa điểm gần nhất", "host_m": "Cách địa điểm (m)",
        "people": "Dân số được phục vụ thêm trong khả năng (người)",
    }  # fmt: skip
    rows = [{**each.as_dict(), "unit": KINDS[each.kind]} for each in found.units]
    frame = pd.DataFrame(rows, columns=list(headings))
    frame = frame.round({"lat": 7, "lon": 7, "host_m": 1, "people": 0})
    places = shapely.points(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float))
    told = (
        ("Số dân một nhân viên thu phục vụ", str(found.ask.people_per_staff)),
        ("Dân số vượt khả năng phục vụ hiện nay (người)", str(round(found.people_beyond))),
        ("Dân số được phục vụ thêm (người)", str(round(found.people_gained))),
        ("Không cách chọn nào cùng số lượng vượt quá (người)", str(round(found.bound))),
        ("Cách chọn", "Lần lượt chọn nơi tăng nhiều nhất; chưa chắc là tốt nhất"),
    )
    return Sheet("units", frame, headings, np.asarray(places), (*notes, *told))


def _measured(report: WorkloadReport) -> Notes:
    zones = report.ask.zones
    pairs = zip(zones.ends, zones.weights, strict=True)
    weights = "; ".join(f"{end:.2f}: {weight:g}".replace(".", ",") for end, weight in pairs)
    wanted = report.wanted
    return (
        ("Phương pháp", "E2SFCA (Luo và Qi 2009)"), (WEIGHTS, weights),
        ("Nhân viên thu của các điểm trực tiếp", str(report.staff)),
        ("Điểm thu chưa rõ số nhân viên, tính 1 người", str(report.points_unknown)),
        ("Mức so sánh (số dân trên một nhân viên thu)",
         "không có" if wanted is None else str(round(wanted))),
    )  # fmt: skip
