"""The rules a network is held to: which there are, on which clause each rests, what it found."""

from dataclasses import dataclass
from enum import StrEnum

from geo.errors import N_


class Check(StrEnum):
    """What can be checked. Which of them hold in a province, from when, is data of the province."""

    SIGN_MISSING = "sign missing"
    NO_PERMANENT_STAFF = "no permanent staff"  # at an open direct point
    CARD_EXPIRED = "card expired"
    CONTRACT_EXPIRED = "contract expired"
    GUARANTEE_EXPIRED = "guarantee expired"
    TWO_ORGANISATIONS = "two organisations"  # one person, by any number or card
    TOO_FEW_POINTS = "too few points"  # of an organisation; `amount` points
    COMMUNE_UNSTAFFED = "commune unstaffed"  # no open direct point with staff
    FORMER_COMMUNE_UNSTAFFED = "former commune unstaffed"
    POINT_INACTIVE = "point inactive"  # no result for `amount` months
    INSPECTION_OVERDUE = "inspection overdue"  # none for `amount` months, or a deadline passed
    CODE_INCONSISTENT = "code inconsistent"  # official code and commune do not agree


class Record(StrEnum):
    """What kind of record a rule, or a change of the register, is about."""

    POINT = "point"
    ORGANISATION = "organisation"
    STAFF = "staff"
    COMMUNE = "commune"
    FORMER_COMMUNE = "former commune"
    INSPECTION = "inspection"


@dataclass(frozen=True, slots=True)
class Rule:
    """One check as a province holds it: the clause it rests on, and the days it counts.

    `clause` is written by the office; `amount` the number the check needs, None where it
    needs none. `valid_from` and `valid_to` are the first and last day, empty: open.
    """

    check: Check
    clause: str
    amount: int | None = None
    valid_from: str = ""
    valid_to: str = ""

    def holds(self, day: str) -> bool:
        """Whether it counts on a day (ISO text)."""
        return self.valid_from <= day and (not self.valid_to or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Failure:
    """One record that does not keep a rule.

    `since` is the day from which it does not, as far as the records tell; `seen` says that it
    is only the first day on which Diemthu saw it. `facts` go into the sentence that is shown.
    """

    check: Check
    record: Record
    record_id: str
    name: str
    organisation_code: str
    commune_code: str
    since: str
    seen: bool = False
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many records failed a rule on a day, of how many of which that could be said."""

    day: str
    check: Check
    failures: int
    base: int


# The clauses that could be verified; where no text was found the office writes its own.
_CONTRACT = "Hợp đồng ủy quyền thu; Công văn 3116/BHXH-BT ngày 24/7/2017"
DEFAULT_RULES = (
    Rule(Check.SIGN_MISSING, "Công văn 3116/BHXH-BT ngày 24/7/2017 (biển hiệu tại điểm thu)"),
    Rule(Check.NO_PERMANENT_STAFF, "Hợp đồng ủy quyền thu (nhân viên thường trực tại điểm thu trực tiếp)"),
    Rule(Check.CARD_EXPIRED, "Quyết định 2956/QĐ-BHXH năm 2025 (thẻ nhân viên thu)"),
    Rule(Check.CONTRACT_EXPIRED, "Thông tư 116/2025/TT-BTC ngày 15/12/2025 (hợp đồng ủy quyền)"),
    Rule(Check.GUARANTEE_EXPIRED, "Công văn 2747/BHXH-TST ngày 13/6/2023 của BHXH TP. Hồ Chí Minh (bảo lãnh ngân hàng)"),
    Rule(Check.TWO_ORGANISATIONS, "Quy định một nhân viên thu đăng ký với một tổ chức (BHXH tỉnh Nghệ An)"),
    Rule(Check.TOO_FEW_POINTS, "Công văn 2747/BHXH-TST ngày 13/6/2023 của BHXH TP. Hồ Chí Minh (ít nhất 3 điểm thu)", 3),
    Rule(Check.COMMUNE_UNSTAFFED, "Nghị quyết 01/2021 của Chính phủ (100% xã có điểm phục vụ có người phục vụ), áp dụng tương tự"),
    Rule(Check.FORMER_COMMUNE_UNSTAFFED, "Chỉ tiêu theo dõi của BHXH tỉnh sau sắp xếp 01/7/2025"),
    Rule(Check.POINT_INACTIVE, "Chỉ tiêu theo dõi của BHXH tỉnh", 6),
    Rule(Check.INSPECTION_OVERDUE, _CONTRACT + " (kiểm tra hằng quý)", 3),
    Rule(Check.CODE_INCONSISTENT, "Công văn 1804/BHXH-QLT ngày 01/8/2025 (mã điểm thu)"),
)  # fmt: skip

CHECK_NAMES: dict[Check, str] = {
    Check.SIGN_MISSING: N_("point without a sign"),
    Check.NO_PERMANENT_STAFF: N_("direct point without permanent staff"),
    Check.CARD_EXPIRED: N_("staff card expired"),
    Check.CONTRACT_EXPIRED: N_("contract expired"),
    Check.GUARANTEE_EXPIRED: N_("bank guarantee expired"),
    Check.TWO_ORGANISATIONS: N_("one person with two organisations"),
    Check.TOO_FEW_POINTS: N_("organisation with too few points"),
    Check.COMMUNE_UNSTAFFED: N_("commune without a staffed point"),
    Check.FORMER_COMMUNE_UNSTAFFED: N_("former commune without a staffed point"),
    Check.POINT_INACTIVE: N_("point without results"),
    Check.INSPECTION_OVERDUE: N_("inspection overdue"),
    Check.CODE_INCONSISTENT: N_("official code that does not fit the commune"),
}
