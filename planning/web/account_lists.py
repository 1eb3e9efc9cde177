"""The accounts of a province, for its administrators."""

import re
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.model.accounts import Account
from planning.model.errors import NotFoundError, PlanningError
from planning.model.people import Action, Grant, Role, Thing, may
from planning.services import accounts
from planning.services.accounts import NewAccount
from planning.web.access import user
from planning.web.asked import about, store
from planning.web.errors import FormError, status_of
from planning.web.language import count, say
from planning.web.role_words import MAY, ROLES

bp = Blueprint("accounts", __name__)
NO_ROLE = N_("Choose a role.")
NO_DEED = N_("This cannot be done to an account: “%(name)s”.")


@bp.get("/<province:province>/accounts")
def show(province: str) -> ResponseReturnValue:
    """List who has a role in the province, with the forms to change that."""
    return _page(province)


@bp.post("/<province:province>/accounts")
def add(province: str) -> ResponseReturnValue:
    """Make an account and show its first password, once."""
    form = request.form
    try:
        asked = NewAccount(form.get("name", ""), form.get("full_name", ""), _grant(province),
                           by_provider="by_provider" in form)  # fmt: skip
        given = accounts.add(store(), user(), asked)
    except PlanningError as refusal:
        return _page(province, wrong=refusal), status_of(type(refusal))
    return _page(province, given=(asked.name.strip().lower(), given))


@bp.post("/<province:province>/accounts/change")
def change(province: str) -> ResponseReturnValue:
    """Give or take a role, lock or unlock, put a new password in place of one that was lost."""
    form = request.form
    name, deed = form.get("account", ""), form.get("deed", "")
    try:
        if not any(each.name == name for each in accounts.listed(store(), user(), province)):
            if deed != "give":
                raise NotFoundError(accounts.UNKNOWN, name=name[:60])
            accounts.found(store(), name)
        if deed == "password":
            return _page(province, given=(name, accounts.new_password(store(), user(), name)))
        _do(deed, name, province)
    except PlanningError as refusal:
        return _page(province, wrong=refusal), status_of(type(refusal))
    return redirect(about(province).url("accounts.show", done=name), HTTPStatus.SEE_OTHER)


def _do(deed: str, name: str, province: str) -> None:
    if deed == "give":
        accounts.give(store(), user(), name, _grant(province))
    elif deed == "take":
        accounts.take(store(), user(), name, _grant(province))
    elif deed == "lock":
        accounts.lock(store(), user(), name)
    elif deed == "unlock":
        accounts.unlock(store(), user(), name)
    else:
        raise FormError(NO_DEED, name=deed[:40])


def _grant(province: str) -> Grant:
    """Return the role that a form gives or takes."""
    form = request.form
    role = form.get("role", "")
    if role not in list(Role):
        raise FormError(NO_ROLE)
    codes = re.split(r"[\s,;]+", form.get("communes", "").strip())
    return Grant(
        Role(role), province, form.get("organisation", "").strip(),
        form.get("office", "").strip(), frozenset(each for each in codes if each),
    )  # fmt: skip


def _page(
    province: str, *, wrong: PlanningError | None = None, given: tuple[str, str] | None = None
) -> str:
    asked = about(province)
    return render_template(
        "accounts/list.html", asked=asked, roles=ROLES, may_do=MAY, given=given, form=request.form,
        accounts=accounts.listed(store(), user(), province),
        offices=accounts.offices(store(), province), whole=_whole, me=user().name,
        wrong="" if wrong is None else wrong.sentence(say, count),
        done=request.args.get("done", "")[:60],
    )  # fmt: skip


def _whole(account: Account) -> bool:
    """Whether the user administers every province that an account is for."""
    theirs = {each.province for each in account.grants}
    return all(may(user(), Action.MANAGE, Thing(each)) for each in theirs)
