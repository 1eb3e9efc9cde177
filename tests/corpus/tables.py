"""Bad and odd tables of people by commune: the catalogue's T01 to T29 without those of names.

Names of communes (T06 to T11, T24) stand in lists of points: `tests.corpus.points`. A table
of people has its headings on row 1 and the twelve communes on rows 2 to 13. T25 (a column of
per cents, some 0 to 1 and some 0 to 100) is not here: no file the product reads has one.
"""

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from geo.recognition import Choices
from tests.corpus import province
from tests.corpus.boundaries import saved
from tests.corpus.expecting import Action, Case
from tests.corpus.points import sheet

HEAD = ("Mã xã", "Dân số")
PEOPLE: Mapping[str, int | None] = province.PEOPLE
ROW = {code: at for at, code in enumerate(province.CODES, start=2)}


def without(*codes: str) -> dict[str, int | None]:
    """Return the people kept where those of some communes are unknown."""
    return {code: None if code in codes else count for code, count in PEOPLE.items()}


def body(**cells: Any) -> list[list[Any]]:
    """Return the rows of the table; `c00903="x"` writes something else in one."""
    return [[code, cells.get(f"c{code}", count)] for code, count in PEOPLE.items()]


def text(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD, separator: str = ",") -> str:
    """Return headings and rows as CSV text."""
    return "".join(separator.join(map(str, each)) + "\n" for each in (head, *rows))


def csv(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD,
        separator: str = ",") -> Callable[[Path], Path]:  # fmt: skip
    """Return what writes the table as CSV."""
    return saved("dan_so.csv", text(rows, head, separator))


def book(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD) -> Callable[[Path], Path]:
    """Return what writes the table as a workbook."""
    return sheet([head, *rows], "dan_so.xlsx")


def marked(change: Callable[[Any], object], rows: Sequence[Sequence[Any]] | None = None,
           head: Sequence[str] = HEAD) -> Callable[[Path], Path]:  # fmt: skip
    """Return what writes the table as a workbook after `change` was made to it."""

    def make(folder: Path) -> Path:
        found = openpyxl.Workbook()
        for each in (head, *(rows or body())):
            found.active.append(list(each))
        change(found)
        found.save(folder / "dan_so.xlsx")
        found.close()
        return folder / "dan_so.xlsx"

    return make


def _titled(found: Any) -> None:
    page = found.active
    page.delete_rows(1)
    page.insert_rows(1, 3)
    page["A1"] = "DÂN SỐ CÁC XÃ NĂM 2025"
    page["A2"], page["B2"], page["A3"], page["B3"] = "Đơn vị", "Dân số", "Mã xã", "Tổng số"
    page.merge_cells("A1:B1")


def _error(found: Any) -> None:
    found.active["B4"] = "#REF!"
    found.active["B4"].data_type = "e"


def _formula(found: Any) -> None:
    found.active["B4"] = "=100+1"


def _hidden(found: Any) -> None:
    found.active.row_dimensions[3].hidden = True


def _two_sheets(found: Any) -> None:
    found.active.title = "Năm 2024"
    page = found.create_sheet("Năm 2025")
    for each in (HEAD, *body()):
        page.append(list(each))


def _stray(found: Any) -> None:
    found.active["XFD1048576"] = 1


def _beyond(found: Any) -> None:
    found.active["E5"] = "tạm tính"


def _false_dimension(folder: Path) -> Path:
    """Write a workbook that says it ends at B2, which readers must not believe."""
    path = book(body())(folder)
    with zipfile.ZipFile(path) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    files[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', files[name])
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in files.items():
            archive.writestr(each, content)
    return path


def _lost_zeros(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [[int(each[0]), *each[1:]] for each in rows]


_GROUPED = [[code, f"{count:,}".replace(",", ".")] for code, count in province.PEOPLE.items()]
_AS_DECIMALS = body(c00903=7.65, c00904=12.48)
_PARTS = [[code, count, count // 2, count - count // 2] for code, count in province.PEOPLE.items()]
_PARTS[1][2] -= 100
_TOKENS = body(c00903="-", c00905="x", c00907="...")
_UNKNOWN_LEFT = "what is unknown is left unknown, not guessed; the others are kept"
_TOLD = "the codes are the province's own, so that nothing is in doubt; each is told"
A = Action
KIND = "population"

CASES = (
    Case("G30", KIND, csv(body(), separator=";"), A.ACCEPTS, kept=PEOPLE),
    Case("G31", KIND, book(body()), A.ACCEPTS, kept=PEOPLE),
    Case("T01", KIND, marked(_titled), A.ACCEPTS, heading_row=3, kept=PEOPLE,
         why="the headings are found; the preview shows their row, which can be changed"),
    Case("T02", KIND, book([[date(2024, 4, 3), 8120], *body()[1:]]), A.BLOCKS, "date-not-code", 2,
         "Mã xã", "2024-04-03", beside={"rows-missing"}),
    Case("T03", KIND, csv(_GROUPED), A.CHANGES, "thousands", 4, "Dân số", "7.650", kept=PEOPLE,
         why="a point before three digits in a text file is no decimal of people: read and told"),
    Case("T04", KIND, book(_AS_DECIMALS), A.LEAVES_OUT, "not-integer", 4, "Dân số", "7.65",
         kept=without("00903", "00904"), why=_UNKNOWN_LEFT),
    Case("T05", KIND, book(_lost_zeros(body())), A.CHANGES, "code-padded", 2, "Mã xã", "901",
         kept=PEOPLE, why=_TOLD),
    Case("T12", KIND, csv(body(c00903=-7650)), A.LEAVES_OUT, "out-of-range", 4, "Dân số", "-7650",
         kept=without("00903")),
    Case("T13", KIND, csv(body(c00903="7650 người")), A.ASKS, "unit-in-cell", 4, "Dân số",
         "7650 người", kept=PEOPLE),
    Case("T14", KIND, marked(_error), A.LEAVES_OUT, "excel-error", 4, "Dân số", "#REF!",
         kept=without("00903")),
    Case("T15", KIND, marked(_formula), A.BLOCKS, "formula-without-value", 4, "Dân số",
         beside={"people-missing"}),
    Case("T16", KIND, marked(_hidden), A.LOOKS, "hidden-row", 3, kept=PEOPLE),
    Case("T17", KIND, marked(_two_sheets), A.LOOKS, "sheet-choice",
         mend=Choices(part="Năm 2025"), kept=PEOPLE,
         why="the sheet read is named beside the others, and another one can be chosen"),
    Case("T18", KIND, csv([*body()[:5], ["Tổng cộng", 55000], *body()[5:]]), A.ASKS, "total-row",
         7, value="Tổng cộng", beside={"total-mismatch"}, kept=PEOPLE),
    Case("T19", KIND, csv(body(c00903=765_000)), A.LOOKS, "outlier", 4, "Dân số", "765000",
         kept={**PEOPLE, "00903": 765_000}),
    Case("T19b", KIND, csv(body(c00903=2_765_000)[:3]), A.LOOKS, "density-implausible", 4, "Dân số",
         "2765000", beside={"rows-missing"},
         kept={**without(*province.CODES[3:]), "00903": 2_765_000}),
    Case("T20", KIND, csv([[*each, each[1]] for each in body()], (*HEAD, "Dân số")), A.BLOCKS,
         "column-ambiguous", column="Dân số", mend=Choices(columns={"people": "Dân số #2"}),
         kept=PEOPLE, why="two columns of one name cannot be told apart: choosing one mends it"),
    Case("T21", KIND, csv(body()[:9]), A.LOOKS, "rows-missing",
         kept=without("00910", "00911", "00912")),
    Case("T22", KIND, csv(_TOKENS), A.ASKS, "missing-token", 4, "Dân số", "-",
         kept=without("00903", "00905", "00907")),
    Case("T23", KIND, csv([["00901.0", 8120], *body()[1:]]), A.CHANGES, "code-decimal", 2,
         "Mã xã", "00901.0", kept=PEOPLE, why="there is one reading only"),
    Case("T26", KIND, csv(_PARTS, (*HEAD, "Nam", "Nữ")), A.LOOKS, "sum-mismatch", 3, "Dân số",
         "9340", kept=PEOPLE),
    Case("T27", KIND, marked(_stray), A.REFUSED, says="XFD1048576", hostile=True),
    Case("T27b", KIND, marked(_beyond), A.LOOKS, "cells-beyond", 5, value="tạm tính", kept=PEOPLE),
    Case("T28", KIND, saved("dan_so.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
         A.REFUSED, says=".xlsx without a password"),
    Case("T28b", KIND, saved("dan_so.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
         A.REFUSED, says="password"),
    Case("T29", KIND, saved("dan_so.xlsx", "<html><table><tr><td>Mã xã</td></tr></table></html>"),
         A.REFUSED, says="web page"),
    Case("T30", KIND, csv([*body(), ["00901", 1]]), A.BLOCKS, "code-twice", 14, "Mã xã", "00901"),
    Case("T31", KIND, csv([*body(), ["", 5]]), A.LEAVES_OUT, "code-format", 14, "Mã xã",
         kept=PEOPLE),
    Case("T32", KIND, csv(body(c00903="")), A.LEAVES_OUT, "people-missing", 4, "Dân số",
         kept=without("00903")),
    Case("T33", KIND, csv(body(c00903="nhiều")), A.LEAVES_OUT, "not-a-count", 4, "Dân số", "nhiều",
         kept=without("00903")),
    Case("T34", KIND, csv([["9.01E+02", 8120], *body()[1:]]), A.BLOCKS, "code-scientific", 2,
         "Mã xã", "9.01E+02", beside={"rows-missing"}),
    Case("T35", KIND, csv([*body(), ["Mã xã", "Dân số"]]), A.LOOKS, "heading-repeated", 14,
         kept=PEOPLE),
    Case("T36", KIND, csv([*body(), ["Người lập biểu", ""], ["Nguyễn Văn A", ""]]), A.LOOKS,
         "closing-rows", 14, kept=PEOPLE),
    Case("T37", KIND, csv([*body(), ["77777", 100]]), A.LEAVES_OUT, "commune-unknown", kept=PEOPLE),
    Case("T38", KIND, saved("dan_so.csv", "\n\n\n"), A.REFUSED, says="no row of headings"),
    Case("T39", KIND, saved("dan_so.pdf", "%PDF-1.7"), A.REFUSED, says="not a kind of table"),
    Case("T40", KIND, saved("dan_so.csv", 'Mã xã,Dân số\n"00901,8120\n' + "x" * 200_000), A.REFUSED,
         says="CSV"),
    Case("T41", KIND, _false_dimension, A.ACCEPTS, kept=PEOPLE),
    Case("T42", KIND, csv([["901", 8120], ["902", 9340]]), A.CHANGES, "code-padded", 2, "Mã xã",
         "901", beside={"rows-missing"}, why=_TOLD,
         kept={**dict.fromkeys(province.CODES), "00901": 8120, "00902": 9340}),
)  # fmt: skip
