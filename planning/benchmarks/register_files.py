"""A made-up register of any size as the files an office would bring: the same for the same seed.

Points stand where the demonstration's people live, each has the code of its commune and
organisation; every figure of a point is the sum of its staff's, and so on upwards, so that
nothing is found wrong with it. Nobody in it exists.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.locate import commune_of
from geo.tables import Communes, Grid
from planning.model.performance import DEFAULT_PROGRAMMES

PERIODS = ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
_NEAR_DEG = 0.002  # around the middle of a cell of the grid
_MOST_BY_ONE = 40  # of a staff member in a quarter, for one programme
_FIRST_ORGANISATION = 3_000_000_000
KEYS = ("Mã tổ chức", "Mã xã", "Mã điểm thu", "Mã nhân viên thu")


@dataclass(frozen=True, slots=True)
class Size:
    """How many points, staff and organisations; staff are a whole number for every point."""

    points: int = 5_000
    staff: int = 10_000
    organisations: int = 40
    inspections: int = 2_000
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Made:
    """The tables of a register, under the headings of the offices, in the order of import."""

    organisations: pd.DataFrame
    points: pd.DataFrame
    staff: pd.DataFrame
    inspections: pd.DataFrame
    targets: pd.DataFrame
    results: pd.DataFrame

    def written(self, folder: Path) -> dict[str, Path]:
        """Write every table as CSV; return kind → file."""
        found = {}
        for kind in ("organisations", "points", "staff", "inspections", "targets", "results"):
            found[kind] = folder / f"{kind}.csv"
            getattr(self, kind).to_csv(found[kind], index=False, encoding="utf-8")
        return found


def made(size: Size, grid: Grid, communes: Communes, province: str) -> Made:
    """Return a register of a size on the ground of a province."""
    chance = np.random.default_rng(size.seed)
    codes = np.array([str(_FIRST_ORGANISATION + at) for at in range(size.organisations)])
    points = _points(size, grid, communes, province, codes, chance)
    each = size.staff // size.points
    point_of = np.repeat(np.arange(size.points), each)
    staff = _staff(points, point_of)
    results = _figures(points, staff, point_of, chance)
    targets = results[results["Mã nhân viên thu"] == ""].copy()
    targets["Chỉ tiêu"] = np.ceil(targets.pop("Thực hiện").to_numpy() * 1.2).astype(int)
    return Made(_organisations(codes), points, staff, _inspections(points, size, chance), targets,
                results)  # fmt: skip


def _points(
    size: Size, grid: Grid, communes: Communes, province: str, codes: NDArray[np.str_],
    chance: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    lon, lat, commune = _places(size, grid, communes, chance)
    weight = 1 / np.arange(1, size.organisations + 1)
    owner = codes[chance.choice(size.organisations, size.points, p=weight / weight.sum())]
    pair = pd.Series(owner) + commune
    number = pair.groupby(pair).cumcount() + 1
    named = dict(zip(communes["code"], communes["full_name"], strict=True))
    at = np.arange(size.points)
    return pd.DataFrame({
        "Mã điểm thu": [f"{whose}TH{province}{code}{n:03d}"
                        for whose, code, n in zip(owner, commune, number, strict=True)],
        "Tên điểm thu": [f"Điểm thu mẫu {each}" for each in at],
        "Hình thức": np.where(at % 5 == 4, "Trực tuyến", "Trực tiếp"),
        "Loại địa điểm": "bưu cục", "Số nhà, đường, thôn/ấp/khóm": [f"Ấp {each % 9 + 1}" for each in at],
        "Xã/phường/đặc khu": [named[each] for each in commune], "Mã xã": commune,
        "Mã tổ chức": owner, "Tên tổ chức dịch vụ thu": [_called(each) for each in owner],
        "Vĩ độ": np.char.mod("%.6f", lat), "Kinh độ": np.char.mod("%.6f", lon),
        "Biển hiệu": np.where(at % 8 == 0, "Chưa", "Có"), "Số nhân viên thu": size.staff // size.points,
        "Nhân viên thường trực": np.where(at % 6 == 0, "Không", "Có"),
        "Thời gian làm việc": "07:30-11:30, 13:30-17:00", "Trạng thái": "Hoạt động",
        "Ngày bắt đầu": "01/07/2025",
    })  # fmt: skip


def _places(
    size: Size, grid: Grid, communes: Communes, chance: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.object_]]:
    """Return degrees east and north and the commune of places near to people, within communes."""
    people = grid["people"].to_numpy()
    drawn = chance.choice(len(grid), 2 * size.points, p=people / people.sum())
    shift = chance.uniform(-_NEAR_DEG, _NEAR_DEG, (2, len(drawn)))
    lon, lat = grid["lon"].to_numpy()[drawn] + shift[0], grid["lat"].to_numpy()[drawn] + shift[1]
    commune = commune_of(lon, lat, communes)
    inside = np.flatnonzero(commune.notna().to_numpy())[: size.points]
    return lon[inside], lat[inside], commune.to_numpy(dtype=object)[inside]


def _staff(points: pd.DataFrame, point_of: NDArray[np.intp]) -> pd.DataFrame:
    at = np.arange(len(point_of))
    return pd.DataFrame({
        "Mã nhân viên thu": [f"NV-{each:05d}" for each in at],
        "Họ và tên": [f"Người Mẫu {each}" for each in at],
        "Mã tổ chức": points["Mã tổ chức"].to_numpy()[point_of],
        "Tên tổ chức dịch vụ thu": points["Tên tổ chức dịch vụ thu"].to_numpy()[point_of],
        "Mã điểm thu": points["Mã điểm thu"].to_numpy()[point_of],
        "Số thẻ": [f"THE-{each:05d}" for each in at],
        "Thẻ có giá trị đến": np.where(at % 10 == 0, "30/06/2026", "31/12/2027"),
        "Giấy chứng nhận": [f"CC-{each:05d}" for each in at],
        "Thường trực": np.where(at % 2 == 0, "Có", "Không"),
        "Điện thoại": [f"09{each:08d}" for each in at],
    })  # fmt: skip


def _organisations(codes: NDArray[np.str_]) -> pd.DataFrame:
    at = np.arange(len(codes))
    return pd.DataFrame({
        "Mã tổ chức": codes, "Tên tổ chức dịch vụ thu": [_called(each) for each in codes],
        "Số hợp đồng": [f"{each + 1}/HĐ-BHXH" for each in at], "Ngày hợp đồng": "01/07/2025",
        "Hợp đồng có giá trị đến": np.where(at % 7 == 0, "30/06/2026", "30/06/2028"),
        "Bảo lãnh": 150_000_000, "Bảo lãnh có giá trị đến": "31/12/2027", "Địa chỉ": "Số 1, đường Mẫu",
    })  # fmt: skip


def _called(code: str) -> str:
    return f"Tổ chức dịch vụ thu mẫu {int(code) - _FIRST_ORGANISATION + 1}"


def _inspections(points: pd.DataFrame, size: Size, chance: np.random.Generator) -> pd.DataFrame:
    which = np.sort(chance.choice(size.points, min(size.inspections, size.points), replace=False))
    wrong = chance.random(len(which)) < 0.3
    return pd.DataFrame({
        "Ngày kiểm tra": "15/08/2026", "Mã điểm thu": points["Mã điểm thu"].to_numpy()[which],
        "Nội dung kiểm tra": "Biển hiệu, sổ sách", "Phát hiện": np.where(wrong, "Thiếu niêm yết", ""),
        "Kết luận": np.where(wrong, "Không đạt", "Đạt"),
        "Hạn khắc phục": np.where(wrong, "15/09/2026", ""),
        "Số biên bản": [f"{each + 1}/BB" for each in range(len(which))],
    })  # fmt: skip


def _figures(
    points: pd.DataFrame, staff: pd.DataFrame, point_of: NDArray[np.intp],
    chance: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """Return results of every quarter and programme: staff, points, organisations per commune, all."""
    of_pair, pairs = pd.factorize(points["Mã tổ chức"] + "|" + points["Mã xã"])
    whose = [each.split("|") for each in pairs]
    found = []
    codes, nobody = staff["Mã nhân viên thu"].tolist(), [""] * len(KEYS)
    for period in PERIODS:
        for programme in DEFAULT_PROGRAMMES:
            by_staff = chance.integers(0, _MOST_BY_ONE, len(staff))
            by_point = np.bincount(point_of, by_staff, len(points)).astype(int)
            by_pair = np.bincount(of_pair, by_point, len(pairs)).astype(int)
            told: list[tuple[Any, ...]] = [
                *(("", "", "", code, value) for code, value in zip(codes, by_staff, strict=True)),
                *(("", "", code, "", value)
                  for code, value in zip(points["Mã điểm thu"], by_point, strict=True)),
                *((*pair, "", "", value) for pair, value in zip(whose, by_pair, strict=True)),
                (*nobody, by_pair.sum()),
            ]  # fmt: skip
            table = pd.DataFrame(told, columns=[*KEYS, "Thực hiện"])
            table.insert(0, "Kỳ", period)
            table.insert(1, "Chương trình", programme.code)
            found.append(table)
    return pd.concat(found, ignore_index=True)
