"""What every handed-out table says about itself: place, standard, people, day, data."""

from planning.analysis.situation import Situation
from planning.exports.sheets import COUNTED, DEMONSTRATION, radii_in_words
from planning.language import speaker
from planning.model.coverage import PopulationBase
from planning.model.decisions import Decisions
from planning.model.performance import NEED_NAMES, Need
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
        *_people(base),
        ("Xuất lúc (UTC)", at),
        ("Dấu vết dữ liệu", situation.fingerprint),
    ]
    if stale:
        notes.append(("Cảnh báo", "Dữ liệu đã thay đổi sau khi lập danh sách này"))
    if base.synthetic:
        notes.insert(0, ("label", DEMONSTRATION))
    return tuple(notes)


def _people(base: PopulationBase) -> tuple[tuple[str, str], ...]:
    """Return who is counted, from where and when."""
    as_of, unknown = base.as_of or "không ghi", ", ".join(base.unknown_communes) or "không có"
    if base.need is Need.EVERYBODY:
        return (
            ("Nguồn dân số", base.source), ("Dân số tính đến", as_of),
            ("Dân số (người)", str(base.people)), ("Xã chưa rõ dân số, không tính", unknown),
        )  # fmt: skip
    return (
        (COUNTED, speaker("vi")(NEED_NAMES[base.need])),
        ("Nguồn số đếm và nơi ở", base.source), ("Số đếm tính đến", as_of),
        ("Số người được tính", str(base.people)), ("Xã chưa có số đếm, không tính", unknown),
        ("Phân bổ trong mỗi xã", "theo nơi dân cư sinh sống"),
    )  # fmt: skip


def decisions_in_words(decisions: Decisions) -> tuple[tuple[str, str], ...]:
    """Return which decisions of the province a list counts, nothing where it counts none."""
    told = (
        ("Đề xuất đã phê duyệt, tính như đã thực hiện", decisions.in_force),
        ("Đề xuất không được phê duyệt, không đặt điểm tại đó", decisions.kept_out),
    )
    return tuple((what, ", ".join(each.number for each in found)) for what, found in told if found)
