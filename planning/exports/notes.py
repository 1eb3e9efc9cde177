"""What every handed-out table says about itself: place, standard, people, day, data."""

from planning.analysis.situation import Situation
from planning.exports.sheets import DEMONSTRATION, radii_in_words
from planning.model.decisions import Decisions
from planning.model.standards import ServiceStandard


def about(
    situation: Situation, standard: ServiceStandard, at: str, *, stale: bool
) -> tuple[tuple[str, str], ...]:
    """Return the notes of a table made `at` this moment; `stale`: the data changed since."""
    base = situation.base
    notes = [
        ("Tỉnh", f"{situation.province_name} ({situation.province_code})"),
        ("Ranh giới có hiệu lực từ", situation.valid_from),
        ("Bán kính phục vụ (đường chim bay)", radii_in_words(standard)),
        ("Nguồn dân số", base.source),
        ("Dân số tính đến", base.as_of or "không ghi"),
        ("Dân số (người)", str(base.people)),
        ("Xã chưa rõ dân số, không tính", ", ".join(base.unknown_communes) or "không có"),
        ("Xuất lúc (UTC)", at),
        ("Dấu vết dữ liệu", situation.fingerprint),
    ]
    if stale:
        notes.append(("Cảnh báo", "Dữ liệu đã thay đổi sau khi lập danh sách này"))
    if base.synthetic:
        notes.insert(0, ("label", DEMONSTRATION))
    return tuple(notes)


def decisions_in_words(decisions: Decisions) -> tuple[tuple[str, str], ...]:
    """Return which decisions of the province a list counts, nothing where it counts none."""
    told = (
        ("Đề xuất đã phê duyệt, tính như đã thực hiện", decisions.in_force),
        ("Đề xuất không được phê duyệt, không đặt điểm tại đó", decisions.kept_out),
    )
    return tuple((what, ", ".join(each.number for each in found)) for what, found in told if found)
