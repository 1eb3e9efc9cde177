"""How many records of a demonstration do not keep each rule: stated here, so that it can be recounted.

No article tells these numbers; all but those of signs and former communes are ours. Lapses
fall on invented organisations only, never on one that an article names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from planning.model.compliance import Check


@dataclass(frozen=True, slots=True)
class Lapses:
    """What a network fails on the day of its profile.

    `uninspected` direct points had their last inspection more than three months ago,
    `unsettled` ones were inspected but have findings whose deadline passed. `silent` direct
    points have had no result for more than six months. Each of the `shared_cards` is the card
    of two people of two organisations. `foreign_codes` are codes that begin with another
    organisation's than the point's. `unserved` former communes have no point where the former
    communes are as many as published.
    """

    signs: int
    no_permanent: int
    cards: int
    contracts: int
    guarantees: int
    shared_cards: int
    silent: int
    uninspected: int
    unsettled: int
    foreign_codes: int
    unserved: int = 0

    @property
    def by_check(self) -> Mapping[Check, int]:
        """The records that fail each rule: two people for each card that two people share.

        Communes are those the profile speaks of; others of the province have no point at all.
        """
        return MappingProxyType(
            {
                Check.SIGN_MISSING: self.signs,
                Check.NO_PERMANENT_STAFF: self.no_permanent,
                Check.CARD_EXPIRED: self.cards,
                Check.CONTRACT_EXPIRED: self.contracts,
                Check.GUARANTEE_EXPIRED: self.guarantees,
                Check.TWO_ORGANISATIONS: 2 * self.shared_cards,
                Check.TOO_FEW_POINTS: 0,  # every organisation is laid with three points or more
                Check.COMMUNE_UNSTAFFED: 0,  # AG3; in Nghệ An every present commune has a point
                Check.FORMER_COMMUNE_UNSTAFFED: self.unserved,
                Check.POINT_INACTIVE: self.silent,
                Check.INSPECTION_OVERDUE: self.uninspected + self.unsettled,
                Check.CODE_INCONSISTENT: self.foreign_codes,
            }
        )
