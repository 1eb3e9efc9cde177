"""Repeat a plan from a file that holds its question, and say whether the numbers are the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import N_, FileError, Refusal
from geo.reach import StraightLine
from planning.model.asking import demand_values
from planning.model.errors import RequestError
from planning.model.siting import SitingPlan, Upon
from planning.services.requests import AnalysisRequest, only_province, standard_of
from planning.siting.plans.adding import suggest_in_addition
from planning.siting.stating.asking import AskedQuestion, question_of
from planning.siting.stating.strict_json import read_json
from planning.store.plans import MADE_BY
from planning.store.session import Store
from planning.store.situation import load_situation

FORM = 1  # of the file
_KEYS = {"replay", "version", "fingerprint", "made_at", "stopped", "question", "figures"}
_NO_REPLAY = N_("%(file)s is no replay file of Diemthu; take one from the page of a plan.")


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that came out otherwise."""

    name: str
    before: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Repeated:
    """A plan made again. `reasons` say why its numbers may differ from those of the file."""

    plan: SitingPlan
    reasons: tuple[Refusal, ...]
    differences: tuple[Difference, ...]


def recorded(plan: SitingPlan, made_at: str, version: str | None) -> dict[str, Any]:
    """Return what repeats a plan: its question whole, the decisions it counted, its numbers."""
    question = {"province": plan.province_code, "valid_from": plan.valid_from,
                "standard": {"radii_km": plan.standard.as_dict()["radii_km"]},
                **demand_values(plan.base.need), **plan.ask.as_dict(),
                **plan.upon.as_values()}  # fmt: skip
    return {
        "replay": FORM, "version": version, "fingerprint": plan.fingerprint, "made_at": made_at,
        "stopped": plan.stopped, "question": question, "figures": _figures(plan),
    }  # fmt: skip


def repeat(store: Store, path: Path) -> Repeated:
    """Make the plan of a replay file again; nothing is kept.

    Raises `FileError` for what is no such file, and what asking raises.
    """
    before, asked, upon = _read(path)
    province = only_province(store, asked.province)
    request = AnalysisRequest(province, asked.valid_from, asked.standard)
    situation = load_situation(store, province, asked.valid_from, asked.demand)
    reasons = tuple(_reasons(before, situation.fingerprint))
    plan = suggest_in_addition(
        situation, standard_of(store, request), StraightLine(), asked.ask, None, upon
    )
    found, old = _figures(plan), before["figures"]
    differences = tuple(
        Difference(name, old.get(name), found.get(name))
        for name in sorted(found.keys() | old.keys())
        if old.get(name) != found.get(name)
    )
    return Repeated(plan, reasons, differences)


def _read(path: Path) -> tuple[Mapping[str, Any], AskedQuestion, Upon]:
    value, wrong = read_json(path)
    if (
        wrong is not None
        or not isinstance(value, dict)
        or set(value) != _KEYS
        or value["replay"] != FORM
    ):
        raise FileError(_NO_REPLAY, file=str(path))
    try:
        upon = Upon.within(value["question"])
        question = {key: each for key, each in value["question"].items() if key not in Upon.KEYS}
    except (AttributeError, KeyError, TypeError, ValueError):
        raise FileError(_NO_REPLAY, file=str(path)) from None
    asked, wrongs = question_of(question)
    if asked is None:
        raise RequestError(wrongs[0].message, **wrongs[0].params)
    if not isinstance(value["figures"], dict) or asked.province is None:
        raise FileError(_NO_REPLAY, file=str(path))
    return value, asked, upon


def _reasons(before: Mapping[str, Any], fingerprint: str) -> list[Refusal]:
    """Return why the numbers may come out otherwise, a sentence each."""
    found = []
    if before["fingerprint"] != fingerprint:
        found.append(Refusal("The data have changed since the plan was made, so that its numbers may differ (fingerprint then %(before)s, now %(now)s).", before=before["fingerprint"], now=fingerprint))  # fmt: skip
    if before["version"] != MADE_BY:
        found.append(Refusal("The plan was made by version %(before)s, this is version %(now)s: its numbers may differ.", before=before["version"] or "–", now=MADE_BY))  # fmt: skip
    if before["stopped"] in ("time", "asked"):
        found.append(Refusal("The search for the plan was ended early, by time or by hand: it cannot be ended at the same moment again."))  # fmt: skip
    return found


def _figures(plan: SitingPlan) -> dict[str, Any]:
    """Return the numbers of a plan that make it the same plan."""
    return {
        "value": plan.value, "bound": plan.bound, "candidates": plan.candidates,
        "people": plan.people, "people_unserved": plan.people_unserved,
        "people_gained": plan.people_gained, "cost": plan.cost,
        "sites": [[each.id, each.people_gained] for each in plan.sites],
        "closed": [[each.point_id, each.people_lost] for each in plan.closed],
    }  # fmt: skip
