"""The tables of the annexes as texts: the same for the printed and the editable documents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from planning.exports.packet import words
from planning.model.packet import Packet, ProposalRow
from planning.model.proposals import Reason

Head = tuple[str, float | str, str]  # heading, width in millimetres or parts ("1fr"), side
_LONG = re.compile(r"\S{18,}")
# Signs of a name and of a free text in a table, so that the highest row fits on a page; the
# spreadsheet has all of them.
_MOST_NAME, _MOST_TEXT = 120, 300


@dataclass(frozen=True, slots=True)
class Part:
    """One table of an annex under its own title; `note` stands below it."""

    title: str
    columns: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"title": self.title, "note": self.note, **table(self.columns, self.rows)}


@dataclass(frozen=True, slots=True)
class Annex:
    """One annex: its title, whether its pages lie on their side, its tables."""

    title: str
    landscape: bool
    parts: tuple[Part, ...]


def table(columns: Sequence[Head], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return a table of texts as plain values; words too long for a line may break."""
    return {
        "columns": [{"heading": name, "width": wide, "side": side} for name, wide, side in columns],
        "rows": [[_LONG.sub(_with_breaks, each) for each in row] for row in rows],
    }


def _with_breaks(found: re.Match[str]) -> str:
    word = found[0]
    return "\u200b".join(word[at : at + 8] for at in range(0, len(word), 8))


def annexes(packet: Packet) -> tuple[Annex, ...]:
    """Return all annexes in their order."""
    return (
        Annex("Phụ lục 1. Danh mục đề xuất", True, (Part("", *_places(packet.proposals)),)),
        Annex("Phụ lục 2. Hiệu quả dự kiến và quyết định", True,
              (Part("", *_effects(packet.proposals), note=EFFECTS),)),
        Annex("Phụ lục 3. Hiện trạng mạng lưới điểm thu", False, (
            Part("3.1. Khoảng trống lớn nhất", *_gaps(packet)),
            Part("3.2. Vùng chồng lấn: xã có từ 10 điểm thu trực tiếp", *_overlaps(packet)),
            Part("3.3. Theo BHXH cơ sở", *_offices(packet)),
            Part("3.4. Theo tổ chức dịch vụ thu", *_organisations(packet)),
            Part("3.5. Theo xã, phường, đặc khu", *_communes(packet)),
        )),
        Annex("Phụ lục 4. Nguồn số liệu, thông số và lưu ý", False, (
            Part("4.1. Nguồn số liệu và thông số tính", *_sources(packet)),
            Part("4.2. Lưu ý về chất lượng số liệu", *_notes(packet)),
            Part("4.3. Mã lý do khi không phê duyệt", *_reasons()),
        )),
    )  # fmt: skip


EFFECTS = (
    "Dân số được phục vụ thêm: người hiện chưa có điểm thu trực tiếp trong bán kính, sẽ có khi "
    "riêng đề xuất này được thực hiện. Chồng lấn: người trong bán kính đã được phục vụ. Khoảng "
    "cách là trung bình theo đường chim bay đến điểm thu gần nhất của những người đó."
)
Rows = tuple[tuple[Head, ...], tuple[tuple[str, ...], ...]]


def _places(rows: Sequence[ProposalRow]) -> Rows:
    columns: tuple[Head, ...] = (
        ("TT", 8, "center"), ("Số đề xuất", 23, "left"), ("Loại", 14, "left"),
        ("Tên điểm thu", "1fr", "left"), ("Địa điểm đặt, địa chỉ", "1.2fr", "left"),
        ("Xã/phường/đặc khu (xã cũ)", 30, "left"), ("Vĩ độ; kinh độ", 19, "left"),
        ("Tổ chức dịch vụ thu", 30, "left"), ("BHXH cơ sở", 24, "left"), ("Nhân viên", 11, "right"),
        ("Điều kiện bắt buộc đạt", 15, "center"), ("Tình trạng", 16, "left"),
    )  # fmt: skip
    return columns, tuple(
        (
            str(at), each.number, words.KINDS[each.kind],
            _joined(each.name, each.code, each.point and f"hiện có: {each.point}"),
            _joined(each.host, each.address),
            _name(each.commune) + (f" ({_name(each.former)})" if each.former else ""),
            words.place_of(each), _name(each.organisation), _name(each.office), words.count(each.staff), words.conditions(each),
            words.STATES[each.state],
        )
        for at, each in enumerate(rows, start=1)
    )  # fmt: skip


def _joined(*texts: str) -> str:
    return "; ".join(_name(each) for each in texts if each)


def _name(text: str) -> str:
    return words.short(text, _MOST_NAME)


def _effects(rows: Sequence[ProposalRow]) -> Rows:
    columns: tuple[Head, ...] = (
        ("TT", 8, "center"), ("Số đề xuất", 23, "left"), ("Tên điểm thu", "1fr", "left"),
        ("Người được phục vụ thêm", 17, "right"), ("Người không còn", 14, "right"),
        ("Chồng lấn (người)", 15, "right"), ("Cách nay (km)", 13, "right"),
        ("Cách khi có (km)", 13, "right"), ("Ưu tiên", 12, "right"), ("Độ chắc chắn", 17, "left"),
        ("Chi phí (triệu đồng)", 17, "right"), ("Đã quyết định trước phiên", 32, "left"),
        ("Quyết định của phiên", 30, "left"),
    )  # fmt: skip
    return columns, tuple(
        (
            str(at), each.number, _name(each.name), words.count(each.gained), words.count(each.lost),
            words.count(each.overlap), words.km(each.distance_now_m), words.km(each.distance_then_m),
            words.count(each.rank), words.FIRMNESS.get(each.firmness or "", words.NOTHING),
            words.money(each.cost), words.short(words.decided(each), _MOST_TEXT), "",
        )
        for at, each in enumerate(rows, start=1)
    )  # fmt: skip


def _gaps(packet: Packet) -> Rows:
    columns: tuple[Head, ...] = (
        ("TT", 8, "center"), ("Khoảng trống", "1fr", "left"), ("Xã/phường/đặc khu", 34, "left"),
        ("Số người", 16, "right"), ("Cách điểm thu (km)", 17, "right"), ("Nguyên nhân", 34, "left"),
    )  # fmt: skip
    return columns, tuple(
        (str(each.rank), _name(each.name), _name(each.commune), words.count(each.people),
         words.km(each.nearest_m), words.GAP_REASONS[each.reason])
        for each in packet.gaps
    )  # fmt: skip


def _overlaps(packet: Packet) -> Rows:
    columns: tuple[Head, ...] = (
        ("TT", 8, "center"), ("Mã xã", 16, "left"), ("Xã/phường/đặc khu", "1fr", "left"),
        ("Điểm trực tiếp", 20, "right"), ("Dân số (người)", 24, "right"),
    )  # fmt: skip
    return columns, tuple(
        (
            str(at),
            each.code,
            _name(each.commune),
            words.count(each.points),
            words.count(each.people),
        )
        for at, each in enumerate(packet.overlaps, start=1)
    )


def _offices(packet: Packet) -> Rows:
    columns: tuple[Head, ...] = (
        ("TT", 8, "center"), ("BHXH cơ sở", "1fr", "left"), ("Số xã", 10, "right"),
        ("Điểm trực tiếp", 14, "right"), ("Điểm trực tuyến", 14, "right"), ("Dân số (người)", 20, "right"),
        ("Được phục vụ (người)", 20, "right"), ("Đề xuất", 13, "right"), ("Người được phục vụ thêm", 20, "right"),
    )  # fmt: skip
    return columns, tuple(
        (str(at), _name(each.name), words.count(each.communes), words.count(each.points_direct),
         words.count(each.points_online), words.count(each.people), words.count(each.people_served),
         words.count(each.proposals), words.count(each.people_gained))
        for at, each in enumerate(packet.offices, start=1)
    )  # fmt: skip


def _organisations(packet: Packet) -> Rows:
    columns: tuple[Head, ...] = (
        ("TT", 8, "center"), ("Mã tổ chức", 23, "left"), ("Tổ chức dịch vụ thu", "1fr", "left"),
        ("Điểm trực tiếp", 13, "right"), ("Nhân viên", 12, "right"), ("Đề xuất", 12, "right"),
        ("Hoàn thành BHXH TN", 20, "right"), ("Hoàn thành BHYT HGĐ", 20, "right"),
    )  # fmt: skip
    return columns, tuple(
        (str(at), _name(each.code), _name(each.name), words.count(each.points), words.count(each.staff),
         words.count(each.proposals), words.short_share(each.completion.voluntary),
         words.short_share(each.completion.household))
        for at, each in enumerate(packet.organisations, start=1)
    )  # fmt: skip


def _communes(packet: Packet) -> Rows:
    columns: tuple[Head, ...] = (
        ("TT", 9, "center"), ("Mã xã", 15, "left"), ("Xã/phường/đặc khu", "1fr", "left"),
        ("Dân số (người)", 24, "right"), ("Được phục vụ (người)", 24, "right"), ("Tỷ lệ", 18, "right"),
        ("Điểm trực tiếp", 18, "right"),
    )  # fmt: skip
    return columns, tuple(
        (str(at), each.code, _name(each.name), words.count(each.people), words.count(each.people_served),
         words.short_share(each.share_served),
         words.count(each.points_direct))
        for at, each in enumerate(packet.communes, start=1)
    )  # fmt: skip


def _sources(packet: Packet) -> Rows:
    columns: tuple[Head, ...] = (("Nội dung", 55, "left"), ("Giá trị", "1fr", "left"))
    return columns, tuple(
        (name, words.short(value, 2 * _MOST_TEXT)) for name, value in words.sources(packet)
    )


def _notes(packet: Packet) -> Rows:
    columns: tuple[Head, ...] = (("TT", 10, "center"), ("Lưu ý", "1fr", "left"))
    return columns, tuple(
        (str(at), words.short(each, 2 * _MOST_TEXT))
        for at, each in enumerate(packet.notes, start=1)
    )


def _reasons() -> Rows:
    columns: tuple[Head, ...] = (("Mã lý do", 35, "left"), ("Lý do", "1fr", "left"))
    return columns, tuple((words.REASON_CODES[each], words.REASONS[each]) for each in Reason)
