"""Names that a province of the delta could have, for places that do not exist."""

import numpy as np

_FIRST = ("Bình", "Mỹ", "Vĩnh", "Phú", "Long", "Tân", "An", "Thạnh", "Hòa", "Định", "Kiến",
          "Hội", "Khánh", "Nhơn", "Thới", "Đông", "Tây", "Lương", "Phước", "Ô")  # fmt: skip
_SECOND = ("Lợi", "Thuận", "Hưng", "Phong", "Thành", "Trung", "Hậu", "Lộc", "Khánh", "Đức",
           "Thạnh", "Sơn", "Xuân", "Hiệp", "Trị", "Mỹ", "Phú", "Tường", "Nghĩa", "Giang",
           "Điền", "Kiên", "Thắng", "Quới", "Bửu", "Ngãi")  # fmt: skip
HILL_NAMES = ("Núi Sập Nhỏ", "Ô Lâm Sơn", "Vồ Bà", "Tà Nóc", "Chi Lăng Hạ", "An Hảo Thượng")
RIVER_ISLAND = ("Cù Lao Bần", "Cù Lao Dài", "Cù Lao Ông Hổ Nhỏ", "Cù Lao Tre")
SEA_ISLAND = "Hòn Nhạn"
DISTRICT_NAMES = ("Long Giang", "Châu Phong", "Tân Hồng Ngự", "Phú Thuận", "Tịnh Sơn", "Tri Lễ",
                  "Thoại Hưng", "Chợ Gạo Mới", "Châu Hưng", "An Giồng", "Vĩnh Kiến")  # fmt: skip
OFFICE_NAMES = DISTRICT_NAMES[:8]
BUSIEST = "Kiến Thạnh"


def invented(rng: np.random.Generator) -> list[str]:
    """Return all two-word names in a random order; none has the same word twice."""
    names = [
        f"{first} {second}" for first in _FIRST[:-1] for second in _SECOND
        if first != second and f"{first} {second}" != BUSIEST
    ]  # fmt: skip
    return [names[at] for at in rng.permutation(len(names))]
