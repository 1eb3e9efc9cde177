"""What may be published of a row, and how two publications differ."""

import itertools
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.model.publishing import (
    Act,
    Drawing,
    Lists,
    Publication,
    PublicOrganisation,
    PublicPoint,
    PublicStaff,
    Unnamed,
    differences,
    naming,
    publishable_code,
    publishable_organisation,
    without_numbers,
)

POINT = PublicPoint("1", "Bưu cục", "direct", "open", "Số 1", "98001", "Xã Một", "01", "Bưu điện",
                    "7:30", 105.5, 10.2)  # fmt: skip


@pytest.mark.parametrize(
    "code",
    ["079185001234", "NVT079185001234", "NVT 0791 8500 1234", "079-185-001-234", "351234567",
     "NV 0912.345.678", "8712345678", "#7", "THE-00412", "nv-the00412", ""],
)  # fmt: skip
def test_a_code_that_may_be_a_number_of_the_person_is_not_published(code):
    assert publishable_code(code, ["0912 345 678", "THE-00412"]) == ""


@pytest.mark.parametrize("code", ["NV1", "NVT-2025-0012", "AG-00017", "BI0214M-0031"])
def test_other_codes_are_published_as_they_are(code):
    assert publishable_code(code, ["0912345678", "THE-00412", "1"]) == code


@given(st.text(st.sampled_from("0123456789 .-AB"), max_size=40))
def test_no_published_code_has_nine_digits_in_a_row_however_they_are_parted(code):
    left = re.sub(r"[^0-9A-Z]", "", publishable_code(code, ()))
    assert not re.search(r"\d{9}", left)


@given(st.text(max_size=10), st.from_regex(r"\A0[0-9]{9,10}\Z"), st.text(max_size=10))
def test_a_telephone_within_a_text_is_taken_out(before, phone, after):
    for written in (phone, f"{phone[:4]} {phone[4:7]} {phone[7:]}", f"{phone[:4]}.{phone[4:]}"):
        left = without_numbers(f"{before} ({written}) {after}")
        assert phone[4:] not in re.sub(r"[ .\-]", "", left.replace(before, "").replace(after, ""))


# What stands between the parts of a number: one of each kind, also where nothing is seen.
PARTED = (" ", "  ", ".", "-", " - ", " – ", "—", "/", "\u00a0", "\u202f", "\u200b", "\u2011", ") ")
GROUPS = ((4, 3, 3), (3, 3, 4), (4, 2, 2, 2), (3, 4, 3))


@given(
    st.from_regex(r"\A0[35789][0-9]{8}\Z"), st.sampled_from(GROUPS), st.sampled_from(PARTED),
    st.sampled_from(["", "ĐT ", "7h30-17h, ĐT ", "gọi +84 ", "tel:"]), st.booleans(),
)  # fmt: skip
def test_a_telephone_is_taken_out_however_its_parts_are_written(phone, groups, by, before, hours):
    ends = [sum(groups[:at]) for at in range(len(groups) + 1)]
    written = by.join(phone[one:other] for one, other in itertools.pairwise(ends))
    left = without_numbers(f"{before}{written}", hours=hours)
    assert not re.search(r"\d{2}", left.removeprefix(before.rstrip("84 ")))


@pytest.mark.parametrize(
    ("text", "hours", "left"),
    [
        ("Số 12-14, đường 3/2, ấp 4", False, "Số 12-14, đường 3/2, ấp 4"),
        ("ĐT 0912 345 678 gặp chị An", False, "ĐT … gặp chị An"),
        ("xã 30301, 10-12 đường", False, "xã 30301, 10-12 đường"),
        ("0912 – 345 – 678, 0912/345.678", False, "…, …"),
        ("Nhà thuốc 0912  345\u00a0678", False, "Nhà thuốc …"),
        ("0730-1130 1330-1700", True, "0730-1130 1330-1700"),
        ("07.30-11.30 13.30-17.00", True, "07.30-11.30 13.30-17.00"),
        ("0730-1130, 1330-1700", True, "0730-1130, 1330-1700"),
        ("0730 – 1130 / 1330 – 1700", True, "0730 – 1130 / 1330 – 1700"),
        ("7.30 11.30 13.30 17.00", True, "7.30 11.30 13.30 17.00"),
        ("Thứ 2-6 7.30-11.30 13.30-17.00", True, "Thứ 2-6 7.30-11.30 13.30-17.00"),
        ("7h30-17h, ĐT 0912 345 678", True, "7h30-17h, ĐT …"),
        ("gọi 0912.345.678", True, "gọi …"),
        ("7h30, gọi 0912345678", True, "7h30, gọi …"),
        ("(028) 3822 1234", True, "(…"),
    ],
)
def test_numbers_of_houses_and_hours_stay(text, hours, left):
    assert without_numbers(text, hours=hours) == left


def test_the_code_of_an_organisation_stays_unless_it_is_the_number_of_one_person():
    assert publishable_organisation("3456789000") == "3456789000"
    assert publishable_organisation("0102030405-001") == "0102030405-001"
    assert publishable_organisation("079185001234") == ""


def test_the_name_of_a_member_of_staff_is_found_in_other_texts_by_whole_words():
    texts = ["Nhà bà NGUYỄN THỊ AN, ấp 2", "Bưu cục Nguyễn Thị Anh", "Nhà thuốc An", "Điểm thu"]
    assert list(naming(texts, ["Nguyễn Thị An", "An", "Điểm"])) == [0]


def lists(*points: PublicPoint, staff: tuple[PublicStaff, ...] = ()) -> Lists:
    return Lists((PublicOrganisation("01", "Bưu điện", "", ""),), points, staff, ())


def test_records_are_added_removed_and_changed():
    other = replace(POINT, code="2", name="Nhà thuốc")
    moved = replace(POINT, address="Số 9", opening_hours="8:00")
    third = replace(POINT, code="3", name="Trạm y tế")
    found = differences(lists(POINT, other), lists(moved, third))
    assert found["points"].added == ("Trạm y tế",)
    assert found["points"].removed == ("Nhà thuốc",)
    (changed,) = found["points"].changed
    assert (changed.name, changed.fields) == ("Bưu cục", ("address", "opening_hours"))
    assert found["organisations"].records == 0


def test_without_a_publication_before_everything_is_new():
    found = differences(None, lists(POINT))
    assert (found["points"].added, found["points"].removed) == (("Bưu cục",), ())
    assert found["organisations"].added == ("Bưu điện",)


def test_staff_are_spoken_of_without_their_names():
    before = lists(staff=(PublicStaff("01", "Bưu điện", "NV1", "Nguyễn Thị An"),))
    after = lists(staff=(PublicStaff("01", "Bưu điện", "", "Trần Bình"),))
    found = differences(before, after)["staff"]
    assert "An" not in str(found)
    assert "Trần" not in str(found)
    assert (len(found.added), len(found.removed)) == (1, 1)


CODES = st.lists(st.text("123", min_size=0, max_size=2), max_size=6)


@given(CODES, CODES)
def test_what_is_added_less_what_is_removed_is_the_difference_in_length(old, new):
    before = lists(*(replace(POINT, code=each) for each in old))
    after = lists(*(replace(POINT, code=each) for each in new))
    found = differences(before, after)["points"]
    assert len(found.added) - len(found.removed) == len(new) - len(old)
    assert differences(after, after)["points"].records == 0


def test_what_is_kept_is_read_back_the_same_and_has_the_same_bytes():
    made = Publication(
        "98", "Tỉnh Thử", True, "2025-03-31", Act("1/CV", "2025-07-17", names=False),
        Lists((PublicOrganisation("01", "Bưu điện", "Số 1", ""),), (POINT,),
              (PublicStaff("01", "Bưu điện", "NV1", ""),), (Unnamed("01", "Bưu điện", 2),)),
        Drawing(10, 10, 1.0, 2.5, (("98001", "Xã Một", "M0 0Z", (0.0, 0.0, 1.0, 1.5)),), ((1.0, 2.5),)),
    )  # fmt: skip
    again = Publication.of(json.loads(made.as_bytes()))
    assert again == made
    assert again.as_bytes() == made.as_bytes()
