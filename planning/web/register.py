"""The lists of the register: points, organisations, staff, inspections; filtered, sorted, paged."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from geo.errors import N_
from planning.model.compliance import Record
from planning.model.errors import NotFoundError
from planning.model.people import Action, Thing, may, may_some
from planning.model.register import CONCLUSION_WORDS, FIELDS, KIND_WORDS, STATUS_WORDS, Holds
from planning.services.register import handing
from planning.services.register.listing import SORTS, Filter, listed
from planning.web import register_words as words
from planning.web.access import user
from planning.web.asked import KEPT, Asked, about, store
from planning.web.downloads import NO_EXPORT, sent
from planning.web.errors import FormError

bp = Blueprint("register", __name__)
NO_SUCH = N_("A list of the register cannot be filtered by “%(name)s” = “%(value)s”.")
KNOWN: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(KIND_WORDS), "status": tuple(STATUS_WORDS), "sign": tuple(words.FLAGS),
    "permanent": tuple(words.FLAGS), "conclusion": tuple(CONCLUSION_WORDS),
    "stage": tuple(words.STAGES),
}  # fmt: skip
TEXTS = ("text", "host", "organisation", "commune", "former", "office")
# The filters of each list, in the order of its form.
FILTERS: Mapping[Record, tuple[str, ...]] = {
    Record.POINT: ("kind", "status", "organisation", "commune", "former", "office", "host",
                   "sign", "permanent"),
    Record.ORGANISATION: ("commune", "office"),
    Record.STAFF: ("organisation", "commune", "office", "permanent"),
    Record.INSPECTION: ("conclusion", "stage", "organisation", "commune", "office"),
}  # fmt: skip
LABELS: Mapping[str, str] = {
    "kind": N_("Kind of point"), "status": N_("Status"), "organisation": N_("Organisation"),
    "commune": N_("Commune"), "former": N_("Former commune"), "office": N_("BHXH office"),
    "host": N_("Kind of place"), "sign": N_("Sign issued"), "permanent": N_("Permanent staff"),
    "conclusion": N_("Conclusion"), "stage": N_("Put right"),
}  # fmt: skip


@bp.get("/<province:province>/register")
def points(province: str) -> ResponseReturnValue:
    """List the points that a filter leaves."""
    return page(about(province), Record.POINT)


@bp.get("/<province:province>/register/organisations")
def organisations(province: str) -> ResponseReturnValue:
    """List the organisations that a filter leaves."""
    return page(about(province), Record.ORGANISATION)


@bp.get("/<province:province>/register/staff")
def staff(province: str) -> ResponseReturnValue:
    """List the staff that a filter leaves, with their names for who may see them."""
    return page(about(province), Record.STAFF)


@bp.get("/<province:province>/register/inspections")
def inspections(province: str) -> ResponseReturnValue:
    """List the inspections that a filter leaves."""
    return page(about(province), Record.INSPECTION)


@bp.get("/<province:province>/register/export/<what>.<form>")
def export(province: str, what: str, form: str) -> ResponseReturnValue:
    """Send the list that a filter leaves as a file, under the headings that import reads back."""
    about(province)
    if what not in words.KINDS or form not in handing.FORMS:
        raise NotFoundError(NO_EXPORT, what=what[:40], form=form[:40])
    kind = words.KINDS[what]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"list.{form}"
        handing.hand_out(store(), user(), province, (kind, wanted(kind, request.args)), path)
        answer = sent(path, f"diemthu-{province}-{handing.FILES[kind]}.{form}", form)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def install(app: Flask) -> None:
    """Let templates know the words of the register."""
    app.jinja_env.globals.update(register_words=words, Record=Record, Holds=Holds)


def wanted(kind: Record, given: MultiDict[str, str]) -> Filter:
    """Return the filter that an address names; refuse what none can be."""
    values = {name: given.get(name, "").strip()[:200] for name in (*TEXTS, *KNOWN, "until", "sort")}
    for name, known in (*KNOWN.items(), ("sort", SORTS[kind])):
        if values[name] and values[name] not in known:
            raise FormError(NO_SUCH, name=name, value=values[name][:40])
    if values["until"]:
        try:
            values["until"] = date.fromisoformat(values["until"]).isoformat()
        except ValueError:
            raise FormError(NO_SUCH, name="until", value=values["until"][:40]) from None
    number = given.get("page", "1")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    return Filter(**values, down=given.get("down") == "1", page=at)


def page(asked: Asked, kind: Record) -> str:
    """Return the page of a list."""
    chosen = wanted(kind, request.args)
    found = listed(store(), user(), asked.province.code, kind, chosen)
    query = [
        (name, value) for name, value in request.args.items(multi=True)
        if value and name not in {"page", "done", "count", "batch"}
    ]  # fmt: skip
    thing = Thing(asked.province.code)
    return render_template(
        "register/list.html", asked=asked, found=found, chosen=chosen, kind=kind,
        what=next(name for name, each in words.KINDS.items() if each is kind),
        columns=words.COLUMNS[kind], options=_options(kind, found.choices), labels=LABELS,
        query=query, plain=[each for each in query if each[0] not in {"sort", "down"}],
        kept=[each for each in query if each[0] in KEPT],
        filtered=any(name in request.args for name in (*TEXTS, *KNOWN, "until")),
        edits=kind in FIELDS and may(user(), Action.REGISTER, thing),
        fields=[each for each in FIELDS.get(kind, ()) if each.together],
        inspects=may_some(user(), Action.INSPECT, asked.province.code), urlencode=urlencode,
        hands_out=found.people and bool(found.known),
    )  # fmt: skip


def _options(
    kind: Record, choices: Mapping[str, Mapping[str, str]]
) -> dict[str, Mapping[str, str]]:
    """Return for each filter of a list what it can be set to: value → what it is called."""
    said: Mapping[str, Mapping[str, str]] = {
        "kind": KIND_WORDS, "status": STATUS_WORDS, "sign": words.FLAGS,
        "permanent": words.FLAGS, "conclusion": CONCLUSION_WORDS, "stage": words.STAGES,
    }  # fmt: skip
    found = {name: said.get(name) or choices.get(name, {}) for name in FILTERS[kind]}
    return {name: values for name, values in found.items() if name in said or len(values) > 1}
