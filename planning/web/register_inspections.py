"""Inspections of points written down by hand: a new one, and what was settled since."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import Refusal
from planning.model.days import today
from planning.model.proposals import Met
from planning.services.register import inspecting
from planning.services.register.conditions import write
from planning.services.register.inspecting import FIELDS, Inspection
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.errors import status_of
from planning.web.register_edits import said

bp = Blueprint("register_inspections", __name__)


@bp.get("/<province:province>/register/inspections/new")
def new(province: str) -> ResponseReturnValue:
    """Show the form of a new inspection."""
    return _form(about(province), None)


@bp.post("/<province:province>/register/inspections/new")
def add(province: str) -> ResponseReturnValue:
    """Write down a new inspection."""
    asked = about(province)
    try:
        inspecting.add(store(), user(), province, request.form.get("point", ""), request.form)
    except Refusal as refusal:
        return _form(asked, None, refusal), status_of(type(refusal))
    return redirect(asked.url("register.inspections", done="inspected"), 303)


@bp.get("/<province:province>/register/inspections/<int:number>")
def show(province: str, number: int) -> ResponseReturnValue:
    """Show one inspection, as a form for who may change it."""
    asked = about(province)
    return _form(asked, inspecting.one(store(), user(), province, number))


@bp.post("/<province:province>/register/inspections/<int:number>")
def change(province: str, number: int) -> ResponseReturnValue:
    """Change one inspection: mostly the day on which it was settled."""
    asked = about(province)
    which = (number, request.form.get("mark", ""))
    try:
        inspecting.change(store(), user(), province, which, request.form)
    except Refusal as refusal:
        shown = inspecting.one(store(), user(), province, number)
        return _form(asked, shown, refusal), status_of(type(refusal))
    return redirect(asked.url("register.inspections", done="inspected"), 303)


@bp.post("/<province:province>/register/conditions/<path:record>")
def conditions(province: str, record: str) -> ResponseReturnValue:
    """Write down which conditions of the checklist a point meets."""
    asked = about(province)
    said_of = {
        name.removeprefix("met."): Met(value)
        for name, value in request.form.items()
        if name.startswith("met.") and value in list(Met)
    }
    which = (record, request.form.get("mark", ""))
    write(store(), user(), province, which, said_of, request.form.get("day", ""))
    return redirect(asked.url("register_records.point", record=record, done="changed"), 303)


@bp.get("/<province:province>/register/conditions/<path:record>")
def back(province: str, record: str) -> ResponseReturnValue:
    """Lead whoever comes to the address of that form to the point."""
    return redirect(about(province).url("register_records.point", record=record), 303)


def _form(asked: Asked, it: Inspection | None, refusal: Refusal | None = None) -> str:
    known = it.row if it is not None else {"day": today(), "conclusion": ""}
    given = {name: request.form.get(name, known.get(name) or "") for name in FIELDS}
    changes = it is None or it.may_change
    return render_template(
        "register/inspection.html", asked=asked, it=it, given=given, changes=changes,
        labels=inspecting.LABELS, refusal=said(refusal),
        point=request.values.get("point", ""), mark=request.form.get("mark") or (it and it.mark),
    )  # fmt: skip
