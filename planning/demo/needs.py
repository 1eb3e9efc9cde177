"""How many people of each commune still need insurance, or will soon: invented, the sums stated."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from geo.shares import largest_remainder
from planning.model.performance import Need


@dataclass(frozen=True, slots=True)
class Needy:
    """The people counted for each need in a whole province."""

    uninsured: int
    outside_compulsory: int
    potential: int
    expiring: int
    due: int
    lapsed: int

    @property
    def by_need(self) -> Mapping[Need, int]:
        """The people of every need that is counted; those drawn later leave the others alone."""
        return MappingProxyType(
            {
                Need.UNINSURED: self.uninsured,
                Need.OUTSIDE_COMPULSORY: self.outside_compulsory,
                Need.POTENTIAL: self.potential,
                Need.EXPIRING: self.expiring,
                Need.DUE: self.due,
                Need.LAPSED: self.lapsed,
            }
        )


# Without health insurance are those whom the published coverage of 93 % leaves: 1,908,352 less
# 1,775,033 in An Giang, 3,157,320 less 2,936,308 in Nghệ An. The others are ours; fewer payments
# are due than people take part in voluntary insurance.
NEEDY: Mapping[str, Needy] = MappingProxyType(
    {
        "an-giang-2025q1": Needy(133_319, 846_200, 58_400, 41_700, 4_180, 9_260),
        "nghe-an-2023": Needy(221_012, 1_274_500, 96_300, 88_900, 36_400, 21_700),
    }
)
# How differently communes of equal size need: ours.
_SPREAD = 0.3


def lay_needs(needy: Needy, people: Mapping[str, int], rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per commune: `commune_code` and the people of every need by its name.

    `people` counts those who live there. No commune has more people in need than people; where
    the sums are too large for a province everybody is counted.
    """
    codes = sorted(people)
    living = np.array([people[code] for code in codes], dtype=np.float64)
    found: dict[str, object] = {"commune_code": codes}
    for need, total in needy.by_need.items():
        weights = living * rng.lognormal(0, _SPREAD, len(codes))
        share = largest_remainder(weights, min(total, int(living.sum())))
        found[need.value] = np.minimum(share, living.astype(np.int64))
    return pd.DataFrame(found)
