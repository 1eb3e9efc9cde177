"""The checklist of a province: what it holds now and later, and its editing."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import Refusal
from planning.model.days import today
from planning.model.people import Action, Thing, may
from planning.model.proposals import DEFAULT_CRITERIA, Criterion
from planning.services.review import criteria
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.errors import status_of
from planning.web.language import count, say

bp = Blueprint("criteria", __name__)


@bp.get("/<province:province>/checklist")
def show(province: str) -> ResponseReturnValue:
    """Show the checklist, and let the administrator change it."""
    return _page(about(province))


@bp.post("/<province:province>/checklist")
def change(province: str) -> ResponseReturnValue:
    """Let a line count from a day on, or end one; show the list with it."""
    asked = about(province)
    form, state = request.form, request.form.get("state", "")
    try:
        if form.get("deed") == "end":
            criteria.end(store(), user(), province, state, form.get("code", "")[:20],
                         form.get("last", "").strip())  # fmt: skip
        else:
            criteria.put(store(), user(), province, state, _line())
    except Refusal as refusal:
        return _page(asked, refusal), status_of(type(refusal))
    return redirect(asked.url("criteria.show", saved=1), HTTPStatus.SEE_OTHER)


def _line() -> Criterion:
    """Return the line that the form describes; a text of the program stays one in any language."""
    form = request.form
    text = " ".join(form.get("text", "").split())
    own = {say(each.text): each.text for each in DEFAULT_CRITERIA}
    return Criterion(
        form.get("code", "").strip().upper(), own.get(text, text),
        mandatory=form.get("mandatory") == "1", basis=" ".join(form.get("basis", "").split()),
        valid_from=form.get("first", "").strip(), valid_to=form.get("last", "").strip(),
    )  # fmt: skip


def _page(asked: Asked, refusal: Refusal | None = None) -> str:
    province, present = asked.province.code, today()
    lines = criteria.all_lines(store(), province)
    edits = may(user(), Action.MANAGE, Thing(province))
    return render_template(
        "field/checklist.html", asked=asked, today=present, edits=edits,
        now=[each for each in lines if each.holds(present)],
        later=[each for each in lines if each.valid_from > present],
        over=[each for each in lines if each.valid_to and each.valid_to < present],
        state=criteria.state_of(lines), first=criteria.earliest(store(), province),
        refusal=None if refusal is None else refusal.sentence(say, count), typed=request.form,
        saved=request.args.get("saved") == "1",
    )  # fmt: skip
