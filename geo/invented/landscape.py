"""Coast, river arms, canals, hills and towns of the demonstration province."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon

from geo.invented.noise import Field, Noise

COAST = [
    (-38, 4), (-34, -15), (-19, -28), (2, -31), (17, -33), (29, -26), (35, -10),
    (33, 6), (27, 18), (13, 28), (-3, 32), (-17, 33), (-30, 26), (-37, 16),
]  # fmt: skip
# The coast is drawn a little larger or smaller until the province has its area.
COAST_SCALE = 0.9537
UPPER_ARM = [
    (-16, 44), (-11, 29), (-6, 20), (-1, 17.5), (3, 13), (10, 9.5), (17, 8), (26, 2), (46, -6),
]  # fmt: skip
LOWER_ARM = [
    (-48, 30), (-33, 19), (-27, 17), (-20, 9.5), (-11, 5), (-4, -2.5), (4, -8), (12, -15),
    (15.5, -22), (24, -40),
]  # fmt: skip
# The channel north of the river island leaves the lower arm and comes back to it.
ISLAND_CHANNEL = [(-4, -2.5), (1.5, -2.9), (7.6, -7.2), (12, -15)]
# One channel joins the two arms, and takes water from the upper to the lower.
JOINING_CHANNEL = [(-6, 20), (-9.5, 13.5), (-14.5, 6.9)]


@dataclass(frozen=True, slots=True)
class River:
    """A river by its middle line and its whole width in kilometres."""

    line: LineString
    width_km: float


@dataclass(frozen=True, slots=True)
class Town:
    """A settlement with a market: about how many people within what spread (km)."""

    x: float
    y: float
    people: float
    spread_km: float


@dataclass(frozen=True, slots=True)
class Landscape:
    """The land before anyone divided it.

    `faces` are the pieces into which rivers cut the mainland; `hills` has one row per
    hill: east, north, half axes and height in metres.
    """

    mainland: Polygon
    sea_islands: MultiPolygon
    rivers: tuple[River, ...]
    canals: MultiLineString
    faces: tuple[Polygon, ...]
    hills: Field
    towns: tuple[Town, ...]
    fertility: Noise

    def face_of(self, xy: Field) -> NDArray[np.int64]:
        """Return the number of the face each place lies in; -1 outside the mainland."""
        found = np.full(len(xy), -1)
        for number, face in enumerate(self.faces):
            found[shapely.contains_xy(face, xy[:, 0], xy[:, 1])] = number
        return found

    def height_m(self, xy: Field) -> Field:
        """Return the height of the hills at places `xy`; the delta is 0."""
        height = np.zeros(len(xy))
        for x, y, half_x, half_y, top in self.hills:
            apart = ((xy[:, 0] - x) / half_x) ** 2 + ((xy[:, 1] - y) / half_y) ** 2
            height = np.maximum(height, top * np.exp(-(apart**1.5)))
        return np.where(height < 15, 0.0, height)


def river_distance(rivers: tuple[River, ...], xy: Field) -> Field:
    """Return how far each place is from the nearest bank (km), negative in the water."""
    places = shapely.points(xy)
    banks = [shapely.distance(r.line, places) - r.width_km / 2 for r in rivers]
    nearest: Field = np.min(banks, axis=0)
    return nearest


def draw_landscape(rng: np.random.Generator) -> Landscape:
    """Draw the province; all chance comes from `rng`."""
    coast = _closed(COAST) * COAST_SCALE
    mainland = Polygon(_wavered(coast, rng, 1.1, 9.0))
    arms = (
        River(LineString(_wavered(_curve(UPPER_ARM), rng, 0.35, 7.0)), 0.9),
        River(LineString(_wavered(_curve(LOWER_ARM), rng, 0.35, 7.0)), 1.0),
    )
    island_channel = LineString(_curve(ISLAND_CHANNEL))
    joining_channel = LineString(_curve(JOINING_CHANNEL))
    rivers = (
        *arms,
        River(_ending_on(island_channel, arms[1].line, arms[1].line), 0.55),
        River(_ending_on(joining_channel, arms[0].line, arms[1].line), 0.45),
    )
    faces = _faces(mainland, rivers)
    return Landscape(
        mainland=mainland,
        sea_islands=_sea_islands(rng),
        rivers=rivers,
        canals=_canals(mainland, rivers, rng),
        faces=faces,
        hills=_hills(rng),
        towns=_towns(),
        fertility=Noise.of_length(5.0, rng),
    )


def _curve(corners: Sequence[tuple[float, float]], step: float = 0.25) -> Field:
    """Return a smooth open curve through the corners, one place every `step` km."""
    xy = np.array(corners, float)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    return np.asarray(CubicSpline(along, xy)(np.arange(0.0, along[-1] + step, step)))


def _closed(corners: Sequence[tuple[float, float]], step: float = 0.25) -> Field:
    """Return a smooth closed curve through the corners, first place repeated at the end."""
    xy = np.array([*corners, corners[0]], float)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    curve = CubicSpline(along, xy, bc_type="periodic")(np.arange(0.0, along[-1], step))
    return np.vstack([curve, curve[:1]])


def _wavered(xy: Field, rng: np.random.Generator, km: float, length_km: float) -> Field:
    """Return the line moved about by `km` in bends of `length_km`, small bends on large."""
    moved = xy.copy()
    for part, length in ((0.8, length_km), (0.2, length_km / 4)):
        east, north = Noise.of_length(length, rng), Noise.of_length(length, rng)
        moved += km * part * np.column_stack([east.at(xy), north.at(xy)])
    return moved


def _ending_on(line: LineString, first: LineString, last: LineString) -> LineString:
    """Return `line` with its first end moved onto one river and its last onto another."""
    xy = shapely.get_coordinates(line)
    start = first.interpolate(first.project(Point(xy[0])))
    end = last.interpolate(last.project(Point(xy[-1])))
    return LineString(np.vstack([start.coords[0], xy[1:-1], end.coords[0]]))


def _faces(mainland: Polygon, rivers: tuple[River, ...]) -> tuple[Polygon, ...]:
    """Return the pieces of the mainland between the rivers, largest first."""
    # Channels end on the arms only nearly: lines are noded on a grid of a metre.
    lines = shapely.union_all([mainland.exterior, *(r.line for r in rivers)], grid_size=0.001)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = [p for p in pieces if mainland.contains(p.representative_point()) and p.area > 5]
    return tuple(sorted(inside, key=lambda piece: -piece.area))


def _sea_islands(rng: np.random.Generator) -> MultiPolygon:
    """Return the sea island and its islet."""
    parts = []
    for x, y, half_x, half_y, waver in (
        (44.0, -21.5, 3.5, 2.2, 0.35),
        (48.6, -25.4, 0.9, 0.7, 0.1),
    ):
        turn = np.linspace(0, 2 * np.pi, 120)
        ring = np.column_stack([x + half_x * np.cos(turn), y + half_y * np.sin(turn)])
        ring = _wavered(ring, rng, waver, 3.5)
        ring[-1] = ring[0]
        parts.append(Polygon(ring))
    return MultiPolygon(parts)


def _canals(
    mainland: Polygon, rivers: tuple[River, ...], rng: np.random.Generator
) -> MultiLineString:
    """Return canals dug straight from the rivers into the land, and others across them."""
    upper, lower = rivers[0].line, rivers[1].line
    dug = [
        *_dug_from(lower, np.arange(17, 82, 5.2), (-0.66, -0.75), 26, rng),
        *_dug_from(upper, np.arange(14, 70, 5.6), (0.55, 0.83), 16, rng),
        *_dug_from(upper, np.arange(26, 68, 6.1), (-0.72, -0.69), 22, rng),
        *(lower.parallel_offset(km, "right").simplify(1.2) for km in (6.5, 13.5, 20.5)),
        upper.parallel_offset(6.0, "left").simplify(1.2),
        LineString([(-26, 34), (-17, 21), (-13, 13)]),
        LineString([(-36, 23), (-22, 24), (-9, 27)]),
    ]
    # A canal ends at the next river: only the part that starts where it was dug is kept.
    water = shapely.union_all([r.line for r in rivers])
    hills = shapely.Point(-25, -8).buffer(6.5)
    kept = []
    for line in dug:
        land = line.intersection(mainland.buffer(-0.4)).difference(hills)
        pieces = shapely.get_parts(land.difference(water.buffer(0.2)))
        kept += [piece for piece in pieces if piece.length > 2.5]
    return MultiLineString(kept)


def _dug_from(
    river: LineString,
    at_km: Field,
    way: tuple[float, float],
    length: float,
    rng: np.random.Generator,
) -> list[LineString]:
    """Return one canal per place along the river, dug in direction `way` until it meets it."""
    canals = []
    for km in at_km + rng.uniform(-0.7, 0.7, len(at_km)):
        start = np.array(river.interpolate(km).coords[0])
        turn = np.array(way) + rng.uniform(-0.09, 0.09, 2)
        middle = start + turn * length * 0.5
        end = start + (turn + rng.uniform(-0.06, 0.06, 2)) * length * rng.uniform(0.8, 1.0)
        canals.append(LineString([start, middle, end]))
    return canals


def _hills(rng: np.random.Generator) -> Field:
    """Return seven hills in a range that stands alone in the western plain."""
    at = [
        (-27, -4.5),
        (-24.5, -8.5),
        (-29, -10),
        (-22, -12.5),
        (-26, -14.5),
        (-31.5, -5),
        (-20.5, -8),
    ]
    half = rng.uniform([1.4, 1.8], [2.4, 3.2], (len(at), 2))
    top = np.array([430.0, 690, 350, 260, 310, 180, 120])
    return np.column_stack([np.array(at, float), half, top])


def _towns() -> tuple[Town, ...]:
    """Return cities, district towns and market places."""
    return tuple(
        Town(*town)
        for town in [
            (-1.4, -6.6, 215e3, 2.1), (-24.2, 11.2, 105e3, 1.5), (-3.2, 21.0, 72e3, 1.4),
            (-23.5, -3.0, 34e3, 1.1), (16.0, 11.5, 40e3, 1.2), (-21.0, 20.5, 30e3, 1.0),
            (4.6, 4.6, 46e3, 1.2), (-12.6, 2.0, 32e3, 1.0), (-10.5, -15.5, 34e3, 1.1),
            (-5.5, -25.0, 26e3, 1.0), (20.5, -17.0, 33e3, 1.1), (44.0, -21.0, 7e3, 0.7),
            (-28.3, -16.5, 17e3, 0.9), (-33.6, -1.5, 13e3, 0.8), (-15.6, -7.5, 12e3, 0.8),
            (-19.0, -21.5, 13e3, 0.8), (3.5, -20.5, 15e3, 0.8), (10.0, -22.5, 12e3, 0.7),
            (12.5, -2.0, 16e3, 0.8), (21.5, -4.6, 14e3, 0.8), (27.5, -12.5, 11e3, 0.8),
            (-11.5, 26.5, 14e3, 0.8), (7.5, 21.5, 13e3, 0.8), (25.5, 7.0, 14e3, 0.8),
            (-29.0, 24.0, 9e3, 0.7), (-12.5, 14.5, 15e3, 0.7), (5.2, 12.4, 17e3, 0.8),
            (-4.0, 9.0, 11e3, 0.8), (-30.5, 13.0, 10e3, 0.8), (3.0, -5.6, 9e3, 0.8),
            (14.5, -18.5, 10e3, 0.7), (1.5, 26.0, 9e3, 0.7),
        ]
    )  # fmt: skip
