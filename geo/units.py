"""The official list of commune-level units, present and former, and what became of which.

Names, codes and the conversion of 1 July 2025 are those of the package `vietnamadminunits`.
Its data are read where it is installed; the package itself is never imported (it would load
a geocoder), and its coordinates are never used. Where it is not installed, nothing is known:
`source` gives None and every question is answered with nothing. The list is that of
`LIST_DATE`; units made later are not in it.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from geo.names import bare_name, clean, unit_type

PACKAGE = "vietnamadminunits"
LIST_DATE = "2025-07-01"

_PRESENT = "SELECT wardCode, ward, provinceCode, province, provinceKey, wardKey FROM admin_units"
_FORMER = (
    "SELECT wardCode, ward, provinceCode, province, provinceKey, wardKey, districtCode, district,"
    " districtKey FROM admin_units_legacy WHERE wardCode IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune-level unit: five-digit code, names, kind in lower case, where it belongs.

    Only former units (before 1 July 2025) have a district; `province_code` and
    `province_name` are then those of that time.
    """

    code: str
    name: str
    full_name: str
    unit_type: str
    province_code: str
    province_name: str
    district_code: str | None = None
    district_name: str | None = None


@dataclass(frozen=True, slots=True)
class _Lists:
    present: Mapping[str, Unit]
    former: Mapping[str, Unit]
    became: Mapping[str, tuple[str, ...]]
    came_from: Mapping[str, tuple[str, ...]]
    by_province: Mapping[str, tuple[Unit, ...]]


def source() -> str | None:
    """Return name and version of what is asked here, None where it is not installed."""
    if _folder() is None:
        return None
    try:
        return f"{PACKAGE} {version(PACKAGE)}"
    except PackageNotFoundError:
        return PACKAGE


def provinces() -> Mapping[str, str]:
    """Return the present provinces: two-digit code → full name."""
    each = {
        units[0].province_code: units[0].province_name for units in _lists().by_province.values()
    }
    return MappingProxyType(each)


def unit(code: str) -> Unit | None:
    """Return the present unit of a code, None where the list has none."""
    return _lists().present.get(code)


def former_unit(code: str) -> Unit | None:
    """Return the unit that bore a code until 30 June 2025, None where the list has none."""
    return _lists().former.get(code)


def province_units(province_code: str) -> tuple[Unit, ...]:
    """Return the present units of a province by code; none for a province unknown."""
    return _lists().by_province.get(province_code, ())


def former_units(province_code: str) -> tuple[Unit, ...]:
    """Return the former units, by code, of which something lies in a *present* province."""
    lists = _lists()
    codes = {old for each in province_units(province_code) for old in came_from(each.code)}
    return tuple(lists.former[code] for code in sorted(codes))


def became(old_code: str) -> tuple[str, ...]:
    """Return the codes of the present units that took a former one, more than one where it was split.

    The first of several is the one that took the main part in the package's opinion.
    """
    return _lists().became.get(old_code, ())


def came_from(code: str) -> tuple[str, ...]:
    """Return the codes of the former communes of which a present unit was made, in order.

    None for the special zones made of districts that had no communes, such as Lý Sơn.
    """
    return _lists().came_from.get(code, ())


def _folder() -> Path | None:
    """Return the package's data folder without importing the package."""
    try:
        spec = find_spec(PACKAGE)
    except (ImportError, ValueError):
        return None
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "data"
        if (folder / "dataset.db").is_file() and (folder / "converter_2025.json").is_file():
            return folder
    return None


@cache
def _lists() -> _Lists:
    folder = _folder()
    if folder is None:
        return _Lists({}, {}, {}, {}, {})
    # Immutable: no lock and no side file beside an installed package.
    address = (folder / "dataset.db").resolve().as_uri() + "?mode=ro&immutable=1"
    database = sqlite3.connect(address, uri=True)
    try:
        present = database.execute(_PRESENT).fetchall()
        former = database.execute(_FORMER).fetchall()
    finally:
        database.close()
    converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    units = {row[0]: _unit(row[:4]) for row in present}
    new_codes = {(row[4], row[5]): row[0] for row in present}
    old_codes = {f"{row[4]}_{row[8]}_{row[5]}": row[0] for row in former}
    links = _links(converter, new_codes, old_codes)
    from_old: defaultdict[str, list[str]] = defaultdict(list)
    for old in sorted(links):
        for new in links[old]:
            from_old[new].append(old)
    grouped: defaultdict[str, list[Unit]] = defaultdict(list)
    for code in sorted(units):
        grouped[units[code].province_code].append(units[code])
    return _Lists(
        present=units,
        former={row[0]: _unit(row[:4], row[6], row[7]) for row in former},
        became=links,
        came_from={new: tuple(olds) for new, olds in from_old.items()},
        by_province={code: tuple(grouped[code]) for code in sorted(grouped)},
    )


def _unit(
    row: tuple[Any, ...], district_code: str | None = None, district: str | None = None
) -> Unit:
    """Return the unit of code, full name, province code and province name.

    The kind is read from the full name: the package's own column contradicts it in places.
    """
    code, full_name, province_code, province = row
    full = clean(full_name)
    return Unit(
        code, bare_name(full), full, unit_type(full), province_code, clean(province),
        district_code, clean(district) if district else None,
    )  # fmt: skip


def _links(
    converter: Mapping[str, Any],
    new_codes: Mapping[tuple[str, str], str],
    old_codes: Mapping[str, str],
) -> dict[str, tuple[str, ...]]:
    """Return former code → present codes from the package's keys of names.

    Keys that name no commune are passed over: districts without communes became special zones.
    """
    found: dict[str, tuple[str, ...]] = {}
    for province, whole in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in whole.items():
            for old in olds:
                if old in old_codes and (province, ward) in new_codes:
                    found[old_codes[old]] = (new_codes[province, ward],)
    for province, split in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in split.items():
            main_first = sorted(parts, key=lambda part: not part["isDefaultNewWard"])
            codes = [new_codes.get((province, part["newWardKey"])) for part in main_first]
            if old in old_codes:
                found[old_codes[old]] = tuple(code for code in codes if code is not None)
    return found
