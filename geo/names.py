"""Vietnamese names and headings: cleaned, told from their kind, sorted and searched."""

import re
import unicodedata
from functools import lru_cache

from geo.syllables import untoned

PREFIXES = ("xã", "phường", "thị trấn", "đặc khu", "thành phố", "thị xã", "huyện", "quận", "tỉnh")

# The letters in the order of the alphabet, tones in the order of the dictionary.
_ALPHABET = {letter: at for at, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def clean(text: str) -> str:
    """Return `text` in NFC, one space between words, without invisible characters."""
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return " ".join(text.replace("\u00d0", "Đ").split())


def bare_name(full_name: str) -> str:
    """Return a unit's name without its kind: “Xã Bình Hòa” becomes “Bình Hòa”."""
    text = clean(full_name)
    for prefix in PREFIXES:
        if text.lower().startswith(prefix + " "):
            return text[len(prefix) + 1 :]
    return text


def unit_type(full_name: str) -> str:
    """Return the kind that a full name begins with, in lower case, or an empty text."""
    text = clean(full_name).lower()
    return next((prefix for prefix in PREFIXES if text.startswith(prefix + " ")), "")


def search_key(text: str) -> str:
    """Return `text` in lower-case letters without any diacritic, for searching."""
    text = unicodedata.normalize("NFD", clean(text).lower().replace("đ", "d"))
    return "".join(each for each in text if not unicodedata.combining(each))


def sort_key(name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the key of the Vietnamese order of names: letters first, tones second."""
    both = [_order(char) for char in bare_name(name).lower()]
    return tuple(letter for letter, _ in both), tuple(tone for _, tone in both)


@lru_cache(maxsize=1024)
def _order(char: str) -> tuple[int, int]:
    """Return the place of a letter in the alphabet and that of its tone."""
    parts = unicodedata.normalize("NFD", char)
    tone = next((each for each in parts if each in _TONES), "")
    letter = unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts)
    if not letter:  # a tone that stands alone
        return 0, _TONES[tone]
    place = _ALPHABET.get(letter, -1) + 100 if letter.isalpha() else ord(letter[0]) % 90
    return place, _TONES[tone]


def heading_key(text: str) -> str:
    """Return a heading reduced to letters and digits: “Mã xã” and “ma_xa” are equal."""
    return re.sub(r"[^a-z0-9]", "", search_key(text))


# --- keys by which names of units match -------------------------------------------------

_ABBREVIATIONS = {
    "p": "phường", "x": "xã", "tt": "thị trấn", "đk": "đặc khu", "tx": "thị xã",
    "tp": "thành phố", "q": "quận", "h": "huyện", "t": "tỉnh",
}  # fmt: skip
_LONGEST_FIRST = sorted(PREFIXES, key=len, reverse=True)
_KIND = re.compile(
    # A kind written out; or its letters with a full stop, or before a word or a number.
    rf"(?:(?P<whole>{'|'.join(_LONGEST_FIRST)})(?:\s*[.:]\s*|\s+)"
    rf"|(?P<short>tt|đk|tx|tp)(?:\s*\.\s*|\s+)"
    rf"|(?P<letter>[pxqht])(?:\s*\.\s*|(?<!t)\s+(?=\S{{2}})|(?=\d)))(?=\w)"
)
_PLAIN_KIND = re.compile("(?:xa|phuong|thi tran|dac khu|thanh pho|thi xa|huyen|quan|tinh) (?=.)")
_Y_FOR_I = re.compile(r"\b(qu|h|k|l|m|s|t|v)y(?!\w)")
_SIGNS = str.maketrans(dict.fromkeys("'’‘`´ʼ′", "") | dict.fromkeys("-–—‐‑_", " ") | {"ð": "đ"})


def kind_and_name(full_name: str) -> tuple[str, str]:
    """Return the kind a written name begins with, spelled out, and the rest as a folded key.

    The kind is empty where none is written. “TT. Chợ Mới” gives “thị trấn” and the key of
    “Chợ Mới”. A kind that stands twice (“Phường Phường Đúc”) is taken off twice, so that
    name and full name have one key.
    """
    text = clean(full_name).casefold()
    kind = ""
    while found := _KIND.match(text):
        each = found["whole"] or _ABBREVIATIONS[found["short"] or found["letter"]]
        if kind and each != kind:
            break
        kind, text = each, text[found.end() :]
    return kind, _folded(text)


def name_key(text: str) -> str:
    """Return the key by which two spellings of one unit's name are equal.

    Kind and case, spaces, apostrophes, dashes, leading noughts of numbers and where a tone
    stands (“Hoà”, “Hòa”) make no difference, nor does i for y where both are written
    (“Quí”, “Quý”; “Mĩ”, “Mỹ”). Every letter and every tone does: “Hòa” is not “Hoa”,
    “Đông” not “Đồng”.
    """
    return kind_and_name(text)[1]


def loose_key(text: str) -> str:
    """Return the key of a name without diacritics: good for finding candidates, never a match."""
    key = search_key(name_key(text))
    return _PLAIN_KIND.sub("", key, count=1) if _PLAIN_KIND.match(key) else key


def _folded(text: str) -> str:
    words = text.translate(_SIGNS).split()
    return " ".join(map(_folded_word, words))


@lru_cache(maxsize=50_000)
def _folded_word(word: str) -> str:
    """Return a word with its tones at its end and one spelling of i; a number without noughts."""
    if word.isdecimal():
        return word.lstrip("0") or "0"
    letters, tones = untoned(word)
    return _Y_FOR_I.sub(r"\1i", letters) + tones
