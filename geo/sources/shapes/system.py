"""In which system the coordinates of a boundary file are: as declared, as they look, as chosen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.coordinates import WIDE_ZONES, recognise
from geo.crs import DEGREES, TM3_ZONES, VIETNAM_LAT, VIETNAM_LON, shapes_in_degrees
from geo.errors import N_, FileError
from geo.findings import Finding, FindingReport, Severity
from geo.recognition import Choices, CrsGuess
from geo.tables import Communes

_KNOWN = {4326, 4756, *TM3_ZONES.values(), *WIDE_ZONES}
_INSIDE = 0.5
_WEB_MERCATOR = 3857


@dataclass(frozen=True, slots=True)
class System:
    """The system shapes are read in, the order of the axes, and what else they may be in."""

    crs: CRS
    axes: str
    guesses: tuple[CrsGuess, ...]

    @property
    def name(self) -> str:
        """Return the system as `EPSG:n`, or its name where it has no number."""
        number = self.crs.to_epsg()
        return f"EPSG:{number}" if number else self.crs.name[:60]


def system_of(
    shapes: NDArray[Any], declared: CRS | None, choices: Choices, report: FindingReport,
    province: Communes | None = None,
) -> System:  # fmt: skip
    """Return the system of shapes as they are written; ask where it is not certain.

    What the owner chose is taken; what the file declares is taken where its shapes then lie
    in Viet Nam, and in the province where its communes are known; else the coordinates tell,
    and the owner is asked. Raises `FileError` where nothing tells.
    """
    if choices.crs is not None:
        return System(_chosen(choices.crs, report.file), choices.axes or "xy", ())
    declared = declared and _as_known(declared, report)
    x, y = _middles(shapes)
    as_said = System(declared or DEGREES, choices.axes or "xy", ())
    if not len(x) or (declared is not None and choices.axes is not None):
        return as_said
    doubt = _OUT_OF_PROVINCE
    if declared is not None and _fits(x, y, declared, None):
        # Shapes that lie nowhere in the province are looked at one by one.
        guesses = () if province is None or _fits(x, y, declared, province) else (
            recognise(x, y, province)
        )  # fmt: skip
    else:
        guesses = recognise(x, y, province) or recognise(x, y)
        doubt = _doubt(guesses[0], declared) if guesses else _MISSING
    if not guesses and declared is None:
        raise FileError(
            "%(file)s does not say which coordinate system it is in, and its coordinates fit none of Viet Nam's; export it with one.",
            file=report.file,
        )
    return _asked(guesses, declared, doubt, report) if guesses else as_said


def in_degrees(shapes: NDArray[Any], system: System) -> NDArray[Any]:
    """Return shapes as they are written as shapes in WGS 84 degrees, missing ones missing."""
    if system.axes == "yx":
        shapes = np.asarray(shapely.transform(shapes, _exchanged))
    if system.crs.equals(DEGREES, ignore_axis_order=True):
        return shapes
    there = ~shapely.is_missing(shapes)
    moved = shapes.copy()
    if system.crs.is_projected and system.crs.to_epsg() != _WEB_MERCATOR:
        moved[there] = shapes_in_degrees(shapes[there], system.crs)
    else:
        way = Transformer.from_crs(system.crs, DEGREES, always_xy=True)
        moved[there] = _moved(shapes[there], way)
    finite = there.copy()
    finite[there] = [np.isfinite(shapely.get_coordinates(each)).all() for each in moved[there]]
    kept: NDArray[Any] = moved.copy()
    kept[finite] = shapely.set_precision(moved[finite], 1e-9, mode="pointwise")
    kept[there & ~finite] = shapes[there & ~finite]  # outside the system: found out of the country
    return kept


def _moved(shapes: NDArray[Any], way: Transformer) -> NDArray[Any]:
    moved = [
        np.column_stack(way.transform(*shapely.get_coordinates(each).T)) for each in shapes
    ]  # fmt: skip
    return np.asarray(shapely.set_coordinates(shapes.copy(), np.vstack(moved)))


def _exchanged(places: NDArray[np.float64]) -> NDArray[np.float64]:
    return places[:, ::-1]


# --- what is asked -----------------------------------------------------------------------

_MISSING = (
    "crs-missing",
    N_("the file does not say which coordinate system it is in; its shapes fit %(crs)s (%(inside)s %% inside)%(others)s."),
)  # fmt: skip
_METRES = (
    "crs-suspect",
    N_("the coordinates are metres, not the degrees they are said to be; they fit %(crs)s (%(inside)s %% inside)%(others)s."),
)  # fmt: skip
_SWAPPED = (
    "axes-swapped",
    N_("the coordinates are written with the second axis first; exchanged they fit %(crs)s (%(inside)s %% inside)%(others)s."),
)  # fmt: skip
_CONTRADICTS = (
    "crs-contradicts",
    N_("the coordinates are not in %(declared)s, as the file says; they fit %(crs)s (%(inside)s %% inside)%(others)s."),
)  # fmt: skip
_OUT_OF_PROVINCE = (
    "out-of-province",
    N_("read as %(declared)s, as the file says, the shapes lie outside the province; they fit %(crs)s (%(inside)s %% inside)%(others)s."),
)  # fmt: skip


def _asked(
    guesses: tuple[CrsGuess, ...], declared: CRS | None, doubt: tuple[str, str],
    report: FindingReport,
) -> System:  # fmt: skip
    """Ask whether the first guess is right; until it is declined, shapes are shown in it."""
    first, *others = guesses
    known = (f"; {each.crs} ({round(100 * each.inside)} %)" for each in others[:3])
    agreed = report.ask(
        Finding(
            Severity.ASK, doubt[0], doubt[1],
            N_("Look at the map and agree, or choose the coordinate system."),
            params={"crs": first.crs, "inside": round(100 * first.inside),
                    "others": "".join(known),
                    "declared": declared.name[:60] if declared is not None else ""},
        ),
        Severity.BLOCKS,
    )  # fmt: skip
    if agreed or doubt[0] in report.asked or declared is None:
        return System(CRS.from_user_input(first.crs), first.axes, guesses)
    return System(declared, "xy", guesses)


def _doubt(guess: CrsGuess, declared: CRS | None) -> tuple[str, str]:
    if declared is None:
        return _MISSING
    degrees = guess.crs == "EPSG:4326"
    if guess.axes == "yx" and degrees == declared.is_geographic:
        return _SWAPPED
    return _METRES if declared.is_geographic and not degrees else _CONTRADICTS


def _as_known(declared: CRS, report: FindingReport) -> CRS:
    """Return the system a file declares, by its number where it is one that is used here.

    MapInfo and older programs write a VN-2000 zone by its numbers and leave the datum away
    or put WGS 84 for it, which moves it by 195 m: then the owner is asked.
    """
    number = declared.to_epsg(min_confidence=60)
    if number in _KNOWN:
        return CRS.from_epsg(number)
    code = _zone_by_numbers(declared)
    if code is None:
        return declared
    zone = CRS.from_epsg(code)
    datum = declared.datum.name if declared.datum is not None else ""
    finding = Finding(
        Severity.ASK, "crs-by-numbers",
        N_("the coordinate system “%(written)s” (datum %(datum)s) has the numbers of %(zone)s, EPSG:%(code)s."),
        N_("Agree to read it as VN-2000; the two lie 195 m apart."),
        params={"written": declared.name[:40], "datum": datum[:40], "zone": zone.name, "code": code},
    )  # fmt: skip
    if "2000" in datum.replace("WGS", ""):
        report.add(Finding(Severity.CHANGED, finding.code, finding.message, params=finding.params))
        return zone
    agreed = report.ask(finding, Severity.LOOK)
    return zone if agreed or finding.code in report.asked else declared


def _zone_by_numbers(crs: CRS) -> int | None:
    """Return the VN-2000 zone with the meridian, scale and false easting of `crs`."""
    way = crs.coordinate_operation
    if way is None or way.method_name != "Transverse Mercator":
        return None
    numbers = {each.name: float(each.value) for each in way.params if each.value is not None}
    meridian = numbers.get("Longitude of natural origin", 0.0)
    scale = numbers.get("Scale factor at natural origin", 0.0)
    if numbers.get("False easting") != 500_000 or numbers.get("False northing") != 0:
        return None
    if abs(scale - 0.9999) > 1e-9:
        return None
    return next((code for each, code in TM3_ZONES.items() if abs(each - meridian) < 1e-6), None)


def _chosen(name: str, file: str) -> CRS:
    digits = name.upper().removeprefix("EPSG:")
    try:
        if digits.isascii() and digits.isdigit() and len(digits) <= 6:
            return CRS.from_epsg(int(digits))
    except CRSError:
        pass
    raise FileError(
        "%(file)s: there is no coordinate system “%(crs)s”; write it as EPSG:9208.",
        file=file, crs=name[:40],
    )  # fmt: skip


def _middles(shapes: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middles of the shapes' bounds, without those of shapes that are missing."""
    bounds = shapely.bounds(shapes[~shapely.is_missing(shapes)])
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    return (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2


def _fits(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: CRS, province: Communes | None
) -> bool:
    """Whether most places lie in the country, or in the province where it is given."""
    places = in_degrees(np.asarray(shapely.points(x, y)), System(crs, "xy", ()))
    lon, lat = shapely.get_x(places), shapely.get_y(places)
    if province is not None:
        tree = shapely.STRtree(places)
        _, found = tree.query(province.geometry.to_numpy(), predicate="dwithin", distance=0.05)
        return bool(len(np.unique(found)) >= _INSIDE * len(x))
    inside = (lon >= VIETNAM_LON[0]) & (lon <= VIETNAM_LON[1])
    inside &= (lat >= VIETNAM_LAT[0]) & (lat <= VIETNAM_LAT[1])
    return bool(inside.mean() >= _INSIDE)
