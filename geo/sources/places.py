"""Lists of single places beside the points: hosts that could house one, commune seats."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.recognition import Choices, Recognised
from geo.sources.codes import commune_codes
from geo.sources.columns import match_columns
from geo.sources.fields import known_keys
from geo.sources.files import NOTHING, read_table
from geo.sources.positions import Positions, read_positions
from geo.sources.rows import Cells, Seen, there
from geo.tables import Communes, Hosts, hosts

HEADINGS = {
    "id": ("Mã", "id"),
    "code": ("code", "Mã xã", "commune_code", "Mã đơn vị hành chính"),
    "name": ("Tên", "name", "full_name", "Tên địa điểm"),
    "host_type": ("Loại địa điểm", "poi_type", "type", "loại"),
    "lat": ("Vĩ độ", "lat", "latitude", "Tọa độ X", "X"),
    "lon": ("Kinh độ", "lon", "longitude", "lng", "Tọa độ Y", "Y"),
}
_NO_CODE = Seen(
    Severity.LEFT_OUT, "code-format", N_("is no commune code; a commune code has five digits.")
)
_TWICE = Seen(
    Severity.LEFT_OUT, "seat-twice",
    N_("stands on an earlier row too; that row's seat was taken."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HostFile:
    """The hosts of a file, what was seen, how many rows it has, how it was understood."""

    table: Hosts
    report: FindingReport
    rows: int
    recognised: Recognised


@dataclass(frozen=True, slots=True)
class SeatFile:
    """The commune seats of a file: code → (lon, lat), what was seen, how it was understood."""

    seats: dict[str, tuple[float, float]]
    report: FindingReport
    rows: int
    recognised: Recognised


def read_hosts(
    path: Path, default_type: str, choices: Choices = NOTHING, communes: Communes | None = None
) -> HostFile:
    """Read places that could house a point: name, kind, lat, lon.

    `default_type` is the kind where the file has no such column. Rows without a place in
    the country are left out and reported. `communes` help to tell the system of metres.
    """
    cells, places, recognised = _open(path, ("name", "lat", "lon"), choices, communes)
    frame = pd.DataFrame(
        {
            "host_id": [f"#{row}" for row in cells.rows],
            "name": _or(cells, "name", default_type),
            "host_type": _or(cells, "host_type", default_type),
            "lon": places.lon,
            "lat": places.lat,
        },
        dtype=object,
    ).astype({"lon": float, "lat": float})
    return HostFile(hosts(frame[places.usable]), cells.report, len(cells), recognised)


def read_seats(
    path: Path, choices: Choices = NOTHING, communes: Communes | None = None
) -> SeatFile:
    """Read the seat of each commune: commune code, lat, lon."""
    cells, places, recognised = _open(path, ("code", "lat", "lon"), choices, communes)
    codes = commune_codes(cells, "code", None, Severity.LEFT_OUT)
    if "code" in cells.matched:
        cells.see(~there(cells.written("code")), "code", _NO_CODE)
    usable = there(codes) & places.usable
    twice = usable & pd.Series(Cells.without(codes, ~usable)).duplicated().to_numpy()
    cells.see(twice, "code", _TWICE)
    seats = {
        str(codes[at]): (float(places.lon[at]), float(places.lat[at]))
        for at in np.flatnonzero(usable & ~twice)
    }
    return SeatFile(seats, cells.report, len(cells), recognised)


def _or(cells: Cells, field: str, default: str) -> list[str]:
    return [default if each is None else str(each) for each in cells.text(field)]


def _open(
    path: Path, needed: Sequence[str], choices: Choices, communes: Communes | None
) -> tuple[Cells, Positions, Recognised]:
    raw = read_table(path, known_keys(HEADINGS), choices)
    raw, matched = match_columns(raw, HEADINGS, needed, choices)
    cells = Cells(raw, HEADINGS, matched, choices)
    places = read_positions(cells, communes)
    recognised = replace(raw.found, crs=places.crs, axes=places.axes, guesses=places.guesses)
    return cells, places, recognised
