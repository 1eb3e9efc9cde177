"""The distance to the nearest open direct point as a picture that lies on a web map.

Rows are equal steps of Web Mercator, as map programs stretch pictures: equal steps of
latitude would stand up to 16 km off over the country.
"""

import struct
import zlib
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.features import rasterize

from geo.crs import in_metres
from geo.reach import ReachEngine
from planning.analysis.situation import Situation, places_xy
from planning.maps.classes import SURFACE, Measure

LONGEST = 520  # cells along the longer side
_EARTH_M = 6378137.0


@dataclass(frozen=True, slots=True)
class Surface:
    """A PNG of classes: `bounds` are west, south, east, north in degrees, `cell_m` its step.

    Cells outside the province, and all where no point is open, are clear.
    """

    png: bytes
    bounds: tuple[float, float, float, float]
    cell_m: float


@dataclass(frozen=True, slots=True)
class Cells:
    """The middles of the cells of a picture of the province, north to south, in degrees."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    inside: NDArray[np.bool_]
    bounds: tuple[float, float, float, float]

    @property
    def step_m(self) -> float:
        """How far apart two columns stand in the middle of the picture, in metres."""
        middle = np.radians((self.bounds[1] + self.bounds[3]) / 2)
        step = np.radians(self.bounds[2] - self.bounds[0]) / len(self.lon)
        return float(step * np.cos(middle) * _EARTH_M)


def cells(situation: Situation, longest: int = LONGEST) -> Cells:
    """Lay square cells of Web Mercator over the province."""
    west, south, east, north = map(float, situation.communes.total_bounds)
    low, high = _mercator(np.array([south, north]))
    width, height = np.radians(east - west), high - low
    step = max(width, height) / longest
    columns, rows = max(1, round(width / step)), max(1, round(height / step))
    lon = west + (np.arange(columns) + 0.5) * (east - west) / columns
    lat = _latitude(high - (np.arange(rows) + 0.5) * height / rows)
    shapes = shapely.transform(situation.communes.geometry.to_numpy(), _upright)
    across, down = (east - west) / columns, float(np.degrees(height)) / rows
    flat = Affine(across, 0, west, 0, -down, float(np.degrees(high)))
    inside = rasterize(shapes, out_shape=(rows, columns), transform=flat, dtype="uint8")
    return Cells(lon, lat, inside.astype(bool), (west, south, east, north))


def distances(situation: Situation, engine: ReachEngine, at: Cells) -> NDArray[np.float64]:
    """Return metres from the middle of every cell to the nearest open direct point; NaN outside."""
    row, column = np.nonzero(at.inside)
    metres = np.full(at.inside.shape, np.nan)
    sites = places_xy(situation.open_direct, situation.crs)
    xy = in_metres(at.lon[column], at.lat[row], situation.crs)
    metres[row, column] = engine.nearest(xy, sites)[0]
    return metres


def surface(situation: Situation, engine: ReachEngine) -> Surface:
    """Return the picture of the distance to the nearest open direct point."""
    at = cells(situation)
    metres = distances(situation, engine, at)
    return Surface(picture(metres, SURFACE), at.bounds, at.step_m)


def picture(values: NDArray[np.float64], measure: Measure) -> bytes:
    """Return values (rows, columns) as a palette PNG; what is not finite is clear."""
    known = np.isfinite(values)
    classes = np.zeros(values.shape, dtype=np.uint8)
    classes[known] = np.searchsorted(measure.breaks, values[known], side="right") + 1
    colours = b"\0\0\0" + b"".join(bytes.fromhex(each[1:]) for each in measure.colours)
    height, width = values.shape
    lines = np.hstack([np.zeros((height, 1), np.uint8), classes]).tobytes()
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, body)
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", colours), (b"tRNS", b"\0"),
            (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""),
        )
    )  # fmt: skip


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _mercator(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the height of latitudes on a Mercator map on which a radian of longitude is 1."""
    return np.arctanh(np.sin(np.radians(lat)))


def _latitude(height: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.degrees(np.arcsin(np.tanh(height)))


def _upright(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return corners in degrees with latitudes as heights on the map, in degrees of longitude."""
    return np.column_stack([corners[:, 0], np.degrees(_mercator(corners[:, 1]))])
