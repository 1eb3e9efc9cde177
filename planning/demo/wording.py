"""What points are called: their houses, names, addresses and dates, all invented."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

LABEL = "Dữ liệu minh họa"
HOURS = "07:30–11:30, 13:30–17:00"
# Earliest day of an invented point: the decision that brought in service organisations.
FIRST_DAY = date(2022, 5, 12)

# For each sort of organisation the houses of its points and how often each comes.
HOUSES = {
    "post": {"BĐ-VHX": 45, "bưu cục": 20, "nhà riêng": 15, "văn phòng ấp/khóm": 15, "UBND xã": 5},
    "viettel": {"cửa hàng Viettel": 60, "nhà riêng": 25, "khác": 15},
    "private": {"nhà riêng": 45, "nhà thuốc": 18, "văn phòng ấp/khóm": 17, "khác": 12,
                "trạm y tế": 8},
    "online": {"trạm y tế": 30, "nhà thuốc": 25, "UBND xã": 20, "văn phòng ấp/khóm": 25},
}  # fmt: skip
_SPOKEN = {
    "bưu cục": "Bưu cục", "BĐ-VHX": "Bưu điện - Văn hóa xã", "cửa hàng Viettel": "Viettel",
    "UBND xã": "UBND", "trạm y tế": "Trạm Y tế", "nhà thuốc": "Nhà thuốc",
    "văn phòng ấp/khóm": "Văn phòng", "nhà riêng": "Hộ dân", "khác": "Cửa hàng",
}  # fmt: skip
_TYPES = ("Xã ", "Phường ", "Thị trấn ", "Đặc khu ")


def draw_houses(sort: str, count: int, rng: np.random.Generator) -> list[str]:
    """Return `count` kinds of house, drawn as often as they come with organisations of `sort`."""
    odds = np.array(list(HOUSES[sort].values()), dtype=float)
    return [str(each) for each in rng.choice(list(HOUSES[sort]), size=count, p=odds / odds.sum())]


def bare_name(full_name: str) -> str:
    """Return a commune's name without its type."""
    for each in _TYPES:
        if full_name.startswith(each):
            return full_name.removeprefix(each)
    return full_name


def is_urban(full_name: str) -> bool:
    """Return whether a commune's type is urban, where hamlets are called otherwise."""
    return full_name.startswith(("Phường ", "Thị trấn "))


def point_names(house: pd.Series, commune: pd.Series) -> pd.Series:
    """Return “Điểm thu Bưu cục Bình Phú 2”: numbered where a name would come twice."""
    return numbered("Điểm thu " + house.map(_SPOKEN) + " " + commune.map(bare_name))


def numbered(name: pd.Series) -> pd.Series:
    """Return the names, those that come more than once with a number each."""
    number = name.groupby(name).cumcount() + 1
    several = name.groupby(name).transform("size") > 1
    return name + (" " + number.astype("str")).where(several, "")


def addresses(commune: pd.Series, words: tuple[str, str], rng: np.random.Generator) -> pd.Series:
    """Return “Ấp 3, Xã Bình Phú”; `words` are those for a rural hamlet and an urban quarter."""
    number = pd.Series(rng.integers(1, 10, len(commune)), index=commune.index).astype(str)
    word = commune.map(is_urban).map({False: words[0], True: words[1]})
    return word + " " + number + ", " + commune


def days(since: pd.Series, last: str, rng: np.random.Generator) -> pd.Series:
    """Return a day after each of `since`, at latest `last`; days are ISO texts."""
    end = date.fromisoformat(last)
    part = rng.uniform(0, 1, len(since))
    return pd.Series(
        [
            (first + timedelta(days=int((end - first).days * share))).isoformat()
            for first, share in zip(map(date.fromisoformat, since), part, strict=True)
        ],
        index=since.index, dtype="str",
    )  # fmt: skip
