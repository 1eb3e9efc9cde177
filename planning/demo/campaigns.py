"""What each profile's province was to reach in its programmes, and what it reached.

The ids in the comments (AG8 …, NA2 …) are those of the list of published figures; what has
none is ours, chosen so that the published sums and rates come out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from planning.model.performance import HOUSEHOLD, VOLUNTARY, Counts, Level, Programme

INSURED = Programme("BHYT", "Tham gia BHYT", "người", Counts.HELD)
SOCIAL = Programme("BHXH", "Tham gia BHXH", "người", Counts.HELD)
REMUNERATION = Programme("THU-LAO", "Thù lao phải trả", "đồng", Counts.NEW)
JOINED = Programme("BHXH-TN-MOI", "BHXH tự nguyện, tăng mới", "người", Counts.NEW)
EVERY_LEVEL = (
    Level.PROVINCE, Level.OFFICE, Level.ORGANISATION, Level.ORGANISATION_IN_COMMUNE, Level.POINT,
    Level.STAFF,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reached:
    """What a province was to reach in a period and what it reached; None: no target was given."""

    period: str
    target: int | None
    result: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """One programme in some periods, oldest first.

    `exact` are completion rates of organisations in the last period, in percent to one
    decimal; `wished` rates come out as they are, those of all others follow from what is
    left. `parts` says how much smaller or larger an organisation's target is than its staff
    would have it. Figures are told at `levels` only.
    """

    programme: Programme
    periods: tuple[Reached, ...]
    exact: Mapping[str, float] = field(default_factory=dict)
    wished: Mapping[str, float] = field(default_factory=dict)
    parts: Mapping[str, float] = field(default_factory=dict)
    levels: tuple[Level, ...] = EVERY_LEVEL

    @property
    def shared_out(self) -> bool:
        """Whether anybody besides the province has figures."""
        return self.levels != (Level.PROVINCE,)


_AN_GIANG = (
    Campaign(
        VOLUNTARY,
        (
            Reached("2024-Q2", 20_300, 10_912),
            Reached("2024-Q3", 24_150, 11_657),
            Reached("2024-Q4", 28_000, 12_974),
            Reached("2025-Q1", 31_896, 12_561),  # AG8: 39.4 %, short 19,335
        ),
        exact={
            "Công ty Minh An": 786.4,  # AG10: the only one over its target
            "Công ty Đăng Khoa": 3.4,  # AG11: the three named of the twelve below the province
            "Công ty Huy Phúc": 6.8,
            "Công ty Thiện Nhân": 21.2,
        },
        # With Minh An these are the six of eighteen that are not below the province.
        wished={
            "Bưu điện tỉnh": 44.6, "Viettel": 43.1, "Công ty Hoàng Ngọc An Giang": 52.4,
            "Công ty Minh Họa Sen Vàng": 47.3, "Công ty Minh Họa Phù Sa": 41.2,
        },
        # So high a rate is only possible on a small target.
        parts={"Công ty Minh An": 0.1},
    ),
    Campaign(
        HOUSEHOLD,
        (
            Reached("2024-Q2", 842_300, 741_086),
            Reached("2024-Q3", 847_100, 768_514),
            Reached("2024-Q4", 851_900, 803_927),
            Reached("2025-Q1", 856_927, 749_962),  # AG9: 87.5 %, short 106,965
        ),
        # AG12: exactly these three over their target. With the one wished for they are the four
        # of eighteen that are not below the province; AG13: the other fourteen are.
        exact={
            "Công ty Minh An": 197.5, "Công ty Thiện Nhân": 127.6,
            "Công ty Hoàng Ngọc An Giang": 119.7,
        },
        wished={"Công ty Minh Họa Phù Sa": 93.4},
    ),
    # AG15: more than 11.7 billion đồng; the odd millions are ours, and no target is published.
    Campaign(
        REMUNERATION, (Reached("2025-Q1", None, 11_728_400_000),), levels=(Level.PROVINCE,)
    ),
    # Who joined anew: all of it is ours, and no published figure speaks of it. AG14 counts people
    # won over by the end of April 2025 and says neither since when nor whether they joined anew.
    # A whole year and the quarter after it, so that months add up to both and a quarter stands
    # beside that of the year before; the last of all, so that it leaves what is drawn above alone.
    # In the province at least as many join as more are held; an organisation can also hold people
    # who changed over from another.
    Campaign(
        JOINED,
        (
            Reached("2024-01", 400, 312), Reached("2024-02", 300, 188),
            Reached("2024-03", 500, 407), Reached("2024-04", 450, 356),
            Reached("2024-05", 500, 421), Reached("2024-06", 550, 498),
            Reached("2024-07", 550, 436), Reached("2024-08", 600, 517),
            Reached("2024-09", 600, 562), Reached("2024-10", 650, 604),
            Reached("2024-11", 700, 689), Reached("2024-12", 750, 873),
            Reached("2025-01", 450, 241), Reached("2025-02", 500, 366),
            Reached("2025-03", 650, 528),
        ),
        levels=(Level.PROVINCE, Level.ORGANISATION),
    ),
)  # fmt: skip

_NGHE_AN = (
    Campaign(
        VOLUNTARY,
        (
            Reached("2022-Q4", 118_500, 109_422),  # NA2: 113,461 less 4,039
            Reached("2023-Q1", 112_400, 108_731),
            Reached("2023-Q2", 115_100, 109_874),
            Reached("2023-Q3", 117_900, 111_502),
            Reached("2023-Q4", 120_700, 113_461),  # NA2
        ),
    ),
    Campaign(
        INSURED,
        # NA3: 2,936,308 is 93 % of 3,157,320, which stands as the target.
        (
            Reached("2022-Q4", 3_157_320, 2_875_571),  # NA3: 2,936,308 less 60,737
            Reached("2023-Q1", 3_157_320, 2_861_240),
            Reached("2023-Q2", 3_157_320, 2_884_905),
            Reached("2023-Q3", 3_157_320, 2_909_870),
            Reached("2023-Q4", 3_157_320, 2_936_308),  # NA3
        ),
    ),
    # NA1: no target is published, nor what each organisation has to do with it.
    Campaign(SOCIAL, (Reached("2023-Q4", None, 385_931),), levels=(Level.PROVINCE,)),
)

CAMPAIGNS: Mapping[str, tuple[Campaign, ...]] = MappingProxyType(
    {"an-giang-2025q1": _AN_GIANG, "nghe-an-2023": _NGHE_AN}
)
