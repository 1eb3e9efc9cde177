"""The page of one's own account: who one is, password, language."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.language import LANGUAGES
from planning.model.accounts import LEAST_SIGNS
from planning.model.errors import PlanningError
from planning.services import accounts
from planning.web import access
from planning.web.access import user
from planning.web.asked import store
from planning.web.errors import FormError, status_of
from planning.web.language import A_YEAR_S, COOKIE, count, say
from planning.web.role_words import ROLES

bp = Blueprint("account", __name__)
NOT_THE_SAME = N_("The new password was written in two different ways; write it again.")
NO_ACCOUNT = N_("There are no accounts here, so there is no password either.")


@bp.get("/account")
def show() -> ResponseReturnValue:
    """Show who is signed in, what they may, and the forms of password and language."""
    return _page()


@bp.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Change the password and go on with a new sign-in; every other one of theirs ends."""
    form, now = request.form, access.entry()
    try:
        if now is None:
            raise FormError(NO_ACCOUNT)
        if form.get("new", "") != form.get("again", ""):
            raise FormError(NOT_THE_SAME)
        made = accounts.change_password(store(), now, form.get("old", ""), form.get("new", ""))
    except PlanningError as refusal:
        return _page(refusal.sentence(say, count)), status_of(type(refusal))
    access.begin(made)
    return redirect(url_for("account.show", changed=1), HTTPStatus.SEE_OTHER)


@bp.post("/account/language")
def speak() -> ResponseReturnValue:
    """Keep the language with the account, for every browser it signs in from."""
    chosen = request.form.get("language", "")
    answer = redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)
    if chosen in LANGUAGES:
        if access.entry() is not None:
            accounts.speak(store(), user().name, chosen)
        answer.set_cookie(COOKIE, chosen, max_age=A_YEAR_S, samesite="Lax", httponly=True,
                          secure=request.is_secure)  # fmt: skip
    return answer


def _page(wrong: str = "") -> str:
    own = None if access.entry() is None else accounts.found(store(), user().name)
    return render_template(
        "accounts/own.html", account=own, roles=ROLES, wrong=wrong, least=LEAST_SIGNS,
        changed="changed" in request.args,
    )  # fmt: skip
