"""Bad lists of organisations and of staff, and of other places and changes.

The catalogue has none of these; the lists go wrong as tables do, and in ways of their own: a
person belongs to one organisation, a former commune passes whole or in part.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.corpus import province
from tests.corpus.boundaries import saved
from tests.corpus.expecting import Action, Case
from tests.corpus.points import written

ORGANISATIONS = ("Mã tổ chức", "Tên tổ chức dịch vụ thu", "Mã số thuế", "Điện thoại")
STAFF = ("Họ và tên", "Mã NV", "Mã tổ chức", "Số thẻ", "Hạn thẻ")
CROSSWALK = ("Mã xã cũ", "Tên xã cũ", "Mã xã mới", "relation")


def _organisations(*change: tuple[int, int, str]) -> Callable[[Path], Path]:
    rows = [
        ["T01", "Bưu điện tỉnh", "0100109106", "0912345678"],
        ["T02", "Công ty Bảo An", "0301234567", "0987654321"],
        ["T03", "Hội Nông dân", "0109876543", "02963852111"],
    ]
    return saved("to_chuc.csv", written(_changed(rows, change), head=ORGANISATIONS))


def _staff(*change: tuple[int, int, str]) -> Callable[[Path], Path]:
    rows = [
        ["Nguyễn Thị Lan", "N01", "T01", "TH001", "31/12/2026"],
        ["Trần Văn Bình", "N02", "T02", "TH002", "31/12/2026"],
        ["Lê Thị Hoa", "N03", "T03", "TH003", "30/06/2026"],
    ]
    return saved("nhan_vien.csv", written(_changed(rows, change), head=STAFF))


def _crosswalk(*change: tuple[int, int, str]) -> Callable[[Path], Path]:
    rows = [
        ["30001", "Xã Cũ Một", "00901", "full"],
        ["30002", "Xã Cũ Hai", "00902", "full"],
        ["30003", "Xã Cũ Ba", "00903", "partial"],
        ["30003", "Xã Cũ Ba", "00904", "partial"],
    ]
    return saved("chuyen_doi.csv", written(_changed(rows, change), head=CROSSWALK))


def _hosts(*change: tuple[int, int, str]) -> Callable[[Path], Path]:
    rows = []
    for name, code in (("Trạm y tế", "00901"), ("Nhà văn hóa", "00906"), ("Bưu cục", "00911")):
        lon, lat = province.degrees(province.middle(code))
        rows.append([name, f"{lat:.6f}", f"{lon:.6f}"])
    return saved("noi_dat.csv", written(_changed(rows, change), head=("Tên", "Vĩ độ", "Kinh độ")))


def _changed(rows: list[list[str]], change: Sequence[tuple[int, int, str]]) -> list[list[str]]:
    """Return rows with cells (row and column from 0) written otherwise."""
    for row, column, value in change:
        rows[row][column] = value
    return rows


A = Action
O, S, C, H = "organisations", "staff", "crosswalk", "hosts"  # noqa: E741 - as the cases are named

CASES = (
    Case("G50", O, _organisations(), A.ACCEPTS, kept=3.0),
    Case("G51", S, _staff(), A.ACCEPTS, kept=3.0),
    Case("G52", C, _crosswalk(), A.ACCEPTS, kept=4.0),
    Case("G53", H, _hosts(), A.ACCEPTS, kept=3.0),
    Case("O01", O, _organisations((1, 1, "")), A.LEAVES_OUT, "name-missing", 3,
         "Tên tổ chức dịch vụ thu", kept=2.0),
    Case("O02", O, _organisations((1, 0, "T01")), A.BLOCKS, "code-twice", 3, "Mã tổ chức", "T01"),
    Case("O03", O, _organisations((1, 2, "12345")), A.LOOKS, "tax-code-format", 3, "Mã số thuế",
         "12345", kept=3.0),
    Case("O04", O, _organisations((0, 2, "100109106")), A.CHANGES, "tax-code-padded", 2,
         "Mã số thuế", "100109106", kept=3.0),
    Case("O05", O, _organisations((1, 3, "987654321")), A.CHANGES, "phone-padded", 3, kept=3.0),
    Case("O06", O, _organisations((2, 1, "Bưu điện tỉnh")), A.LOOKS, "name-twice", 4, kept=3.0),
    Case("O10", S, _staff((2, 1, "N01"), (2, 0, "Nguyễn Thị Lan")), A.BLOCKS,
         "person-two-organisations", 4),
    Case("O11", S, _staff((1, 0, "")), A.LEAVES_OUT, "name-missing", 3, "Họ và tên", kept=2.0),
    Case("O12", S, _staff((1, 4, "31/02/2026")), A.LOOKS, "card-valid-to-unreadable", 3, "Hạn thẻ",
         "31/02/2026", kept=3.0),
    Case("O13", S, _staff((1, 2, "")), A.LOOKS, "organisation-missing", 3, "Mã tổ chức", kept=3.0),
    Case("O14", S, _staff((2, 3, "TH001")), A.LOOKS, "card-twice", 4, kept=3.0),
    Case("C01", C, _crosswalk((1, 2, "")), A.BLOCKS, "code-format", 3, "Mã xã mới"),
    Case("C02", C, _crosswalk((3, 2, "00903")), A.LEAVES_OUT, "pair-twice", 5, kept=3.0),
    Case("C03", C, _crosswalk((2, 3, "full")), A.LOOKS, "relation-contradicts", 4, "relation",
         "full", kept=4.0),
    Case("C04", C, _crosswalk((0, 3, "nửa")), A.LOOKS, "relation-unknown", 2, "relation", "nửa", kept=4.0),
    Case("C05", C, _crosswalk(*((row, 2, "7777" + str(row)) for row in range(4))), A.BLOCKS,
         "communes-unknown"),
    Case("C10", H, _hosts((1, 1, "")), A.LEAVES_OUT, "coordinate-missing", 3, "Vĩ độ", kept=2.0),
    Case("C11", H, _hosts((1, 1, "1O.3")), A.LEAVES_OUT, "not-a-number", 3, "Vĩ độ", "1O.3", kept=2.0),
)  # fmt: skip
