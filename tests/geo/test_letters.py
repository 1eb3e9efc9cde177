import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.letters import Letters, converted, decoded, plain_digits, recognise, without_lookalikes
from geo.syllables import is_syllable

ICONV = shutil.which("iconv")
PLACES = [
    "Xã Kiến An", "huyện Chợ Mới", "tỉnh An Giang", "Thoại Sơn", "Phường Mỹ Bình", "Đặc khu Thổ Châu",
    "Ấp Long Hòa", "Vĩnh Thạnh Trung", "Thị trấn Tri Tôn", "Nghĩa Đàn", "Quỳ Hợp", "Hữu Khuông",
    "Đường Nguyễn Huệ", "Bưu điện văn hóa xã", "Trạm y tế", "Khóm Đông Thịnh", "Óc Eo", "Quỳnh Lưu",
    "Yên Thành", "Cửa Lò", "Diễn Châu", "Tịnh Biên", "Hòn Nghệ", "Kỳ Sơn", "Mường Xén", "Tỷ lệ phần trăm",
]  # fmt: skip
# Sentences that everybody who met VNI's fonts has seen, and places as such files have them.
VNI = {
    "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam": "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "Ñoäc laäp - Töï do - Haïnh phuùc": "Độc lập - Tự do - Hạnh phúc",
    "Thaønh phoá Hoà Chí Minh": "Thành phố Hồ Chí Minh",
    "tænh An Giang, huyeän Thoaïi Sôn": "tỉnh An Giang, huyện Thoại Sơn",
    "Ñöôøng Nguyeãn Hueä": "Đường Nguyễn Huệ",
    "AÁP THAÏNH MYÕ, XAÕ ÑÒNH MYÕ": "ẤP THẠNH MỸ, XÃ ĐỊNH MỸ",
    "Quyønh Löu, Kyø Sôn, Tyû leä": "Quỳnh Lưu, Kỳ Sơn, Tỷ lệ",
    "Ñaëc khu, caây caàu, baèng loøng": "Đặc khu, cây cầu, bằng lòng",
    "Vónh Phuù, söûa chöõa, ôû giöõa": "Vĩnh Phú, sửa chữa, ở giữa",
}
# The 74 letters of TCVN3 in the order of the bytes, as the standard of 1993 lists them.
TCVN3 = dict(zip(
    [*range(0xA1, 0xAF), *range(0xB5, 0xBA), *range(0xBB, 0xBF), *range(0xC6, 0xCD), *range(0xCE, 0xD9),
     *range(0xDC, 0xE0), *range(0xE1, 0xF0), *range(0xF1, 0xFF)],
    "ĂÂÊÔƠƯĐăâêôơưđ" "àảãáạ" "ằẳẵắ" "ặầẩẫấậè" "ẻẽéẹềểễếệìỉ" "ĩíịò" "ỏõóọồổỗốộờởỡớợù" "ủũúụừửữứựỳỷỹýỵ",
    strict=True,
))  # fmt: skip
SENTENCES = (
    "Straße Café Zürich Genève Málaga São Paulo Besançon Curaçao Münster Ålesund Tromsø Høje "
    "Jyväskylä à la carte où est le château C'est là Él está aquí mañana por la mañana Não há "
    "ninguém à espera L'été à Fès déjà vu père mère naïf Il était une fois une très belle forêt "
    "près du château Für Männer und Frauen über fünfzig Jahre schöne Grüße På svenska är det så "
    "här La città è così più bella perché Het was één idee geïnd Você não pode Ação coração irmão "
    "Niño señor Þetta er íslenska Łódź Gdańsk İstanbul Şanlıurfa Москва the quick brown fox 12 km² 25° №5 © "
)
FOREIGN = SENTENCES.split()


def as_tcvn3(text: str) -> str:
    """Return text as a file of TCVN3 shows it: by the standard's list, not by our table."""
    back = {letter: chr(byte) for byte, letter in TCVN3.items()}
    return "".join(back.get(char, char) for char in text)


def as_1258(text: str) -> bytes:
    """Return text in windows-1258: precomposed where the code page has it, else letter and mark."""
    found = b""
    for char in unicodedata.normalize("NFC", text):
        try:
            found += char.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tone = next(each for each in parts if each in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", parts.replace(tone, ""))
            found += base.encode("cp1258") + tone.encode("cp1258")
    return found


def misread(text: str, encoding: str) -> str:
    """Return UTF-8 read in a single-byte encoding; what it leaves open comes through as it is."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())


def test_tcvn3_is_what_glibc_takes_it_for():
    if ICONV is None:
        pytest.skip("no iconv on this machine")
    known = subprocess.run([ICONV, "-l"], capture_output=True, text=True, check=False).stdout
    if "TCVN5712-1" not in known:
        pytest.skip("this iconv does not know TCVN5712-1")
    for byte, letter in TCVN3.items():
        run = subprocess.run(
            [ICONV, "-f", "TCVN5712-1", "-t", "UTF-8"], input=bytes([byte]), capture_output=True,
            check=True,
        )  # fmt: skip
        theirs = unicodedata.normalize("NFC", run.stdout.decode())
        assert theirs == letter == converted(chr(byte), Letters.TCVN3)


def test_bytes_outside_the_table_of_tcvn3_stay():
    others = "".join(chr(byte) for byte in range(256) if byte not in TCVN3)

    assert converted(others, Letters.TCVN3) == unicodedata.normalize("NFC", others)


@pytest.mark.parametrize(("written", "meant"), VNI.items())
def test_vni_becomes_what_its_fonts_show(written, meant):
    assert converted(written, Letters.VNI) == meant


@given(st.lists(st.sampled_from(list(VNI)), min_size=3, unique=True))
def test_vni_is_recognised(texts):
    assert recognise(texts) is Letters.VNI


def test_a_mark_of_vni_may_be_small_after_a_capital():
    assert converted("Aán Ñoä AÁN", Letters.VNI) == "Ấn Độ ẤN"


def syllables() -> st.SearchStrategy[str]:
    letters = (
        "abcdđeghiklmnopqrstuvxyăâêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
    )
    return st.text(letters, min_size=1, max_size=7)


@given(st.lists(syllables(), min_size=1, max_size=8).map(" ".join))
def test_tcvn3_comes_back(text):
    assert converted(as_tcvn3(text), Letters.TCVN3) == text


@given(st.lists(syllables(), min_size=1, max_size=8).map(" ".join))
def test_windows_1258_comes_back_in_nfc(text):
    assert converted(as_1258(text).decode("latin-1"), Letters.WINDOWS_1258) == text
    assert decoded(as_1258(text), "windows-1258")[0] == text


@given(
    st.lists(syllables(), min_size=1, max_size=8).map(" ".join),
    st.sampled_from(["cp1252", "latin-1", "cp1258"]),
)
def test_broken_utf_8_is_mended(text, encoding):
    assert converted(misread(text, encoding), Letters.MOJIBAKE) == text


@given(st.sampled_from(list(Letters)), st.lists(st.sampled_from(PLACES), min_size=1).map(", ".join))
def test_what_is_unicode_already_is_left_alone(letters, text):
    if not text.isascii() and any(char > "\u00ff" for char in text):
        assert converted(text, letters) == text


SOME_PLACES = st.lists(st.sampled_from(PLACES), min_size=3, max_size=12, unique=True)


@given(SOME_PLACES)
def test_each_kind_of_letters_is_recognised_in_a_column(texts):
    assert recognise(map(as_tcvn3, texts)) is Letters.TCVN3
    # Most letters are the same in both; one word that differs is too little to tell from.
    words = {word for each in texts for word in each.split()}
    read = {word: as_1258(word).decode("latin-1") for word in words}
    if sum(read[word] != word for word in words) >= 2:
        assert recognise(as_1258(each).decode("latin-1") for each in texts) is Letters.WINDOWS_1258
    for encoding in ("cp1252", "latin-1", "cp1258"):
        assert recognise(misread(each, encoding) for each in texts) is Letters.MOJIBAKE
    assert recognise(unicodedata.normalize("NFD", each) for each in texts) is Letters.NFD


@given(st.lists(st.sampled_from(PLACES)))
def test_ordinary_vietnamese_is_not_taken_for_anything(texts):
    assert recognise(texts) is None
    assert recognise(each.upper() for each in texts) is None


@given(st.lists(st.sampled_from(FOREIGN), max_size=40))
def test_nor_is_any_other_language(words):
    assert recognise([" ".join(words)]) is None


@given(
    st.lists(st.sampled_from(FOREIGN), max_size=8), st.lists(st.sampled_from(PLACES), min_size=2)
)
def test_nor_are_foreign_words_among_vietnamese(words, texts):
    assert recognise([*words, *texts]) is None


@given(st.text())
def test_any_text_is_judged_and_converted_without_a_fault(text):
    found = recognise([text])

    for letters in Letters:
        assert unicodedata.is_normalized("NFC", converted(text, letters))
    assert found is None or found in Letters


def test_a_column_of_both_is_converted_cell_by_cell():
    cells = ["Tho¹i S¬n", "Chî Míi", "KiÕn An", "Thoại Sơn"]

    assert recognise(cells) is Letters.TCVN3
    assert [converted(each, Letters.TCVN3) for each in cells] == [
        "Thoại Sơn", "Chợ Mới", "Kiến An", "Thoại Sơn",
    ]  # fmt: skip


def test_codes_and_numbers_do_not_use_up_the_sample():
    numbers = (f"{each:05}" for each in range(10_000))

    assert recognise([*numbers, *map(as_tcvn3, PLACES)]) is Letters.TCVN3


def test_broken_utf_8_of_another_language_is_told_too():
    assert recognise(["ZÃ¼rich", "GenÃ¨ve", "Bern"]) is Letters.MOJIBAKE


@given(st.binary() | st.lists(st.sampled_from(PLACES), min_size=3).map(" ".join).map(as_1258))
def test_any_bytes_are_read(data):
    text, encoding = decoded(data)

    assert decoded(data, encoding) == (text, encoding), "named, it reads the same"
    if encoding in ("windows-1252", "iso-8859-1"):
        assert text.encode(encoding) == data


WHOLE = "Mã xã;Tên xã;Dân số\r\n30628;Xã Chợ Mới;80832\r\n30292;Phường Bình Đức;12\r\n"


@pytest.mark.parametrize(
    ("encode", "told"),
    [
        (lambda text: text.encode(), "utf-8"),
        (lambda text: text.encode("utf-8-sig"), "utf-8-sig"),
        (lambda text: text.encode("utf-16"), "utf-16"),
        (lambda text: b"\xfe\xff" + text.encode("utf-16-be"), "utf-16"),
        (lambda text: text.encode("utf-16-le"), "utf-16-le"),
        (lambda text: text.encode("utf-16-be"), "utf-16-be"),
        (lambda text: text.encode("utf-32"), "utf-32"),
        (as_1258, "windows-1258"),
    ],
)
def test_bytes_of_every_encoding_become_the_same_text(encode, told):
    assert decoded(encode(WHOLE)) == (WHOLE, told)


def test_bytes_of_legacy_letters_are_carried_unharmed():
    text, _ = decoded(as_tcvn3(WHOLE).encode("latin-1"))

    assert recognise(text.splitlines()) is Letters.TCVN3
    assert converted(text, Letters.TCVN3) == WHOLE


def test_an_encoding_that_is_named_is_taken_at_its_word():
    assert decoded("é".encode(), "iso-8859-1") == ("Ã©", "iso-8859-1")
    with pytest.raises(UnicodeError):
        decoded(b"\xff", "utf-8")
    with pytest.raises(LookupError):
        decoded(b"", "morse")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Ðông Thành", "Đông Thành"), ("ðiểm thu", "điểm thu"), ("Xã Tân Аn", "Xã Tân An"), ("Москва", "Москва"), ("Đông", "Đông")],
)  # fmt: skip
def test_letters_that_only_look_right_are_put_right(written, meant):
    assert without_lookalikes(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("２１．０１", "21.01"), ("\u22125", "-5"), ("10,5", "10,5"), ("٣", "3")],
)
def test_numbers_are_written_in_ordinary_digits(written, meant):
    assert plain_digits(written) == meant


def test_the_examples_are_vietnamese():
    """The words the tests convert must themselves pass for syllables, or recognition is not tested."""
    words = " ".join([*PLACES, *VNI.values()]).replace(",", " ").replace("-", " ").split()

    assert all(map(is_syllable, words))
