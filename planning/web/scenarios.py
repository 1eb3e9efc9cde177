"""Scenarios: the list, the workspace of one, several beside each other."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.language import gap_name
from planning.maps.content import rounded
from planning.model.errors import NotFoundError
from planning.model.scenario import DeletedError, Scenario
from planning.services import scenarios, siting
from planning.services.communes import NO_COMMUNE
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.errors import FormError
from planning.web.job_words import moment
from planning.web.language import current, say
from planning.web.map import shell_version
from planning.web.scenario_shown import (
    FIGURES,
    figure_rows,
    map_parts,
    points_named,
    the_scenario,
    whole,
    written,
)

bp = Blueprint("scenarios", __name__)
SCRIPTS = ("map/words.js", "map/signs.js", "map/layers.js", "scenario/sending.js",
           "scenario/marks.js", "scenario/page.js")  # fmt: skip
PARTS = ("points", "places", "gaps")
DEFAULT_MORE = 5
FOR = N_("Points for %(commune)s")
NO_LIST = N_("There is no list of “%(name)s”.")


@bp.get("/<province:province>/scenarios")
def show(province: str) -> ResponseReturnValue:
    """List the scenarios of a province with their figures."""
    asked = about(province)
    found = scenarios.listed(store(), asked.request)
    return render_template(
        "scenarios/list.html", asked=asked, found=found, done=_done(asked),
        most=scenarios.MOST_COMPARED, suggested=_suggested(asked),
    )  # fmt: skip


@bp.post("/<province:province>/scenarios")
def make(province: str) -> ResponseReturnValue:
    """Make a scenario: empty, to try points for a commune, or of the suggestions made last."""
    asked = about(province)
    name, note = request.form.get("name", ""), request.form.get("note", "")
    if request.form.get("of") == "commune":
        code = request.form.get("commune", "")
        names = scenarios.bench(store(), asked.request).names
        if code not in names:
            raise NotFoundError(NO_COMMUNE, code=code[:20], day=asked.valid_from)
        made = scenarios.make(store(), asked.request, say(FOR) % {"commune": names[code]},
                              by=user().name)  # fmt: skip
        best = {"part": "places", "commune": code, "_anchor": "places-box"}
        return redirect(asked.url("scenarios.work", number=made.id, **best), 303)
    if request.form.get("of") == "plan":
        plan = scenarios.latest_plan(store(), asked.request)
        made = scenarios.from_plan(store(), asked.request, plan, name, by=user().name)
    else:
        made = scenarios.make(store(), asked.request, name, note, by=user().name)
    return redirect(asked.url("scenarios.work", number=made.id), 303)


@bp.get("/<province:province>/scenarios/<int:number>")
def work(province: str, number: int) -> ResponseReturnValue:
    """Show the workspace of a scenario."""
    asked = about(province)
    try:
        scenario = the_scenario(asked, number)
    except DeletedError as error:
        page = render_template("scenarios/deleted.html", asked=asked, number=number,
                               name=error.params["name"])  # fmt: skip
        return page, 410
    shown = whole(asked, scenarios.evaluate(store(), asked.request, scenario))
    part, commune = request.args.get("part", ""), _commune(asked)
    extra = _part(asked, scenario, part) if part in PARTS else {}
    view = {
        "number": number, "version": scenario.version, "parts": map_parts(shown["rows"]),
        "commune": commune,
        "served": dict(shown["figures"].served),
        "at": asked.url("scenarios.work", number=number),
        "gaps": asked.url("scenarios.gaps", number=number),
        "state": asked.url("scenarios.state", number=number),
        "deeds": {deed: asked.url("scenario_changes.answer", number=number, deed=deed)
                  for deed in ("change", "undo", "redo", "preview")},
    }  # fmt: skip
    sources = {name: asked.url("layers.send", name=name)
               for name in ("communes", "points", "coverage")}  # fmt: skip
    return render_template(
        "scenarios/work.html", **shown, part=part, **extra, **_within(asked, commune), view=view,
        sources=sources, scripts=SCRIPTS, shell_version=shell_version(), DEFAULT_MORE=DEFAULT_MORE,
        made_from=siting.made_from(store(), province, number), moment=moment,
    )  # fmt: skip


@bp.get("/<province:province>/scenarios/<int:number>/state.json")
def state(province: str, number: int) -> ResponseReturnValue:
    """Send the present state of a scenario."""
    asked = about(province)
    return jsonify(answer(asked, the_scenario(asked, number)))


def answer(asked: Asked, scenario: Scenario) -> dict[str, Any]:
    """Return what the workspace shows of a scenario, the changing parts as HTML."""
    shown = whole(asked, scenarios.evaluate(store(), asked.request, scenario))
    return {
        "version": scenario.version, "undo": scenario.can_undo, "redo": scenario.can_redo,
        "parts": map_parts(shown["rows"]), "served": dict(shown["figures"].served),
        "html": {name: render_template(f"scenarios/_{name}.html", **shown)
                 for name in ("bar", "figures", "changes")},
    }  # fmt: skip


@bp.get("/<province:province>/scenarios/<int:number>/gaps.json")
def gaps(province: str, number: int) -> ResponseReturnValue:
    """Send the gaps that are left with a scenario."""
    asked = about(province)
    outline = the_scenario(asked, number).outline
    found = scenarios.gaps(store(), asked.request, outline)
    rows = [{**each.as_dict(), "name": gap_name(each, current())} for each in found.gaps]
    return jsonify(gaps=rounded(rows), people=found.people_unserved)


@bp.get("/<province:province>/scenarios/<int:number>/part/<name>")
def part(province: str, number: int, name: str) -> ResponseReturnValue:
    """Send one of the lists of the workspace as HTML."""
    asked = about(province)
    scenario = the_scenario(asked, number)
    if name not in PARTS:
        raise NotFoundError(NO_LIST, name=name[:40])
    shown = _part(asked, scenario, name)
    body = render_template(f"scenarios/_{name}.html", asked=asked, scenario=scenario, **shown,
                           **_within(asked, _commune(asked)))  # fmt: skip
    return Response(body, mimetype="text/html")


def _suggested(asked: Asked) -> bool:
    """Return whether there are suggestions that a scenario could be made of."""
    try:
        plan = scenarios.latest_plan(store(), asked.request)
    except NotFoundError:
        return False
    return bool(plan.sites or plan.closed)


def _commune(asked: Asked) -> str:
    """Return the code of the commune an address keeps to; nothing for the whole province."""
    code = request.args.get("commune", "")
    return code if code in scenarios.bench(store(), asked.request).names else ""


def _within(asked: Asked, commune: str) -> dict[str, str]:
    """Return code and name of the commune that places are sought for, as the templates use them."""
    names = scenarios.bench(store(), asked.request).names
    return {"commune": commune, "commune_name": names.get(commune, "")}


def _part(asked: Asked, scenario: Scenario, name: str) -> dict[str, Any]:
    """Return what a list of the workspace shows."""
    outline = scenario.outline
    if name == "points":
        ready = scenarios.bench(store(), asked.request)
        return {"found": points_named(ready), "outline": outline,
                "find": request.args.get("find", "")}  # fmt: skip
    if name == "places":
        search = request.args.get("search", "")[:100]
        commune = _commune(asked)
        places = scenarios.best_places(store(), asked.request, outline, search, commune)
        return {"places": places, "search": search}
    return {"gap_report": scenarios.gaps(store(), asked.request, outline)}


@bp.get("/<province:province>/scenarios/compare")
def compare(province: str) -> ResponseReturnValue:
    """Show one to four scenarios beside the network as it is."""
    asked = about(province)
    found = wanted(asked)
    choice = {"asked": asked, "found": scenarios.listed(store(), asked.request),
              "chosen": {each.id for each in found}, "most": scenarios.MOST_COMPARED}  # fmt: skip
    if not found:
        return render_template("scenarios/choose.html", **choice)
    comparison = scenarios.compare(store(), asked.request, found)
    ready = scenarios.bench(store(), asked.request)
    now = comparison.figures[0].now.as_dict()
    rows = [
        {"name": name, "now": written(how, now[key]),
         "sides": [figure_rows(each)[at] for each in comparison.figures]}
        for at, (name, key, how, _) in enumerate(FIGURES)
    ]  # fmt: skip
    view = {
        "names": [each.name for each in comparison.scenarios],
        "communes": [asdict(each) for each in comparison.communes],
        "points": [_places(each, ready) for each in comparison.scenarios],
    }
    sources = {name: asked.url("layers.send", name=name) for name in ("communes", "points")}
    return render_template(
        "scenarios/compare.html", **choice, comparison=comparison, rows=rows, view=view,
        sources=sources, shell_version=shell_version(), base=comparison.figures[0].made_from,
        ids=",".join(str(each.id) for each in found),
        differing=[each for each in comparison.communes if each.differs],
    )  # fmt: skip


def wanted(asked: Asked) -> list[Scenario]:
    """Return the scenarios that `ids` of the address names, each once."""
    texts = [each for text in request.args.getlist("ids") for each in text.split(",") if each]
    if wrong := [
        each for each in texts if not (each.isascii() and each.isdigit() and len(each) < 10)
    ]:
        raise FormError(N_("“%(value)s” is no number of a scenario."), value=wrong[0][:40])
    return [the_scenario(asked, int(each)) for each in dict.fromkeys(texts)]


def _places(scenario: Scenario, ready: Any) -> dict[str, Any]:
    """Return where a scenario opens and closes points, for the map."""
    change = ready.difference(scenario.outline)
    gone = [ready.points[each] for each in change.closed]
    return {"opened": [list(each) for each in change.opened],
            "closed": [[each.lon, each.lat] for each in gone]}  # fmt: skip


def _done(asked: Asked) -> dict[str, Any] | None:
    """Return the scenario that was deleted just now, where the address tells of it."""
    text = request.args.get("deleted", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    try:
        scenarios.get(store(), asked.province.code, int(text))
    except DeletedError as error:
        return {"number": int(text), "name": error.params["name"]}
    except NotFoundError:
        return None
    return None
