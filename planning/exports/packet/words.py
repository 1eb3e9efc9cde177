"""What the documents of a review round call things: Vietnamese, as the offices write."""

from collections.abc import Mapping

from planning.language import day as written_day
from planning.language import kilometres, number, percent
from planning.model.coverage import GapReason
from planning.model.packet import Packet, ProposalRow
from planning.model.proposals import ProposalKind, Reason, State
from planning.model.siting import Firmness

LANGUAGE = "vi"
NOTHING = "–"
UNKNOWN = "chưa có số liệu"
DEMONSTRATION = "Dữ liệu minh họa"
DEMONSTRATION_LINE = f"{DEMONSTRATION}: số liệu dựng để trình diễn, không dùng để quyết định"
KINDS: Mapping[ProposalKind, str] = {
    ProposalKind.OPEN: "Mở mới", ProposalKind.MOVE: "Di dời",
    ProposalKind.CLOSE: "Chấm dứt", ProposalKind.KIND: "Đổi hình thức",
}  # fmt: skip
POINT_KINDS = {"direct": "Trực tiếp", "online": "Trực tuyến", "mobile": "Lưu động"}
STATES: Mapping[State, str] = {
    State.NONE: "chưa có", State.DRAFT: "nháp", State.SUBMITTED: "đã gửi",
    State.CHECKING: "đang xác minh", State.MORE_WANTED: "yêu cầu bổ sung",
    State.CHECKED: "đã xác minh", State.APPRAISED: "đã thẩm định",
    State.APPROVED: "phê duyệt", State.NOT_APPROVED: "không phê duyệt",
    State.CODE_ISSUED: "đã cấp mã", State.PUBLISHED: "đã công khai",
    State.OPERATING: "hoạt động", State.SUSPENDED: "tạm dừng", State.ENDED: "chấm dứt",
    State.WITHDRAWN: "đã rút",
}  # fmt: skip
REASONS: Mapping[Reason, str] = {
    Reason.CONDITIONS: "Chưa đủ điều kiện khi xác minh thực địa",
    Reason.OVERLAP: "Chồng lấn: dân cư ở đó đã được phục vụ",
    Reason.NEED: "Ít người có nhu cầu", Reason.ORGANISATION: "Lý do ở tổ chức dịch vụ thu",
    Reason.PLACE: "Vị trí không phù hợp (ngập, khó đến, quyền sử dụng, an ninh)",
    Reason.COST: "Chi phí", Reason.BETTER: "Có vị trí khác tốt hơn", Reason.OTHER: "Lý do khác",
}  # fmt: skip
REASON_CODES: Mapping[Reason, str] = {
    Reason.CONDITIONS: "DIEU_KIEN", Reason.OVERLAP: "CHONG_LAN", Reason.NEED: "NHU_CAU",
    Reason.ORGANISATION: "TO_CHUC", Reason.PLACE: "VI_TRI", Reason.COST: "CHI_PHI",
    Reason.BETTER: "VI_TRI_KHAC", Reason.OTHER: "KHAC",
}  # fmt: skip
GAP_REASONS: Mapping[GapReason, str] = {
    GapReason.ISLAND: "đảo, hoặc cách trở sông nước", GapReason.CLOSED: "điểm thu đã dừng",
    GapReason.ONLINE_ONLY: "chỉ có điểm trực tuyến", GapReason.NO_POINT: "xã chưa có điểm thu",
    GapReason.FAR: "điểm thu ở phía khác của xã",
}  # fmt: skip
FIRMNESS = {
    Firmness.FIRM.value: "chắc chắn", Firmness.LIKELY.value: "khá chắc",
    Firmness.DEPENDS.value: "còn tùy",
}  # fmt: skip


def count(value: float | None) -> str:
    """Return a whole number as documents write it, a dash where it is not known."""
    return number(value, LANGUAGE)


def share(value: float | None) -> str:
    """Return a share as per cent, in words where it is not known."""
    return UNKNOWN if value is None else percent(value, LANGUAGE)


def short_share(value: float | None) -> str:
    """Return a share as per cent, a dash where it is not known."""
    return NOTHING if value is None else percent(value, LANGUAGE)


def decimal(value: float | None, digits: int) -> str:
    """Return a number with so many decimals, in words where it is not known."""
    return UNKNOWN if value is None else number(value, LANGUAGE, digits)


def km(metres: float | None) -> str:
    """Return a distance as kilometres without the unit, a dash where it is not known."""
    return kilometres(metres, LANGUAGE)


def money(dong: int | None) -> str:
    """Return a sum of đồng in million đồng, a dash where it is not given."""
    return NOTHING if dong is None else number(dong / 1_000_000, LANGUAGE, 1)


def day(iso: str | None) -> str:
    """Return a day as 05/03/2025, in words where it is not stated."""
    return written_day(iso, LANGUAGE) if iso else "không ghi"


def conditions(row: ProposalRow) -> str:
    """Return how many of the mandatory conditions are met."""
    return f"{row.met}/{row.mandatory}"


def place_of(row: ProposalRow) -> str:
    """Return a place as latitude and longitude with five decimals, about a metre."""
    return f"{number(row.lat, LANGUAGE, 5)}; {number(row.lon, LANGUAGE, 5)}"


def decided(row: ProposalRow) -> str:
    """Return how the province decided before the round was frozen, nothing where it had not."""
    found = row.decision
    if found is None:
        return ""
    verdict = "Phê duyệt" if found.approved else "Không phê duyệt"
    code = REASONS[Reason(found.reason)] if found.reason in set(Reason) else found.reason
    parts = (verdict, code, found.text, found.document, found.day and day(found.day))
    return "; ".join(each for each in parts if each)


def title(packet: Packet) -> str:
    """Return what the round is called in headings."""
    about = packet.round
    return f"Phiên rà soát số {about.number}: {about.name} (ngày {day(about.day)})"


def authority(packet: Packet) -> str:
    """Return the office that issues the documents."""
    province = packet.origin.province
    return packet.origin.authority or f"Bảo hiểm xã hội {province[:1].lower()}{province[1:]}"


def sources(packet: Packet) -> tuple[tuple[str, str], ...]:
    """Return what the documents rest on, name and value: each of them carries it."""
    origin, people = packet.origin, packet.origin.population
    lines = [
        ("Phiên rà soát", f"số {packet.round.number}, ngày {day(packet.round.day)}: {packet.round.name}"),
        ("Địa bàn", f"{origin.province} (mã {origin.province_code})"),
        ("Ranh giới có hiệu lực từ", day(origin.valid_from)),
        ("Nguồn ranh giới", origin.boundaries or "không ghi"),
        ("Số liệu mạng lưới tính đến ngày", day(origin.data_date)),
        ("Nguồn dân số", people.source),
        ("Dân số tính đến", day(people.as_of)),
        ("Dân số (người)", count(people.people)),
        ("Xã chưa rõ dân số, không tính", ", ".join(people.unknown) or "không có"),
        ("Bán kính phục vụ (đường chim bay)", origin.standard),
        ("Phương pháp tính", origin.method),
        *((f"Tham số: {name}", value) for name, value in sorted(origin.parameters.items())),
        ("Chương trình", origin.program),
        ("Dấu vết dữ liệu", origin.fingerprint),
        ("Dấu vết hồ sơ phiên rà soát", packet.fingerprint),
    ]  # fmt: skip
    if origin.synthetic:
        lines.insert(0, (DEMONSTRATION, DEMONSTRATION_LINE))
    return tuple(lines)


def short(text: str, most: int) -> str:
    """Return a text on one line, cut to `most` signs with a sign that says so."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
