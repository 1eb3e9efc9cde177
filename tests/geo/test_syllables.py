import pytest

from geo.syllables import is_syllable, untoned


@pytest.mark.parametrize(
    "word",
    ["Xã", "Thoại", "Sơn", "nghiêng", "khuỷu", "quốc", "Quý", "giếng", "gìn", "Nguyễn", "Ẩn", "ý",
     "thuở", "ƯỚC", "huyện", "Điểm", "Giuộc"],
)  # fmt: skip
def test_words_of_the_language_may_be_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("Krông", "no such onset"),
        ("Zürich", "no such letters"),
        ("kak", "c is not written so at the end"),
        ("hòá", "two tones"),
        ("hàt", "a closed syllable has no falling tone"),
        ("hãc", "nor a broken one"),
        ("street", "no such rime"),
        ("Thoaïi", "a sign of VNI"),
        ("", "nothing"),
        ("12", "no letters"),
    ],
)
def test_what_cannot_be_one_is_none(word, why):
    assert not is_syllable(word), why


@pytest.mark.parametrize(
    ("word", "letters", "tone"),
    [("hòa", "hoa", "\u0300"), ("hoà", "hoa", "\u0300"), ("ấn", "ân", "\u0301"), ("đặc", "đăc", "\u0323"), ("an", "an", "")],
)  # fmt: skip
def test_a_tone_is_taken_off_wherever_it_stands(word, letters, tone):
    assert untoned(word) == (letters, tone)
