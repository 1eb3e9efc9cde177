"""The columns of the lists of a review round: the offices' template, figures, decisions.

The first columns are those of the empty template, under its headings and in its order, so
that an approved list can be imported as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planning.exports.as_template import POINTS
from planning.exports.packet import words
from planning.model.packet import Packet, ProposalRow
from planning.model.proposals import ProposalKind

Cell = str | int | float | None
PLANNED, ENDED = "Dự kiến", "Chấm dứt"
NUMBER, VERSION = "Số đề xuất", "Phiên bản"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key for other programs, heading, width in characters, what it shows."""

    key: str
    heading: str
    width: int
    cell: Callable[[ProposalRow], Cell]


def _template() -> dict[str, tuple[str, int, Callable[[ProposalRow], Cell]]]:
    return {
        "Tên tổ chức dịch vụ thu": ("organisation", 26, lambda row: row.organisation),
        "Mã tổ chức": ("organisation_code", 13, lambda row: row.organisation_code),
        "Mã điểm thu": ("official_code", 24, lambda row: row.code),
        "Tên điểm thu": ("name", 30, lambda row: row.name),
        "Hình thức": ("point_kind", 11, lambda row: words.POINT_KINDS.get(row.point_kind, row.point_kind)),
        "Loại địa điểm": ("host_type", 16, lambda row: row.host_type),
        "Số nhà, đường, thôn/ấp/khóm": ("address", 30, lambda row: row.address),
        "Xã/phường/đặc khu": ("commune", 20, lambda row: row.commune),
        "Mã xã": ("commune_code", 8, lambda row: row.commune_code),
        "Xã cũ": ("former_code", 8, lambda row: row.former_code),
        "BHXH cơ sở quản lý": ("office", 22, lambda row: row.office),
        "Vĩ độ": ("lat", 11, lambda row: row.lat),
        "Kinh độ": ("lon", 11, lambda row: row.lon),
        "Số nhân viên thu": ("staff", 9, lambda row: row.staff),
        "Thời gian làm việc": ("opening_hours", 18, lambda row: row.opening_hours),
        "Trạng thái": ("status", 11, lambda row: ENDED if row.kind is ProposalKind.CLOSE else PLANNED),
        "Ghi chú": ("note", 24, lambda row: row.note),
    }  # fmt: skip


COMPUTED: tuple[Column, ...] = (
    Column("proposal", "Đề xuất", 12, lambda row: words.KINDS[row.kind]),
    Column("point", "Điểm thu hiện có", 24, lambda row: row.point),
    Column("host", "Địa điểm đặt", 24, lambda row: row.host),
    Column("former", "Tên xã cũ", 18, lambda row: row.former),
    Column("met", "Điều kiện bắt buộc đã đạt", 11, lambda row: row.met),
    Column("mandatory", "Điều kiện bắt buộc", 11, lambda row: row.mandatory),
    Column("cost", "Chi phí (đồng)", 14, lambda row: row.cost),
    Column("gained", "Dân số được phục vụ thêm (người)", 13, lambda row: row.gained),
    Column("lost", "Dân số không còn được phục vụ (người)", 13, lambda row: row.lost),
    Column("overlap", "Chồng lấn (người đã được phục vụ)", 13, lambda row: row.overlap),
    Column("distance_now_m", "Khoảng cách hiện nay (m)", 11, lambda row: row.distance_now_m),
    Column("distance_then_m", "Khoảng cách khi thực hiện (m)", 11, lambda row: row.distance_then_m),
    Column("rank", "Mức ưu tiên (thứ hạng)", 10, lambda row: row.rank),
    Column("firmness", "Độ chắc chắn", 12, lambda row: words.FIRMNESS.get(row.firmness or "", "")),
    Column("state", "Tình trạng đề xuất", 16, lambda row: words.STATES[row.state]),
    Column("decided", "Đã quyết định trước phiên", 20, words.decided),
)  # fmt: skip
KEYS: tuple[Column, ...] = (
    Column("number", NUMBER, 14, lambda row: row.number),
    Column("version", VERSION, 8, lambda row: row.version),
)


def list_columns(packet: Packet) -> tuple[Column, ...]:
    """Return every column of a list: keys, the offices' template, figures.

    A column of the template that a proposal says nothing of is empty. Where the data are a
    demonstration every row says so in a last column.
    """
    known = _template()
    template = (
        Column(*_named(heading, known.get(heading))) for heading in POINTS if heading != "STT"
    )
    mark = Column("label", "Nhãn", 18, lambda _: words.DEMONSTRATION)
    return (*KEYS, *template, *COMPUTED, *((mark,) if packet.origin.synthetic else ()))


def plain_columns(packet: Packet) -> tuple[Column, ...]:
    """Return the columns for other programs: those of which a proposal says anything."""
    return tuple(each for each in list_columns(packet) if each.key)


@dataclass(frozen=True, slots=True)
class Sum:
    """The proposals of one kind: how many, people newly and no longer served, cost in đồng.

    A sum is None where nothing is known, else it counts what is; people whom two proposals
    would serve are counted twice.
    """

    kind: ProposalKind
    number: int
    gained: int | None
    lost: int | None
    cost: int | None


def summed(packet: Packet) -> tuple[Sum, ...]:
    """Return the sums of every kind of which there are proposals."""
    found = []
    for kind in ProposalKind:
        rows = [each for each in packet.proposals if each.kind is kind]
        if rows:
            sums = (
                _sum([getattr(each, name) for each in rows]) for name in ("gained", "lost", "cost")
            )
            found.append(Sum(kind, len(rows), *sums))
    return tuple(found)


def _sum(values: Sequence[int | None]) -> int | None:
    known = [each for each in values if each is not None]
    return sum(known) if known else None


def _named(
    heading: str, known: tuple[str, int, Callable[[ProposalRow], Cell]] | None
) -> tuple[str, str, int, Callable[[ProposalRow], Cell]]:
    """Return a column of the template, an empty one without a key where nothing is known."""
    key, width, cell = known or ("", 10, lambda _: "")
    return (key, heading, width, cell)
