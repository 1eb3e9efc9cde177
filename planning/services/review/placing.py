"""What a proposed place meets: the commune it lies in, the listed points, what is proposed already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from geo.errors import N_
from geo.locate import commune_of
from geo.tables import Communes, Points
from planning.model.errors import NotFoundError, NotReadyError, RequestError
from planning.model.proposals import IN_FORCE, UNDECIDED, Content, Proposal
from planning.store import layers, proposals

NO_BOUNDARIES = N_("Province %(province)s has no boundaries yet; import them first.")
NO_POINT = N_("There is no point “%(point)s” in the list of this province.")
OPEN_ONE = N_("%(number)s about the point “%(point)s” is still open; settle that one first.")
ON_THE_WAY = (*UNDECIDED, *IN_FORCE)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a place lies on the vintage `valid_from`; empty texts: in no commune, no office known."""

    commune: str
    office: str
    valid_from: str


@dataclass(frozen=True)
class Ground:
    """The newest boundaries of a province, its listed points, and by point the open proposal."""

    communes: Communes
    valid_from: str
    points: Points
    open_about: Mapping[str, str]

    def placed(self, lon: float, lat: float) -> Placed:
        """Return where a place, in degrees, lies."""
        code = commune_of([lon], [lat], self.communes).iloc[0]
        if not isinstance(code, str):
            return Placed("", "", self.valid_from)
        office = self.communes.loc[self.communes["code"] == code, "office"].iloc[0]
        return Placed(code, office if isinstance(office, str) else "", self.valid_from)

    def require(self, content: Content, number: str = "") -> None:
        """Refuse a listed point that is not there or that another proposal is about."""
        if not content.point_id:
            return
        if content.point_id not in set(self.points["point_id"]):
            raise NotFoundError(NO_POINT, point=content.point_id)
        other = self.open_about.get(content.point_id, number)
        if other != number:
            raise RequestError(OPEN_ONE, number=other, point=content.point_id)


def ground(db: sa.Connection, province: str) -> Ground:
    """Return what places of a province are held against."""
    known = layers.vintages(db, province)
    if not known:
        raise NotReadyError(NO_BOUNDARIES, province=province)
    newest = known[-1][0]
    open_ones = proposals.listed(db, province, ON_THE_WAY)
    return Ground(
        layers.load_communes(db, province, newest), newest, layers.load_points(db, province),
        {each.content.point_id: each.number for each in open_ones if each.content.point_id},
    )  # fmt: skip


def present(db: sa.Connection, province: str, found: Sequence[Proposal]) -> list[Proposal]:
    """Return proposals where they lie on the newest boundaries, with the office there now.

    Communes may have changed since a proposal was written; its next step writes where it lies
    then. What came to its end, or operates, stays as it was decided.
    """
    days = layers.vintages(db, province)
    if not days or not any(each.state in ON_THE_WAY for each in found):
        return list(found)
    newest = days[-1][0]
    old = any(each.state in ON_THE_WAY and each.valid_from != newest for each in found)
    on, offices = ground(db, province) if old else None, layers.offices(db, province, newest)
    return [each if each.state not in ON_THE_WAY else _placed(each, newest, offices, on)
            for each in found]  # fmt: skip


def _placed(
    proposal: Proposal, newest: str, offices: Mapping[str, str], on: Ground | None
) -> Proposal:
    if on is None or proposal.valid_from == newest:
        return replace(proposal, office=offices.get(proposal.commune, ""))
    lies = on.placed(proposal.content.lon, proposal.content.lat)
    return replace(
        proposal, commune=lies.commune, office=lies.office, valid_from=lies.valid_from
    )  # fmt: skip
