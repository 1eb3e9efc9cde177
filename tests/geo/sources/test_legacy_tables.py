"""Tables in the codings and letters before Unicode: asked about, converted, left alone."""

from pathlib import Path

import pytest

from geo.errors import FileError
from geo.findings import Severity
from geo.names import heading_key
from geo.recognition import Choices
from geo.sources.files import read_table

HEAD = ("Tên điểm thu", "Địa chỉ")
ROWS = (("Bưu điện Thoại Sơn", "Thị trấn Núi Sập"), ("Bưu cục Mỹ Đức", "Ấp Vĩnh Hòa, xã Mỹ Phú"),
        ("Đại lý Phước Thạnh", "Đường Nguyễn Huệ, phường Long Xuyên"))  # fmt: skip
KNOWN = frozenset(map(heading_key, HEAD))
# Two rows of the table above as a TCVN3 font shows them, written by hand from its chart.
TCVN3 = "Tªn ®iÓm thu,§Þa chØ\nB\u00ad\u00b5u ®iÖn Tho¹i S¬n,ThÞ trÊn Nói SËp\n".replace(
    "\u00ad\u00b5u", "\u00adu"
)


def saved(folder: Path, data: bytes) -> Path:
    (folder / "list.csv").write_bytes(data)
    return folder / "list.csv"


def text() -> str:
    return "\n".join(",".join(f'"{each}"' for each in row) for row in (HEAD, *ROWS)) + "\n"


def rows(raw) -> list[tuple[str, ...]]:
    return [tuple(row) for row in raw.cells.to_numpy().tolist()]


def cp1258(content: str) -> bytes:
    """Return text in windows-1258: marks it has no letter for stand behind their letter."""
    found = b""
    for char in content:
        try:
            found += char.encode("windows-1258")
        except UnicodeEncodeError:
            import unicodedata  # noqa: PLC0415 - only here

            parts = unicodedata.normalize("NFD", char)
            base, tone = parts[:-1], parts[-1]
            if tone not in "\u0300\u0301\u0303\u0309\u0323":  # the vowel's own mark stands last
                tone = next(each for each in parts if each in "\u0300\u0301\u0303\u0309\u0323")
                base = parts.replace(tone, "")
            found += unicodedata.normalize("NFC", base).encode("windows-1258")
            found += tone.encode("windows-1258")
    return found


def test_windows_1258_is_read_and_said(tmp_path):
    raw = read_table(saved(tmp_path, cp1258(text())), KNOWN)
    assert rows(raw) == list(ROWS)
    assert [(each.code, each.severity) for each in raw.report] == [("encoding", Severity.LOOK)]
    chosen = read_table(tmp_path / "list.csv", KNOWN, Choices(encoding="windows-1258"))
    assert (rows(chosen), len(chosen.report)) == (list(ROWS), 0)


def test_an_encoding_that_does_not_fit_is_refused(tmp_path):
    path = saved(tmp_path, cp1258(text()))
    for encoding in ("utf-8", "no-such"):
        with pytest.raises(FileError, match=encoding):
            read_table(path, KNOWN, Choices(encoding=encoding))


def test_tcvn3_is_converted_and_asked_about(tmp_path):
    path = saved(tmp_path, TCVN3.encode("latin-1"))
    raw = read_table(path, KNOWN)
    assert rows(raw) == [("Bưu điện Thoại Sơn", "Thị trấn Núi Sập")]
    assert raw.report.asked == ("letters-legacy",)
    assert raw.found.letters == "TCVN3"
    agreed = read_table(path, KNOWN, Choices(answers={"letters-legacy": True}))
    assert (rows(agreed), agreed.report.asked) == (rows(raw), ())


def test_declined_letters_stay_as_they_are(tmp_path):
    path = saved(tmp_path, TCVN3.encode("latin-1"))
    for choices in (Choices(answers={"letters-legacy": False}), Choices(letters="none")):
        raw = read_table(path, KNOWN, choices)
        assert rows(raw)[0][1] == "ThÞ trÊn Nói SËp"
        assert raw.report.asked == ()


def test_letters_nobody_knows_are_refused(tmp_path):
    with pytest.raises(FileError, match="Klingon"):
        read_table(saved(tmp_path, text().encode()), KNOWN, Choices(letters="Klingon"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator_is_told_from_the_commas_inside_cells(tmp_path, separator):
    lines = [
        separator.join(f'"{each}"' if separator in each else each for each in row)
        for row in (HEAD, *ROWS)
    ]
    raw = read_table(saved(tmp_path, "\n".join(lines).encode()), KNOWN)
    assert rows(raw) == list(ROWS)


def test_ordinary_text_is_left_alone(tmp_path):
    raw = read_table(saved(tmp_path, text().encode()), KNOWN)
    assert (rows(raw), len(raw.report), raw.found.letters) == (list(ROWS), 0, None)
