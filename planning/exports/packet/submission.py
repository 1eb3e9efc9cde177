"""The submission to the director (tờ trình) with its annex, as Word to be edited (DOCX).

Number, place and day stay open: no document is numbered by a program. The legal grounds are
left for the office to write, but for the two that concern every proposal.
"""

import io
from dataclasses import replace
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from planning.exports.packet import word, words
from planning.exports.packet.columns import Sum, summed
from planning.exports.packet.fixed_zip import repacked
from planning.exports.packet.overview import figures
from planning.exports.packet.tables import annexes
from planning.exports.packet.typeset import moment
from planning.exports.packet.word import Look
from planning.model.packet import Packet

_A4 = (Mm(210), Mm(297))
_MARGINS = {
    "top_margin": Mm(20),
    "bottom_margin": Mm(20),
    "left_margin": Mm(30),
    "right_margin": Mm(15),
}
_TITLE, _HEADING = replace(word.CENTRE, bold=True), replace(word.BODY, bold=True)
_SIDES = (72.0, 93.0)  # millimetres of the two halves of a head
_TABLE_SIZE = 9.5
_IN_DOCUMENT = 2  # annexes that go with the submission: the list and its effects


def submission(packet: Packet) -> bytes:
    """Return the document."""
    document = Document()
    word.set_letters(document)
    _paper(document.sections[0], wide=False)
    _head(document, packet)
    _body(document, packet)
    _signed(document)
    for annex in annexes(packet)[:_IN_DOCUMENT]:
        section = document.add_section(WD_SECTION.NEW_PAGE)
        _paper(section, wide=annex.landscape)
        word.say(document, annex.title, _TITLE)
        word.say(document, words.title(packet), replace(word.CENTRE, size=12))
        for part in annex.parts:
            word.add_table(document, part, _TABLE_SIZE, _room(section))
            if part.note:
                word.say(document, part.note, replace(word.BODY, italic=True, size=10, indent=0))
    for section in document.sections:
        word.number_pages(section, _mark(packet))
    about = document.core_properties
    about.title, about.author = words.title(packet), words.authority(packet)
    about.last_modified_by, about.comments, about.revision = words.authority(packet), "", 1
    about.created = about.modified = moment(packet.round.day).replace(tzinfo=None)
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue(), moment(packet.round.day))


def _paper(section: Any, *, wide: bool) -> None:
    short, long = _A4
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if wide else (short, long)
    for name, value in _MARGINS.items():
        setattr(section, name, value)
    section.header_distance = section.footer_distance = Mm(10)


def _room(section: Any) -> float:
    """Return the millimetres between the margins of a section."""
    return float((section.page_width - section.left_margin - section.right_margin) / Mm(1))


def _mark(packet: Packet) -> str:
    mark = f"{words.short(words.title(packet), 90)} · hồ sơ {packet.fingerprint[:16]}"
    return f"{words.DEMONSTRATION_LINE} · {mark}" if packet.origin.synthetic else mark


def _head(document: Any, packet: Packet) -> None:
    left = [("BẢO HIỂM XÃ HỘI VIỆT NAM", False), (_office(packet), True),
            ("–––––––", False), ("Số:          /TTr-BHXH", False)]  # fmt: skip
    right = [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True),
             ("–––––––––––––––", False), ("……………, ngày …… tháng …… năm ………", False)]  # fmt: skip
    word.side_by_side(document, left, right, _SIDES, 12)
    word.say(document, "", word.CENTRE)
    if packet.origin.synthetic:
        word.say(document, words.DEMONSTRATION_LINE.upper(), replace(_TITLE, size=12))
    word.say(document, "TỜ TRÌNH", replace(_TITLE, size=14))
    about = "Về việc phê duyệt phương án phát triển mạng lưới điểm thu BHXH, BHYT"
    word.say(document, about, _TITLE)
    word.say(document, f"({words.title(packet)})", replace(word.CENTRE, italic=True))
    word.say(document, f"Kính gửi: Giám đốc {words.authority(packet)}", word.CENTRE)


def _office(packet: Packet) -> str:
    """Return the name of the office, on two lines as there is no room for one."""
    return words.authority(packet).upper().replace("XÃ HỘI ", "XÃ HỘI\n", 1)


def _body(document: Any, packet: Packet) -> None:
    origin = packet.origin
    for text in (
        "Căn cứ Công văn số 1804/BHXH-QLT của Bảo hiểm xã hội Việt Nam về mã số (trong đó có mã điểm thu);",
        "Căn cứ …………………………………… (bổ sung căn cứ của đơn vị);",
        "Phòng Quản lý thu kính trình Giám đốc xem xét, phê duyệt các đề xuất của phiên rà soát như sau:",
    ):
        word.say(document, text)
    word.say(document, "1. Hiện trạng mạng lưới", _HEADING)
    word.say(document, _basis(packet))
    for figure in figures(packet):
        more = f" ({figure['more']})" if figure["more"] else ""
        word.say(document, f"- {figure['label']}: {figure['value']}{more}.")
    word.say(document, "2. Nội dung đề xuất", _HEADING)
    count = words.count(len(packet.proposals))
    word.say(document, f"Phiên rà soát có {count} đề xuất (Phụ lục 1):")
    for kind in summed(packet):
        word.say(document, _line(kind))
    word.say(document, "3. Hiệu quả dự kiến", _HEADING)
    word.say(document, _together(packet))
    word.say(document, "4. Lưu ý về số liệu", _HEADING)
    for note in packet.notes or ("Không có lưu ý.",):
        word.say(document, f"- {note}")
    word.say(document, "5. Kiến nghị", _HEADING)
    word.say(document, "Kính trình Giám đốc xem xét, quyết định từng đề xuất tại Phụ lục 1 và Phụ lục 2 kèm theo./.")  # fmt: skip
    attached = (
        "Hồ sơ kèm theo: tổng hợp một trang, phụ lục, danh sách, bản đồ; dấu vết hồ sơ "
        f"{packet.fingerprint}; dấu vết dữ liệu {origin.fingerprint}; {origin.program}; {origin.method}."
    )
    # Not justified: the fingerprints are too long for even spaces.
    word.say(document, attached, Look(WD_ALIGN_PARAGRAPH.LEFT, italic=True, size=11, indent=10))


def _basis(packet: Packet) -> str:
    origin, people = packet.origin, packet.origin.population
    return (
        f"Số liệu tính đến {words.day(origin.data_date)}; ranh giới có hiệu lực từ "
        f"{words.day(origin.valid_from)}; dân số {words.count(people.people)} người ({people.source}, "
        f"tính đến {words.day(people.as_of)}); bán kính phục vụ (đường chim bay): {origin.standard}."
    )


def _line(found: Sum) -> str:
    """Return what is known of the proposals of one kind."""
    parts = [f"- {words.KINDS[found.kind]}: {words.count(found.number)} đề xuất"]
    if found.gained is not None:
        parts.append(
            f"dân số được phục vụ thêm, cộng riêng từng đề xuất: {words.count(found.gained)} người"
        )
    if found.lost:
        parts.append(f"không còn được phục vụ: {words.count(found.lost)} người")
    if found.cost is not None:
        parts.append(f"chi phí: {words.money(found.cost)} triệu đồng")
    return "; ".join(parts) + "."


def _together(packet: Packet) -> str:
    if packet.gained_together is None:
        return ("Chưa tính hiệu quả khi thực hiện tất cả đề xuất cùng lúc; cộng riêng từng đề xuất có "
                "thể tính trùng người.")  # fmt: skip
    return (
        f"Nếu thực hiện tất cả đề xuất cùng lúc, thêm {words.count(packet.gained_together)} người có "
        "điểm thu trực tiếp trong bán kính phục vụ. Hiệu quả của riêng từng đề xuất tại Phụ lục 2; cộng "
        "riêng từng đề xuất có thể tính trùng người."
    )


def _signed(document: Any) -> None:
    word.say(document, "")
    left = [("Nơi nhận:", True), ("- Như trên;", False), ("- Lưu: VT, QLT.", False)]
    right = [("TRƯỞNG PHÒNG QUẢN LÝ THU", True), ("(Ký, ghi rõ họ tên)", False)]
    word.side_by_side(document, left, right, _SIDES, 12, left_side="left")
