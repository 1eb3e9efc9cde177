"""Bad and odd lists of points: the catalogue's P01 to P27, with variants.

A list has its headings on row 1 and four points on rows 2 to 5, each in the middle of its
commune; the defect stands on row 4 unless the case says otherwise.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl

from geo.recognition import Choices
from tests.corpus import province
from tests.corpus.boundaries import saved
from tests.corpus.expecting import Action, Case
from tests.toy import district

HEAD = ("Tên điểm thu", "Mã xã", "Vĩ độ", "Kinh độ")
CODES = ("00901", "00903", "00906", "00908")
NAMES = ("Bưu cục Hòa Bình", "Nhà văn hóa Đồng Thành", "Trạm y tế Long Điền", "Chợ Bình Đức")
KEPT = {name: province.middle(code) for name, code in zip(NAMES, CODES, strict=True)}
BAD = 2  # the defect stands in the third point, on row 4
OTHERS = {name: place for name, place in KEPT.items() if name != NAMES[BAD]}
Row = list[str]


def rows() -> list[Row]:
    """Return the four points as cells."""
    found = []
    for name, code in zip(NAMES, CODES, strict=True):
        lon, lat = province.degrees(province.middle(code))
        found.append([name, code, f"{lat:.8f}", f"{lon:.8f}"])
    return found


def written(
    listed: Sequence[Sequence[str]], separator: str = ",", head: Sequence[str] = HEAD
) -> str:
    """Return headings and rows as CSV text; nothing is put into quotation marks."""
    return "".join(separator.join(each) + "\n" for each in (head, *listed))


def listed(change: Callable[[list[Row]], object]) -> Callable[[Path], Path]:
    """Return what writes the list after `change` has spoiled its rows."""
    found = rows()
    change(found)
    return saved("diem.csv", written(found))


def cells(lat: str | None = None, lon: str | None = None, name: str | None = None,
          code: str | None = None) -> Callable[[Path], Path]:  # fmt: skip
    """Return what writes the list with other cells on row 4."""

    def change(found: list[Row]) -> None:
        for at, value in enumerate((name, code, lat, lon)):
            if value is not None:
                found[BAD][at] = value

    return listed(change)


def of(place: Callable[[province.Place], tuple[str, str]], separator: str = ",",
       head: Sequence[str] = HEAD) -> Callable[[Path], Path]:  # fmt: skip
    """Return what writes the list with every place (km) written by `place` as lat, lon."""
    found = rows()
    for each, code in zip(found, CODES, strict=True):
        each[2:4] = place(province.middle(code))
    return saved("diem.csv", written(found, separator, head))


def sheet(body: Sequence[Sequence[object]], name: str = "diem.xlsx") -> Callable[[Path], Path]:
    """Return what writes rows as a workbook."""

    def make(folder: Path) -> Path:
        book = openpyxl.Workbook()
        for each in body:
            book.active.append(list(each))
        book.save(folder / name)
        book.close()
        return folder / name

    return make


def _dms(value: float) -> tuple[int, int, float]:
    minutes, seconds = divmod(round(value * 3600, 3), 60)
    degrees, minutes = divmod(int(minutes), 60)
    return degrees, minutes, round(seconds, 3)


def _in_minutes(place: province.Place, pattern: str) -> tuple[str, str]:
    lon, lat = province.degrees(place)
    return pattern.format(*_dms(lat), "B"), pattern.format(*_dms(lon), "Đ")


def _comma(place: province.Place) -> tuple[str, str]:
    lon, lat = province.degrees(place)
    return f"{lat:.8f}".replace(".", ","), f"{lon:.8f}".replace(".", ",")


def _metres(place: province.Place) -> tuple[str, str]:
    east, north = province.metres(place)
    return f"{north:.2f}", f"{east:.2f}"


def _wide(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if each.isdigit() else each for each in text)


def _heap(folder: Path) -> Path:
    lon, lat = province.degrees(province.middle("00906"))
    body = [[f"Điểm {at}", "00906", f"{lat:.8f}", f"{lon:.8f}"] for at in range(30)]
    return saved("diem.csv", written(body))(folder)


def _swap(found: list[Row]) -> None:
    found[BAD][2], found[BAD][3] = found[BAD][3], found[BAD][2]


def _all_swapped(found: list[Row]) -> None:
    for each in found:
        each[2], each[3] = each[3], each[2]


def _near(found: list[Row]) -> None:
    x, y = province.middle("00901")
    lon, lat = province.degrees((x + 0.0008, y))  # 0.8 m east of row 2
    found[BAD] = ["Bưu cục Hòa Bình 2", "00901", f"{lat:.8f}", f"{lon:.8f}"]


def _totals(found: list[Row]) -> None:
    found += [["", "", "", ""], ["", "", "", ""], ["Tổng cộng", "", "", "4"]]


def _seen_twice(found: list[Row]) -> None:
    found[BAD] = list(found[0])


def _with_columns(head: str, *values: str) -> Callable[[Path], Path]:
    found = [[*each, value] for each, value in zip(rows(), values, strict=True)]
    return saved("diem.csv", written(found, head=(*HEAD, head)))


def _named(name: str, row: int = BAD) -> Callable[[Path], Path]:
    """Return what writes the list with communes by name instead of code."""
    found = rows()
    for each, code in zip(found, CODES, strict=True):
        each[1] = province.NAMES[code]
    found[row][1] = name
    return saved("diem.csv", written(found, head=("Tên điểm thu", "Xã/phường", *HEAD[2:])))


def official(commune: str, number: str = "001", of_province: str = province.CODE) -> str:
    """Return the official code of a point as Công văn 1804 makes it."""
    return f"0100109106TH{of_province}{commune}{number}"


def _official(third: str) -> Callable[[Path], Path]:
    values = [official(code) for code in CODES]
    values[BAD] = third
    return _with_columns("Mã điểm thu", *values)


LON, LAT = province.degrees(province.middle("00906"))
LAT_TEXT = f"{LAT:.8f}"
_OUT = province.degrees((10, 1150))  # 1,135 km north of the province
_SEA = province.degrees((10, -20))
_TENTHS = f"{LAT:.1f}", f"{LON:.1f}"
_EAST, _NORTH = district.TO_ZONE.transform(float(_TENTHS[1]), float(_TENTHS[0]))
_BY_TENTHS = (_EAST - district.EAST) / 1000, (_NORTH - district.NORTH) / 1000
_CHOSEN = Choices(columns={"name": "a", "written_code": "b", "lat": "c", "lon": "d"})
_UNDOUBTED = "there is one reading only; it is told and the preview shows it"
A = Action
KIND = "points"

CASES = (
    Case("G20", KIND, saved("diem.csv", written(rows())), A.ACCEPTS, kept=KEPT),
    Case("G21", KIND, sheet([HEAD, *rows()]), A.ACCEPTS, kept=KEPT),
    Case("G22", KIND, saved("diem.tsv", written(rows(), "\t")), A.ACCEPTS, kept=KEPT),
    Case("P01", KIND, listed(_swap), A.ASKS, "axes-exchanged", 4, kept=KEPT),
    Case("P01b", KIND, listed(_all_swapped), A.ASKS, "axes-exchanged", kept=KEPT),
    Case("P02", KIND, of(_comma, ";"), A.CHANGES, "decimal-comma", 2, "Vĩ độ", kept=KEPT,
         why=_UNDOUBTED),
    Case("P03", KIND, of(_comma), A.BLOCKS, "row-ragged", 2,
         beside={"metres-unknown"}),
    Case("P04", KIND, of(lambda place: _in_minutes(place, "{}°{}'{:.3f}\"{}")), A.CHANGES,
         "degrees-minutes", 2, "Vĩ độ", kept=KEPT, why=_UNDOUBTED),
    Case("P05", KIND, of(lambda place: _in_minutes(place, "{} {} {:.3f}")), A.CHANGES,
         "degrees-minutes", 2, "Vĩ độ", kept=KEPT, why=_UNDOUBTED),
    Case("P06", KIND, of(_metres), A.ASKS, "metres", 2, kept=KEPT),
    Case("P07", KIND, of(lambda place: _metres(place)[::-1]), A.ASKS, "metres", 2, kept=KEPT),
    Case("P07b", KIND, of(_metres, head=("Tên điểm thu", "Mã xã", "X", "Y")), A.ASKS, "metres", 2,
         kept=KEPT),
    Case("P08", KIND, cells(f"{_OUT[1]:.6f}", f"{_OUT[0]:.6f}"), A.LEAVES_OUT, "out-of-province",
         4, kept=OTHERS),
    Case("P09", KIND, cells(f"{_SEA[1]:.8f}", f"{_SEA[0]:.8f}"), A.LOOKS, "outside", 4,
         kept={**KEPT, NAMES[BAD]: (10, -20)},
         why="no map of the sea is at hand, and a neighbour's point near the border serves people"),
    Case("P10", KIND, listed(_near), A.LOOKS, "near-duplicate", 4,
         kept={**OTHERS, "Bưu cục Hòa Bình 2": (2.5008, 2.5)},
         why="two organisations in one building are common; both are kept and shown"),
    Case("P11", KIND, listed(_seen_twice), A.ASKS, "row-twice", 4, kept=OTHERS),
    Case("P12", KIND, cells(lat=""), A.LEAVES_OUT, "coordinate-missing", 4, "Vĩ độ", kept=OTHERS),
    Case("P13", KIND, cells("0", "0"), A.LEAVES_OUT, "null-island", 4, kept=OTHERS),
    Case("P14", KIND, cells(lat="10.28O"), A.LEAVES_OUT, "not-a-number", 4, "Vĩ độ", "10.28O",
         kept=OTHERS),
    Case("P15", KIND, cells(lat="102.8"), A.LEAVES_OUT, "out-of-range", 4, kept=OTHERS),
    Case("P16", KIND, cells(*_TENTHS), A.LOOKS, "low-precision", 4, "Vĩ độ", _TENTHS[0],
         beside={"commune-contradicts"}, kept={**OTHERS, NAMES[BAD]: _BY_TENTHS}),
    Case("P16b", KIND, cells("10", "105"), A.LEAVES_OUT, "out-of-province", 4,
         beside={"low-precision"}, kept=OTHERS),
    Case("P17", KIND, _heap, A.LOOKS, "same-coordinate", 2,
         kept={f"Điểm {at}": province.middle("00906") for at in range(30)}),
    Case("P18", KIND, cells("nan", "inf"), A.LEAVES_OUT, "not-a-number", 4, "Kinh độ", "inf",
         kept=OTHERS),
    Case("P19", KIND, cells(lat=f"-{LAT_TEXT}"), A.ASKS, "sign-minus", 4, kept=KEPT),
    Case("P20", KIND, listed(lambda found: found[BAD].append("thừa")), A.BLOCKS, "row-ragged", 4),
    Case("P22", KIND, saved("diem.csv", written(rows(), head=("a", "b", "c", "d"))), A.BLOCKS,
         "column-missing", beside={"column-unknown"}, mend=_CHOSEN, kept=KEPT),
    Case("P23", KIND, cells(name='=HYPERLINK("http://x";"y")'), A.ACCEPTS,
         kept={**OTHERS, '=HYPERLINK("http://x";"y")': KEPT[NAMES[BAD]]}),
    Case("P23b", KIND, cells(name="@SUM(1+1)"), A.ACCEPTS,
         kept={**OTHERS, "@SUM(1+1)": KEPT[NAMES[BAD]]}),
    Case("P24", KIND, cells(name="<img src=x onerror=alert(1)>"), A.ACCEPTS,
         kept={**OTHERS, "<img src=x onerror=alert(1)>": KEPT[NAMES[BAD]]}),
    Case("P25", KIND, cells(lat=f"10\u200b{LAT_TEXT[2:]}"), A.CHANGES, "invisible-characters", 4,
         "Vĩ độ", kept=KEPT, why=_UNDOUBTED),
    Case("P26", KIND, cells(lat=_wide(LAT_TEXT)), A.CHANGES, "full-width-digits", 4, "Vĩ độ",
         kept=KEPT, why=_UNDOUBTED),
    Case("P27", KIND, listed(_totals), A.ASKS, "total-row", 8, kept=KEPT),
    Case("P28", KIND, cells(name=""), A.LEAVES_OUT, "name-missing", 4, "Tên điểm thu", kept=OTHERS),
    Case("P29", KIND, cells(code="00901"), A.LOOKS, "commune-contradicts", 4, "Mã xã", "00901",
         kept=KEPT),
    Case("P30", KIND, cells(code="77777"), A.LOOKS, "commune-unknown", 4, "Mã xã", "77777",
         kept=KEPT),
    Case("P31", KIND, _with_columns("Hình thức", "Trực tiếp", "", "Qua đò", "Lưu động"),
         A.LEAVES_OUT, "word-unknown", 4, "Hình thức", "Qua đò", kept=OTHERS),
    Case("P32", KIND, _with_columns("Ngày hợp đồng", "", "1/2/2025", "31/02/2025", ""), A.LOOKS,
         "contract-date-unreadable", 4, "Ngày hợp đồng", "31/02/2025", kept=KEPT),
    Case("P33", KIND, _official(official("00906")[:-1]), A.LOOKS, "official-code-format", 4,
         "Mã điểm thu", kept=KEPT),
    Case("P34", KIND, _official(official("00906", "000")), A.LOOKS, "official-code-number", 4,
         "Mã điểm thu", kept=KEPT),
    Case("P35", KIND, _official(official("00907")), A.LOOKS, "official-code-contradicts", 4,
         "Mã điểm thu", official("00907"), kept=KEPT),
    Case("P36", KIND, _official(official("00906", of_province="97")), A.LOOKS,
         "official-code-province", 4, "Mã điểm thu", kept=KEPT),
    Case("P37", KIND, _official(official("00901")), A.LOOKS, "code-twice", 4, "Mã điểm thu",
         beside={"official-code-contradicts"}, kept=KEPT),
    Case("P38", KIND, _with_columns("Mã điểm thu", "", "", official("00906").lower()
                                    .replace("th", " th "), ""),
         A.CHANGES, "official-code-respelled", 4, "Mã điểm thu", kept=KEPT, why=_UNDOUBTED),
    Case("T06", KIND, _named("Xa\u0303 Long D\u0323ie\u0302\u0300n".replace("D\u0323", "Đ")),
         A.ACCEPTS, kept=KEPT),
    Case("T07", KIND, _named("Xã Hoà Bình", 0), A.ACCEPTS, kept=KEPT,
         why="the place of the tone mark is no difference of names: one key for both"),
    Case("T08", KIND, _named("Xã Long \u00d0iền"), A.CHANGES, "homoglyph", 4, "Xã/phường",
         "Xã Long Điền", kept=KEPT, why=_UNDOUBTED),
    Case("T09", KIND, _named("\u00a0Xã Long Điền  "), A.ACCEPTS, kept=KEPT),
    Case("T10", KIND, _named("Dong Thanh", 1), A.LOOKS, "commune-ambiguous", 3, "Xã/phường",
         "Dong Thanh", kept=KEPT,
         why="the place tells the commune of a point; a name never overrules it"),
    Case("T11", KIND, _named("Xã Không Đâu"), A.LOOKS, "commune-not-found", 4, "Xã/phường",
         "Xã Không Đâu", kept=KEPT),
    Case("T24", KIND, listed(lambda found: [each.__setitem__(0, name) for each, name in
                                            zip(found, ("NA", "NULL", "nan", "None"), strict=True)]),
         A.ACCEPTS, kept={name: province.middle(code) for name, code in
                          zip(("NA", "NULL", "nan", "None"), CODES, strict=True)}),
)  # fmt: skip
