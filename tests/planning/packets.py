"""A made-up review round, complete and plausible: every test changes only what it is about.

Four square communes of a tenth of a degree; nothing in it is a real place. It is labelled
as a demonstration unless a test says otherwise.
"""

from dataclasses import replace
from typing import Any

from planning.model.coverage import GapReason
from planning.model.figures import KeyFigures
from planning.model.packet import (
    CommuneArea,
    Completion,
    DecisionRow,
    GapRow,
    MapPoint,
    OfficeRow,
    OrganisationRow,
    Origin,
    OverlapRow,
    Packet,
    Population,
    ProposalRow,
    Round,
    Shading,
)
from planning.model.proposals import ProposalKind, State

LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
SHADING = Shading((0.5, 0.7, 0.85, 0.95), ("#fcebb6", "#cde3a9", "#93cdae", "#59b0aa", "#2b8591"))
NAMES = ("Xã An Hòa", "Phường Bình Thủy", "Xã Đồng Thượng", "Đặc khu Cù Lao Ẻo")
PEOPLE = ((52_340, 47_106), (81_002, 80_150), (9_877, 3_211), (None, None))


def proposal(at: int = 1, **changes: Any) -> ProposalRow:
    """Return the proposal of a running number, with what a test changes of it."""
    kind = tuple(ProposalKind)[(at - 1) % 4]
    listed = kind is not ProposalKind.OPEN
    made = ProposalRow(
        number=f"DX-2026-{at:04d}", version=3, kind=kind, state=State.APPRAISED, code="",
        point="Bưu cục Tân Quới" if listed else "", point_kind="direct",
        organisation="Bưu điện tỉnh Mẫu", organisation_code="3456789000",
        name=f"Điểm thu số {at}", host="Nhà văn hóa ấp Thượng 2", host_type="văn phòng ấp",
        address="Ấp Thượng 2, đường Nguyễn Huệ", opening_hours="7 giờ 30 – 16 giờ 30",
        commune_code=f"9900{at % 4 + 1}", commune=NAMES[at % 4], former_code="98001",
        former="Xã Mỹ Đức (cũ)", office="BHXH cơ sở Châu Phú",
        lon=round(105.02 + 0.013 * (at % 14), 6), lat=round(10.02 + 0.011 * (at // 14 % 14), 6), staff=2, met=4, mandatory=5,
        cost=None if kind is ProposalKind.CLOSE else 41_250_000, gained=None if kind is ProposalKind.KIND else 1_234 + at,
        lost=0, overlap=310, distance_now_m=6_543.2, distance_then_m=1_210.5, rank=at,
        firmness="firm", note="", decision=None,
    )  # fmt: skip
    return replace(made, **changes)


def packet(**changes: Any) -> Packet:
    """Return a whole round, with what a test changes of it."""
    made = Packet(
        round=Round(2, "Quý IV năm 2026", "2026-11-20"),
        origin=origin(),
        figures=KeyFigures(
            points_direct=31, points_online=17, signed=24, sign_known=30, permanent=20,
            permanent_known=26, communes=4, communes_with_point=3, former=9, former_with_point=7,
            mean_radius_km=2.394, people_per_point=4_619.97, people=143_219, people_served=130_467,
        ),
        completion=Completion(None, None),
        offices=(
            OfficeRow("BHXH cơ sở Châu Phú", 2, 62_217, 50_317, 14, 6, 3, 2_469),
            OfficeRow("BHXH cơ sở Đông Hồ", 2, None, None, 17, 11, 1, None),
        ),
        gaps=tuple(
            GapRow(at, f"Phía đông {NAMES[at % 4]}, cách trung tâm {at},4 km", NAMES[at % 4],
                   2_100 - 90 * at, None if at == 7 else 4_810.0 + at, reason, round(105.03 + 0.015 * at, 6), 10.15)
            for at, reason in enumerate([*GapReason, *GapReason], start=1)
        ),
        overlaps=(OverlapRow("99002", NAMES[1], 17, 81_002),),
        proposals=tuple(proposal(at) for at in range(1, 9)),
        gained_together=6_120,
        organisations=(
            OrganisationRow("3456789000", "Bưu điện tỉnh Mẫu", 21, 33, 6, Completion(0.394, 0.875)),
            OrganisationRow("1234567", "Công ty TNHH Ví Dụ", 10, None, 2, Completion(None, None)),
        ),
        notes=("Xã 99004 chưa rõ dân số, không tính vào chỉ số nào.",
               "Một điểm thu nằm ngoài ranh giới tỉnh."),
        communes=tuple(
            CommuneArea(f"9900{at + 1}", NAMES[at], *PEOPLE[at], (9, 17, 5, 0)[at], ((square(at),),))
            for at in range(4)
        ),
        points=tuple(
            MapPoint(f"Điểm {at}", ("direct", "direct", "online", "mobile")[at % 4], at % 9 != 0,
                     round(105.01 + 0.0061 * at, 6), round(10.01 + 0.0047 * (at * 7 % 41), 6))
            for at in range(31)
        ),
        shading=SHADING,
        layers={},
    )  # fmt: skip
    return replace(made, **changes)


def origin(**changes: Any) -> Origin:
    """Return where the round comes from, with what a test changes of it."""
    made = Origin(
        province_code="99", province="Tỉnh Mẫu", authority="Bảo hiểm xã hội tỉnh Mẫu",
        valid_from="2025-07-01", data_date="2026-10-31",
        population=Population("dan_so_2025.csv, cột Dân số", "2025-12-31", 143_219, ("99004",)),
        boundaries="dựng cho kiểm thử", standard="3 km", program="Diemthu 0.1.0", method="Nhiều người nhất",
        parameters={"Hạt ngẫu nhiên": "7", "Ứng viên": "412"}, fingerprint="ab" * 32, synthetic=True,
    )  # fmt: skip
    return replace(made, **changes)


def decided() -> DecisionRow:
    """Return a decision made before the round."""
    return DecisionRow(
        False, "overlap", "Đã có hai điểm thu cách 600 m", "12/QĐ-BHXH", "2026-11-02"
    )


def square(at: int) -> tuple[tuple[float, float], ...]:
    """Return the ring of one commune."""
    west, south = 105.0 + 0.1 * (at % 2), 10.0 + 0.1 * (at // 2)
    east, north = round(west + 0.1, 6), round(south + 0.1, 6)
    return ((west, south), (east, south), (east, north), (west, north),
            (west, south))  # fmt: skip


HOSTILE = (
    '=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\tTAB", "#let x = 1; #panic()",
    "*đậm* _nghiêng_ $x^2$ @nhãn <mốc> \\u{41} `mã` // chú // thích", "<script>alert(1)</script> & \"'",
    "]]> <!-- --> {{ x }} %(name)s {0}", "A" * 190, "Ấp " * 60, "\u202eđảo\u0000\u0007 ngược", LETTERS.upper()[:120],
)  # fmt: skip


def hostile() -> Packet:
    """Return a round in which every text is one that means something to some program."""
    rows = tuple(
        proposal(
            at, organisation=text, name=text, host=text, host_type=text, address=text, office=text,
            opening_hours=text, commune=text, former=text, point=text, note=text, organisation_code=text,
            decision=DecisionRow(True, text, text, text, text),
        )
        for at, text in enumerate(HOSTILE, start=1)
    )  # fmt: skip
    made = packet()
    return replace(
        made, round=Round(3, HOSTILE[5] + HOSTILE[7], "2026-11-20"),
        origin=origin(authority=HOSTILE[6], boundaries=HOSTILE[7], standard=HOSTILE[6], program=HOSTILE[0],
                      method=HOSTILE[5], parameters={HOSTILE[7]: HOSTILE[6]},
                      population=Population(HOSTILE[6] + HOSTILE[7], HOSTILE[5], 1, HOSTILE)),
        offices=tuple(OfficeRow(each, 1, 2, 1, 1, 1, 1, 1) for each in HOSTILE),
        gaps=tuple(replace(each, name=text, commune=text)
                   for each, text in zip(made.gaps, HOSTILE, strict=False)),
        overlaps=tuple(OverlapRow("1", each, 11, 1) for each in HOSTILE), proposals=rows,
        organisations=tuple(OrganisationRow(each, each, 1, 1, 1, Completion(0.5, 0.5)) for each in HOSTILE),
        notes=HOSTILE, communes=tuple(replace(each, name=text)
                                      for each, text in zip(made.communes, HOSTILE[5:], strict=False)),
    )  # fmt: skip
