"""The published figures that a demonstration network adds up to.

The ids in the comments (AG1 …, NA4 …) are those of the list of published figures. What no
article states, such as the share of each organisation, is an assumption and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from planning.demo.lapses import Lapses

# How the names of invented organisations begin.
INVENTED = "Công ty Minh Họa"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A service organisation: its name, its part of all points, the houses it works from.

    `part` is relative to the parts of the others. One that works `everywhere` has a point
    in every district; the others work in one stretch of the province. `houses` names a key
    of `planning.demo.wording.HOUSES`.
    """

    name: str
    part: float
    houses: str = "private"
    everywhere: bool = False

    @property
    def invented(self) -> bool:
        """Whether no article names it."""
        return self.name.startswith(INVENTED)


@dataclass(frozen=True, slots=True)
class Crowding:
    """How full the fullest former communes are, known for a number of former communes.

    Exactly `communes` of `of` former communes have at least `least` points; one of them,
    `most_code` where it is there, has `most`, and no other as many.
    """

    of: int
    communes: int
    least: int
    most: int
    most_code: str


@dataclass(frozen=True, slots=True)
class CardsIssued:
    """How many cards staff were given in a year, after how many training sessions."""

    year: int
    cards: int
    sessions: int


@dataclass(frozen=True, slots=True)
class NetworkProfile:
    """What is published of a province's network on one day.

    `first_code` and `last_code` bound the present communes meant, in the province itself;
    elsewhere all are. `signs` is missing where no figure is published. `without_point` is
    the share of former communes, the least peopled, that are left without a point.
    `cards_issued` are the cards of staff issued in a year, where that is published.
    """

    name: str
    province_code: str
    as_of: str
    direct: int
    online: int
    staff: int
    signs: int | None
    organisations: tuple[Organisation, ...]
    crowding: Crowding | None
    without_point: float
    first_code: str
    last_code: str
    hamlet: str
    quarter: str
    lapses: Lapses
    cards_issued: CardsIssued | None = None


def _private(names: str, part: float) -> tuple[Organisation, ...]:
    return tuple(Organisation(name.strip(), part) for name in names.split(","))


AN_GIANG = NetworkProfile(
    name="an-giang-2025q1",
    province_code="91",
    as_of="2025-03-31",
    direct=857,  # AG1
    signs=747,  # AG2
    online=541,  # AG6
    staff=947,  # AG7
    # AG3: every one of the 155 former communes has a point.
    without_point=0.0,
    # AG4 and AG5: 39 communes with ten points or more, 29 in Kiến An (30634).
    crowding=Crowding(of=155, communes=39, least=10, most=29, most_code="30634"),
    # AG10–AG13 name five organisations and imply at least 17; parts and other names are ours.
    organisations=(
        Organisation("Bưu điện tỉnh", 38, "post", everywhere=True),
        Organisation("Viettel", 14, "viettel", everywhere=True),
        *_private("Công ty Minh An, Công ty Đăng Khoa, Công ty Huy Phúc, Công ty Thiện Nhân", 4),
        Organisation("Công ty Hoàng Ngọc An Giang", 5),
        *_private(
            "Công ty Minh Họa Sen Vàng, Công ty Minh Họa Phù Sa, Công ty Minh Họa Bông Lúa, "
            "Công ty Minh Họa Hậu Giang Xanh, Công ty Minh Họa Thốt Nốt, Công ty Minh Họa "
            "Cù Lao, Công ty Minh Họa Bình Minh, Công ty Minh Họa Sông Tiền, Công ty Minh Họa "
            "Đồng Xanh, Công ty Minh Họa An Tâm, Công ty Minh Họa Tràm Trà",
            2.4,
        ),
    ),
    # The statistics office's range of codes for An Giang before it took in Kiên Giang.
    first_code="30280",
    last_code="30730",
    hamlet="Ấp",
    quarter="Khóm",
    # Signs: AG1 less AG2. The others are ours.
    lapses=Lapses(
        signs=110,
        no_permanent=12,
        cards=23,
        contracts=2,
        guarantees=3,
        shared_cards=2,
        silent=9,
        uninspected=31,
        unsettled=6,
        foreign_codes=4,
    ),
)

NGHE_AN = NetworkProfile(
    name="nghe-an-2023",
    province_code="40",
    as_of="2023-12-31",
    direct=1294,  # NA5
    staff=3153,  # NA6
    # No article counts signs or online points in Nghệ An.
    signs=None,
    online=0,
    # The article does not say that all communes have a point; the share is ours.
    without_point=0.05,
    crowding=None,
    # NA4: 25 organisations; NA7: two of them in every district. Other names and parts are ours.
    organisations=(
        Organisation("Bưu điện tỉnh", 42, "post", everywhere=True),
        Organisation("Viettel Nghệ An", 16, "viettel", everywhere=True),
        *_private(
            "Công ty Minh Họa Sông Lam, Công ty Minh Họa Sen Làng, Công ty Minh Họa Núi Quyết, "
            "Công ty Minh Họa Bến Thủy, Công ty Minh Họa Phủ Quỳ, Công ty Minh Họa Cửa Biển, "
            "Công ty Minh Họa Trường Sơn, Công ty Minh Họa Pù Mát",
            3,
        ),
        *_private(
            "Công ty Minh Họa Đồi Chè, Công ty Minh Họa Cam Vàng, Công ty Minh Họa An Lành, "
            "Công ty Minh Họa Bình Yên, Công ty Minh Họa Hồng Phúc, Công ty Minh Họa Nhân Ái, "
            "Công ty Minh Họa Lạc Việt, Công ty Minh Họa Thành Tâm, Công ty Minh Họa Phúc Lộc, "
            "Công ty Minh Họa Tâm Đức, Công ty Minh Họa Ánh Dương, Công ty Minh Họa Tân Tiến, "
            "Công ty Minh Họa Hoa Ban, Công ty Minh Họa Dòng Xanh, Công ty Minh Họa Gia An",
            1.2,
        ),
    ),
    first_code="00000",
    last_code="99999",
    hamlet="Xóm",
    quarter="Khối",
    # Signs are unknown; 21 of the 412 former communes are left without a point.
    lapses=Lapses(
        signs=0,
        no_permanent=17,
        cards=41,
        contracts=3,
        guarantees=2,
        shared_cards=3,
        silent=14,
        uninspected=52,
        unsettled=9,
        foreign_codes=5,
        unserved=21,
    ),
    cards_issued=CardsIssued(year=2023, cards=514, sessions=2),  # NA8
)

PROFILES: Mapping[str, NetworkProfile] = MappingProxyType(
    {each.name: each for each in (AN_GIANG, NGHE_AN)}
)
