"""Vietnamese written in the codings before Unicode: recognised, and turned into Unicode.

Two things are kept apart. An *encoding* says how bytes became characters (`decoded`). A set
of *letters* says that characters stand for others: TCVN3 and VNI draw Vietnamese with fonts
of their own, so that their files are full of Latin-1 signs (“Tho¹i S¬n”, “Thoaïi Sôn”), and
bytes read by the wrong encoding look alike. `recognise` tells the letters of a column,
`converted` turns them into Unicode. Both want texts as they stand in the file: trimming
turns a no-break space, which is a byte of broken UTF-8, into an ordinary one.

TCVN3 has no capital letters with a tone: its capital fonts (.VnTimeH) draw the small ones
large. What was written with such a font comes out in small letters, as nothing in the text
tells; upper-casing it by field is not attempted.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from geo.syllables import is_syllable

CARRIER = "iso-8859-1"  # the encoding that gives every byte as one character, losing none


class Letters(StrEnum):
    """How Vietnamese letters may be written in characters that are not theirs."""

    TCVN3 = "TCVN3"  # also called ABC; fonts .VnTime and others
    VNI = "VNI"  # VNI-Windows: a letter, then its mark as a letter of its own
    WINDOWS_1258 = "windows-1258"  # bytes of windows-1258 read as Latin-1 or windows-1252
    MOJIBAKE = "UTF-8"  # bytes of UTF-8 read as Latin-1, windows-1252 or windows-1258
    NFD = "NFD"  # Unicode, marks apart from their letters


ENOUGH_WORDS = 5  # from here on a few words may stay unexplained
LEAST_WORDS = 2
TELLING_LETTERS = 3  # one mended word has so many: “så” and “På” are Swedish
MENDED_SHARE = 0.8
PLAIN_SHARE = 0.5
_MOST_WORDS = 3000
_SAMPLE_BYTES = 200_000
_NUL_SHARE = 0.5  # of the bytes of one parity in UTF-16 without a mark: letters of ASCII


# --- letters → Unicode ---------------------------------------------------------------

_TCVN3_WRITTEN = (
    "\u00a1\u00a2\u00a3\u00a4\u00a5\u00a6\u00a7\u00a8\u00a9\u00aa\u00ab\u00ac\u00ad\u00ae"
    "µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ"
)
_TCVN3_MEANT = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3 = str.maketrans(_TCVN3_WRITTEN, _TCVN3_MEANT)

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300\u0301\u0309\u0303\u0323"
_CIRCUMFLEX, _BREVE, _HORN = "\u0302\u0306\u031b"
_VNI_TONES = {"ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT}
_VNI_CIRCUMFLEX = {"â": "", "à": _GRAVE, "á": _ACUTE, "å": _HOOK, "ã": _TILDE, "ä": _DOT}
_VNI_BREVE = {"ê": "", "è": _GRAVE, "é": _ACUTE, "ú": _HOOK, "ü": _TILDE, "ë": _DOT}
_VNI_ALONE = {"ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ", "ô": "ơ", "ö": "ư"}  # fmt: skip


def _vni() -> dict[str, str]:
    """Return what VNI writes → the letter meant, small and capital, a mark in either case.

    The case of the letter decides: “AÙ” and “Aù” are both “Á”.
    """
    pairs = dict(_VNI_ALONE)
    for base, letter in {**{each: each for each in "aeouy"}, "ô": "ơ", "ö": "ư"}.items():
        pairs |= {base + sign: letter + tone for sign, tone in _VNI_TONES.items()}
    for base in "aeo":
        pairs |= {base + sign: base + _CIRCUMFLEX + t for sign, t in _VNI_CIRCUMFLEX.items()}
    pairs |= {"a" + sign: "a" + _BREVE + tone for sign, tone in _VNI_BREVE.items()}
    found = {}
    for written, meant in pairs.items():
        letter = unicodedata.normalize("NFC", meant)
        for mark in (written[1:], written[1:].upper()):
            found[written[0] + mark] = letter
            found[written[0].upper() + mark] = letter.upper()
    return found


_VNI = _vni()
# Longest first: “ô” alone is “ơ”, “ôù” is “ớ”.
_VNI_SIGNS = re.compile("|".join(map(re.escape, sorted(_VNI, key=len, reverse=True))))


def _characters(encoding: str) -> dict[int, str]:
    """Return byte → character of a single-byte encoding, without the bytes it leaves open."""
    found = {}
    for byte in range(256):
        try:
            found[byte] = bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            continue
    return found


_LATIN = {chr(byte): byte for byte in range(256)}
_1252 = {char: byte for byte, char in _characters("windows-1252").items()}
_1258 = {char: byte for byte, char in _characters("windows-1258").items()}
# A byte that windows-1252 leaves open comes through as its control character.
_BYTES_OF = {**_LATIN, **_1258, **_1252}
_TO_1258 = {
    ord(char): _characters("windows-1258").get(byte, char)
    for char, byte in {**_LATIN, **_1252}.items()
}


def converted(text: str, letters: Letters) -> str:
    """Return `text`, written in `letters`, as Unicode in NFC.

    A text that holds Vietnamese letters beyond Latin-1 is no legacy text, whatever its
    column is, and comes back only in NFC; so does broken UTF-8 that is no UTF-8.
    """
    if letters is not Letters.MOJIBAKE and _is_unicode(text):
        return unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", _CONVERSIONS[letters](text))


def _from_mojibake(text: str) -> str:
    try:
        return bytes(_BYTES_OF[char] for char in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return text


_CONVERSIONS: dict[Letters, Callable[[str], str]] = {
    Letters.TCVN3: lambda text: text.translate(_TCVN3),
    Letters.VNI: lambda text: _VNI_SIGNS.sub(lambda found: _VNI[found[0]], text),
    Letters.WINDOWS_1258: lambda text: text.translate(_TO_1258),
    Letters.MOJIBAKE: _from_mojibake,
    Letters.NFD: lambda text: text,
}


def _is_unicode(text: str) -> bool:
    """Whether a text holds a letter or mark of Vietnamese that Latin-1 has not."""
    return any(char in _BEYOND for char in text)


_BEYOND = frozenset(
    [chr(code) for code in range(0x1EA0, 0x1EFA)] + list("ĂăĐđĨĩŨũƠơƯư")
    + [_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT, _CIRCUMFLEX, _BREVE, _HORN]
)  # fmt: skip


# --- recognition -------------------------------------------------------------------------

_GAPS = re.compile(r"[\t-\r !-/:-@\[-`{-~]+")
_SIGNS = re.compile("[\u00a0\u2010-\u201f\u2026]+")  # in broken UTF-8 these are bytes of letters


def recognise(texts: Iterable[str]) -> Letters | None:
    """Return the letters a column or table is written in, None for ordinary text.

    Judged on its distinct words (of at most 3,000). A word is *strange* when it has a
    character beyond ASCII and is, as Unicode, no possible Vietnamese syllable. Letters are
    recognised when, of the strange words, at least two and at least four in five become
    possible syllables by the conversion (all of them where there are fewer than five), one
    of three letters or more, and when at least half of the words in plain ASCII are possible syllables too. The letters
    that mend most words win; where two mend as many, nobody is told. Broken UTF-8 needs one
    word only, and no Vietnamese: signs that happen to be UTF-8 are no accident. Letters and
    marks apart (NFD) are told only where nothing else is.
    """
    broken, words = _words(texts)
    composed = {each: unicodedata.normalize("NFC", each) for each in words}
    strange = [
        each for each in words
        if not (each.isascii() or is_syllable(composed[each])) and _has_letter(each)
    ]  # fmt: skip
    if broken and len(broken) >= MENDED_SHARE * (len(broken) + len(strange)):
        return Letters.MOJIBAKE
    plain = [each for each in words if each.isascii() and len(each) > 1]
    if sum(map(is_syllable, plain)) >= PLAIN_SHARE * len(plain):
        found = _best(strange)
        if found is not None:
            return found
    apart = any(composed[each] != each and is_syllable(composed[each]) for each in words)
    return Letters.NFD if apart else None


def _words(texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the distinct words in broken UTF-8 and all others, without those with digits."""
    pieces: dict[str, None] = {}
    for text in texts:
        # Numbers are no words, and must not use up the sample.
        words = (each for each in _GAPS.split(text) if each.isalpha() or not each.isascii())
        pieces.update(dict.fromkeys(words))
        if len(pieces) >= _MOST_WORDS:
            break
    broken = [each for each in pieces if _is_mojibake(each)]
    others = (word for each in pieces.keys() - broken for word in _SIGNS.split(each))
    found = {each for each in others if each and not any("0" <= char <= "9" for char in each)}
    return broken, sorted(found)


def _has_letter(word: str) -> bool:
    return any(char.isascii() and char.isalpha() for char in word)


def _is_mojibake(word: str) -> bool:
    if word.isascii():
        return False
    meant = _from_mojibake(word)
    return meant != word and all(
        char.isascii() or unicodedata.category(char)[0] in "LMPSZ" for char in meant
    )


def _best(strange: Sequence[str]) -> Letters | None:
    """Return the letters that mend enough of the strange words, and more than any other do."""
    mended: dict[Letters, list[str]] = {}
    for letters in (Letters.TCVN3, Letters.VNI, Letters.WINDOWS_1258):
        words = [converted(each, letters) for each in strange if not _is_unicode(each)]
        mended[letters] = [each for each in words if is_syllable(each)]
    first, second = sorted(mended, key=lambda each: len(mended[each]), reverse=True)[:2]
    found = mended[first]
    share = MENDED_SHARE if len(strange) >= ENOUGH_WORDS else 1.0
    enough = len(found) >= max(LEAST_WORDS, share * len(strange))
    if not enough or len(found) == len(mended[second]):
        return None
    return first if max(map(len, found)) >= TELLING_LETTERS else None


# --- look-alikes -------------------------------------------------------------------------

_ETH = {"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"}
_CYRILLIC = dict(zip("АВЕКМНОРСТУХаеорсухі", "ABEKMHOPCTYXaeopcyxi", strict=True))
_LOOKALIKES = str.maketrans({**_ETH, **_CYRILLIC})


def without_lookalikes(text: str) -> str:
    """Return `text` with the letters that only look right put right, in NFC.

    The Icelandic Ð for Đ, and Cyrillic letters in words that are otherwise Latin.
    """
    words = re.split(r"(\W+)", unicodedata.normalize("NFC", text))
    mended = [each.translate(_LOOKALIKES) for each in words]
    return "".join(
        new if any("LATIN" in unicodedata.name(char, "") for char in old) else old
        for old, new in zip(words, mended, strict=True)
    )


def plain_digits(text: str) -> str:
    """Return a written number with full-width and other compatible signs as ordinary ones."""
    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-")
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)


# --- bytes → text ------------------------------------------------------------------------

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as the mark of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def decoded(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a file's bytes and the encoding in which it was read.

    Without `encoding`: by the mark at the beginning; UTF-16 without one where every second
    byte of half the text is nought; UTF-8 where all of it is; windows-1258 where that gives
    Vietnamese; else windows-1252, which also carries TCVN3 and VNI unharmed for `converted`.
    Text of windows-1258 is in NFC; no other text is changed.

    Raises `LookupError` for an encoding nobody knows, `UnicodeError` for bytes it forbids.
    """
    if encoding is not None:
        name = codecs.lookup(encoding).name
        text = data.decode(name)
        vietnamese = name == "cp1258"
        return (unicodedata.normalize("NFC", text) if vietnamese else text), encoding
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name), name
    wide = _wide(data)
    if wide is not None:
        return data.decode(wide), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _single_byte(data)


def _wide(data: bytes) -> str | None:
    """Return the UTF-16 that bytes without a mark are in, where that is unmistakable."""
    if len(data) < 4 or len(data) % 2:
        return None
    first, second = data[::2], data[1::2]
    for noughts, others, name in ((second, first, "utf-16-le"), (first, second, "utf-16-be")):
        if noughts.count(0) >= _NUL_SHARE * len(noughts) and not others.count(0):
            try:
                data.decode(name)
            except UnicodeDecodeError:
                continue
            return name
    return None


def _single_byte(data: bytes) -> tuple[str, str]:
    """Return text that is no Unicode: windows-1258, windows-1252 or, at last, Latin-1."""
    sample = data[:_SAMPLE_BYTES].decode(CARRIER)
    vietnamese = recognise(sample.splitlines()) is Letters.WINDOWS_1258
    for encoding in ("windows-1258", "windows-1252")[0 if vietnamese else 1 :]:
        try:
            return decoded(data, encoding)
        except UnicodeDecodeError:
            continue
    return data.decode(CARRIER), CARRIER
