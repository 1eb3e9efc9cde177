"""Files in the letters and codings before Unicode: B20, B21, P21 and every other there is.

What stands in them was made by tables of this module, not by the product's.
"""

import unicodedata
from collections.abc import Callable
from pathlib import Path

from tests.corpus import province, shapefiles
from tests.corpus.boundaries import saved
from tests.corpus.expecting import Action, Case

# TCVN 5712 (ABC) and VNI as their fonts lay them out, for the letters of the names used here.
_TCVN3 = dict(
    zip(
        "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâđêôơưĂÂĐÊÔƠƯ",
        "µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ¨©®ª«¬\xad¡¢§£¤¥¦",
        strict=True,
    )
)
_MARKS = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_HATS = {"\u0300": "à", "\u0301": "á", "\u0309": "å", "\u0303": "ã", "\u0323": "ä", "": "â"}
_BOWS = {"\u0300": "è", "\u0301": "é", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë", "": "ê"}


def tcvn3(text: str) -> str:
    """Return Vietnamese as a font of TCVN3 needs it."""
    return "".join(_TCVN3.get(each, each) for each in text)


def vni(text: str) -> str:
    """Return Vietnamese as a font of VNI-Windows needs it."""
    return "".join(map(_vni_letter, text))


def _vni_letter(letter: str) -> str:
    if letter in "đĐ":
        return "ñ" if letter == "đ" else "Ñ"
    parts = unicodedata.normalize("NFD", letter)
    base, marks = parts[0], parts[1:]
    tone = next((each for each in marks if each in _MARKS), "")
    if "\u0302" in marks:
        sign = _HATS[tone]
    elif "\u0306" in marks:
        sign = _BOWS[tone]
    elif "\u031b" in marks:
        base = {"o": "ô", "u": "ö", "O": "Ô", "U": "Ö"}[base]
        sign = _MARKS[tone] if tone else ""
    elif base in "iI" and tone:
        lone = {"\u0300": "ì", "\u0301": "í", "\u0309": "æ", "\u0303": "ó", "\u0323": "ò"}
        return lone[tone] if base == "i" else lone[tone].upper()
    elif base in "yY" and tone == "\u0323":
        return "î" if base == "y" else "Î"
    else:
        sign = _MARKS[tone] if tone else ""
    return base + (sign.upper() if letter.isupper() else sign)


def windows_1258(text: str) -> bytes:
    """Return Vietnamese in the bytes of windows-1258: tones stand behind their letters."""
    written = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(each for each in parts if each in _MARKS)
        rest = "".join(each for each in parts if each not in _MARKS)
        written.append(unicodedata.normalize("NFC", rest) + tone)
    return "".join(written).encode("cp1258")


POINTS = [("00901", "Bưu cục Hòa Bình"), ("00902", "Nhà văn hóa ấp Đông"),
          ("00905", "Trạm y tế Kiến An"), ("00907", "Tổ chức dịch vụ Mỹ Thới"),
          ("00908", "Điểm thu phường Bình Đức"), ("00911", "Chợ Ô Lâm cũ")]  # fmt: skip


def point_list() -> str:
    """Return a list of points as text, one in the middle of each of six communes."""
    lines = ["Tên điểm thu;Mã xã;Vĩ độ;Kinh độ"]
    for code, name in POINTS:
        lon, lat = province.degrees(province.middle(code))
        lines.append(f"{name};{code};{lat:.9f};{lon:.9f}")
    return "\n".join(lines) + "\n"


KEPT_POINTS = {name: province.middle(code) for code, name in POINTS}


def _in_letters(letters: Callable[[str], str]) -> Callable[[Path], Path]:
    listed = province.features()
    for each in listed:
        each["properties"]["ten"] = letters(each["properties"]["ten"])
    return saved("xa.geojson", province.collection(listed))


def _shapefile(encoding: Callable[[str], bytes], cpg: bytes | None) -> Callable[[Path], Path]:
    rows = [
        shapefiles.Row(each.rings, each.code, encoding(each.name.decode()))
        for each in shapefiles.rows()
    ]
    return lambda folder: shapefiles.packed(folder / "xa.zip", shapefiles.members(rows, cpg=cpg))


def _csv(body: bytes) -> Callable[[Path], Path]:
    return saved("diem.csv", body)


A = Action
_AREAS = province.all_areas()
LIST = point_list()

CASES = (
    Case("B20", "boundaries", _shapefile(str.encode, b"ISO-8859-1"), A.ASKS,
         "encoding-contradicts", kept=_AREAS),
    Case("B21", "boundaries", _in_letters(tcvn3), A.ASKS, "letters-legacy", kept=_AREAS),
    Case("L03", "boundaries", _in_letters(vni), A.ASKS, "letters-legacy", kept=_AREAS),
    Case("L04", "boundaries", _shapefile(windows_1258, b"1258"), A.ACCEPTS, kept=_AREAS),
    Case("L05", "boundaries", _shapefile(windows_1258, None), A.ACCEPTS, kept=_AREAS),
    Case("L06", "boundaries", _shapefile(lambda text: tcvn3(text).encode("latin-1"), None), A.ASKS,
         "letters-legacy", kept=_AREAS),
    Case("L07", "boundaries", _in_letters(lambda text: unicodedata.normalize("NFD", text)),
         A.ACCEPTS, kept=_AREAS),
    Case("L08", "boundaries", _in_letters(lambda text: text.encode().decode("latin-1")), A.ASKS,
         "letters-legacy", kept=_AREAS),
    Case("P21", "points", _csv(LIST.encode("utf-16")), A.ACCEPTS, kept=KEPT_POINTS,
         why="a byte order mark leaves no doubt, and the letters shown prove it"),
    Case("L10", "points", _csv(LIST.encode("utf-8-sig")), A.ACCEPTS, kept=KEPT_POINTS),
    Case("L11", "points", _csv(windows_1258(LIST)), A.LOOKS, "encoding", kept=KEPT_POINTS,
         why="the preview shows the letters; another coding can be chosen"),
    Case("L12", "points", _csv(tcvn3(LIST).encode("latin-1")), A.ASKS, "letters-legacy",
         kept=KEPT_POINTS),
    Case("L13", "points", _csv(vni(LIST).encode("latin-1")), A.ASKS, "letters-legacy",
         kept=KEPT_POINTS),
    Case("L14", "points", _csv(unicodedata.normalize("NFD", LIST).encode()), A.ACCEPTS,
         kept=KEPT_POINTS),
    Case("L15", "points", _csv(LIST.encode("utf-16-le")), A.ACCEPTS, kept=KEPT_POINTS),
)  # fmt: skip
