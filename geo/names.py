"""Vietnamese names and headings: cleaned, told from their kind, sorted and searched."""

import re
import unicodedata

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
    letters, tones = [], []
    for char in bare_name(name).lower():
        parts = unicodedata.normalize("NFD", char)
        tone = next((each for each in parts if each in _TONES), "")
        letter = unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts)
        letters.append(_ALPHABET.get(letter, -1) + 100 if letter.isalpha() else ord(letter[0]) % 90)
        tones.append(_TONES[tone])
    return tuple(letters), tuple(tones)


def heading_key(text: str) -> str:
    """Return a heading reduced to letters and digits: “Mã xã” and “ma_xa” are equal."""
    return re.sub(r"[^a-z0-9]", "", search_key(text))
