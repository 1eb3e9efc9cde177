"""Lists of single places beside the points: hosts that could house one, commune seats."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.crs import VIETNAM_LAT, VIETNAM_LON
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.names import clean
from geo.sources.fields import (
    code_text,
    known_keys,
    match_headings,
    number,
    require_fields,
    text_column,
)
from geo.sources.files import RawTable, read_table
from geo.tables import Hosts, hosts

HEADINGS = {
    "id": ("Mã", "id"),
    "code": ("code", "Mã xã", "commune_code"),
    "name": ("Tên", "name", "full_name", "Tên địa điểm"),
    "host_type": ("Loại địa điểm", "poi_type", "type", "loại"),
    "lat": ("Vĩ độ", "lat", "latitude"),
    "lon": ("Kinh độ", "lon", "longitude"),
}


@dataclass(frozen=True, slots=True)
class HostFile:
    """The hosts of a file and what was seen."""

    table: Hosts
    report: FindingReport


@dataclass(frozen=True, slots=True)
class SeatFile:
    """The commune seats of a file: code → (lon, lat), and what was seen."""

    seats: dict[str, tuple[float, float]]
    report: FindingReport


def read_hosts(path: Path, default_type: str) -> HostFile:
    """Read places that could house a point: name, kind, lat, lon.

    `default_type` is the kind where the file has no such column. Rows without a place in
    the country are left out and reported.
    """
    raw, matched, report = _open(path, ("name", "lat", "lon"))
    names, kinds = text_column(raw, matched, "name"), text_column(raw, matched, "host_type")
    rows = []
    for at, row in enumerate(raw.rows):
        place = _place(raw, matched, at, report)
        if place is not None:
            name, kind = names.iloc[at], kinds.iloc[at]
            rows.append(
                {"host_id": f"#{row}", "lon": place[0], "lat": place[1],
                 "name": default_type if pd.isna(name) else clean(str(name)),
                 "host_type": default_type if pd.isna(kind) else clean(str(kind))}
            )  # fmt: skip
    frame = pd.DataFrame(rows, columns=["host_id", "name", "host_type", "lon", "lat"])
    return HostFile(hosts(frame.astype({"lon": float, "lat": float})), report)


def read_seats(path: Path) -> SeatFile:
    """Read the seat of each commune: commune code, lat, lon."""
    raw, matched, report = _open(path, ("code", "lat", "lon"))
    seats = {}
    for at, written in enumerate(text_column(raw, matched, "code")):
        code = None if pd.isna(written) else code_text(str(written), 5)
        if code is None:
            report.add(
                Finding(Severity.LEFT_OUT, "code-format",
                        N_("is no commune code; a commune code has five digits."),
                        row=raw.rows[at], column=matched["code"],
                        value="" if pd.isna(written) else str(written))
            )  # fmt: skip
            continue
        place = _place(raw, matched, at, report)
        if place is not None:
            seats[code] = place
    return SeatFile(seats, report)


def _open(path: Path, needed: tuple[str, ...]) -> tuple[RawTable, dict[str, str], FindingReport]:
    raw = read_table(path, known_keys(HEADINGS))
    matched = match_headings(raw, HEADINGS, path.name)
    require_fields(matched, {each: HEADINGS[each] for each in needed}, raw, path.name)
    return raw, matched, FindingReport(path.name)


def _place(
    raw: RawTable, matched: dict[str, str], at: int, report: FindingReport
) -> tuple[float, float] | None:
    lon_text, lat_text = (text_column(raw, matched, each).iloc[at] for each in ("lon", "lat"))
    lon = None if pd.isna(lon_text) else number(str(lon_text))
    lat = None if pd.isna(lat_text) else number(str(lat_text))
    if (
        lon is not None and VIETNAM_LON[0] <= lon <= VIETNAM_LON[1]
        and lat is not None and VIETNAM_LAT[0] <= lat <= VIETNAM_LAT[1]
    ):  # fmt: skip
        return lon, lat
    report.add(
        Finding(Severity.LEFT_OUT, "no-place", N_("has no usable coordinates and was left out."),
                row=raw.rows[at], column=f"{matched['lat']}, {matched['lon']}",
                value=f"{lat_text}, {lon_text}")
    )  # fmt: skip
    return None
