"""Suggested points: the question, the calculation under way, the plans that were made."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, json, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import Refusal
from planning import jobs
from planning.model.asking import demand_values
from planning.model.decisions import Decisions
from planning.model.errors import NotFoundError
from planning.model.jobs import Job, JobState
from planning.model.siting import DEFAULT_POINTS, Basis, SitingPlan
from planning.model.wishes import Wrong
from planning.services import replay, scenarios, siting
from planning.web import plan_curve, question_form, question_words
from planning.web.access import user
from planning.web.asked import Asked, about, demand, store, whole_number
from planning.web.demand import worded
from planning.web.job_words import STOPPED, how_good, moment, progress
from planning.web.language import count, current, say
from planning.web.question_form import ShownForm
from planning.web.standard import TERRAIN_NAMES

bp = Blueprint("suggestions", __name__)
A_MOMENT_S = 1.0
_MAP = "map"
_FIRST: dict[str, Any] = {"points": DEFAULT_POINTS}


@bp.get("/<province:province>/suggestions")
def show(province: str) -> ResponseReturnValue:
    """Offer the question, empty or as an earlier plan asked it, and list what was made."""
    asked = about(province)
    earlier = request.args.get("like", "")
    values = _FIRST | demand_values(asked.request.need)
    if earlier.isascii() and earlier.isdigit() and len(earlier) < 10:
        values = _of_plan(siting.kept(store(), province, int(earlier)).plan)
        if "points" in request.args:
            values["points"] = whole_number(request.args["points"])
    return _page(asked, question_form.shown(values, comma=_comma()))


@bp.post("/<province:province>/suggestions")
def suggest(province: str) -> ResponseReturnValue:
    """Put the question; show its plan when it is there at once, else how far it is."""
    asked = about(province)
    ask, form = question_form.read(request.form, {})
    if ask is None:
        return _page(asked, form), 400
    there = replace(asked.request, need=demand(form.text("demand")))
    question = siting.as_values(store(), there, ask)
    number = jobs.ask(store(), "suggest", province, question, by=user().name)
    then = {"then": _MAP} if request.form.get("then") == _MAP else {}
    return redirect(after_asking(asked, number, **then), 303)


def after_asking(asked: Asked, number: int, **then: str) -> str:
    """Return where a job asked for just now leads: to its plan if it is there at once."""
    job = jobs.settled(store(), asked.province.code, number, A_MOMENT_S)
    if job.state is JobState.DONE:
        return _done(asked, job, **then)
    return asked.url("suggestions.job", number=number, **then)


@bp.get("/<province:province>/suggestions/<int:number>")
def plan(province: str, number: int) -> ResponseReturnValue:
    """Show a plan: its sites, how good it is, where it comes from."""
    asked = about(province)
    kept = siting.kept(store(), province, number)
    question = question_words.told(_of_plan(kept.plan), say, comma=_comma())
    return render_template(
        "suggestions/plan.html", _=worded(kept.plan.base.need), asked=asked, kept=kept, plan=kept.plan, question=list(question),
        aim=question_words.OBJECTIVES[kept.plan.objective],
        made=moment(kept.made_at), good=how_good(kept.plan), stopped=STOPPED.get(kept.plan.stopped),
        basis=_basis(asked, kept.plan.basis), rolled=plan_curve.shown(asked, number, kept.plan),
        refused=_refused,
    )  # fmt: skip


@bp.get("/<province:province>/suggestions/<int:number>/replay.json")
def replayed(province: str, number: int) -> ResponseReturnValue:
    """Send what repeats a plan: `diemthu replay` reads it."""
    kept = siting.kept(store(), province, number)
    body = json.dumps(replay.recorded(kept.plan, kept.made_at, kept.version), indent=1)
    answer = Response(body + "\n", mimetype="application/json")
    name = f"diemthu-{province}-replay-{number}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/<province:province>/suggestions/jobs/<int:number>")
def job(province: str, number: int) -> ResponseReturnValue:
    """Show how far a calculation is; lead to its plan, or say why there is none."""
    asked = about(province)
    found = jobs.status(store(), province, number)
    if found.state is JobState.DONE and found.plan_id is not None:
        return redirect(_done(asked, found), 303)
    if found.ended and found.kind == jobs.CURVE:
        number = found.question["plan"]
        ended = asked.url("suggestions.plan", number=number, ended=found.id, _anchor="curve")
        return redirect(ended, 303)
    form = question_form.shown(found.question, comma=_comma())
    if found.ended:
        return _page(asked, form, ended=found)
    question = question_words.told(dict(found.question), say, comma=_comma())
    return render_template(
        "suggestions/job.html", asked=asked, job=found, progress=progress(found),
        question=list(question), then=request.args.get("then"),
        basis=_basis(asked, Basis.within(found.question)),
        decisions=Decisions.within(found.question),
    )  # fmt: skip


@bp.get("/<province:province>/suggestions/jobs/<int:number>.json")
def job_state(province: str, number: int) -> ResponseReturnValue:
    """Send how far a calculation is, in words, for the script of its page."""
    asked = about(province)
    found = jobs.status(store(), province, number)
    told = progress(found)
    following = asked.url("suggestions.job", number=number)
    if found.state is JobState.DONE and found.plan_id is not None:
        following = _done(asked, found)
    answer = jsonify(
        state=told.state, ended=found.ended, sentence=told.sentence, figure=told.figure,
        bound=told.bound, share=told.share, clock=told.clock, next=following,
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<province:province>/suggestions/jobs/<int:number>/cancel")
def cancel(province: str, number: int) -> ResponseReturnValue:
    """End a calculation, with its best plan so far or with none, and show what became of it."""
    asked = about(province)
    keep_best = request.form.get("how") != "drop"
    jobs.cancel(store(), province, number, keep_best=keep_best, by=user().name)
    found = jobs.settled(store(), province, number, A_MOMENT_S)
    if found.state is JobState.DONE:
        return redirect(_done(asked, found), 303)
    return redirect(asked.url("suggestions.job", number=number), 303)


def _of_plan(found: SitingPlan) -> dict[str, Any]:
    """Return what a plan was asked and for whom, as the values of a question."""
    return {**demand_values(found.base.need), **found.ask.as_dict()}


def _done(asked: Asked, found: Job, then: str | None = None) -> str:
    """Return where the plan of a job is looked at."""
    if (then or request.args.get("then")) == _MAP:
        return asked.url("map.show", tab="plan")
    if found.plan_id is None:
        return asked.url("suggestions.show")
    anchor = {"_anchor": "curve"} if found.kind == jobs.CURVE else {}
    return asked.url("suggestions.plan", number=found.plan_id, **anchor)


def _page(asked: Asked, form: ShownForm, ended: Job | None = None) -> str:
    code = asked.province.code
    return render_template(
        "suggestions/page.html", asked=asked, form=form, ended=ended, words=question_words,
        label=lambda name: question_words.label(name, say), terrains=TERRAIN_NAMES,
        host_types=siting.host_types(store(), code), plans=siting.listed(store(), code),
        kind_choices=[(each.value, say(text)) for each, text in question_words.KINDS.items()],
        host_choices=lambda names: [(each, each) for each in names],
        effort_choices=question_words.EFFORTS, refused=_refused, wrong_sentence=_wrong,
        open_jobs=[(each, progress(each)) for each in jobs.still_open(store(), code)],
        moment=moment, stopped=STOPPED,
        basis=_basis(asked, Basis.within(ended.question)) if ended else None,
    )  # fmt: skip


def _basis(asked: Asked, basis: Basis | None) -> dict[str, Any] | None:
    """Return the scenario that a plan adds to, as far as it is still there."""
    if basis is None:
        return None
    try:
        scenario = scenarios.get(store(), asked.province.code, basis.scenario)
    except NotFoundError:
        scenario = None
    as_it_was = scenario is None or basis.settled or scenario.changes == basis.changes
    return {"number": basis.scenario, "count": len(basis.changes), "scenario": scenario,
            "changed": not as_it_was}  # fmt: skip


def _refused(refusal: Refusal) -> list[str]:
    """Return what a refusal says, line by line."""
    return [line.strip() for line in refusal.sentence(say, count).split("\n")]


def _wrong(wrong: Wrong) -> str:
    return Refusal(wrong.message, **wrong.params).sentence(say, count)


def _comma() -> bool:
    return current() == "vi"
