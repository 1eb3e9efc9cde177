"""A planner's question written as a file: read strictly, everything wrong with it said at once.

`KEYS` says which keys each part of a question may have and how each is read; they are the
names of the fields of `planning.model.asking` and `planning.model.wishes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from geo.errors import N_
from planning.model.asking import Effort, Method, Objective, SuggestionAsk, points_asked
from planning.model.errors import Fault, QuestionError, RequestError
from planning.model.performance import Need
from planning.model.standards import CLASS_RADII_KM, ServiceStandard, TerrainClass
from planning.model.wishes import (
    Budget,
    CandidateKind,
    Capacity,
    Existing,
    Group,
    Limits,
    RuleWishes,
    Variation,
    Wrong,
)
from planning.siting.stating.reading import (
    Reader,
    Wrongs,
    built,
    flag,
    listed,
    named,
    part,
    real,
    shaped,
    text,
    under_keys,
    whole,
    word,
)
from planning.siting.stating.strict_json import read_json

_CODES = listed(shaped(r"\d{5}", "30628"))
KEYS: dict[type, dict[str, Reader]] = {
    Limits: {"least": whole, "most": whole, "exempt": _CODES},
    Budget: {"thousand_dong": whole, "default_cost": whole, "cost": named(whole)},
    Capacity: {"people_per_point": whole, "people_per_staff": whole},
    Group: {"name": text, "communes": _CODES, "terrain": word(TerrainClass), "share": real,
            "points": whole},
    Existing: {"closable": listed(text), "moves": whole, "closings": whole},
    Variation: {"name": text, "radius": real, "people": real},
}  # fmt: skip
KEYS[RuleWishes] = {
    "per_commune": part(Limits, KEYS[Limits]),
    "per_former_commune": part(Limits, KEYS[Limits]),
    "spacing_km": real,
    "worst_km": real,
    "kinds": listed(word(CandidateKind)),
    "host_types": listed(text),
    "host_within_km": real,
    "locked_in": listed(text),
    "locked_out": listed(text),
    "capacity": part(Capacity, KEYS[Capacity]),
    "groups": listed(part(Group, KEYS[Group])),
}
KEYS[SuggestionAsk] = {
    "objective": word(Objective),
    "points": whole,
    "target": real,
    "fade": real,
    "budget": part(Budget, KEYS[Budget]),
    "rules": part(RuleWishes, KEYS[RuleWishes]),
    "existing": part(Existing, KEYS[Existing]),
    "method": word(Method),
    "seed": whole,
    "effort": word(Effort),
    "seconds": real,
    "firmness": flag,
    "variations": listed(part(Variation, KEYS[Variation])),
    "polish": flag,
}


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What a file asks: the question itself, and where, by which standard and for whom."""

    ask: SuggestionAsk
    province: str | None = None
    valid_from: str | None = None
    standard: ServiceStandard | None = None
    demand: Need = Need.EVERYBODY


def _standard(wrongs: Wrongs, value: Any, path: str) -> ServiceStandard | None:
    """Read a service standard: one radius, or radii by terrain class, the others as usual."""
    keys = {"radius_km": real, "radii_km": named(real, word(TerrainClass))}
    before = len(wrongs)
    given = under_keys(wrongs, value, path, keys)
    if given is None or len(wrongs) > before:
        return None
    if len(given) != 1:
        wrongs.append(Wrong(path, N_("Give either radius_km or radii_km, one of the two.")))
        return None
    try:
        if "radius_km" in given:
            return ServiceStandard.one_radius(given["radius_km"])
        return ServiceStandard(MappingProxyType({**CLASS_RADII_KM, **dict(given["radii_km"])}))
    except RequestError as error:
        wrongs.append(Wrong(path, error.message, error.params))
        return None


ABOUT: dict[str, Reader] = {
    "province": shaped(r"\d{2}", "91"),
    "valid_from": shaped(r"\d{4}-\d{2}-\d{2}", "2025-07-01"),
    "standard": _standard,
    "demand": word(Need),
}


def read_question(path: Path) -> AskedQuestion:
    """Return what a file asks; refuse it with everything that is wrong with it."""
    value, wrong = read_json(path)
    asked, wrongs = question_of(value) if wrong is None else (None, [wrong])
    if asked is None:
        raise QuestionError(
            N_("%(file)s asks nothing that can be answered; wrong in it: %(count)s."),
            tuple(_fault(path.name, each) for each in wrongs),
            file=str(path), count=len(wrongs),
        )  # fmt: skip
    return asked


def _fault(file: str, wrong: Wrong) -> Fault:
    place = f"{file}, {wrong.key}" if wrong.key else file
    return Fault(wrong.message, place, **wrong.params)


def question_of(value: Any) -> tuple[AskedQuestion | None, list[Wrong]]:
    """Return the question that plain values stand for, or everything that is wrong with them."""
    wrongs: list[Wrong] = []
    given = under_keys(wrongs, value, "", {**ABOUT, **KEYS[SuggestionAsk]})
    if given is None:
        return None, wrongs
    about = {key: given.pop(key) for key in ABOUT if key in given}
    if "points" not in value:
        objective = given.get("objective", Objective.MOST_PEOPLE)
        given["points"] = points_asked(None, objective, limited="budget" in value)
    ask = built(wrongs, SuggestionAsk, given, "", {each.key for each in wrongs})
    return (None, wrongs) if wrongs else (AskedQuestion(ask, **about), [])


def ask_of(value: Mapping[str, Any]) -> SuggestionAsk:
    """Return the question that was kept as plain values; raise where they are none."""
    asked, wrongs = question_of(dict(value))
    if asked is None:
        raise RequestError(wrongs[0].message, **wrongs[0].params)
    return asked.ask
