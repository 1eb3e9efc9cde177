"""What a proposal says, from the fields of a form and back into them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from geo.errors import N_, Refusal
from planning.model.errors import QuestionError
from planning.model.proposals import Condition, Content, Criterion, Met, ProposalKind
from planning.web.asked import decimal
from planning.web.errors import FormError
from planning.web.proposal_words import degrees

Form = MultiDict[str, str]
LINES = ("name", "point_id", "host", "host_type", "address", "opening_hours")
NOT_KEPT = N_("The form cannot be kept as it is:")
NO_PLACE = N_("Give the place: latitude and longitude in degrees, such as 10,3811 and 105,4359.")
NO_COST = N_("“%(value)s” is no cost; write whole đồng, such as 40.000.000.")
LONGEST = 4000


def content_of(
    form: Form, criteria: Sequence[Criterion], own: str, before: Content | None = None
) -> Content:
    """Return what a form says; raise `QuestionError` with everything that is wrong in it.

    `own` is the code of the only organisation the user may propose for, empty where any.
    `before` is what the proposal said: conditions no longer on the checklist stay.
    """
    wrong: list[Refusal] = []

    def read(convert: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return convert()
        except Refusal as refusal:
            if refusal.message not in {each.message for each in wrong}:
                wrong.append(refusal)
            return otherwise

    kind = ProposalKind(form.get("kind", "")) if form.get("kind") in list(ProposalKind) else None
    given = {
        "kind": kind or (before.kind if before else ProposalKind.OPEN),
        "lat": read(lambda: _degrees(form.get("lat", "")), 0.0),
        "lon": read(lambda: _degrees(form.get("lon", "")), 0.0),
        "cost": read(lambda: _cost(form.get("cost", "")), None),
        "point_kind": form.get("point_kind", "direct"),
        "organisation": own or form.get("organisation", "").strip(),
        "staff": _staff(form.get("staff", "")),
        "conditions": _conditions(form, criteria, before),
        "note": _lines(form.get("note", "")),
        **{name: form.get(name, "").strip() for name in LINES},
    }
    made = read(lambda: Content(**given), None)
    if wrong:
        raise QuestionError(NOT_KEPT, tuple(wrong))
    found: Content = made
    return found


def values_of(content: Content) -> dict[str, str]:
    """Return the fields of the form, as text, that say what a proposal says."""
    found = {
        "kind": str(content.kind), "lat": degrees(content.lat), "lon": degrees(content.lon),
        "cost": "" if content.cost is None else f"{content.cost:,}".replace(",", "."),
        "point_kind": content.point_kind, "organisation": content.organisation,
        "staff": "\n".join(content.staff), "note": content.note,
        **{name: getattr(content, name) for name in LINES},
    }  # fmt: skip
    for each in content.conditions:
        found[f"condition.{each.code}"] = str(each.met)
        found[f"condition-note.{each.code}"] = each.note
    return found


def _degrees(text: str) -> float:
    if not text.strip():
        raise FormError(NO_PLACE)
    return decimal(text[:40])


def _cost(text: str) -> int | None:
    plain = text.strip().lower().removesuffix("đồng").removesuffix("đ").strip()
    plain = plain.replace(".", "").replace(" ", "").replace(",", "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 15):
        raise FormError(NO_COST, value=text.strip()[:40])
    return int(plain)


def _staff(text: str) -> tuple[str, ...]:
    parts = text[:LONGEST].replace(",", "\n").replace(";", "\n").splitlines()
    return tuple(dict.fromkeys(each.strip() for each in parts if each.strip()))


def _conditions(
    form: Mapping[str, str], criteria: Sequence[Criterion], before: Content | None
) -> tuple[Condition, ...]:
    known = {each.code for each in criteria}
    kept = tuple(each for each in before.conditions if each.code not in known) if before else ()
    found = []
    for each in criteria:
        said, note = form.get(f"condition.{each.code}", ""), _lines(form.get(f"condition-note.{each.code}", ""))  # fmt: skip
        met = Met(said) if said in list(Met) else Met.UNKNOWN
        if met is not Met.UNKNOWN or note:
            found.append(Condition(each.code, met, note))
    return (*found, *kept)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
