"""Demand that is not everybody: those whom a need names, spread where the people live.

How many of them live in a commune is counted; where in the commune is not. They are taken to
live as its people do: each commune's count is shared among its inhabited places in proportion
to their people, in whole persons by largest remainders, so that its total is kept exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geo import tables
from geo.demand import spread
from geo.errors import N_
from geo.shares import largest_remainder
from geo.tables import Communes, CommuneTable, Demand, DemandTable
from planning.analysis.restating import Step, restate
from planning.analysis.situation import Situation
from planning.model.coverage import PopulationBase
from planning.model.errors import NotReadyError
from planning.model.performance import Need

_PEOPLE = "people"
NOT_CARRIED = N_("%(people)s of the people of this demand are counted by communes of %(before)s that cannot be carried to those of %(day)s, such as %(codes)s; import the crosswalk between the two, or counts by the communes of %(day)s.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class NeedCounts:
    """Whom a need counts: whole persons by commune code of one vintage, the unknown left out.

    `source` says where the counts come from, `as_of` the day they are of (None: not stated).
    """

    need: Need
    people: Mapping[str, int]
    source: str
    as_of: str | None
    synthetic: bool


def under_need(situation: Situation, counts: NeedCounts, fingerprint: str) -> Situation:
    """Return the situation in which those of a need are the demand instead of everybody.

    A commune without a count has no demand and is named in the base as unknown. `fingerprint`
    is that of the situation and the counts together.
    """
    known = set(situation.communes[CommuneTable.code])
    people = {code: count for code, count in counts.people.items() if code in known}
    base = situation.base
    return replace(
        situation,
        demand=_shared(situation, people),
        base=PopulationBase(
            source=" + ".join(dict.fromkeys(each for each in (counts.source, base.source) if each)),
            as_of=counts.as_of, people=sum(people.values()),
            unknown_communes=tuple(sorted(known - set(people))), people_outside=0,
            synthetic=base.synthetic or counts.synthetic, need=counts.need,
        ),
        need_counts=people, fingerprint=fingerprint,
    )  # fmt: skip


def _shared(situation: Situation, people: Mapping[str, int]) -> Demand:
    """Return the places of the people of a need; where nobody's home is known, evenly spaced."""
    living = situation.demand
    shares = np.zeros(len(living), dtype=np.int64)
    rows = living.groupby(DemandTable.commune_code).indices
    weights = living[DemandTable.people].to_numpy(dtype=np.float64)
    for code, at in rows.items():
        shares[at] = largest_remainder(weights[at], people.get(str(code), 0))
    found = living.assign(people=shares)[shares > 0]
    homeless = {code: count for code, count in people.items() if count and code not in rows}
    if homeless:
        codes = situation.communes[CommuneTable.code]
        there = Communes(situation.communes[codes.isin(list(homeless))])
        lattice = spread(there, homeless, None, situation.former).demand
        found = pd.concat([found, lattice])
    return tables.demand(found.reset_index(drop=True))


def carried(
    people: Mapping[str, int], steps: Sequence[Step], communes: Communes, days: tuple[str, str]
) -> dict[str, int]:
    """Return counts by commune of one vintage on another, the changes between walked in order.

    `communes` are those of the vintage wanted, `days` the first days of both. Where only some
    of the units a commune was made of are counted, it stays unknown. Raises `NotReadyError`
    where people have no commune to go to.
    """
    named = set(steps[0].links) if steps else set()
    codes = sorted(named | set(people))
    table = pd.DataFrame(
        {"code": codes, _PEOPLE: pd.array([people.get(each) for each in codes], dtype="Int64")}
    )
    after = set(communes[CommuneTable.code])
    found = restate(table, [_PEOPLE], steps, known=after)
    astray = found.table[~found.table["code"].isin(after)]
    lost = pd.concat([found.unlinked, astray], ignore_index=True)
    lost = lost[lost[_PEOPLE].fillna(0) > 0]
    if len(lost):
        raise NotReadyError(
            NOT_CARRIED, people=int(lost[_PEOPLE].sum()), before=days[0], day=days[1],
            codes=", ".join(lost["code"].head(3)),
        )  # fmt: skip
    whole = found.table[~found.table["incomplete"] & found.table["code"].isin(after)]
    return {str(code): int(count)
            for code, count in zip(whole["code"], whole[_PEOPLE], strict=True)}  # fmt: skip
