"""The Vietnamese syllable: which words may be one, and where its tone stands.

The grammar is that of ordinary Vietnamese; names from other languages of the country (Ea
H’leo, Krông Nô) need not follow it.
"""

import re
import unicodedata
from functools import lru_cache

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_CLOSED_TONES = frozenset("\u0301\u0323")  # before c, ch, p and t no other tone is possible

_ONSET = r"b|ch?|d|đ|gh?|kh?|l|m|ngh?|nh?|ph?|r|s|th?|tr|v|x|h|"
_RIME = (
    "a(?:[cimnoptuy]|ch|ng|nh)?|ă(?:[cmnpt]|ng)|â(?:[cmnpt]|ng|[uy])|"
    "e(?:[cmnpt]|ng|o)?|ê(?:[mnpt]|ch|nh|ng|u)?|"
    "i(?:[cmnpt]|ch|nh|[au])?|i?ê(?:[cmnpt]|ng|u)|"
    "o(?:[cimnpt]|ng)?|oo(?:c|ng)|o(?:a(?:[cimnopty]|ch|ng|nh)?|ă(?:[cmnt]|ng)|e(?:[cmnot])?)|"
    "ô(?:[cimnpt]|ng)?|ơ(?:[imnpt])?|"
    "u(?:[acimnpt]|ng)?|u(?:â(?:[nty]|ng)|ê(?:ch|nh)?|ơ|y(?:[aptu]|ch|nh|ên|êt)?)|"
    "uô(?:[cimnpt]|ng)|"
    "ư(?:[acimntu]|ng)?|ươ(?:[cimnptu]|ng)|"
    "yê(?:[mntu]|ng)"
)
_AFTER_QU = (
    "a(?:[cimnotuy]|ch|ng|nh)?|ă(?:[cmnpt]|ng)|â(?:[nct]|ng|[uy])|e(?:[nt]|o|ng)?|"
    "ê(?:[nt]|ch|nh)?|i(?:t|nh|ch|u)?|ô(?:c)|ơ(?:[in])?|ới|y(?:[nt]|ch|nh|ên|êt)?"
)
_AFTER_GI = (
    "a(?:[cimnopuy]|t|ng|nh)?|ă(?:[cmnpt]|ng)|â(?:[cmnpty]|ng|u)|e(?:o|[mnt])?|ê(?:[mnt]|ng)|"
    "o(?:[inx]|ng)?|ô(?:[cimnt]|ng)?|ơ(?:[in])?|u(?:[acimn])?|uô(?:c|ng)|ư(?:[at]|ng)?|ươ(?:[cn]|ng)|[nm]?"
)
_SYLLABLE = re.compile(
    rf"(?:(?:{_ONSET})(?:{_RIME})|qu(?:{_AFTER_QU})|gi(?:{_AFTER_GI})|(?:h|k|l|m|s|t|v|)y)"
)
_CLOSED = ("c", "ch", "p", "t")


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether a word (in NFC, any case) may be a syllable of ordinary Vietnamese."""
    letters, tones = untoned(word.lower())
    if len(tones) > 1 or not _SYLLABLE.fullmatch(letters):
        return False
    return not (letters.endswith(_CLOSED) and tones and tones not in _CLOSED_TONES)


def untoned(word: str) -> tuple[str, str]:
    """Return a word without its tones, in NFC, and the tones in the order they stand."""
    if word.isascii():
        return word, ""
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(each for each in parts if each in TONES)
    letters = "".join(each for each in parts if each not in TONES) if tones else parts
    return unicodedata.normalize("NFC", letters), tones
