"""Suggested points: the list, and the form that asks for them."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.model.siting import Method, SuggestionAsk
from planning.services import siting
from planning.web.asked import about, store
from planning.web.errors import FormError

bp = Blueprint("suggestions", __name__)
DEFAULT_POINTS, MOST_POINTS = 40, 500
NO_COUNT = N_("The number of points must be a whole number from 1 to %(most)s, not “%(value)s”.")
NO_METHOD = N_("There is no method “%(value)s”.")


@bp.get("/<province:province>/suggestions")
def show(province: str) -> ResponseReturnValue:
    """List the suggestions made last, and offer to make others."""
    asked = about(province)
    plan, stale = siting.latest(store(), asked.request) or (None, False)
    return render_template("suggestions/page.html", asked=asked, plan=plan, stale=stale)


@bp.post("/<province:province>/suggestions")
def suggest(province: str) -> ResponseReturnValue:
    """Make suggestions and show them on the map; the same question has the same answer."""
    asked = about(province)
    ask = SuggestionAsk(points=_points(), method=_method())
    siting.suggest(store(), asked.request, ask)
    return redirect(asked.url("map.show", tab="plan"), 303)


def _points() -> int:
    text = request.form.get("points", str(DEFAULT_POINTS)).strip()
    # Zeros in front may be many: what counts is how many digits follow them, and Python
    # refuses to read thousands.
    digits = text.lstrip("0") if text.isascii() and text.isdigit() else ""
    if not 1 <= len(digits) <= len(str(MOST_POINTS)) or int(digits) > MOST_POINTS:
        raise FormError(NO_COUNT, most=MOST_POINTS, value=text[:40])
    return int(digits)


def _method() -> Method:
    text = request.form.get("method", Method.COVERAGE.value)
    if text not in list(Method):
        raise FormError(NO_METHOD, value=text[:40])
    return Method(text)
