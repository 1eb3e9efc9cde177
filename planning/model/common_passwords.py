"""Passwords that are tried first: common words, rows of keys, repetitions."""

import re
import unicodedata
from itertools import pairwise

_LEAST_DIFFERENT, _LONGEST_UNIT, _MOST_IN_ROWS = 5, 6, 0.7
_ROWS = (
    "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "!@#$%^&*()",
)  # fmt: skip
_NEXT = frozenset(pair for row in _ROWS for a, b in pairwise(row) for pair in (a + b, b + a))
_SEEN_AS = str.maketrans("013457@$!đ", "oieastasid")
# Written for this list: words of offices and affections that stand in most lists of breaches.
_WORDS = """
password passwd passwort pass word matkhau mat khau mk admin administrator quantri quan tri
root user guest test demo login dangnhap dang nhap welcome letmein changeme secret bimat bi mat
default master access system computer maytinh server internet qwerty qwertyuiop azerty abc abcd
abcdef asdf asdfgh zxcv zxcvbn iloveyou loveyou love ilove you anhyeuem emyeuanh yeuem yeuanh
anh yeu em me con bo ba hanhphuc hanh phuc maimai mai vietnam viet nam hanoi saigon hochiminh
angiang nghean bhxh bhyt bhtn baohiem bao hiem xahoi xa hoi yte y te diemthu diem thu daily dai ly
nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly
monkey dragon sunshine princess football baseball superman batman shadow michael jordan freedom
whatever trustno trust hello ninja mustang starwars pokemon samsung iphone nokia google facebook
zalo youtube gmail company congty cong ty office vanphong van phong phong nhanvien nhan vien
thang nam ngay mot hai bonus spring summer autumn winter xuan ha thu dong january february march
april june july august september october november december new old my the is a and
"""
_KNOWN = frozenset(_WORDS.split())
_LONGEST_WORD = max(map(len, _KNOWN))


def is_common(password: str) -> bool:
    """Whether a password is one of those that somebody who guesses tries first.

    It is, when nothing is left of it but common words, digits and signs, when it repeats
    one short piece, has few different signs, or mostly walks along a row of keys.
    """
    plain = _without_marks(password.lower())
    return (
        len(set(plain)) < _LEAST_DIFFERENT
        or _repeats(plain)
        or _in_rows(plain) > _MOST_IN_ROWS
        or _only_words(plain)
        or _only_words(re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain).translate(_SEEN_AS))
    )


def _without_marks(text: str) -> str:
    return "".join(
        each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each)
    ).replace("đ", "d")


def _repeats(text: str) -> bool:
    """Whether `text` is one piece of at most six signs again and again, the last cut off or not."""
    return any(
        (text[:unit] * len(text))[: len(text)] == text
        for unit in range(1, min(_LONGEST_UNIT, len(text) // 2) + 1)
    )


def _in_rows(text: str) -> float:
    """Return the share of neighbouring signs that also stand side by side in a row of keys."""
    pairs = [a + b for a, b in pairwise(text)]
    return sum(each in _NEXT for each in pairs) / max(len(pairs), 1)


def _only_words(text: str) -> bool:
    """Whether the letters of `text` are nothing but known words in a row."""
    letters = re.sub(r"[\W\d_]", "", text)
    reached = {0}  # places up to which the letters can be read as words
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - _LONGEST_WORD), end)
        if any(start in reached and letters[start:end] in _KNOWN for start in starts):
            reached.add(end)
    return len(letters) in reached
