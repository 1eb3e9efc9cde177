"""What the pages of the import call things: kinds of files, fields, formats, codings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo.crs import TM3_ZONES
from geo.errors import N_
from geo.letters import Letters
from geo.recognition import CrsGuess, Recognised
from planning.services import imports


@dataclass(frozen=True, slots=True)
class KindWords:
    """One kind of file: what it is called, what it must hold, what it may be."""

    title: str
    holds: str
    formats: str


_TABLES = "Excel (.xlsx, .xls), .ods, .csv"
_SHAPES = "GeoJSON, GeoPackage, Shapefile (.zip), KML/KMZ, FlatGeobuf, MapInfo (.zip)"
KIND_WORDS: Mapping[str, KindWords] = {
    "points": KindWords(
        N_("Collection points"),
        N_("The offices' list: one row per point with name, latitude and longitude; organisation, code, status and the rest where known. It replaces the list before."),
        _TABLES,
    ),
    "population": KindWords(
        N_("Population by commune"),
        N_("One row per commune: its five-digit code and its people."),
        _TABLES,
    ),
    "boundaries": KindWords(
        N_("Administrative boundaries"),
        N_("One shape per commune with its five-digit code and name. Say from which day they hold."),
        _SHAPES,
    ),
    "crosswalk": KindWords(
        N_("Former and present communes"),
        N_("One row per former commune: its code and name, and the code of the commune it went to."),
        _TABLES,
    ),
    "grid": KindWords(
        N_("Population grid"),
        N_("People per cell: a GeoTIFF, or a table of longitude, latitude and people."),
        "GeoTIFF, .csv, .xlsx",
    ),
    "hosts": KindWords(
        N_("Possible hosts"),
        N_("Places that could house a point: name, kind, latitude, longitude."),
        _TABLES,
    ),
    "seats": KindWords(
        N_("Seats of the communes"),
        N_("One row per commune: its code, latitude and longitude of its seat."),
        _TABLES,
    ),
    "organisations": KindWords(
        N_("Collection service organisations"),
        N_("One row per organisation: code, name, contract, guarantee."),
        _TABLES,
    ),
    "staff": KindWords(
        N_("Collection staff"),
        N_("One row per person: name, organisation, point, card number and its validity."),
        _TABLES,
    ),
    "targets": KindWords(
        N_("Targets"),
        N_("One row per period, programme and whom the target is for: province, BHXH cơ sở, organisation, commune, point or person. It replaces the targets of the same period, programme and level; a column of results comes with them."),
        _TABLES,
    ),
    "results": KindWords(
        N_("Results and targets"),
        N_("One row per period, programme and whom the result is of: province, BHXH cơ sở, organisation, commune, point or person. It replaces the results of the same period, programme and level; a column of targets comes with them."),
        _TABLES,
    ),
    "needs": KindWords(
        N_("People to be reached, by commune"),
        N_("One row per commune: people without health insurance, outside compulsory social insurance, potential participants, payments due, cards about to expire, people who stopped paying."),
        _TABLES,
    ),
    "inspections": KindWords(
        N_("Inspections"),
        N_("One row per inspection of a point: day, code of the point, findings, conclusion, deadline. They are added to those there are."),
        _TABLES,
    ),
    "programmes": KindWords(
        N_("Programmes"),
        N_("One row per programme that targets are given for: code, name, unit. Only where the province has others than voluntary social insurance and household health insurance."),
        _TABLES,
    ),
}  # fmt: skip
FIELD_WORDS: Mapping[str, str] = {
    "organisation": N_("Organisation"), "organisation_code": N_("Code of the organisation"),
    "official_code": N_("Code of the point"), "name": N_("Name"), "kind": N_("Kind"),
    "host_type": N_("Place"), "address": N_("Address"), "written_code": N_("Commune code"),
    "former_code": N_("Former commune code"), "office": N_("BHXH cơ sở"),
    "lat": N_("Latitude"), "lon": N_("Longitude"), "sign": N_("Signboard"),
    "sign_date": N_("Signboard given on"), "staff_count": N_("Number of collection staff"),
    "permanent_staff": N_("Permanent staff"), "opening_hours": N_("Opening hours"),
    "contract_number": N_("Contract number"), "contract_date": N_("Contract date"),
    "status": N_("Status"), "opened": N_("Opened on"), "closed": N_("Closed on"),
    "note": N_("Note"), "commune_name": N_("Commune"), "former_name": N_("Former commune"),
    "code": N_("Commune code"), "people": N_("People"), "suggested": N_("Suggested value"),
    "flag": N_("Mark of doubt"), "reason": N_("Reason"), "census": N_("Census"),
    "estimate": N_("Estimate by a grid"), "label": N_("Population base"), "id": N_("Code"),
    "men": N_("Men"), "women": N_("Women"), "urban": N_("Urban"), "rural": N_("Rural"),
    "old_code": N_("Former commune code"), "old_name": N_("Former commune"),
    "old_district": N_("Former district"), "new_code": N_("Commune code"),
    "new_name": N_("Commune"), "relation": N_("Whole or in part"),
    "full_name": N_("Full name"), "unit_type": N_("Kind of unit"),
    "province_code": N_("Code of the province"), "province_name": N_("Name of the province"),
    "district": N_("Former district"), "terrain": N_("Terrain class"),
    "area": N_("Area"), "seat_lat": N_("Latitude of the seat"),
    "seat_lon": N_("Longitude of the seat"),
    "former_names": N_("Former names"), "licence": N_("Licence"), "tax_code": N_("Tax code"),
    "guarantee": N_("Guarantee"), "phone": N_("Telephone"),
    "organisations.area": N_("Managed area"), "staff_id": N_("Code of the person"),
    "point_code": N_("Code of the point"), "card_number": N_("Card number"),
    "card_valid_to": N_("Card valid to"), "certificate": N_("Training certificate"),
    "permanent": N_("Permanent staff"), "former_codes": N_("Former codes of the point"),
    "status_since": N_("Status since"), "contract_valid_to": N_("Contract valid to"),
    "annexes": N_("Annexes of the contract"), "guarantee_valid_to": N_("Guarantee valid to"),
    "period": N_("Period"), "programme": N_("Programme"), "level": N_("Level"),
    "commune": N_("Commune"), "commune_code": N_("Commune code"), "target": N_("Target"),
    "result": N_("Result"), "day": N_("Day of the inspection"), "content": N_("What was looked at"),
    "findings": N_("What was found"), "conclusion": N_("Conclusion"),
    "deadline": N_("To be settled by"), "settled": N_("Settled on"),
    "document": N_("Number of the minutes"), "programmes.code": N_("Code of the programme"),
    "unit": N_("Unit"), "counts": N_("How it is counted"),
    "uninsured": N_("People without health insurance"),
    "outside compulsory": N_("Working-age people outside compulsory social insurance"),
    "potential": N_("Potential participants"), "due": N_("Payments due"),
    "expiring": N_("Cards about to expire"), "lapsed": N_("Stopped paying"),
}  # fmt: skip
ENCODINGS = ("utf-8", "utf-16", "windows-1258", "windows-1252", "iso-8859-1")
AS_WRITTEN = "none"  # `Choices.letters`: convert nothing
LETTERS: Mapping[str, str] = {
    AS_WRITTEN: N_("Unicode, as written"),
    Letters.TCVN3.value: "TCVN3 (ABC)",
    Letters.VNI.value: "VNI-Windows",
    Letters.WINDOWS_1258.value: "windows-1258",
    Letters.MOJIBAKE.value: N_("UTF-8 opened as another coding"),
}  # fmt: skip
UNUSABLE: Mapping[str, str] = {
    "leave-out": N_("leave unknown"),
    "suggestion": N_("take the file's estimate by a grid"),
    "census": N_("take the file's census count"),
}
_OTHERS = {
    "EPSG:4326": N_("WGS 84, degrees"),
    "EPSG:3405": N_("VN-2000, zone 48 (6°)"),
    "EPSG:3406": N_("VN-2000, zone 49 (6°)"),
    "EPSG:32648": N_("WGS 84, UTM zone 48"),
    "EPSG:32649": N_("WGS 84, UTM zone 49"),
}
_MERIDIANS = {f"EPSG:{code}": meridian for meridian, code in TM3_ZONES.items()}


def kinds() -> dict[str, KindWords]:
    """Return the kinds that can be imported, those used most first."""
    known = {name: words for name, words in KIND_WORDS.items() if name in imports.KINDS}
    rest = {name: KindWords(name, "", "") for name in imports.KINDS if name not in known}
    return known | rest


def fields(kind: str, known: Recognised, missing: Iterable[str] = ()) -> dict[str, str]:
    """Return field → words of everything a column can be chosen for, what is missing first."""
    usual = imports.fields_of(kind)
    found = dict.fromkeys([*missing, *known.columns, *usual])
    return {
        field: FIELD_WORDS.get(
            f"{kind}.{field}", FIELD_WORDS.get(field, usual.get(field, field))
        )
        for field in found
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system that can be chosen, with the share of places then in the province."""

    value: str  # EPSG:n|axes
    name: str
    meridian: float | None
    axes: str
    inside: float | None = None


def systems(known: Recognised) -> list[System]:
    """Return the systems the coordinates may be in, the likeliest first, then all others."""
    guessed = [_guessed(each) for each in known.guesses]
    seen = {each.value for each in guessed}
    others = [
        System(f"{crs}|xy", _OTHERS.get(crs, "VN-2000"), _MERIDIANS.get(crs), "xy")
        for crs in (*_OTHERS, *_MERIDIANS)
    ]
    return guessed + [each for each in others if each.value not in seen]


def chosen_system(known: Recognised) -> str:
    """Return the value of the system in which the coordinates were read."""
    return f"{known.crs}|{known.axes or 'xy'}" if known.crs else ""


def _guessed(guess: CrsGuess) -> System:
    meridian = guess.meridian or _MERIDIANS.get(guess.crs)
    name = _OTHERS.get(guess.crs, "VN-2000" if meridian else guess.crs)
    return System(f"{guess.crs}|{guess.axes}", name, meridian, guess.axes, guess.inside)
