"""Coordinates as people write them, and the system that a table of them is in.

`written` reads one number: decimal degrees with a point or a comma, degrees with minutes and
seconds in the usual spellings, metres. `recognise` tells which system two columns of numbers
may be in: degrees in either order, VN-2000 in any provincial zone (TM-3), VN-2000 or WGS 84
in a zone of six degrees (TM-6, UTM), each with east or with north first.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from geo.crs import DEGREES, TM3_ZONES, VIETNAM_LAT, VIETNAM_LON, in_degrees
from geo.recognition import CrsGuess
from geo.tables import Communes

# Zones of six degrees by EPSG code → central meridian: VN-2000 first, WGS 84 after it.
WIDE_ZONES = {3405: 105.0, 3406: 111.0, 32648: 105.0, 32649: 111.0}
_MERIDIANS = {**{code: meridian for meridian, code in TM3_ZONES.items()}, **WIDE_ZONES}
# Metres east and north that a place of Viet Nam can have in any of these zones.
EAST_M, NORTH_M = (-300_000.0, 1_700_000.0), (600_000.0, 2_700_000.0)
_MOST_PLACES = 2000
_MOST_CHARACTERS = 60
_PLAUSIBLE, _SETTLED = 0.5, 0.1
_NEAR_DEG = 0.01  # a kilometre: boundaries and surveys do not agree to the metre


# --- one number --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """A coordinate as read: degrees or metres, and what the writing says of it.

    `axis` is `lon` or `lat` where a hemisphere is written, else None; south and west are
    negative. `sexagesimal` tells minutes from a decimal number.
    """

    value: float
    axis: str | None = None
    sexagesimal: bool = False


_HEMISPHERES = {
    "n": ("lat", 1), "b": ("lat", 1), "s": ("lat", -1), "e": ("lon", 1), "đ": ("lon", 1),
    "w": ("lon", -1), "t": ("lon", -1), "bắc": ("lat", 1), "nam": ("lat", -1),
    "đông": ("lon", 1), "tây": ("lon", -1), "north": ("lat", 1), "south": ("lat", -1),
    "east": ("lon", 1), "west": ("lon", -1),
}  # fmt: skip
_WORDS = "|".join(sorted(_HEMISPHERES, key=len, reverse=True))
_FRONT = re.compile(rf"^(?P<h>{_WORDS})\.?[ :=]*(?=[-+0-9])")
_BACK = re.compile(rf"(?<=[0-9'\" mspgâ°”)])[ .]*(?P<h>{_WORDS}|d)\.?$")
_LABEL = re.compile(r"^(vĩ độ|kinh độ|lat(itude)?|lon(gitude)?|lng|[xy])[ :=]*")
_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_DECIMAL = re.compile(rf"(?P<sign>[-+]?) ?(?P<n>{_NUMBER}) ?(?:°|độ|d|deg)?")
_SECONDS_MARK = r"(?:\"|''|s|sec|giây|g)?"
_SEXAGESIMAL = re.compile(
    rf"(?P<sign>[-+]?) ?(?P<d>[0-9]{{1,3}}) ?(?:°|độ|d|deg|[ :\-]) ?"
    rf"(?P<m>{_NUMBER}) ?(?P<mark>'|m|min|phút|p|[ :\-]|$) ?"
    rf"(?:(?P<s>{_NUMBER}) ?{_SECONDS_MARK})?"
)
_GROUPED_METRES = re.compile(r"[0-9]{1,3}([ .,][0-9]{3})+([.,][0-9]{1,3})?")
_SIGNS = str.maketrans(
    {"º": "°", "˚": "°", "⁰": "°", "ᵒ": "°", "′": "'", "’": "'", "‘": "'", "`": "'", "´": "'",
     "ʹ": "'", "″": '"', "”": '"', "“": '"', "ʺ": '"', "−": "-", "–": "-", "\u00d0": "Đ",
     "\u200b": None, "\ufeff": None, "\u200c": None, "\u200d": None, "\u2060": None}
)  # fmt: skip


def written(text: str) -> Written | None:
    """Return the coordinate that a text says, None where it says none.

    A letter behind or before the number is the hemisphere: N, B (Bắc) and E, Đ (Đông); S,
    “Nam”, W and T (Tây) make it negative. A D behind is read as Đ. Minutes and seconds of
    sixty or more are no coordinate. Metres may be grouped by spaces, points or commas.
    """
    # Signs first: NFKC would take º for the letter o and take a double prime apart.
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip()
    text = " ".join(text.casefold().replace("''", '"').split())
    if not text or len(text) > _MOST_CHARACTERS:
        return None
    text = _LABEL.sub("", text)
    text, named = _hemisphere(text)
    found = _sexagesimal(text)
    sixty = found is not None
    if found is None:
        found = _decimal(text)
    if found is None or (named is not None and found < 0):
        return None
    axis, sign = named if named is not None else (None, 1)
    return Written(sign * found, axis, sixty)


def _hemisphere(text: str) -> tuple[str, tuple[str, int] | None]:
    for pattern in (_FRONT, _BACK):
        found = pattern.search(text)
        if found:
            letter = found["h"]
            rest = (text[: found.start()] + text[found.end() :]).strip()
            # “105.4d”: the d is the sign of degrees; “10d22m52s”: the s is that of seconds.
            if (letter == "d" and re.fullmatch(r"[-+]?[0-9.,]+", rest)) or (
                letter == "s" and re.search(r"[0-9] ?m ?[0-9]", rest)
            ):
                return text, None
            return rest, _HEMISPHERES["đ" if letter == "d" else letter]
    return text, None


def _sexagesimal(text: str) -> float | None:
    found = _SEXAGESIMAL.fullmatch(text)
    if found is None:
        return None
    degrees, minutes = int(found["d"]), _plain(found["m"])
    seconds = _plain(found["s"]) if found["s"] else 0.0
    whole_minutes = minutes == int(minutes)
    if degrees > 180 or minutes >= 60 or seconds >= 60 or (found["s"] and not whole_minutes):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if found["sign"] == "-" else value


def _decimal(text: str) -> float | None:
    found = _DECIMAL.fullmatch(text)
    if found:
        value = _plain(found["n"])
        grouped = (
            bool(_GROUPED_METRES.fullmatch(found["n"])) and value < 1000 and _groups(found["n"])
        )
        if not grouped:
            return -value if found["sign"] == "-" else value
    if _GROUPED_METRES.fullmatch(text):
        return _ungrouped(text)
    return None


def _groups(number: str) -> bool:
    """Whether “583.456” may be metres in groups: three digits before the sign and three after.

    With one sign only it is degrees where it can be: 105.432 is a longitude.
    """
    return float(number.replace(",", ".")) > 180


def _ungrouped(text: str) -> float | None:
    marks = [each for each in text if not each.isdigit()]
    last = max(text.rfind(each) for each in set(marks))
    decimals = len(set(marks)) > 1 and marks.count(text[last]) == 1
    if decimals:
        return float(re.sub(r"[^0-9]", "", text[:last]) + "." + text[last + 1 :])
    return float(re.sub(r"[^0-9]", "", text)) if len(set(marks)) == 1 else None


def _plain(number: str) -> float:
    return float(number.replace(",", "."))


# --- a table of them ---------------------------------------------------------------------


def recognise(x: ArrayLike, y: ArrayLike, communes: Communes | None = None) -> tuple[CrsGuess, ...]:
    """Return the systems in which places (first and second numbers) may be, the best first.

    Ordered by the share of places that then lie in `communes` (a kilometre round them counts
    as in them), then by how near the zone's meridian is to their middle. Without communes the
    share is of those that lie in Viet Nam and, for a zone, where the zone is in use; then
    several zones may fit alike. Systems in which less than half lie inside are left out.
    """
    x, y = np.asarray(x, float).ravel(), np.asarray(y, float).ravel()
    there = np.isfinite(x) & np.isfinite(y)
    x, y = _some(x[there]), _some(y[there])
    if not len(x):
        return ()
    tried = list(_candidates(x, y))
    if not tried:
        return ()
    shares = _shares(tried, communes)
    middle = _middle(communes)
    found = []
    for (code, axes, places), share in zip(tried, shares, strict=True):
        meridian = _MERIDIANS.get(code)
        away = 0.0 if meridian is None else abs(meridian - (middle or float(places[:, 0].mean())))
        guess = CrsGuess(f"EPSG:{code}", axes, share,
                         meridian if code not in WIDE_ZONES else None)  # fmt: skip
        if share >= _PLAUSIBLE:
            found.append(((-round(share, 3), code in WIDE_ZONES, away, code), guess))
    return tuple(guess for _, guess in sorted(found, key=lambda each: each[0]))


def settled(guesses: tuple[CrsGuess, ...]) -> CrsGuess | None:
    """Return the guess that no other comes near, None where the owner has to say."""
    if not guesses:
        return None
    first, *others = guesses
    tied = any(each.inside > first.inside - _SETTLED for each in others)
    return None if tied else first


def degrees_of(x: ArrayLike, y: ArrayLike, crs: str, axes: str) -> NDArray[np.float64]:
    """Return places in the system `crs` (`EPSG:n`) and order `axes` as lon and lat, (n, 2)."""
    first, second = np.asarray(x, float).ravel(), np.asarray(y, float).ravel()
    if axes == "yx":
        first, second = second, first
    system = CRS.from_user_input(crs)
    if system.equals(DEGREES, ignore_axis_order=True):
        return np.column_stack([first, second])
    return in_degrees(np.column_stack([first, second]), system)


def _some(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return at most two thousand values, evenly from all."""
    return values[:: max(1, -(-len(values) // _MOST_PLACES))]


def _candidates(
    x: NDArray[np.float64], y: NDArray[np.float64]
) -> Iterator[tuple[int, str, NDArray[np.float64]]]:
    """Yield (EPSG code, axes, places in degrees) of every system the numbers can be in."""
    for axes, first, second in (("xy", x, y), ("yx", y, x)):
        if _within(first, VIETNAM_LON) and _within(second, VIETNAM_LAT):
            yield 4326, axes, np.column_stack([first, second])
        if _within(first, EAST_M) and _within(second, NORTH_M) and np.median(np.abs(second)) > 1000:
            for code in _MERIDIANS:
                places = in_degrees(np.column_stack([first, second]), _system(code))
                if np.isfinite(places).all():
                    yield code, axes, places


def _within(values: NDArray[np.float64], bounds: tuple[float, float]) -> bool:
    inside = (values >= bounds[0]) & (values <= bounds[1])
    return bool(inside.mean() >= _PLAUSIBLE)


def _shares(
    tried: list[tuple[int, str, NDArray[np.float64]]], communes: Communes | None
) -> list[float]:
    if communes is None:
        return [_share_in_use(code, places) for code, _, places in tried]
    together = np.vstack([places for _, _, places in tried])
    points = np.asarray(shapely.points(together))
    tree = shapely.STRtree(points)
    _, found = tree.query(communes.geometry.to_numpy(), predicate="dwithin", distance=_NEAR_DEG)
    inside = np.zeros(len(together), bool)
    inside[found] = True
    ends = np.cumsum([len(places) for _, _, places in tried])[:-1]
    return [float(each.mean()) for each in np.split(inside, ends)]


def _share_in_use(code: int, places: NDArray[np.float64]) -> float:
    """Return the share of places in Viet Nam and where a zone is in use."""
    west, south, east, north = VIETNAM_LON[0], VIETNAM_LAT[0], VIETNAM_LON[1], VIETNAM_LAT[1]
    use = _system(code).area_of_use if code in TM3_ZONES.values() else None
    if use is not None:
        west, south, east, north = use.west, use.south, use.east, use.north
    near = _NEAR_DEG
    lon, lat = places[:, 0], places[:, 1]
    inside = (
        (lon >= west - near) & (lon <= east + near) & (lat >= south - near) & (lat <= north + near)
    )
    return float(inside.mean())


def _middle(communes: Communes | None) -> float | None:
    if communes is None:
        return None
    west, _, east, _ = communes.total_bounds
    return float(west + east) / 2


@cache
def _system(code: int) -> CRS:
    return CRS.from_epsg(code)
