"""The register of a laid network: its organisations, staff and what its points lack, all invented.

A stated number of records fails each rule (`Lapses`), drawn among the points and staff of
organisations that no article names.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.tables import Organisations, Points, PointTable, Staff, organisations
from planning.demo.network import Network
from planning.demo.organisations import enterprise_code
from planning.demo.profiles import NetworkProfile
from planning.demo.recoding import foreign_codes, former_codes
from planning.demo.staffing import lay_staff
from planning.demo.wording import FIRST_DAY

# Years that a contract and a guarantee run beyond the day of the profile: ours.
_CONTRACT_YEARS, _GUARANTEE_YEARS = 4, 3
_LEAST_GUARANTEE, _STEP = 150_000_000, 25_000_000


@dataclass(frozen=True, slots=True)
class Lapsing:
    """The rows of the point table, shape (n,) each, that do not keep a rule; no row in two."""

    no_permanent: NDArray[np.int64]
    silent: NDArray[np.int64]
    uninspected: NDArray[np.int64]
    unsettled: NDArray[np.int64]
    foreign_codes: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Register:
    """The register of a network: the points with what the register adds to them, and the rest.

    `silent` are the ids of the points that have no result any more.
    """

    points: Points
    organisations: Organisations
    staff: Staff
    lapsing: Lapsing

    @property
    def silent(self) -> frozenset[str]:
        """The ids of the points that have had no result for long."""
        return frozenset(self.points[PointTable.point_id].iloc[self.lapsing.silent])


def lay_register(profile: NetworkProfile, network: Network, rng: np.random.Generator) -> Register:
    """Return the register of a network; the same network and `rng` give the same register."""
    points = network.points
    lapsing = _lapsing(profile, points, rng)
    listed = _organisations(profile, points, rng)
    contract = listed.set_index("organisation_code")
    code = points[PointTable.organisation_code]
    official = foreign_codes(points, lapsing.foreign_codes)
    permanent = points[PointTable.permanent_staff].copy()
    permanent.iloc[lapsing.no_permanent] = False
    known = Points(
        points.assign(
            point_id=official, official_code=official, permanent_staff=permanent,
            former_codes=former_codes(points, official),
            contract_number=code.map(contract["contract_number"]),
            contract_date=code.map(contract["contract_date"]),
            status_since=points[PointTable.opened],
        )
    )  # fmt: skip
    return Register(known, listed, lay_staff(profile, known, rng), lapsing)


def _lapsing(profile: NetworkProfile, points: Points, rng: np.random.Generator) -> Lapsing:
    """Draw the points that fail: direct ones of invented organisations, opened a year before."""
    names = [each.name for each in profile.organisations if each.invented]
    before = (date.fromisoformat(profile.as_of) - timedelta(days=365)).isoformat()
    fit = (
        (points[PointTable.kind] == "direct")
        & points[PointTable.organisation].isin(names)
        & (points[PointTable.opened] <= before)
    )
    drawn = rng.permutation(np.flatnonzero(fit))
    lapses = profile.lapses
    counts = [lapses.no_permanent, lapses.silent, lapses.uninspected, lapses.unsettled,
              lapses.foreign_codes]  # fmt: skip
    return Lapsing(*(np.sort(each) for each in np.split(drawn, np.cumsum(counts))[:-1]))


def _organisations(
    profile: NetworkProfile, points: Points, rng: np.random.Generator
) -> Organisations:
    day = date.fromisoformat(profile.as_of)
    late = rng.permutation([at for at, each in enumerate(profile.organisations) if each.invented])
    contracts, guarantees = profile.lapses.contracts, profile.lapses.guarantees
    expired = set(late[:contracts])
    unsecured = set(late[contracts : contracts + guarantees])
    rows = []
    for at, each in enumerate(profile.organisations):
        own = points[points[PointTable.organisation_code] == enterprise_code(at)]
        begun = str(own[PointTable.opened].min()) if len(own) else FIRST_DAY.isoformat()
        ago = (day - timedelta(days=int(rng.integers(15, 150)))).isoformat()
        rows.append(
            {
                "organisation_code": enterprise_code(at),
                "name": each.name,
                "former_names": _former_name(each.name) if each.invented and at % 4 == 0 else None,
                "licence": f"GP {at + 1:02d}/2022 (minh họa)",
                "tax_code": enterprise_code(at),
                "contract_number": f"{at + 1:02d}/HĐUQ-MH",
                "contract_date": begun,
                "contract_valid_to": ago if at in expired
                else date(day.year + _CONTRACT_YEARS, 12, 31).isoformat(),
                "annexes": f"PL01/{at + 1:02d}/HĐUQ-MH" if at % 3 == 0 else None,
                "guarantee": _LEAST_GUARANTEE + _STEP * int(rng.integers(0, 9)),
                "guarantee_valid_to": ago if at in unsecured
                else date(day.year + _GUARANTEE_YEARS, 12, 31).isoformat(),
                "phone": None,
                "address": own[PointTable.address].iloc[0] if len(own) else None,
                "area": _area(own, everywhere=each.everywhere),
            }
        )  # fmt: skip
    return organisations(pd.DataFrame(rows).astype({"guarantee": "Int64"}))


def _former_name(name: str) -> str:
    return name.replace("Công ty", "Đại lý thu")


def _area(own: pd.DataFrame, *, everywhere: bool) -> str:
    """Return “Toàn tỉnh”, the offices of its points, or in how many communes it works."""
    offices = sorted(own[PointTable.office].dropna().unique())
    if everywhere:
        return "Toàn tỉnh"
    if offices:
        return "; ".join(offices)
    return f"{own[PointTable.commune_code].nunique()} xã, phường"
