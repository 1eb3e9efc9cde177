"""What Diemthu computes for proposals, and what it costs not to approve one.

The network is the list of points with what is decided counted: approved proposals as carried
out, rejected places kept out. Each proposal is looked at alone on it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from geo.crs import in_metres
from geo.reach import StraightLine
from geo.tables import DemandTable
from planning.exports.sheets import radii_in_words
from planning.model.decisions import UNDER_REVIEW, outline_of
from planning.model.proposals import Content, Figures, Price, Proposal
from planning.model.siting import Firmness
from planning.services.requests import AnalysisRequest, now, standard_of
from planning.siting.plans.best_places import Instead
from planning.siting.plans.proposed import Alone, Ground, Place, Wish
from planning.siting.plans.proposed_firmness import Around, proposed_firmness
from planning.siting.plans.workbench import Workbench
from planning.store import proposals
from planning.store.decided import known_places, present_decisions, workbench
from planning.store.session import Store
from planning.store.situation import current_fingerprint

__all__ = ["Ready", "Workbench", "figures_of", "figures_of_all", "price_of", "ready_for", "stale"]
_MOST_KEPT = 4000  # what proposals do alone, remembered while data and decisions stay the same


def figures_of(store: Store, province: str, content: Content) -> Figures:
    """Return what a proposal of this content would do alone, on the newest data.

    Raises `NotReadyError` where the province has no boundaries or population.
    """
    return figures_of_all(store, province, [content])[0]


def figures_of_all(store: Store, province: str, contents: Sequence[Content]) -> list[Figures]:
    """Return what each of many proposals would do alone; the work common to them is done once."""
    ready = ready_for(store, province)
    others = ready.wishes(each.content for each in _under_review(store, province))
    wishes = ready.wishes(contents)
    gains = sorted(ready.alone(each).people_gained for each in others if each.opened)
    firm = _firmness(store, ready, [*others, *wishes])
    made_from = _made_from(store, province, ready)
    return [_figures(ready.alone(each), _rank(ready.alone(each), each, gains),
                     firm.get(each.opened), made_from) for each in wishes]  # fmt: skip


def stale(store: Store, proposal: Proposal) -> bool:
    """Whether a proposal's figures are of other data or decisions than today's, or missing."""
    figures = proposal.figures
    if figures is None:
        return True
    fingerprint, vintage = current_fingerprint(store, proposal.province, None)
    decided = present_decisions(store, proposal.province).fingerprint
    today = (fingerprint, vintage, decided)
    return (figures.fingerprint, figures.valid_from, figures.decisions) != today


def price_of(store: Store, proposal: Proposal, together: Collection[str] = ()) -> Price:
    """Return what it costs not to approve a proposal, as things stand now.

    Who would be served by it and by nothing else stays unserved: not by an open point, nor by
    an approved proposal, nor by another one under review (a draft does not count). Those
    decided `together` with it, by their numbers, are not approved either and serve nobody:
    people whom several of them would serve stand in the price of each. The replacement is the
    known place, other than this one and those rejected, that serves most of these people.
    Raises what `figures_of` raises.
    """
    ready = ready_for(store, proposal.province)
    (mine,) = ready.wishes([proposal.content])
    gained = ready.mask(ready.alone(mine).gained)
    also, numbers = np.zeros_like(gained), []
    out = list(ready.bench.situation.kept_out)
    for each in _under_review(store, proposal.province):
        if each.number == proposal.number:
            continue
        if each.number in together:
            out.append((each.content.lon, each.content.lat))
            continue
        (wish,) = ready.wishes([each.content])
        theirs = ready.mask(ready.alone(wish).reached)
        if (gained & theirs & (ready.ground.people > 0)).any():
            numbers.append(each.number)
        also |= theirs
    them = gained & ~also
    unserved, shared = ready.people(them), ready.people(gained & also)
    price = Price(unserved, shared=shared, shared_with=", ".join(numbers))
    if not unserved or mine.opened is None:
        return price
    places = known_places(store, proposal.province, None, ready.bench.standard)
    free = ready.ground.unserved & ~also
    return _with_replacement(price, places.instead_of(mine.opened, them, free, out))


Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Ready:
    """A province ready to be asked what proposals would do."""

    bench: Workbench
    ground: Ground
    known: dict[Wish, Alone] = field(default_factory=dict)

    def wishes(self, contents: Iterable[Content]) -> list[Wish]:
        """Return proposals as the places that begin and the points that cease to serve."""
        found = []
        for each in contents:
            change = self.bench.difference(outline_of(each))
            opened = change.opened[0] if change.opened else None
            found.append(Wish(opened, change.closed[0] if change.closed else None))
        return found

    def alone(self, wish: Wish) -> Alone:
        """Return what a proposal does alone."""
        if wish not in self.known:
            if len(self.known) >= _MOST_KEPT:
                self.known.clear()
            self.known[wish] = self.ground.alone([wish])[0]
        return self.known[wish]

    def mask(self, rows: NDArray[np.int64]) -> Mask:
        """Return rows of the demand as a mask over all of them."""
        found = np.zeros(len(self.ground.people), dtype=bool)
        found[rows] = True
        return found

    def people(self, mask: Mask) -> int:
        """Return how many people live in some rows."""
        return int(self.ground.people[mask].sum())


def ready_for(store: Store, province: str) -> Ready:
    """Return a province ready to be asked; made once per data, decisions and standard."""
    standard = standard_of(store, AnalysisRequest(province))
    bench = workbench(store, province, None, standard)
    key = ("proposed", bench.situation.fingerprint, bench.situation.valid_from, standard.key)
    return store.remembered(
        key, lambda: Ready(bench, Ground(bench.situation, standard, StraightLine()))
    )


def _under_review(store: Store, province: str) -> list[Proposal]:
    with store.reading() as db:
        return proposals.listed(db, province, UNDER_REVIEW)


def _rank(alone: Alone, wish: Wish, gains: Sequence[int]) -> int | None:
    """Return the place of a proposal: one more than there are that gain more people."""
    if wish.opened is None:
        return None
    return 1 + len(gains) - int(np.searchsorted(gains, alone.people_gained, side="right"))


def _firmness(
    store: Store, ready: Ready, wishes: Sequence[Wish]
) -> dict[Place | None, Firmness | None]:
    """Return how firm each place that a proposal opens is."""
    places = sorted({each.opened for each in wishes if each.opened is not None})
    if not places:
        return {}
    situation, ground = ready.bench.situation, ready.ground
    best = known_places(store, situation.province_code, situation.valid_from, ready.bench.standard)
    lon, lat = np.array(places).T
    around = Around(
        ground.people, situation.demand[DemandTable.commune_code].to_numpy(dtype=object),
        ground.xy, ground.radius_m, ground.now_m, in_metres(lon, lat, situation.crs),
        best.allowed_xy(situation.kept_out),
    )  # fmt: skip
    key = ("firmness", situation.fingerprint, ready.bench.standard.key, tuple(places))
    return store.remembered(key, lambda: dict(zip(places, proposed_firmness(around), strict=True)))  # type: ignore[return-value]


def _made_from(store: Store, province: str, ready: Ready) -> dict[str, str]:
    """Return what figures say of where they come from."""
    situation, base = ready.bench.situation, ready.bench.situation.base
    fingerprint, vintage = current_fingerprint(store, province, None)
    return {
        "fingerprint": fingerprint, "valid_from": vintage, "data_date": situation.data_date or "",
        "population_base": f"{base.source} ({base.as_of})" if base.as_of else base.source,
        "standard": radii_in_words(ready.bench.standard), "measured_at": now(),
        "decisions": present_decisions(store, province).fingerprint,
    }  # fmt: skip


def _figures(
    alone: Alone, rank: int | None, firmness: Firmness | None, made_from: dict[str, str]
) -> Figures:
    return Figures(
        gained=alone.people_gained, lost=alone.people_lost, overlap=alone.overlap,
        distance_now_m=alone.distance_now_m, distance_then_m=alone.distance_then_m,
        rank=rank, firmness=firmness and firmness.value, **made_from,
    )  # fmt: skip


def _with_replacement(price: Price, found: Instead | None) -> Price:
    """Return a price with the place that could stand for the one of a proposal, if any."""
    if found is None:
        return price
    it = found.place
    return replace(
        price, replacement=f"{it.name}, {it.commune}" if it.name else it.commune,
        replacement_lon=it.lon, replacement_lat=it.lat, distance_m=found.metres,
        served_there=it.people, of_them=found.of_them,
    )  # fmt: skip
