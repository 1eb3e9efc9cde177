"""Writing to a scenario: forms of the pages, and the same as JSON for the map."""

from collections.abc import Callable, Mapping

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning import jobs
from planning.model.errors import NotFoundError
from planning.model.scenario import Change, ChangeKind, Scenario
from planning.services import scenarios, siting
from planning.services.scenarios import Write
from planning.web.access import user
from planning.web.asked import Asked, about, decimal, store, whole_number
from planning.web.errors import FormError
from planning.web.scenario_shown import bar, figure_rows, the_scenario
from planning.web.scenarios import answer as shown
from planning.web.suggestions import after_asking

bp = Blueprint("scenario_changes", __name__)
NO_DEED = N_("This cannot be done to a scenario: “%(name)s”.")
NO_VERSION = N_("The form does not say which state of the scenario it was made for; load the page again.")  # fmt: skip


@bp.post("/<province:province>/scenarios/<int:number>/<deed>")
def write(province: str, number: int, deed: str) -> ResponseReturnValue:
    """Do what a form asks and go back to the page."""
    asked = about(province)
    done = _do(asked, number, deed)
    if deed == "delete":
        return redirect(asked.url("scenarios.show", deleted=number), 303)
    place = {"comment": "talk"}.get(deed, "changes")
    return redirect(asked.url("scenarios.work", number=done.id, _anchor=place), 303)


@bp.post("/<province:province>/scenarios/<int:number>/suggest")
def suggest(province: str, number: int) -> ResponseReturnValue:
    """Ask for points in addition to a scenario; show their plan, or how far it is."""
    asked = about(province)
    scenario = the_scenario(asked, number)
    points = whole_number(request.form.get("points", ""))
    ask, basis = scenarios.ask_for_more(scenario, points)
    question = siting.as_values(store(), asked.request, ask, basis)
    job = jobs.ask(store(), "suggest", province, question, by=user().name)
    return redirect(after_asking(asked, job), 303)


@bp.post("/<province:province>/scenarios/<int:number>/<deed>.json")
def answer(province: str, number: int, deed: str) -> ResponseReturnValue:
    """Do what the map asks and send the state after it; a preview keeps nothing."""
    asked = about(province)
    if deed == "preview":
        scenario = the_scenario(asked, number)
        figures = scenarios.preview(store(), asked.request, scenario, _changes()[0])
        values = {"bar": bar(figures), "figure_rows": figure_rows(figures), "figures": figures}
        return jsonify(html={name: render_template(f"scenarios/_{name}.html", **values)
                             for name in ("bar", "figures")})  # fmt: skip
    return jsonify(shown(asked, _do(asked, number, deed)))


def _do(asked: Asked, number: int, deed: str) -> Scenario:
    if deed not in DEEDS:
        raise NotFoundError(NO_DEED, name=deed[:40])
    if deed != "restore":
        the_scenario(asked, number)
    return DEEDS[deed](asked, _asked_write(asked, number))


def _asked_write(asked: Asked, number: int) -> Write:
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise FormError(NO_VERSION)
    return Write(asked.province.code, number, int(text), token=request.form.get("token", ""),
                 by=user().name)  # fmt: skip


def _change(asked: Asked, write: Write) -> Scenario:
    return scenarios.change(store(), asked.request, write, _changes())


def _rename(asked: Asked, write: Write) -> Scenario:
    del asked
    form = request.form
    return scenarios.rename(store(), write, form.get("name", ""), form.get("note", ""))


def _follow(asked: Asked, write: Write) -> Scenario:
    return scenarios.follow(store(), asked.request, write)


def _comment(asked: Asked, write: Write) -> Scenario:
    scenarios.comment(store(), write, request.form.get("text", ""))
    return scenarios.get(store(), asked.province.code, write.id)


def _take(asked: Asked, write: Write) -> Scenario:
    plan = siting.kept(store(), asked.province.code, whole_number(request.form.get("plan", "")))
    return scenarios.take_in(store(), asked.request, write, plan.plan)


DEEDS: Mapping[str, Callable[[Asked, Write], Scenario]] = {
    "change": _change,
    "undo": lambda _, write: scenarios.undo(store(), write),
    "redo": lambda _, write: scenarios.redo(store(), write),
    "rename": _rename,
    "delete": lambda _, write: scenarios.delete(store(), write),
    "restore": lambda _, write: scenarios.restore(store(), write),
    "follow": _follow,
    "take": _take,
    "comment": _comment,
}


def _changes() -> list[Change]:
    """Return the changes of a form: one, or a point added at each of several places."""
    form = request.form
    kind = form.get("kind", "")
    if kind not in list(ChangeKind):
        raise FormError(N_("There is no change called “%(name)s”."), name=kind[:40])
    if many := form.getlist("place"):
        return [_added(text) for text in many[:500]]
    lat, lon = form.get("lat", "").strip(), form.get("lon", "").strip()
    placed = bool(lat or lon)
    return [
        Change(
            ChangeKind(kind), form.get("point_id", "").strip(),
            decimal(lon) if placed else None, decimal(lat) if placed else None,
            form.get("to", ""), form.get("name", "").strip(), form.get("host", "").strip(),
            form.get("comment", "").strip(),
        )
    ]  # fmt: skip


def _added(text: str) -> Change:
    """Return the point added at a place written as latitude;longitude;host."""
    lat, _, rest = text.partition(";")
    lon, _, host = rest.partition(";")
    return Change(ChangeKind.ADD, lon=decimal(lon), lat=decimal(lat), name=host, host=host)
