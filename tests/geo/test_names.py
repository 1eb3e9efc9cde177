import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.names import kind_and_name, loose_key, name_key

NAMES = [
    "Hòa Bình", "Thủy Nguyên", "Kiến An", "Chợ Mới", "Quý Lộc", "Mỹ Đức", "Đông Thành", "Diễn Hoa",
    "Óc Eo", "Ea H'leo", "Bình Hòa 1",
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Bình", "Hòa Bình"),
        ("Thuỷ Nguyên", "Thủy Nguyên"),
        ("Quí Hòa", "Quý Hoà"),
        ("Mĩ Đức", "Mỹ Đức"),
        ("Xã Kiến An", "Kiến An"),
        ("TT. Chợ Mới", "Thị trấn Chợ Mới"),
        ("TT Chợ Mới", "chợ mới"),
        ("P. Mỹ Bình", "PHƯỜNG MỸ BÌNH"),
        ("P.Mỹ Bình", "Mỹ Bình"),
        ("X.Kiến An", "xã  Kiến\u00a0An"),
        ("TP.Long Xuyên", "thành phố Long Xuyên"),
        ("Phường 01", "P1"),
        ("P.1", "phường 1"),
        ("Đặc khu Thổ Châu", "ĐK. Thổ Châu"),
        ("Phường Phường Đúc", "Phường Đúc"),
        ("Ðông Thành", "Đông Thành"),
        ("ðông thành", "Đông Thành"),
        ("Ea H’leo", "Ea H'Leo"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa – Vũng Tàu"),
        ("\u200bKiến An ", "Kiến An"),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa Sơn", "Hoa Sơn"),
        ("Đông Thành", "Đồng Thành"),
        ("Diên Hoa", "Diễn Hoa"),
        ("Thúy", "Thúi"),
        ("Dân", "Đân"),
        ("Phường 1", "Phường 11"),
        ("Hữu Khuông", "Hưu Khuông"),
        ("Tân An", "Tần An"),
        ("Kien An", "Kiến An"),
    ],
)
def test_other_names_have_other_keys(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("TT. Chợ Mới", "thị trấn"), ("TX Tân Châu", "thị xã"), ("thị xã Tân Châu", "thị xã"),
        ("xã Thị Hoa", "xã"), ("Kiến An", ""), ("H Chợ Mới", "huyện"), ("H' Bông", ""), ("xã", ""),
        ("Xanh", ""), ("Q.1", "quận"), ("tỉnh An Giang", "tỉnh"), ("Hà Nội", ""), ("T An", ""),
    ],
)  # fmt: skip
def test_the_kind_is_told_spelled_out(written, kind):
    assert kind_and_name(written)[0] == kind


@given(st.sampled_from(NAMES), st.sampled_from(["", "xã ", "Phường ", "TT. ", "P. "]))
def test_case_form_and_kind_make_no_difference(name, kind):
    key = name_key(name)

    assert name_key(kind + name) == key
    assert name_key((kind + name).upper()) == key
    assert name_key(unicodedata.normalize("NFD", kind + name)) == key


@given(st.text())
def test_any_text_has_a_key_in_which_nothing_but_case_and_form_counts(text):
    assert name_key(unicodedata.normalize("NFD", text)) == name_key(text)
    assert loose_key(text).isascii() or not text.isascii()


@pytest.mark.parametrize(
    ("written", "name"),
    [("xa Kien An", "Xã Kiến An"), ("TT Cho Moi", "Chợ Mới"), ("hoa son", "Hoả Sơn"), ("thi tran Dong Khe", "Đông Khê")],
)  # fmt: skip
def test_loose_keys_find_candidates(written, name):
    assert loose_key(written) == loose_key(name)
