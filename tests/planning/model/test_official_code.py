"""The official code of a point: read, written, renewed without two points sharing one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.model.official_code import Bearer, CodeState, OfficialCode, parse, renewed

POST = "3456789000"


def code(commune: str, number: int, organisation: str = POST, province: str = "89") -> str:
    return f"{organisation}TH{province}{commune}{number:03d}"


def said(bearers: list[Bearer]) -> dict[str, tuple[CodeState, str | None]]:
    return {
        point: (each.state, None if each.code is None else str(each.code))
        for point, each in renewed(bearers, "91").items()
    }


def test_the_example_of_the_rule_is_read_and_written():
    text = "3456789000TH0100070003"
    assert parse(text) == OfficialCode("3456789000", "01", "00070", 3)
    assert str(parse(text)) == text
    assert str(parse("1234567TH9130307012")) == "1234567TH9130307012"


@pytest.mark.parametrize(
    "text",
    ["", "3456789000TH0100070000", "345678900TH0100070003", "3456789000th0100070003",
     "3456789000TH010007003", " 3456789000TH0100070003", "3456789000TH0100070003\n",
     "３４５６７８９０００TH0100070003", "IS0212M"],
)  # fmt: skip
def test_other_texts_are_no_code(text):
    assert parse(text) is None


def test_province_and_commune_are_replaced_and_the_number_stays():
    bearers = [Bearer("a", code("30634", 7), "30628")]
    assert said(bearers) == {"a": (CodeState.RENEWED, code("30628", 7, province="91"))}


def test_two_points_of_one_organisation_do_not_get_one_number():
    bearers = [
        Bearer("late", code("30637", 1), "30628"),
        Bearer("early", code("30631", 1), "30628"),
        Bearer("second", code("30631", 2), "30628"),
        Bearer("other", code("30637", 1, "1234567"), "30628"),
    ]
    found = said(bearers)
    assert found["early"] == (CodeState.RENEWED, code("30628", 1, province="91"))
    assert found["second"] == (CodeState.RENEWED, code("30628", 2, province="91"))
    # 1 and 2 are taken by those who keep theirs; the third gets the next free one.
    assert found["late"] == (CodeState.RENUMBERED, code("30628", 3, province="91"))
    assert found["other"] == (CodeState.RENEWED, code("30628", 1, "1234567", "91"))


def test_a_right_code_comes_first_and_a_closed_point_keeps_its_number():
    bearers = [
        Bearer("moves", code("30001", 1), "30628"),
        Bearer("right", code("30628", 1, province="91"), "30628"),
        Bearer("closed", code("30628", 2, province="91"), "30628", closed=True),
    ]
    found = said(bearers)
    assert found["right"][0] is CodeState.KEPT
    assert found["closed"] == (CodeState.PAST, code("30628", 2, province="91"))
    assert found["moves"] == (CodeState.RENUMBERED, code("30628", 3, province="91"))


def test_after_the_last_number_the_first_free_one_follows():
    bearers = [Bearer(f"p{at}", code("30001", 999), "30628") for at in range(3)]
    numbers = sorted(each.code.number for each in renewed(bearers, "91").values())
    assert numbers == [1, 2, 999]


def test_a_commune_of_one_organisation_can_be_full():
    bearers = [Bearer(f"{at:04}", code("30628", at, province="91"), "30628")
               for at in range(1, 1000)]  # fmt: skip
    bearers.append(Bearer("one more", code("30001", 5), "30628"))
    assert said(bearers)["one more"] == (CodeState.FULL, None)


def test_what_cannot_be_said_is_not_said():
    bearers = [Bearer("a", None, "30628"), Bearer("b", "IS0212M", "30628"),
               Bearer("c", code("30628", 1), None)]  # fmt: skip
    assert said(bearers) == {
        "a": (CodeState.MISSING, None), "b": (CodeState.INVALID, None),
        "c": (CodeState.UNPLACED, None),
    }  # fmt: skip


@given(
    st.lists(
        st.builds(
            lambda at, old, new, number, closed: Bearer(
                str(at), code(old, number), new, closed=closed
            ),
            st.uuids(), st.sampled_from(["30001", "30002", "30628"]),
            st.sampled_from(["30628", "30629"]), st.integers(1, 4), st.booleans(),
        ),
        max_size=20,
    ),
    st.randoms(),
)  # fmt: skip
def test_no_two_standing_points_share_a_code_in_whatever_order_they_come(bearers, random):
    found = renewed(bearers, "91")
    past = {str(found[each.point_id].code) for each in bearers if each.closed}
    standing = [str(found[each.point_id].code) for each in bearers if not each.closed]
    assert len(set(standing)) == len(standing)
    assert not past & set(standing)
    mixed = bearers.copy()
    random.shuffle(mixed)
    assert renewed(mixed, "91") == found
