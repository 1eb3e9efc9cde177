"""Two columns of written coordinates → degrees: read, their system told, their order mended."""

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo import coordinates
from geo.crs import VIETNAM_LAT, VIETNAM_LON
from geo.errors import N_, FileError
from geo.findings import Finding, Severity
from geo.names import heading_key
from geo.recognition import CrsGuess
from geo.sources.rows import ERROR_LEFT_OUT, ERRORS, Cells, Seen, Texts, there
from geo.sources.written_numbers import COMMA, DMS, WIDE, how_written, numbers
from geo.tables import Communes

Numbers = NDArray[np.float64]
Where = NDArray[np.bool_]
WHOLE = 0.95  # from this share of rows on it is the columns that are exchanged, not rows
FEW_PLACES = 2  # decimals of degrees: half a kilometre and more
_METRES = 1000.0
_NEUTRAL = ("x", "y", "xm", "ym", "toadox", "toadoy", "easting", "northing")

MISSING = Seen(
    Severity.LEFT_OUT, "coordinate-missing", N_("the coordinate is missing; survey the point.")
)
NO_NUMBER = Seen(
    Severity.LEFT_OUT, "not-a-number",
    N_("is no coordinate; write decimal degrees such as 10.3811."),
)  # fmt: skip
NULL_ISLAND = Seen(
    Severity.LEFT_OUT, "null-island", N_("nought is no place in Viet Nam; survey the point.")
)
OUT_OF_RANGE = Seen(
    Severity.LEFT_OUT, "out-of-range",
    N_("is no degree that there is; has the decimal point moved?"),
)  # fmt: skip
OUTSIDE = Seen(
    Severity.LEFT_OUT, "out-of-country",
    N_("the place lies outside Viet Nam; check the digits."),
)  # fmt: skip
EXCHANGED = Seen(
    Severity.ASK, "axes-exchanged", N_("longitude and latitude are exchanged."),
    N_("Agree to put them into the right columns."),
)  # fmt: skip
MINUS = Seen(
    Severity.ASK, "sign-minus", N_("the minus puts the place outside Viet Nam."),
    N_("Agree to read it without."),
)  # fmt: skip
METRES = Seen(
    Severity.LEFT_OUT, "metres-unknown",
    N_("these are metres, not degrees, of a system in which the place is not in the province; choose the system."),
)  # fmt: skip
COARSE = Seen(
    Severity.LOOK, "low-precision",
    N_("the coordinates have so few decimals that the place may be a kilometre away; survey it again."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Positions:
    """Places of rows in WGS 84 degrees, NaN where a row has no usable place.

    `crs` and `axes` are the system and order in which they were written, `guesses` what
    else they may be in.
    """

    lon: Numbers
    lat: Numbers
    crs: str = "EPSG:4326"
    axes: str = "xy"
    guesses: tuple[CrsGuess, ...] = field(default=())

    @property
    def usable(self) -> Where:
        """Which rows have a place."""
        return np.isfinite(self.lon) & np.isfinite(self.lat)


def read_positions(cells: Cells, communes: Communes | None = None) -> Positions:
    """Read the fields `lon` and `lat`: degrees as anybody writes them, or metres.

    Metres are turned into degrees by the system chosen, else by the one in which the places
    lie in `communes`; that is asked about. Rows without a place are reported, each once for
    each of its two cells.
    """
    x, y = (_numbers(cells, each) for each in ("lon", "lat"))
    both = np.isfinite(x) & np.isfinite(y)
    x[~both] = y[~both] = np.nan  # half a place is none
    chosen = cells.choices.crs
    if chosen is not None and chosen != "EPSG:4326":
        return _outside_out(cells, _converted(cells, x, y, both, chosen), both)
    metres = both & ((np.abs(x) > _METRES) | (np.abs(y) > _METRES))
    found = _from_metres(cells, x, y, metres, communes) if metres.any() else Positions(x, y)
    return _ordered(cells, found, both & ~metres, both)


def _numbers(cells: Cells, name: str) -> Numbers:
    """Return a column's numbers, NaN where a cell has none; what is odd is reported."""
    if name not in cells.matched:
        return np.full(len(cells), np.nan)
    written = cells.written(name)
    errors = cells.among(written, ERRORS)
    cells.see(errors, name, ERROR_LEFT_OUT)
    texts: Texts = cells.without(written, errors)
    missing = ~there(texts) & ~errors
    cells.see(missing, name, MISSING)
    values = numbers(texts)
    cells.see(np.isnan(values) & there(texts), name, NO_NUMBER)
    _say_writing(cells, name, texts, values)
    return values


def _say_writing(cells: Cells, name: str, texts: Texts, values: Numbers) -> None:
    """Tell once per column that numbers were written otherwise than plainly."""
    how = how_written(texts, values)
    for kind, code, message in (
        (COMMA, "decimal-comma", N_("%(count)s coordinates with a decimal comma were read as degrees; this one as %(read)s.")),
        (DMS, "degrees-minutes", N_("%(count)s coordinates in degrees and minutes were read as decimal degrees; this one as %(read)s.")),
        (WIDE, "full-width-digits", N_("%(count)s numbers in signs of another script were read as plain digits; this one as %(read)s.")),
    ):  # fmt: skip
        where = how == kind
        if where.any():
            read = round(float(values[np.flatnonzero(where)[0]]), 6)
            cells.see_once(where, name, Seen(Severity.CHANGED, code, message), read=read)


# --- metres --------------------------------------------------------------------------------


def _converted(cells: Cells, x: Numbers, y: Numbers, which: Where, crs: str) -> Positions:
    """Return places given in the chosen system as degrees."""
    axes = cells.choices.axes or "xy"
    lon, lat = np.full(len(x), np.nan), np.full(len(y), np.nan)
    if which.any():
        try:
            degrees = coordinates.degrees_of(x[which], y[which], crs, axes)
        except Exception as error:  # the library's own kinds are many
            raise FileError(
                "%(file)s: “%(crs)s” is no system of coordinates that can be read here; give one "
                "such as EPSG:9208.",
                file=cells.report.file, crs=crs[:30],
            ) from error  # fmt: skip
        lon[which], lat[which] = degrees[:, 0], degrees[:, 1]
    return Positions(lon, lat, crs, axes)


def _from_metres(
    cells: Cells, x: Numbers, y: Numbers, metres: Where, communes: Communes | None
) -> Positions:
    guesses = coordinates.recognise(x[metres], y[metres], communes)
    if not guesses:
        cells.see(metres, "lat", METRES)
        return Positions(_but(x, metres), _but(y, metres))
    best, sure = guesses[0], coordinates.settled(guesses) is not None
    params = {
        "count": int(metres.sum()), "crs": best.crs, "percent": round(100 * best.inside),
        "others": ", ".join(each.crs for each in guesses[1:6]),
    }  # fmt: skip
    message = (
        N_("%(count)s coordinates are metres; in %(crs)s %(percent)s of 100 places lie in the province.")
        if sure
        else N_("%(count)s coordinates are metres; they fit %(crs)s, but also %(others)s.")
    )  # fmt: skip
    first = int(np.flatnonzero(metres)[0])
    cells.report.ask(
        Finding(Severity.ASK, "metres" if sure else "crs-ambiguous", message,
                N_("Look at the map, then agree or choose the system."),
                row=int(cells.rows[first]), column=_both(cells), value=_pair(cells, first),
                params=params)
    )  # fmt: skip
    if cells.declined("metres" if sure else "crs-ambiguous"):
        return Positions(_but(x, metres), _but(y, metres), guesses=guesses)
    degrees = coordinates.degrees_of(x[metres], y[metres], best.crs, best.axes)
    lon, lat = x.copy(), y.copy()
    lon[metres], lat[metres] = degrees[:, 0], degrees[:, 1]
    return Positions(lon, lat, best.crs, best.axes, guesses)


def _but(values: Numbers, which: Where) -> Numbers:
    return np.where(which, np.nan, values)


# --- degrees -----------------------------------------------------------------------------


def _ordered(cells: Cells, found: Positions, degrees: Where, both: Where) -> Positions:
    """Return places with exchanged and negative degrees mended as far as somebody agrees."""
    lon, lat = found.lon.copy(), found.lat.copy()
    axes = found.axes
    swapped = degrees & ~_inside(lon, lat) & _inside(lat, lon)
    if swapped.any() and _exchange(cells, swapped, degrees):
        lon[swapped], lat[swapped] = lat[swapped], lon[swapped].copy()
        whole = swapped.sum() >= WHOLE * degrees.sum()
        axes = "yx" if whole and found.crs == "EPSG:4326" else axes
    minus = degrees & ~_inside(lon, lat) & _inside(np.abs(lon), np.abs(lat))
    if minus.any() and cells.ask(minus, "lat", MINUS, lambda _: {}):
        lon[minus], lat[minus] = np.abs(lon[minus]), np.abs(lat[minus])
    _coarse(cells, degrees & _inside(lon, lat))
    return _outside_out(cells, Positions(lon, lat, found.crs, axes, found.guesses), both)


def _exchange(cells: Cells, swapped: Where, degrees: Where) -> bool:
    """Ask about exchanged degrees: once for whole columns, else row by row."""
    count = int(swapped.sum())
    if count < WHOLE * degrees.sum() or count == 1:
        return cells.ask(swapped, "lat", EXCHANGED, lambda at: {"written": _pair(cells, at)})
    names = [heading_key(cells.column(each)) for each in ("lon", "lat")]
    if cells.choices.axes == "yx" or all(each in _NEUTRAL for each in names):
        return True  # the headings promise nothing: X is north to surveyors, east to others
    first = int(np.flatnonzero(swapped)[0])
    cells.report.ask(
        Finding(Severity.ASK, EXCHANGED.code,
                N_("longitude and latitude are exchanged on all %(count)s rows."), EXCHANGED.mend,
                row=int(cells.rows[first]), column=_both(cells), value=_pair(cells, first),
                params={"count": count})
    )  # fmt: skip
    return not cells.declined(EXCHANGED.code)


def _coarse(cells: Cells, which: Where) -> None:
    places = [_decimals(cells.written(each)) for each in ("lon", "lat")]
    cells.see(which & (np.maximum(*places) <= FEW_PLACES), "lat", COARSE)


def _decimals(texts: Texts) -> NDArray[np.int64]:
    """Return how many decimals each number has as written; many for other writings."""
    found = np.full(len(texts), 99)
    for at, text in enumerate(texts):
        if text is not None and (match := _DECIMALS.fullmatch(text)):
            found[at] = len(match[1] or "")
    return found


_DECIMALS = re.compile(r"-?[0-9]+(?:[.,]([0-9]*))?")


def _outside_out(cells: Cells, found: Positions, both: Where) -> Positions:
    """Return the places in the country; the others are reported and become NaN."""
    lon, lat = found.lon, found.lat
    left = both & np.isfinite(lon) & np.isfinite(lat) & ~_inside(lon, lat)
    nought = left & (np.abs(lon) < 1e-3) & (np.abs(lat) < 1e-3)
    beyond = left & ~nought & ((np.abs(lat) > 90) | (np.abs(lon) > 180))
    for where, seen in (
        (nought, NULL_ISLAND),
        (beyond, OUT_OF_RANGE),
        (left & ~nought & ~beyond, OUTSIDE),
    ):
        for at in map(int, np.flatnonzero(where)):
            cells.report.add(
                Finding(seen.severity, seen.code, seen.message, row=int(cells.rows[at]),
                        column=_both(cells), value=_pair(cells, at))
            )  # fmt: skip
    return Positions(_but(lon, left), _but(lat, left), found.crs, found.axes, found.guesses)


def _inside(lon: Numbers, lat: Numbers) -> Where:
    return (
        (lon >= VIETNAM_LON[0]) & (lon <= VIETNAM_LON[1])
        & (lat >= VIETNAM_LAT[0]) & (lat <= VIETNAM_LAT[1])
    )  # fmt: skip


def _both(cells: Cells) -> str:
    return f"{cells.column('lat')}, {cells.column('lon')}"


def _pair(cells: Cells, at: int) -> str:
    return f"{cells.written('lat')[at]}, {cells.written('lon')[at]}"[:40]
