"""The sheet of a list of proposals, without personal data: staff are a number."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import shapely

from planning.exports.sheets import Sheet
from planning.language import speaker
from planning.model.proposals import STATE_NAMES, Met, Proposal, ProposalKind

KINDS: Mapping[ProposalKind, str] = {
    ProposalKind.OPEN: "Mở mới", ProposalKind.MOVE: "Di dời", ProposalKind.CLOSE: "Chấm dứt",
    ProposalKind.KIND: "Đổi hình thức",
}  # fmt: skip
HEADINGS = {
    "rank": "STT", "number": "Số hồ sơ (không chính thức)", "asks": "Đề nghị",
    "state": "Trạng thái hồ sơ", "organisation": "Tên tổ chức dịch vụ thu",
    "organisation_code": "Mã tổ chức", "official_code": "Mã điểm thu", "name": "Tên điểm thu",
    "kind": "Hình thức", "host": "Nơi đặt", "host_type": "Loại địa điểm",
    "address": "Số nhà, đường, thôn/ấp/khóm", "commune": "Xã/phường/đặc khu",
    "commune_code": "Mã xã", "office": "BHXH cơ sở quản lý", "lat": "Vĩ độ", "lon": "Kinh độ",
    "staff_count": "Số nhân viên thu", "conditions": "Điều kiện đạt", "cost": "Chi phí (đồng)",
    "gained": "Dân số được phục vụ thêm (người)", "lost": "Dân số không còn được phục vụ (người)",
    "overlap": "Dân số đã được điểm khác phục vụ (người)",
    "distance_now_m": "Khoảng cách hiện nay (m)", "distance_then_m": "Khoảng cách khi có điểm (m)",
    "order": "Thứ tự ưu tiên", "decision": "Quyết định", "document": "Số văn bản",
    "due": "Hạn xử lý", "note": "Ghi chú",
}  # fmt: skip
_WHOLE = ("cost", "gained", "lost", "overlap", "order")


def review_sheet(
    found: Iterable[Proposal], communes: Mapping[str, str], organisations: Mapping[str, str],
    notes: tuple[tuple[str, str], ...],
) -> Sheet:  # fmt: skip
    """Return proposals, one row each; `communes` and `organisations` name codes."""
    rows = [
        {"rank": at, "commune": communes.get(each.commune),
         "organisation": organisations.get(each.content.organisation), **_row(each)}
        for at, each in enumerate(found, start=1)
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(HEADINGS))
    frame = frame.astype(dict.fromkeys(_WHOLE, "Int64"))
    places = np.asarray(shapely.points(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float)))
    return Sheet("review", frame, HEADINGS, places, notes)


def _row(each: Proposal) -> dict[str, object]:
    content, figures, decision = each.content, each.figures, each.decision
    met = sum(one.met is Met.YES for one in content.conditions)
    return {
        "number": each.number, "asks": KINDS[each.kind],
        "state": speaker("vi")(STATE_NAMES[each.state]),
        "organisation_code": content.organisation or None, "official_code": each.code or None,
        "name": content.name, "kind": content.point_kind, "host": content.host or None,
        "host_type": content.host_type or None, "address": content.address or None,
        "commune_code": each.commune or None, "office": each.office or None,
        "lat": round(content.lat, 7), "lon": round(content.lon, 7),
        "staff_count": len(content.staff),
        "conditions": f"{met}/{len(content.conditions)}" if content.conditions else None,
        "cost": content.cost, "gained": figures and figures.gained, "lost": figures and figures.lost,
        "overlap": figures and figures.overlap,
        "distance_now_m": figures and figures.distance_now_m,
        "distance_then_m": figures and figures.distance_then_m,
        "order": figures and figures.rank,
        "decision": None if decision is None else "Phê duyệt" if decision.approved
        else "Không phê duyệt",
        "document": decision and decision.document, "due": each.due or None,
        "note": content.note or None,
    }  # fmt: skip
