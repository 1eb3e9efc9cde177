"""The land divided: cells, communes, districts, and the communes after the merger of 2025."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import label
from scipy.sparse import coo_array
from scipy.spatial import KDTree
from sklearn.cluster import AgglomerativeClustering, KMeans

from geo.invented.landscape import Landscape
from geo.invented.noise import Field, Noise
from geo.invented.people import density

CELL_KM = 0.25
FORMER, PRESENT, DISTRICTS, SPLITS = 155, 54, 11, 3
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Lattice:
    """The mainland as square cells: `index` (n, 2) column and row, `xy` (n, 2) in km."""

    index: Labels
    xy: Field
    people: Field


@dataclass(frozen=True)
class Division:
    """Which commune each cell belongs to, before and after the merger.

    `former` and `present` have one number per cell; the sea island is the last number of
    each and has no cells. `district` has one number per former commune; `river_island` are
    the former communes of the island between the channels, one commune since the merger.
    """

    lattice: Lattice
    former: Labels
    present: Labels
    district: Labels
    river_island: Labels


def divide(land: Landscape, rng: np.random.Generator) -> Division:
    """Divide the province; all chance comes from `rng`."""
    lattice = _lattice(land)
    former, island = _communes(land, lattice, rng)
    neighbours = adjacency(lattice, former, FORMER - 1)
    centre = _centres(lattice, former, FORMER - 1)
    district = _districts(centre, neighbours, island)
    group = _merged(district, centre, neighbours, _people(lattice, former), island)
    present = _split(lattice, former, group)
    sea = shapely.get_coordinates(land.sea_islands.centroid)
    nearest = district[KDTree(centre).query(sea[0])[1]]
    return Division(lattice, former, present, np.append(district, nearest), island)


def _districts(centre: Field, neighbours: coo_array, island: Labels) -> Labels:
    """Return each commune's district: neighbours by land, the river island with the nearest."""
    inland = np.setdiff1d(np.arange(len(centre)), island)
    border = neighbours.tocsr()[inland][:, inland]
    district = np.empty(len(centre), dtype=np.int64)
    model = AgglomerativeClustering(DISTRICTS, connectivity=border)
    district[inland] = model.fit(centre[inland]).labels_
    district[island] = district[
        inland[KDTree(centre[inland]).query(centre[island].mean(axis=0))[1]]
    ]
    return district


def _lattice(land: Landscape) -> Lattice:
    west, south, east, north = land.mainland.bounds
    x = np.arange(west, east, CELL_KM) + CELL_KM / 2
    y = np.arange(south, north, CELL_KM) + CELL_KM / 2
    column, row = (each.ravel() for each in np.meshgrid(np.arange(len(x)), np.arange(len(y))))
    xy = np.column_stack([x[column], y[row]])
    inside = shapely.contains_xy(land.mainland, xy)
    whole, _ = label(inside.reshape(len(y), len(x)))
    inside &= whole.ravel() == np.bincount(whole[whole > 0]).argmax()
    index = np.column_stack([column, row])[inside]
    return Lattice(index, xy[inside], density(land, xy[inside]) * CELL_KM**2)


def _communes(land: Landscape, lattice: Lattice, rng: np.random.Generator) -> tuple[Labels, Labels]:
    """Return 154 communes and which of them make up the river island, the smallest face.

    Every face of the land has its own: people-weighted centres with wandering borders.
    """
    face = land.face_of(lattice.xy)
    face[face < 0] = face[face >= 0][KDTree(lattice.xy[face >= 0]).query(lattice.xy[face < 0])[1]]
    # Communes are small where many live, but not as small as people alone would make them.
    weight = np.sqrt(lattice.people + 2.0)
    share = np.bincount(face, weight)
    counts = np.maximum(1, np.round(share / share.sum() * (FORMER - 1))).astype(int)
    counts[0] += FORMER - 1 - counts.sum()
    bend = [Noise.of_length(3.0, rng) for _ in range(2)]
    warped = lattice.xy + 0.55 * np.column_stack([each.at(lattice.xy) for each in bend])
    communes = np.full(len(face), -1)
    free = 0
    for number, count in enumerate(counts):
        rows = np.flatnonzero(face == number)
        model = KMeans(int(count), n_init=1, random_state=int(rng.integers(1 << 30)))
        centres = model.fit(warped[rows], sample_weight=weight[rows]).cluster_centers_
        communes[rows] = free + KDTree(centres).query(warped[rows])[1]
        free += int(count)
    return joined(lattice, communes), np.arange(free - counts[-1], free)


def joined(lattice: Lattice, labels: Labels) -> Labels:
    """Return the labels with every cut-off piece given to the neighbour around it."""
    grid = _as_grid(lattice, labels)
    for number in range(labels.max() + 1):
        pieces, count = label(grid == number)
        sizes = np.bincount(pieces.ravel())[1:]
        for piece in range(1, count + 1):
            if piece != sizes.argmax() + 1:
                at = pieces == piece
                around = np.zeros_like(at)
                for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
                    around |= np.roll(at, step, axis)
                other = grid[around & ~at]
                other = other[(other >= 0) & (other != number)]
                if len(other):
                    grid[at] = np.bincount(other).argmax()
    return grid[lattice.index[:, 1] + 1, lattice.index[:, 0] + 1]


def adjacency(lattice: Lattice, labels: Labels, count: int) -> coo_array:
    """Return which labels share a border, 0/1, shape (count, count), symmetric."""
    grid = _as_grid(lattice, labels)
    pairs = np.vstack(
        [
            np.column_stack([grid[:, :-1].ravel(), grid[:, 1:].ravel()]),
            np.column_stack([grid[:-1].ravel(), grid[1:].ravel()]),
        ]
    )
    pairs = pairs[(pairs >= 0).all(axis=1) & (pairs[:, 0] != pairs[:, 1])]
    pairs = np.unique(np.vstack([pairs, pairs[:, ::-1]]), axis=0)
    return coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))


def _as_grid(lattice: Lattice, labels: Labels) -> Labels:
    """Return labels as an image with a frame of −1, rows northward."""
    columns, rows = lattice.index.max(axis=0) + 3
    grid = np.full((rows, columns), -1)
    grid[lattice.index[:, 1] + 1, lattice.index[:, 0] + 1] = labels
    return grid


def _centres(lattice: Lattice, labels: Labels, count: int) -> Field:
    cells = np.bincount(labels, minlength=count)[:, None]
    sums = [np.bincount(labels, lattice.xy[:, axis], minlength=count) for axis in (0, 1)]
    return np.column_stack(sums) / cells


def _people(lattice: Lattice, labels: Labels) -> Field:
    # With weights the counts are floats; the stub knows only counts of things.
    return np.asarray(np.bincount(labels, lattice.people), np.float64)


def _merged(
    district: Labels, centre: Field, neighbours: coo_array, people: Field, island: Labels
) -> Labels:
    """Return the present commune of each former one: neighbours of one district together."""
    inland = np.setdiff1d(np.arange(len(district)), island)
    share = np.bincount(district[inland], np.sqrt(people[inland]))
    counts = np.maximum(1, np.round(share / share.sum() * (PRESENT - 2))).astype(int)
    counts[counts.argmax()] += PRESENT - 2 - counts.sum()
    border = neighbours.tocsr()
    group = np.full(len(district), PRESENT - 2)
    free = 0
    for number, count in enumerate(counts):
        rows = inland[district[inland] == number]
        within = border[rows][:, rows]
        model = AgglomerativeClustering(int(count), connectivity=within)
        group[rows] = free + model.fit(centre[rows]).labels_
        free += int(count)
    return group


def _split(lattice: Lattice, former: Labels, group: Labels) -> Labels:
    """Return the present commune of each cell, three former communes divided between two.

    A commune is divided by the cells' distance to the two present centres, and chosen when
    both parts are whole and hold at least a quarter of its people.
    """
    present = group[former].copy()
    centre = _centres(lattice, present, PRESENT - 1)
    border = adjacency(lattice, present, PRESENT - 1).tocsr()
    done: list[int] = []
    for number in np.argsort(-np.bincount(former), kind="stable"):
        rows = np.flatnonzero(former == number)
        mine = int(group[number])
        alone = (group == mine).sum() < 2 or mine == group.max()
        if alone or mine in done or len(done) == SPLITS:
            continue
        for other in border.indices[border.indptr[mine] : border.indptr[mine + 1]]:
            if other == group.max():
                continue
            trial = _divided(lattice, present, rows, (mine, int(other)), centre)
            if trial is not None:
                present, done = trial, [*done, mine]
                break
    return present


def _divided(
    lattice: Lattice, present: Labels, rows: Labels, sides: tuple[int, int], centre: Field
) -> Labels | None:
    mine, other = sides
    lean = np.hypot(*(lattice.xy[rows] - centre[other]).T) - np.hypot(
        *(lattice.xy[rows] - centre[mine]).T
    )
    away = rows[lean < np.median(lean)]
    trial = present.copy()
    trial[away] = other
    gone, people = lattice.people[away].sum(), lattice.people[rows].sum()
    if min(gone, people - gone) < 0.25 * people:
        return None
    return trial if (joined(lattice, trial) == trial).all() else None
