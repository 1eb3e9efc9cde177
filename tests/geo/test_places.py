"""Places by hand: a province of six communes, made of eight former ones in three districts.

    district      former commune       became
    Chợ Mới       TT. Chợ Mới, xã Kiến An       30628 xã Chợ Mới
                  xã Tân Hòa                    30630 xã Hội An
    Phú Tân       xã Tân Hòa                    30406 xã Phú Tân
                  xã Đông Thành                 30420 xã Đồng Thành
    An Phú        xã Phú Hội (split)            30337 xã An Phú, 30346 xã Nhơn Hội
                  xã Nhơn Hội                   30346 xã Nhơn Hội
                  xã Bình An                    30337 xã An Phú

The commune Bình An of today (30630 beside it) has nothing of the former Bình An.
"""  # fmt: skip

import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import tables, units
from geo.names import name_key, search_key
from geo.places import Candidate, FormerCommune, How, Match, Register, match_commune
from tests.toy import district

COMMUNES = {
    "30628": "Xã Chợ Mới", "30630": "Xã Hội An", "30406": "Xã Phú Tân", "30420": "Xã Đồng Thành",
    "30337": "Xã An Phú", "30346": "Xã Nhơn Hội", "30898": "Xã Bình An",
    "30313": "Phường Mỹ Hòa - Hưng",
}  # fmt: skip
CHO_MOI, PHU_TAN, AN_PHU = "Huyện Chợ Mới", "Huyện Phú Tân", "Thị xã An Phú"
FORMER = [
    FormerCommune("30628", "Thị trấn Chợ Mới", CHO_MOI, "30628"),
    FormerCommune("30634", "Xã Kiến An", CHO_MOI, "30628"),
    FormerCommune("30640", "Xã Tân Hòa", CHO_MOI, "30630"),
    FormerCommune("30409", "Xã Tân Hòa", PHU_TAN, "30406"),
    FormerCommune("30411", "Xã Đông Thành", PHU_TAN, "30420"),
    FormerCommune("30388", "Xã Phú Hội", AN_PHU, "30337"),
    FormerCommune("30388", "Xã Phú Hội", AN_PHU, "30346"),
    FormerCommune("30346", "Xã Nhơn Hội", AN_PHU, "30346"),
    FormerCommune("30350", "Xã Bình An", AN_PHU, "30337"),
]
REGISTER = Register(COMMUNES.items(), FORMER, ["Tỉnh An Giang", "Kiên Giang"])


@pytest.mark.parametrize(
    ("written", "code", "how"),
    [
        ("Ấp Long Hòa, xã Kiến An, huyện Chợ Mới, An Giang", "30628", How.FORMER),
        ("ấp Long Hòa xã Kiến An huyện Chợ Mới tỉnh An Giang", "30628", How.FORMER),
        ("12/3 Nguyễn Huệ P. Kiến An TX. Chợ Mới", "30628", How.FORMER),
        ("Kiến An", "30628", How.FORMER),
        ("KIẾN AN", "30628", How.FORMER),
        ("Kiến An - Chợ Mới - An Giang", "30628", How.FORMER),
        ("Kiến An, Chợ Mới, An Giang", "30628", How.FORMER),
        ("TT. Chợ Mới", "30628", How.FORMER),
        ("xã Chợ Mới", "30628", How.PRESENT),
        ("Chợ Mới, An Giang", "30628", How.PRESENT),
        ("xã Tân Hoà, huyện Phú Tân", "30406", How.FORMER),
        ("Tân Hòa, Chợ Mới", "30630", How.FORMER),
        ("xã Kiến An (cũ)", "30628", How.FORMER),
        ("xã Phú Hội cũ (nay là xã An Phú)", "30337", How.PRESENT),
        ("Bảo hiểm xã hội, Tỉnh lộ 943, xã Nhơn Hội", "30346", How.PRESENT),
        ("xã Bình An, thị xã An Phú", "30337", How.FORMER),
        ("xã Nhơn Hội, tỉnh Kiên Giang", "30346", How.PRESENT),
        ("Phường Mỹ Hòa - Hưng, An Giang", "30313", How.PRESENT),
        ("Trạm y tế - phường Mỹ Hoà – Hưng - An Giang", "30313", How.PRESENT),
        ("UBND xã Hội An", "30630", How.PRESENT),
        ("Bảo hiểm xã hội huyện An Phú, xã Nhơn Hội", "30346", How.PRESENT),
    ],
)
def test_a_place_is_matched_through_present_and_former_names(written, code, how):
    match = match_commune(written, REGISTER)

    assert (match.code, match.how) == (code, how)
    if code is not None:
        assert [each.code for each in match.candidates] == [code]


@pytest.mark.parametrize(
    ("written", "codes", "how"),
    [
        ("xã Tân Hòa", {"30630", "30406"}, How.SEVERAL),
        ("xã Tân Hòa, An Giang", {"30630", "30406"}, How.SEVERAL),
        ("xã Bình An", {"30898", "30337"}, How.SEVERAL),
        ("xã Phú Hội, An Phú", {"30337", "30346"}, How.SPLIT),
        ("xã Kiến An, huyện Phú Tân", {"30628"}, How.DISTRICT),
        ("xã Kiến An, huyện Thoại Sơn", {"30628"}, How.DISTRICT),
        ("xã Kiến An, huyện Chợ Mới, tỉnh Bắc Kạn", set(), How.ELSEWHERE),
        ("Kien An", {"30628"}, How.SPELLING),
        ("xa Tan Hoa, huyen Phu Tan, tinh An Giang", {"30406"}, How.SPELLING),
        ("xa Tan Hoa", {"30406", "30630"}, How.SPELLING),
        ("dong thanh", {"30420"}, How.SPELLING),
        ("xã Kiên An", {"30628"}, How.SPELLING),
        ("xa Chợ Mới", {"30628"}, How.SPELLING),
        ("Bảo hiểm xã hội huyện An Phú", set(), How.NOTHING),
        ("xã Kiến Ann, Chợ Mới, An Giang", set(), How.NOTHING),
        ("An Giang", set(), How.NOTHING),
        ("12 Nguyễn Huệ", set(), How.NOTHING),
        ("", set(), How.NOTHING),
    ],
)
def test_what_is_not_certain_gives_candidates_and_the_reason(written, codes, how):
    match = match_commune(written, REGISTER)

    assert match.code is None
    assert {each.code for each in match.candidates} == codes
    assert match.how is how


def test_a_candidate_says_by_which_former_commune_it_was_found():
    assert match_commune("xã Bình An", REGISTER).candidates == (
        Candidate("30337", "Xã An Phú", "Xã Bình An, Thị xã An Phú"),
        Candidate("30898", "Xã Bình An"),
    )


def test_who_knows_the_time_of_the_names_may_say_it():
    assert match_commune("xã Bình An", REGISTER, former=True).code == "30337"
    assert match_commune("xã Bình An", REGISTER, former=False).code == "30898"
    assert match_commune("xã Kiến An", REGISTER, former=False) == Match(
        None, (Candidate("30628", "Xã Chợ Mới", "Xã Kiến An, Huyện Chợ Mới"),), How.SPELLING
    )


def test_a_former_province_tells_its_district_from_another_of_the_name():
    rows = [
        FormerCommune("29374", "Xã Hòa An", "Huyện Châu Thành", "30628", "Trà Vinh"),
        FormerCommune("28810", "Xã Hòa An", "Huyện Châu Thành", "30406", "Bến Tre"),
    ]
    register = Register(COMMUNES.items(), rows, ["Vĩnh Long", "Trà Vinh", "Bến Tre"])
    written = "xã Hòa An, huyện Châu Thành, tỉnh "

    assert match_commune(written + "Trà Vinh", register).code == "30628"
    assert match_commune(written + "Bến Tre", register).code == "30406"
    assert match_commune(written + "Vĩnh Long", register).how is How.SEVERAL


def test_a_city_in_the_province_of_its_name_is_a_district():
    rows = [
        FormerCommune("31825", "Phường 2", "Thành phố Bạc Liêu", "30628"),
        FormerCommune("32003", "Phường 2", "Thành phố Cà Mau", "30406"),
    ]
    register = Register(COMMUNES.items(), rows, ["Cà Mau", "Bạc Liêu"])

    assert match_commune("P.2, TP. Bạc Liêu, tỉnh Bạc Liêu", register).code == "30628"
    assert match_commune("Phường 2, Bạc Liêu", register).how is How.SEVERAL


def test_names_that_differ_only_in_a_mark_stay_apart():
    """The former Đông Thành became Đồng Thành; where it had gone elsewhere, the code shows it."""
    rows = [FormerCommune("30411", "Xã Đông Thành", PHU_TAN, "30406"), *FORMER[:4]]
    register = Register(COMMUNES.items(), rows, ["An Giang"])

    assert match_commune("xã Đông Thành", register).code == "30406"
    assert match_commune("xã Đồng Thành", register).code == "30420"
    assert match_commune("xa Dong Thanh", register).code is None


def test_a_name_without_diacritics_of_its_own_is_matched_where_no_other_is_alike():
    alone = Register([("30001", "Xã Long An"), ("30002", "Xã Tân An")])
    alike = Register([("30001", "Xã Long An"), ("30002", "Xã Lòng Ân")])

    assert match_commune("Long An", alone).code == "30001"
    assert match_commune("Long An", alike).code is None
    assert match_commune("xã Long An", alike).code == "30001"


def test_without_a_crosswalk_districts_are_passed_over():
    register = Register(COMMUNES.items())

    assert match_commune("xã Chợ Mới, huyện Chợ Mới, tỉnh Bắc Kạn", register).code == "30628"


def test_a_register_is_made_of_the_declared_tables():
    communes = district.communes(full_name=["Xã Kiến An", "Xã Hai", "Xã Ba", "Xã Bốn"])
    rows = {
        "old_code": ["97001", "97002"], "old_name": ["Xã Cù Lao", "Xã Khác"],
        "old_district": ["Huyện Đông", None], "new_code": ["98002", "99999"],
        "relation": ["full", "full"],
    }  # fmt: skip
    register = Register.of(communes, tables.crosswalk(pd.DataFrame(rows)))

    assert match_commune("xã Cù Lao, huyện Đông", register).code == "98002"
    assert match_commune("xã Khác", register).how is How.NOTHING, "it leads out of the province"
    assert Register.of(communes, None).match("Kiến An", None).code == "98001"


@given(st.sampled_from(sorted(COMMUNES)), st.sampled_from(["", "12 Lê Lợi, ", "Ấp 3 "]))
def test_every_present_name_finds_its_commune(code, before):
    match = match_commune(f"{before}{COMMUNES[code]}, An Giang", REGISTER, former=False)

    assert match.code == code


@given(
    st.sampled_from(FORMER),
    st.sampled_from([str, str.upper, lambda t: unicodedata.normalize("NFD", t)]),
)
def test_every_former_name_with_its_district_leads_to_what_took_it(row, spell):
    match = match_commune(spell(f"{row.full_name}, {row.district}"), REGISTER, former=True)
    took = {each.new_code for each in FORMER if each.code == row.code}

    assert {each.code for each in match.candidates} == took
    assert match.code == (row.new_code if len(took) == 1 else None)


@given(st.sampled_from(FORMER))
def test_without_diacritics_nothing_is_ever_decided(row):
    match = match_commune(search_key(f"{row.full_name}, {row.district}"), REGISTER)

    assert match.code is None
    assert row.new_code in {each.code for each in match.candidates}


@given(
    st.text()
    | st.lists(st.sampled_from([*"xãTT.,-() ", "huyện ", "tỉnh ", "Kiến An", "cũ", "1"])).map(
        "".join
    )
)
def test_any_text_is_answered(text):
    match = match_commune(text, REGISTER)

    assert match.code is None or match.code in {each.code for each in match.candidates}


@pytest.mark.parametrize("province", sorted(units.provinces()))
def test_every_former_address_of_the_country_leads_to_its_commune_or_to_candidates(province):
    """The package's own conversion is the oracle: no address is led anywhere else."""
    former = units.former_units(province)
    rows = [
        FormerCommune(each.code, each.full_name, each.district_name, new, each.province_name)
        for each in former for new in units.became(each.code)
    ]  # fmt: skip
    present = units.province_units(province)
    names = [units.provinces()[province], *{each.province_name for each in former}]
    register = Register([(each.code, each.full_name) for each in present], rows, names)
    keys = {each.code: name_key(each.full_name) for each in present}
    for each in former:
        address = f"{each.full_name}, {each.district_name}, {each.province_name}"
        match = match_commune(address, register)
        took = units.became(each.code)
        named_alike = {code for code, key in keys.items() if key == name_key(each.full_name)}
        assert set(took) <= {candidate.code for candidate in match.candidates}, address
        if len(took) == 1 and named_alike <= set(took):
            assert match.code == took[0], address
        else:
            assert match.code is None or {match.code} == set(took), address
    for each in present:
        assert match_commune(each.full_name, register, former=False).code == each.code
