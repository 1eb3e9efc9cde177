"""The forms that change records of the register: one record whole, one field of several."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from geo.errors import N_, Refusal
from planning.model.compliance import Record
from planning.model.errors import NotFoundError
from planning.model.register import FIELDS, KIND_WORDS, OF_THE_PERSON, STATUS_WORDS, Field
from planning.services.register import editing, records
from planning.services.register.editing import Ask, Selection
from planning.services.register.records import Shown
from planning.web import register_words as words
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.errors import status_of
from planning.web.language import count, say
from planning.web.register import wanted

bp = Blueprint("register_edits", __name__)
NO_LIST = N_("There is no list “%(name)s” in the register.")
PAGES = {Record.POINT: "register_records.point",
         Record.ORGANISATION: "register_records.organisation",
         Record.STAFF: "register_records.person"}  # fmt: skip
READERS = {Record.POINT: records.point, Record.ORGANISATION: records.organisation,
           Record.STAFF: records.person}  # fmt: skip
MOST_ROWS = 1000


@bp.get("/<province:province>/register/change/<what>/<path:record>")
def form(province: str, what: str, record: str) -> ResponseReturnValue:
    """Show the form of one record; of a member of staff at one of their points."""
    asked = about(province)
    shown = READERS[kind_of(what)](store(), user(), province, record)
    return _form(asked, what, record, shown)


@bp.post("/<province:province>/register/change/<what>/<path:record>")
def save(province: str, what: str, record: str) -> ResponseReturnValue:
    """Change one record; show the form again with all that is wrong."""
    asked, kind = about(province), kind_of(what)
    given = {each.name: request.form[each.name] for each in FIELDS[kind] if each.name in request.form}  # fmt: skip
    ask = Ask(province, kind, given, request.form.get("reason", ""), _place())
    try:
        chosen = Selection({record: request.form.get("mark", "")})
        editing.change(store(), user(), ask, chosen)
    except Refusal as refusal:
        shown = READERS[kind](store(), user(), province, record)
        return _form(asked, what, record, shown, refusal), status_of(type(refusal))
    return redirect(asked.url(PAGES[kind], record=record, done="changed"), 303)


@bp.post("/<province:province>/register/several/<what>")
def choose(province: str, what: str) -> ResponseReturnValue:
    """Ask for the value and the reason of a change of several records."""
    asked, kind = about(province), kind_of(what)
    return _several(asked, kind, what)


@bp.post("/<province:province>/register/several/<what>/change")
def change(province: str, what: str) -> ResponseReturnValue:
    """Change one field of several records, all or none."""
    asked, kind = about(province), kind_of(what)
    field = request.form.get("field", "")
    ask = Ask(province, kind, {field: request.form.get(field, "")}, request.form.get("reason", ""))
    try:
        done = editing.change(store(), user(), ask, _selection(kind))
    except Refusal as refusal:
        try:
            page = _several(asked, kind, what, refusal)
        except Refusal:  # what was chosen is there no more: the first refusal says so
            raise refusal from None
        return page, status_of(type(refusal))
    told = [*parse_qsl(_query()), ("done", "changed"), ("count", str(done.count)), ("batch", str(done.batch))]  # fmt: skip
    return redirect(f"{url_for(f'register.{what}', province=province)}?{urlencode(told)}", 303)


@bp.get("/<province:province>/register/several/<what>")
@bp.get("/<province:province>/register/several/<what>/change")
def back(province: str, what: str) -> ResponseReturnValue:
    """Lead whoever comes to the address of a form that was sent back to the list."""
    kind_of(what)
    return redirect(about(province).url(f"register.{what}"), 303)


def kind_of(what: str) -> Record:
    """Return the kind of record that a part of an address names and that has a form."""
    kind = words.KINDS.get(what)
    if kind is None or kind not in FIELDS:
        raise NotFoundError(NO_LIST, name=what[:40])
    return kind


def _several(asked: Asked, kind: Record, what: str, refusal: Refusal | None = None) -> str:
    chosen, name = _selection(kind), request.form.get("field", "")
    found = editing.preview(store(), user(), (asked.province.code, kind), chosen, name)
    return render_template(
        "register/several.html", asked=asked, kind=kind, what=what, found=found, query=_query(),
        state=request.form.get("state", ""), scope=request.form.get("scope", ""),
        chosen=request.form.getlist("chosen")[:MOST_ROWS], typed=request.form,
        refusal=said(refusal), **_choices(asked, [found.field]),
    )  # fmt: skip


def _selection(kind: Record) -> Selection:
    """Return which records a form names: those ticked, or all that its filter leaves."""
    if request.form.get("scope") == "all":
        filtered = wanted(kind, MultiDict(parse_qsl(_query())))
        return Selection({}, filtered, request.form.get("state", ""))
    marks = [each.partition(":") for each in request.form.getlist("chosen")[:MOST_ROWS]]
    return Selection({record: mark for mark, _, record in marks})


def _query() -> str:
    return request.form.get("query", "")[:2000]


def _form(
    asked: Asked, what: str, record: str, shown: Shown, refusal: Refusal | None = None
) -> str:  # fmt: skip
    place = _place()
    row: Mapping[str, Any] = shown.row
    if shown.kind is Record.STAFF and 0 < place <= len(shown.parts["rows"]):
        row = shown.parts["rows"][place - 1]
    fields = FIELDS[shown.kind]
    if not place and len(shown.parts.get("rows", ())) > 1:  # which point is meant is not said
        fields = tuple(each for each in fields if each.name in OF_THE_PERSON)
    given = {each.name: row.get(each.name) for each in fields}
    return render_template(
        "register/form.html", asked=asked, what=what, record=record, it=shown, given=given,
        fields=fields, typed=request.form, place=place, page=PAGES[shown.kind],
        mark=request.form.get("mark") or shown.mark, refusal=said(refusal),
        **_choices(asked, fields),
    )  # fmt: skip


def said(refusal: Refusal | None) -> list[str] | None:
    """Return a refusal as its lines, None where there is none."""
    return None if refusal is None else refusal.sentence(say, count).split("\n")


def _choices(asked: Asked, fields: list[Field] | tuple[Field, ...]) -> dict[str, Any]:
    """Return what the choices of a form can be set to."""
    needed = any(each.name == "organisation_code" for each in fields)
    names = records.organisations(store(), user(), asked.province.code) if needed else {}
    return {"choices": {"kind": KIND_WORDS, "status": STATUS_WORDS, "organisation": names}}


def _place() -> int:
    text = request.values.get("place", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
