"""Every published figure of the two provinces, recounted from plain rows of the demonstration.

Figures of An Giang are counted in the shipped files, those of Nghệ An in kept tables
(`test_laid_profiles`, and on the real boundaries where these are). Figures that cannot be modelled are named
in `NOT_MODELLED` with the reason; together with the tests they are the whole list.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from kept_tables import RECOUNTED

FOLDER = Path(__file__).parents[3] / "data" / "boundaries"
VOLUNTARY, HOUSEHOLD, QUARTER = "BHXH-TN", "BHYT-HGD", "2025-Q1"
Rows = list[dict[str, str]]

ALL = {*(f"AG{at}" for at in range(1, 17)), *(f"NA{at}" for at in range(1, 10))}
NOT_MODELLED = {
    "AG14": "told of the end of April 2025, after the last of the four quarters, with “more than” "
    "for both numbers, and of the post and the offices together, who are no organisation",
    "AG16": "conferences, not the network: that 8,031 of 8,040 who came took part is no rate "
    "that anybody should plan by",
}


def published(*ids: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test with the ids of the figures that it recounts."""

    def marked(test: Callable[..., None]) -> Callable[..., None]:
        test.__dict__["published"] = ids
        return test

    return marked


def rows(name: str) -> Rows:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def direct() -> Rows:
    return [each for each in rows("points.csv") if each["Hình thức"] == "Trực tiếp"]


@pytest.fixture(scope="module")
def figures() -> Rows:
    return rows("targets_and_results.csv")


def of(figures: Rows, programme: str, level: str, quarter: str = QUARTER) -> Rows:
    wanted = (programme, level, quarter)
    return [each for each in figures if (each["Chương trình"], each["Cấp"], each["Kỳ"]) == wanted]


def figure(each: dict[str, str]) -> tuple[int, int]:
    return int(each["Chỉ tiêu"]), int(each["Thực hiện"])


def ranked(figures: Rows, programme: str) -> dict[str, tuple[int, int]]:
    """Return target and result of every organisation by its name."""
    names = {each["Mã tổ chức"]: each["Tên tổ chức dịch vụ thu"]
             for each in rows("organisations.csv")}  # fmt: skip
    return {names[each["Mã tổ chức"]]: figure(each) for each in of(figures, programme, "Tổ chức")}


def percent(figures: tuple[int, int]) -> float:
    target, result = figures
    return round(100 * result / target, 1)


def below_the_province(figures: Rows, programme: str) -> set[str]:
    """Return the organisations whose rate is below the province's, compared as whole numbers."""
    ((target, result),) = map(figure, of(figures, programme, "Tỉnh"))
    return {
        name for name, (own, reached) in ranked(figures, programme).items()
        if reached * target < result * own
    }  # fmt: skip


def test_every_published_figure_has_a_test_or_a_reason_why_not() -> None:
    tested = {number for test in globals().values() for number in getattr(test, "published", ())}
    assert tested | set(NOT_MODELLED) | RECOUNTED == ALL
    assert not tested & set(NOT_MODELLED)


@published("AG1", "AG2", "AG6", "AG7")
def test_points_signs_online_points_and_staff(direct: Rows) -> None:
    staff = rows("staff.csv")

    assert len(direct) == 857
    assert sum(each["Biển hiệu"] == "Có" for each in direct) == 747
    assert sum(each["Hình thức"] == "Trực tuyến" for each in rows("points.csv")) == 541
    assert len({each["Mã nhân viên thu"] for each in staff}) == len(staff) == 947
    assert {each["Mã điểm thu"] for each in staff} == {each["Mã điểm thu"] for each in direct}


@published("AG3", "AG4", "AG5")
def test_points_of_the_155_former_communes(direct: Rows) -> None:
    former = {each["old_code"] for each in rows("crosswalk.csv")}
    count = Counter(each["Mã xã cũ"] for each in direct)

    assert len(former) == 155
    assert set(count) == former
    assert sum(number >= 10 for number in count.values()) == 39
    assert max(count.values()) == 29
    assert list(count.values()).count(29) == 1


@published("AG8")
def test_12_561_in_voluntary_insurance_are_39_4_percent_and_19_335_short(figures: Rows) -> None:
    ((target, result),) = map(figure, of(figures, VOLUNTARY, "Tỉnh"))

    assert (target, result, target - result) == (31_896, 12_561, 19_335)
    assert percent((target, result)) == 39.4


@published("AG9")
def test_749_962_in_household_insurance_are_87_5_percent_and_106_965_short(figures: Rows) -> None:
    ((target, result),) = map(figure, of(figures, HOUSEHOLD, "Tỉnh"))

    assert (target, result, target - result) == (856_927, 749_962, 106_965)
    assert percent((target, result)) == 87.5


@published("AG10")
def test_minh_an_alone_is_over_its_voluntary_target(figures: Rows) -> None:
    over = {name: percent(each) for name, each in ranked(figures, VOLUNTARY).items()
            if each[1] > each[0]}  # fmt: skip

    assert over == {"Công ty Minh An": 786.4}


@published("AG11")
def test_twelve_organisations_are_below_the_voluntary_rate(figures: Rows) -> None:
    rates = ranked(figures, VOLUNTARY)
    below = below_the_province(figures, VOLUNTARY)

    assert len(below) == 12
    named = {"Công ty Đăng Khoa": 3.4, "Công ty Huy Phúc": 6.8, "Công ty Thiện Nhân": 21.2}
    assert set(named) <= below
    assert {name: percent(rates[name]) for name in named} == named


@published("AG12")
def test_three_organisations_are_over_their_household_target(figures: Rows) -> None:
    over = {name: percent(each) for name, each in ranked(figures, HOUSEHOLD).items()
            if each[1] > each[0]}  # fmt: skip

    assert over == {
        "Công ty Minh An": 197.5, "Công ty Thiện Nhân": 127.6, "Công ty Hoàng Ngọc An Giang": 119.7,
    }  # fmt: skip


@published("AG13")
def test_fourteen_organisations_are_below_the_household_rate(figures: Rows) -> None:
    assert len(below_the_province(figures, HOUSEHOLD)) == 14


@published("AG15")
def test_more_than_11_7_billion_dong_are_payable(figures: Rows) -> None:
    (payable,) = of(figures, "THU-LAO", "Tỉnh")

    assert 11_700_000_000 < int(payable["Thực hiện"]) < 11_800_000_000
    assert payable["Chỉ tiêu"] == ""


@pytest.mark.parametrize("programme", [VOLUNTARY, HOUSEHOLD])
@pytest.mark.parametrize("quarter", ["2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"])
def test_every_level_of_every_quarter_adds_up_to_the_person(
    figures: Rows, programme: str, quarter: str
) -> None:
    sums = {
        level: tuple(map(sum, zip(*map(figure, of(figures, programme, level, quarter)), strict=True)))
        for level in ("Tỉnh", "BHXH cơ sở", "Tổ chức", "Tổ chức theo xã", "Điểm thu",
                      "Nhân viên thu")
    }  # fmt: skip

    assert len(set(sums.values())) == 1, sums


def test_staff_and_organisations_in_former_communes_add_up_to_those_above(
    direct: Rows, figures: Rows
) -> None:
    at = {each["Mã nhân viên thu"]: each["Mã điểm thu"] for each in rows("staff.csv")}
    pair = {each["Mã điểm thu"]: (each["Mã tổ chức"], each["Mã xã cũ"]) for each in direct}
    points: Counter[tuple[str, str]] = Counter()
    pairs: Counter[tuple[str, tuple[str, str]]] = Counter()
    for programme in (VOLUNTARY, HOUSEHOLD):
        for each in of(figures, programme, "Nhân viên thu"):
            points[(programme, at[each["Mã nhân viên thu"]])] += int(each["Thực hiện"])
        for each in of(figures, programme, "Điểm thu"):
            assert points[(programme, each["Mã điểm thu"])] == int(each["Thực hiện"])
            pairs[(programme, pair[each["Mã điểm thu"]])] += int(each["Thực hiện"])
        for each in of(figures, programme, "Tổ chức theo xã"):
            key = (programme, (each["Mã tổ chức"], each["Mã xã"]))
            assert pairs[key] == int(each["Thực hiện"])


def test_needs_are_those_whom_the_published_coverage_leaves() -> None:
    needs = rows("needs.csv")
    people = {each["code"]: int(each["people"]) for each in rows("population_2025.csv")}

    assert {each["Mã xã"] for each in needs} == set(people)
    # 1,908,352 people less the 1,775,033 insured of the end of 2024.
    assert sum(int(each["Chưa tham gia BHYT"]) for each in needs) == 133_319
    for each in needs:
        assert list(each)[2:] == [
            "Chưa tham gia BHYT", "Ngoài BHXH bắt buộc trong độ tuổi lao động", "Tiềm năng",
            "Đến hạn đóng", "Sắp hết hạn", "Đã dừng đóng", "Ghi chú",
        ]  # fmt: skip
        for heading in list(each)[2:8]:
            assert 0 < int(each[heading]) < people[each["Mã xã"]]


def test_fewer_payments_are_due_than_people_take_part(figures: Rows) -> None:
    due = sum(int(each["Đến hạn đóng"]) for each in rows("needs.csv"))
    (held,) = of(figures, VOLUNTARY, "Tỉnh")

    assert 0 < due < int(held["Thực hiện"])


def test_nobody_in_the_files_can_be_a_real_person() -> None:
    for each in rows("staff.csv"):
        assert re.fullmatch(r"Nhân viên \d{4} \(minh họa\)", each["Họ tên nhân viên"])
        assert each["Điện thoại"] == ""
    assert all(each["Điện thoại"] == "" for each in rows("organisations.csv"))
