"""Paragraphs, tables and page numbers of a Word document, as the offices set them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from planning.exports.packet.tables import Head, Part

LETTERS = "Times New Roman"
SIZE = 13.0
_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT,
          "center": WD_ALIGN_PARAGRAPH.CENTER}  # fmt: skip
_HEAD_FILL = "E9EEF3"


def set_letters(document: Any) -> None:
    """Set Times New Roman 13 for the whole document, for every kind of letter."""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LETTERS, Pt(SIZE)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), LETTERS)
    normal.paragraph_format.space_after = Pt(4)
    normal.paragraph_format.space_before = Pt(0)


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks: its side, its letters, the millimetres before its first line."""

    side: WD_ALIGN_PARAGRAPH
    bold: bool = False
    italic: bool = False
    size: float = SIZE
    indent: float = 0


CENTRE = Look(WD_ALIGN_PARAGRAPH.CENTER)
BODY = Look(WD_ALIGN_PARAGRAPH.JUSTIFY, indent=10)


def say(document: Any, text: str, look: Look = BODY) -> None:
    """Add one paragraph."""
    paragraph = document.add_paragraph()
    paragraph.alignment = look.side
    if look.indent:
        paragraph.paragraph_format.first_line_indent = Mm(look.indent)
    _run(paragraph, text, bold=look.bold, italic=look.italic, size=look.size)


def side_by_side(
    document: Any, left: Sequence[tuple[str, bool]], right: Sequence[tuple[str, bool]],
    widths: tuple[float, float], size: float, left_side: str = "center",
) -> None:  # fmt: skip
    """Add two columns of lines without borders: each line is a text and whether it is bold."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    _narrow_cells(table)
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = Mm(wide)
    for cell, lines, wide, side in zip(
        table.rows[0].cells, (left, right), widths, (left_side, "center"), strict=True
    ):
        cell.width = Mm(wide)
        for at, (text, bold) in enumerate(lines):
            paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
            paragraph.alignment = _SIDES[side]
            paragraph.paragraph_format.space_after = Pt(0)
            _run(paragraph, text, bold=bold, italic=False, size=size)


def add_table(document: Any, part: Part, size: float, room: float) -> None:
    """Add a table: its headings stand on every page, no row is cut by the end of a page."""
    table = document.add_table(rows=1 + len(part.rows), cols=len(part.columns))
    table.style, table.alignment = document.styles["Table Grid"], WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _narrow_cells(table)
    wide = widths(part.columns, room)
    for column, each in zip(table.columns, wide, strict=True):
        column.width = Mm(each)
    headings = tuple(name for name, _, _ in part.columns)
    for at, (row, texts) in enumerate(zip(table.rows, (headings, *part.rows), strict=True)):
        about = row._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no door to these
        about.append(OxmlElement("w:cantSplit"))
        if at == 0:
            about.append(OxmlElement("w:tblHeader"))
        for cell, text, (_, _, side), mm in zip(row.cells, texts, part.columns, wide, strict=True):
            cell.width = Mm(mm)
            paragraph = cell.paragraphs[0]
            paragraph.alignment = _SIDES["center" if at == 0 else side]
            paragraph.paragraph_format.space_after = Pt(0)
            _run(paragraph, text, bold=at == 0, italic=False, size=size)
            if at == 0:
                _fill(cell)


def widths(columns: Sequence[Head], room: float) -> list[float]:
    """Return the millimetres of each column: parts share what the fixed ones leave."""
    fixed = sum(wide for _, wide, _ in columns if not isinstance(wide, str))
    parts = sum(float(wide.removesuffix("fr")) for _, wide, _ in columns if isinstance(wide, str))
    each = (room - fixed) / parts if parts else 0.0
    return [
        float(wide.removesuffix("fr")) * each if isinstance(wide, str) else float(wide)
        for _, wide, _ in columns
    ]


def number_pages(section: Any, mark: str) -> None:
    """Count the pages of a section from 1, in the middle above, not on the first; `mark` below."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
    for footer in (section.footer, section.first_page_footer):
        footer.is_linked_to_previous = False
        _run(footer.paragraphs[0], mark, bold=False, italic=False, size=8)
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = _SIDES["center"]
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001 - the library has no door to fields
    field.append(paragraph.add_run("2")._r)  # noqa: SLF001 - what stands there until it is counted
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    section._sectPr.find(qn("w:cols")).addprevious(start)  # noqa: SLF001 - as above


def _run(paragraph: Any, text: str, *, bold: bool, italic: bool, size: float) -> None:
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    if size != SIZE:
        run.font.size = Pt(size)


def _narrow_cells(table: Any) -> None:
    """Leave a millimetre beside the texts of a table's cells instead of two."""
    room = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        edge = OxmlElement(side)
        edge.set(qn("w:w"), "50")
        edge.set(qn("w:type"), "dxa")
        room.append(edge)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(room)  # noqa: SLF001 - as above


def _fill(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), _HEAD_FILL)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - as above
