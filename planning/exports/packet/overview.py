"""The review of a province on one page (PDF): figures, map, tables, signatures."""

from typing import Any

from planning.exports.packet import words
from planning.exports.packet.columns import summed
from planning.exports.packet.picture import drawn
from planning.exports.packet.tables import table
from planning.exports.packet.typeset import pdf
from planning.model.packet import Packet

TEMPLATE = "overview.typ"
_MOST = {"offices": 10, "gaps": 10, "overlaps": 8, "organisations": 10, "notes": 4}
_NAME, _NOTE = 46, 230  # signs of a name and of a note that one page has room for
_MAP = (320.0, 400.0)  # width and greatest height of the map in its own units


def overview(packet: Packet) -> bytes:
    """Return the page as PDF."""
    return pdf(TEMPLATE, values(packet), packet.round.day)


def values(packet: Packet) -> dict[str, Any]:
    """Return what the page says, every value a text."""
    return {
        **head(packet), "heading": "TỔNG HỢP RÀ SOÁT MẠNG LƯỚI ĐIỂM THU BHXH, BHYT",
        "round": words.short(words.title(packet), 110), "scope": _scope(packet),
        "figures": figures(packet), "map": drawn(packet, *_MAP).svg,
        "offices": _offices(packet), "proposals": _proposals(packet),
        "overlaps": _overlaps(packet), "gaps": _gaps(packet),
        "organisations": _organisations(packet), "notes": _notes(packet),
        "marks": f"Dấu vết dữ liệu {packet.origin.fingerprint[:16]}; hồ sơ phiên "
                 f"{packet.fingerprint[:16]}; {words.short(packet.origin.program, 40)}.",
    }  # fmt: skip


def head(packet: Packet) -> dict[str, Any]:
    """Return what stands at the head of every printed document."""
    return {
        "title": f"{words.title(packet)} – {packet.origin.province}",
        "parent": "BẢO HIỂM XÃ HỘI VIỆT NAM", "authority": words.authority(packet).upper(),
        "demonstration": words.DEMONSTRATION_LINE if packet.origin.synthetic else None,
    }  # fmt: skip


def figures(packet: Packet) -> list[dict[str, str]]:
    """Return the eight key figures: label, value, and what else is to be said."""
    found, done = packet.figures, packet.completion
    beyond = words.count(found.people_beyond)
    return [
        _figure("Điểm thu trực tiếp / trực tuyến",
                f"{words.count(found.points_direct)} / {words.count(found.points_online)}"),
        _figure("Điểm trực tiếp có biển hiệu", words.share(found.share_signed),
                _known(found.signed, found.sign_known)),
        _figure("Có nhân viên thường trực", words.share(found.share_permanent),
                _known(found.permanent, found.permanent_known)),
        _figure("Xã mới có điểm / xã cũ còn điểm",
                f"{words.share(found.share_communes)} / {words.share(found.share_former)}"),
        _figure("Bán kính phục vụ bình quân", words.decimal(found.mean_radius_km, 2),
                "" if found.mean_radius_km is None else "km"),
        _figure("Số dân phục vụ bình quân", _count_or_words(found.people_per_point),
                "" if found.people_per_point is None else "người/điểm"),
        _figure("Dân số ngoài bán kính", words.share(found.share_beyond), f"{beyond} người"),
        _figure("Hoàn thành BHXH TN / BHYT HGĐ", _both(done.voluntary, done.household)),
    ]  # fmt: skip


def _figure(label: str, value: str, more: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "more": more}


def _known(part: int, whole: int) -> str:
    return f"{words.count(part)} trong {words.count(whole)} điểm đã rõ" if whole else ""


def _count_or_words(value: float | None) -> str:
    return words.UNKNOWN if value is None else words.count(value)


def _both(one: float | None, other: float | None) -> str:
    if one is None and other is None:
        return words.UNKNOWN
    return f"{words.share(one)} / {words.share(other)}"


def _scope(packet: Packet) -> str:
    origin = packet.origin
    return words.short(
        f"{origin.province}; ranh giới hiệu lực từ {words.day(origin.valid_from)}; số liệu đến "
        f"{words.day(origin.data_date)}; dân số {words.count(origin.population.people)} người "
        f"({words.short(origin.population.source, 70)}, tính đến "
        f"{words.day(origin.population.as_of)}); bán kính phục vụ {words.short(origin.standard, 120)}",
        420,
    )


def _cut(rows: list[list[str]], name: str, what: str) -> list[list[str]]:
    """Return as many rows as the page has room for, the last one saying how many there are more."""
    most = _MOST[name]
    if len(rows) <= most:
        return rows
    rest = len(rows) - most + 1
    return [*rows[: most - 1], ["", f"và {rest} {what} (xem phụ lục)", *[""] * (len(rows[0]) - 2)]]


def _offices(packet: Packet) -> dict[str, Any]:
    rows = [
        [str(at), words.short(each.name, _NAME), words.count(each.points_direct),
         words.count(each.people),
         words.short_share(_part(each.people_served, each.people)),
         words.count(each.proposals)]
        for at, each in enumerate(packet.offices, start=1)
    ]  # fmt: skip
    return table(
        [("TT", 5, "center"), ("BHXH cơ sở", "1fr", "left"), ("Điểm", 8, "right"),
         ("Dân số", 14, "right"), ("Được phục vụ", 13, "right"), ("Đề xuất", 9, "right")],
        _cut(rows, "offices", "cơ sở khác"),
    )  # fmt: skip


def _part(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else part / whole


def _proposals(packet: Packet) -> dict[str, Any]:
    rows = [
        [words.KINDS[each.kind], words.count(each.number), words.count(each.gained),
         words.count(each.lost), words.money(each.cost)]
        for each in summed(packet)
    ]  # fmt: skip
    if packet.gained_together is not None:
        rows.append(["Cả phiên cùng lúc", words.count(len(packet.proposals)),
                     words.count(packet.gained_together), "", ""])  # fmt: skip
    return table(
        [("Loại (cộng riêng từng đề xuất)", "1fr", "left"), ("Số", 8, "right"),
         ("Thêm người", 12, "right"), ("Bớt người", 11, "right"), ("Chi phí (triệu đồng)", 15, "right")],
        rows,
    )  # fmt: skip


def _overlaps(packet: Packet) -> dict[str, Any]:
    rows = [
        [str(at), words.short(each.commune, _NAME), words.count(each.points),
         words.count(_per(each.people, each.points))]
        for at, each in enumerate(packet.overlaps, start=1)
    ]  # fmt: skip
    return table(
        [("TT", 5, "center"), ("Xã, phường, đặc khu", "1fr", "left"), ("Điểm", 9, "right"),
         ("Người/điểm", 15, "right")],
        _cut(rows, "overlaps", "xã khác"),
    )  # fmt: skip


def _per(people: int | None, points: int) -> float | None:
    return None if people is None or not points else people / points


def _gaps(packet: Packet) -> dict[str, Any]:
    rows = [
        [str(each.rank), words.short(each.name, 90), words.count(each.people),
         words.km(each.nearest_m), words.GAP_REASONS[each.reason]]
        for each in packet.gaps[: _MOST["gaps"]]
    ]  # fmt: skip
    return table(
        [("TT", 5, "center"), ("Khoảng trống", "1fr", "left"), ("Số người", 11, "right"),
         ("Cách điểm (km)", 11, "right"), ("Nguyên nhân", 22, "left")],
        rows,
    )  # fmt: skip


def _organisations(packet: Packet) -> dict[str, Any]:
    rows = [
        [str(at), words.short(each.name, _NAME), words.count(each.points), words.count(each.staff),
         words.short_share(each.completion.voluntary)]
        for at, each in enumerate(packet.organisations, start=1)
    ]  # fmt: skip
    return table(
        [("TT", 5, "center"), ("Tổ chức", "1fr", "left"), ("Điểm", 8, "right"),
         ("Nhân viên", 10, "right"), ("Hoàn thành BHXH TN", 14, "right")],
        _cut(rows, "organisations", "tổ chức khác"),
    )  # fmt: skip


def _notes(packet: Packet) -> list[str]:
    notes = [words.short(each, _NOTE) for each in packet.notes]
    most = _MOST["notes"]
    if len(notes) > most:
        notes = [*notes[: most - 1], f"và {len(notes) - most + 1} lưu ý khác (xem phụ lục)."]
    return notes or ["Không có lưu ý."]
