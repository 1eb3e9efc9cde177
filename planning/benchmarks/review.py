"""Proposals measured on real provinces: 500 at once, one price, beside a plain recount of each.

The plain recount measures the whole network anew with one proposal carried out, from degrees,
and shares nothing with what it is held against but the list and the homes. Its seconds are
those of every tenth proposal, times ten.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from planning.benchmarks.measured import peak_mb
from planning.benchmarks.real_siting import PROVINCES, prepare
from planning.bootstrap import open_store
from planning.model.people import Action, local_user
from planning.model.proposals import Content, Figures, Price, Proposal, ProposalKind
from planning.services.review import drafting, measuring
from planning.services.review.steps import Ask
from planning.settings import Settings
from planning.siting.plans.recount import Ground
from planning.store import proposals
from planning.store.session import Store

PROPOSALS, REVIEWED, PRICED, EVERY = 500, 200, 25, 10
AIM_PRICE_S = 1.0
_SEED = 7
Mask = NDArray[np.bool_]
Made = TypeVar("Made")


def measure(data: Path) -> Iterator[str]:
    """Yield the report line by line; `data` is the folder of the real files.

    Raises `ArithmeticError` where a figure is not that of the recount.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bench.db"
        prepare(data, database)
        store = open_store(Settings.from_environment({"DIEMTHU_DATABASE": str(database)}))
        for code, name, _ in PROVINCES:
            yield from _province(store, code, name)
        store.close()
    yield f"peak {peak_mb():.0f} MB"


def _province(store: Store, code: str, name: str) -> Iterator[str]:
    ready_s, ready = _timed(lambda: measuring.ready_for(store, code))
    plain = _Plain(ready.bench)
    wanted = plain.contents()
    alone_s, _ = _timed(lambda: [ready.alone(each) for each in ready.wishes(wanted)])
    rest_s, figures = _timed(lambda: measuring.figures_of_all(store, code, wanted))
    one_s, _ = _timed(lambda: measuring.figures_of(store, code, plain.one_more()))
    plain_s = plain.recounted(wanted, figures)
    yield (
        f"{name}: made ready in {ready_s:.2f} s of CPU; {len(wanted)} proposals measured alone in "
        f"{alone_s:.2f} s, where a plain recount of each would take {plain_s:.1f} s, "
        f"{plain_s / alone_s:.0f} times as long, with the same people; their ranks and how firm "
        f"they are in {rest_s:.1f} s more; one further proposal in {one_s:.1f} s"
    )
    found = _reviewed(store, code, wanted)
    prices, seconds = [], []
    for each in found[:PRICED]:
        took, price = _timed(lambda each=each: measuring.price_of(store, each))  # type: ignore[misc]
        prices.append(price)
        seconds.append(took)
    plain.priced(found, prices)
    yield (
        f"  the price of not approving one of {len(found)} under review: {seconds[0]:.2f} s at "
        f"first, then {np.median(seconds[1:]):.3f} s, at worst {max(seconds[1:]):.3f} s "
        f"(aim: under {AIM_PRICE_S:.0f} s); recounted, the same people"
    )


def _timed(work: Callable[[], Made]) -> tuple[float, Made]:
    began = time.process_time()
    made = work()
    return time.process_time() - began, made


def _reviewed(store: Store, code: str, wanted: list[Content]) -> list[Proposal]:
    """Return proposals of new points that were sent in."""
    user = local_user(frozenset({code}))
    new = [each for each in wanted if each.kind is ProposalKind.OPEN][:REVIEWED]
    for each in drafting.propose_all(store, user, code, new):
        drafting.submit(store, user, Ask(code, each.number, each.version, Action.SUBMIT))
    with store.reading() as db:
        return proposals.listed(db, code)


class _Plain:
    """A province recounted from degrees, one proposal at a time."""

    def __init__(self, bench: measuring.Workbench) -> None:
        self._ground = Ground(bench.situation, bench.standard)
        self._radius = bench.situation.radii_m(bench.standard)
        demand = bench.situation.demand
        self._home = np.column_stack(self._flat(demand["lon"], demand["lat"]))
        points = self._ground.points
        self._ids = points["point_id"].tolist()
        self._point = np.column_stack(self._flat(points["lon"], points["lat"]))
        self._now = self._served(self._point)
        self._lonlat = demand[["lon", "lat"]].to_numpy()
        self._chance = np.random.default_rng(_SEED)

    def contents(self) -> list[Content]:
        """Return proposals: four of five new points, the others moves and closings."""
        new = [self._new() for _ in range(PROPOSALS * 4 // 5)]
        some = self._chance.choice(len(self._ids), PROPOSALS - len(new), replace=False)
        listed = []
        for at in some.tolist():
            kind = (ProposalKind.MOVE, ProposalKind.CLOSE)[at % 2]
            lon, lat = self._ground.points.loc[at, ["lon", "lat"]]
            place = self._lonlat[self._chance.integers(len(self._lonlat))]
            if kind is ProposalKind.MOVE:
                lon, lat = place
            listed.append(Content(kind, "điểm", float(lon), float(lat), self._ids[at]))
        return new + listed

    def one_more(self) -> Content:
        """Return one more new point."""
        return self._new()

    def recounted(self, wanted: list[Content], figures: list[Figures]) -> float:
        """Return the CPU seconds that recounting all would take; refuse figures that differ."""
        began = time.process_time()
        for content, stated in list(zip(wanted, figures, strict=True))[::EVERY]:
            then = self._served(self._with(content))
            gained, lost = self._people(then & ~self._now), self._people(self._now & ~then)
            _agree(content.name, (gained, lost), (stated.gained, stated.lost))
        return (time.process_time() - began) * EVERY

    def priced(self, found: list[Proposal], prices: list[Price]) -> None:
        """Refuse prices that a count over all pairs does not give."""
        reach = [self._within(each.content.lon, each.content.lat) for each in found]
        for at, price in enumerate(prices):
            others = np.logical_or.reduce([each for other, each in enumerate(reach) if other != at])
            mine = reach[at] & ~self._now
            them = mine & ~others
            stated = (price.unserved, price.shared)
            _agree("price", (self._people(them), self._people(mine & others)), stated)
            if price.replacement_lon is not None and price.replacement_lat is not None:
                there = self._within(price.replacement_lon, price.replacement_lat)
                served = self._people(there & ~self._now & ~others), self._people(there & them)
                _agree("replacement", served, (price.served_there, price.of_them))

    def _new(self) -> Content:
        rows = np.flatnonzero(~self._now)
        lon, lat = self._lonlat[rows[self._chance.integers(len(rows))]]
        return Content(ProposalKind.OPEN, "điểm mới", float(lon), float(lat))

    def _with(self, content: Content) -> NDArray[np.float64]:
        """Return the open points, in metres, with one proposal carried out."""
        stay = [at for at, each in enumerate(self._ids) if each != content.point_id]
        points = self._point[stay]
        if content.kind is ProposalKind.CLOSE:
            return points
        return np.vstack([points, self._flat(content.lon, content.lat)])

    def _flat(self, lon: object, lat: object) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        x, y = self._ground.flat(np.asarray(lon), np.asarray(lat))
        return np.asarray(x), np.asarray(y)

    def _served(self, points: NDArray[np.float64]) -> Mask:
        return np.asarray(KDTree(points).query(self._home)[0] <= self._radius)

    def _within(self, lon: float, lat: float) -> Mask:
        return np.asarray(self._ground.metres(lon, lat) <= self._radius)

    def _people(self, mask: Mask) -> int:
        return int(self._ground.people[mask].sum())


def _agree(what: str, recounted: tuple[int, int], stated: tuple[int, int]) -> None:
    if recounted != stated:
        raise ArithmeticError(f"{what}: {stated}, recounted {recounted}")
