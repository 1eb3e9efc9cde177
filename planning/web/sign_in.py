"""Signing in and out."""

from http import HTTPStatus

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from planning.language import LANGUAGES
from planning.model.accounts import SignInError
from planning.services import accounts
from planning.services.accounts import Entry
from planning.web import access
from planning.web.asked import store
from planning.web.errors import status_of
from planning.web.language import A_YEAR_S, COOKIE, count, own_path, say

bp = Blueprint("sign_in", __name__)
OFFICE = "office"  # the provider of the office, where it has one


@bp.get("/sign-in")
def show() -> ResponseReturnValue:
    """Ask for name and password; whoever is signed in goes on."""
    if access.user().active:
        return redirect(_next(request.args), HTTPStatus.SEE_OTHER)
    return _page(_next(request.args))


@bp.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Sign somebody in and lead on to the page they asked for first."""
    form = request.form
    if access.user().active:
        return redirect(_next(form), HTTPStatus.SEE_OTHER)
    try:
        made = accounts.sign_in(store(), form.get("name", ""), form.get("password", ""),
                                request.remote_addr or "")  # fmt: skip
    except SignInError as refusal:
        page = _page(_next(form), refusal.sentence(say, count), form.get("name", "")[:60])
        return page, status_of(type(refusal))
    return lead_in(made, _next(form))


@bp.post("/sign-out")
def leave() -> ResponseReturnValue:
    """End the sign-in, here and in the browser."""
    access.end()
    answer = redirect(url_for("sign_in.show"), HTTPStatus.SEE_OTHER)
    answer.headers["Clear-Site-Data"] = '"storage"'  # what a check keeps on a telephone
    return answer


def lead_in(made: Entry, place: str) -> Response:
    """Begin a sign-in and lead to a page of ours, in the language that its owner reads."""
    access.begin(made)
    answer = redirect(place, HTTPStatus.SEE_OTHER)
    if made.language in LANGUAGES:
        answer.set_cookie(COOKIE, made.language, max_age=A_YEAR_S, samesite="Lax", httponly=True,
                          secure=request.is_secure)  # fmt: skip
    return answer


def _page(place: str, wrong: str = "", name: str = "") -> str:
    return render_template(
        "accounts/sign_in.html", next=place, wrong=wrong, name=name, office=OFFICE in current_app.extensions,
        nobody=not accounts.anyone(store()),
    )  # fmt: skip


def _next(given: dict[str, str]) -> str:
    return own_path(given.get("next", "/"))
