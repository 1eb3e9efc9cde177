"""The staff of laid points: numbered people with cards, none of whom can be anybody."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.tables import Points, PointTable, Staff, staff
from planning.demo.profiles import INVENTED, CardsIssued, NetworkProfile

# Years that a card is valid, and the share of further staff that is permanent: ours.
_CARD_YEARS = 5
_PERMANENT = 0.4


def lay_staff(profile: NetworkProfile, points: Points, rng: np.random.Generator) -> Staff:
    """Return as many people as each direct point has staff, each at one point.

    The first at a point is there permanently, unless the point says that nobody is. A stated
    number of cards has expired, and some are those of a person of another organisation.
    """
    direct = points[points[PointTable.kind] == "direct"]
    count = direct[PointTable.staff_count].to_numpy(int)
    at = direct.iloc[np.repeat(np.arange(len(direct)), count)].reset_index(drop=True)
    first = ~at[PointTable.point_id].duplicated()
    also = pd.Series(rng.uniform(0, 1, len(at)) < _PERMANENT)
    number = np.arange(1, len(at) + 1)
    year = _years(profile, at)
    frame = pd.DataFrame(
        {
            "staff_id": [f"MH-{each:06d}" for each in number],
            "person_id": [f"MH-{each:06d}" for each in number],
            "name": [f"Nhân viên {each:04d} (minh họa)" for each in number],
            "organisation": at[PointTable.organisation],
            "organisation_code": at[PointTable.organisation_code],
            "point_code": at[PointTable.official_code],
            "card_number": [f"MH{y % 100:02d}-{n:05d}" for n, y in zip(number, year, strict=True)],
            "card_valid_to": [date(each + _CARD_YEARS, 12, 31).isoformat() for each in year],
            "certificate": _certificates(profile.cards_issued, year),
            "permanent": (first | also) & at[PointTable.permanent_staff].astype(bool),
            "phone": None,
        }
    ).astype({"permanent": "boolean"})
    return staff(_lapsed(profile, frame, rng))


def _years(profile: NetworkProfile, at: pd.DataFrame) -> NDArray[np.int64]:
    """Return the year in which each person was given the card, shape (n,).

    It is that in which the point opened. Where the cards of a year are published just those
    who came last have one of it, the others one of the year before.
    """
    opened = at[PointTable.opened].str[:4].to_numpy(int)
    issued = profile.cards_issued
    if issued is None:
        return opened
    order = at[PointTable.opened].sort_values(kind="stable").index.to_numpy()
    year = np.full(len(at), issued.year - 1, dtype=np.int64)
    year[order[-issued.cards :]] = issued.year
    return year


def _certificates(issued: CardsIssued | None, year: NDArray[np.int64]) -> list[str]:
    """Return “GCN 0012/2023, lớp 1 (minh họa)”: numbered within the year, in its sessions."""
    number = pd.Series(year).groupby(year).cumcount() + 1
    made = []
    for n, y in zip(number, year, strict=True):
        taught = issued is not None and y == issued.year
        session = 1 + (n - 1) * issued.sessions // issued.cards if issued and taught else None
        made.append(f"GCN {n:04d}/{y}{f', lớp {session}' if session else ''} (minh họa)")
    return made


def _lapsed(profile: NetworkProfile, frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Let the stated number of cards expire and be shared, among invented organisations."""
    lapses = profile.lapses
    invented = frame["organisation"].str.startswith(INVENTED)
    drawn = rng.permutation(np.flatnonzero(invented))
    late, rest = drawn[: lapses.cards], drawn[lapses.cards :]
    day = date.fromisoformat(profile.as_of)
    ended = [(day - timedelta(days=int(each))).isoformat()
             for each in rng.integers(10, 200, len(late))]  # fmt: skip
    valid, card = frame["card_valid_to"].copy(), frame["card_number"].copy()
    valid.iloc[late] = ended
    employer = frame["organisation_code"].to_numpy()
    for at in range(min(lapses.shared_cards, len(rest) - 1)):
        one = rest[at]
        other = next((each for each in rest[::-1][at:] if employer[each] != employer[one]), None)
        if other is not None:
            card.iloc[other] = card.iloc[one]
            valid.iloc[other] = valid.iloc[one]
    return frame.assign(card_valid_to=valid, card_number=card)
