"""Who asks, and whether they may: the signed-in user of a request, for views and templates."""

import ipaddress
from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast

import flask_login
from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from geo.errors import N_
from planning.model.errors import NotFoundError, NotReadyError
from planning.model.people import (
    NOBODY,
    Action,
    ForbiddenError,
    Thing,
    User,
    local_user,
    may,
    may_some,
    require,
)
from planning.services import accounts, provinces
from planning.services.accounts import Entry
from planning.settings import Settings
from planning.web import cookies
from planning.web.asked import NO_PROVINCE, store
from planning.web.errors import SignInNeededError
from planning.web.rights import RIGHTS, Door, Right, Some

SIGN_IN_FIRST = N_("Sign in first.")
NEEDS_ACCOUNTS = N_("On %(host)s, or behind a proxy, everybody has to sign in, and there is no account yet; make the first with “diemthu user add NAME --role administrator --province CODE”.")  # fmt: skip
FIRST = ("overview.show", "proposals.show", "account.show")
# Whoever was given a password by somebody else gets no farther than to their own.
BEFORE_A_CHANGE = ("account.show", "account.change_password", "account.speak")
# Signs that somebody else handed the request on: then its maker need not be on this machine.
HANDED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded",
             "Via")  # fmt: skip


class _SignedIn(flask_login.UserMixin):  # type: ignore[misc]  # it ships no types
    """A sign-in as Flask-Login carries it through requests: its cookie holds the token alone."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def get_id(self) -> str:
        return self.entry.token


def install(app: Flask, settings: Settings) -> None:
    """Ask of every request to `app` who makes it and whether they may; let templates ask too."""
    cookies.install(app, settings)
    app.config.update(
        IDLE=timedelta(minutes=settings.idle_minutes),
        ALONE=may_be_alone(settings),
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    loader = flask_login.LoginManager()
    loader.session_protection = None  # the address of a telephone changes while one walks
    loader.user_loader(_load)
    loader.init_app(app)
    app.before_request(_enter)
    app.after_request(_keep_private)
    app.jinja_env.globals.update(
        user=user, allowed=allowed, reachable=reachable, alone=alone, first_page=first_page
    )


def may_be_alone(settings: Settings) -> bool:
    """Whether somebody on this machine may use it without signing in, while there are no accounts."""
    return settings.proxies == 0 and _is_here(settings.host)


def user() -> User:
    """Return who makes the present request; nobody where that is not known."""
    found: User = g.get("user", NOBODY)
    return found


def entry() -> Entry | None:
    """Return the sign-in of the present request, None where nobody signed in."""
    found: Entry | None = g.get("entry")
    return found


def alone() -> bool:
    """Whether the request comes from the one user of this machine, who has no account."""
    return user().alone


def allowed(action: Action | str, **thing: str) -> bool:
    """Whether the user may do `action`, by its name, to what the fields of a `Thing` say.

    Without a province that of the address is meant.
    """
    return may(user(), Action(action), Thing(**{"province": _province(), **thing}))


def demand(action: Action, **thing: str) -> User:
    """Return the user; raise `ForbiddenError` unless they may do `action`, as `allowed` says."""
    require(user(), action, Thing(**{"province": _province(), **thing}))
    return user()


def reachable(endpoint: str, province: str = "") -> bool:
    """Whether the user gets an answer from an address, so that no link to it is dead."""
    known = endpoint in current_app.view_functions and endpoint in RIGHTS
    return known and _grants(RIGHTS[endpoint], province or _province())


def first_page(province: str) -> str:
    """Return the page of a province that the user comes to first."""
    return next(each for each in FIRST if reachable(each, province))


def own_provinces() -> frozenset[str]:
    """Return the codes of the provinces that exist for the user."""
    return user().provinces


def demand_new(province: str) -> User:
    """Return the user when they may bring the first boundaries of a province that is not here."""
    if not user().alone:
        require(user(), Action.IMPORT, Thing(province))
    return user()


def begin(made: Entry) -> None:
    """Carry a sign-in through the requests that follow; nothing of the cookie before stays."""
    session.clear()
    flask_login.login_user(_SignedIn(made))
    g.entry, g.user = made, made.user


def end() -> None:
    """End the sign-in of this request, here and in the cookie."""
    now = entry()
    if now is not None:
        accounts.sign_out(store(), now.token)
    flask_login.logout_user()
    session.clear()
    g.entry, g.user = None, NOBODY


def _enter() -> ResponseReturnValue | None:
    """Find out who asks, and refuse what they may not ask for."""
    if request.endpoint == "static":
        return None
    _recognise()
    right = RIGHTS.get(request.endpoint or "")
    if right is Door.OPEN or request.endpoint is None:  # there is no such page, for nobody
        return None
    if not user().active:
        return _sign_in_first()
    now = entry()
    if now is not None and now.must_change and request.endpoint not in BEFORE_A_CHANGE:
        return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)
    province = _province()
    if province and province not in own_provinces():
        raise NotFoundError(NO_PROVINCE, code=province)
    if right is None or not _grants(right, province):
        raise ForbiddenError
    return None


def _recognise() -> None:
    """Note whose request it is: of who signed in, of the one user of this machine, of nobody."""
    if _comes_from_here() and not accounts.anyone(store()):
        g.user = local_user(_known_codes() | {_province()} - {""})
        return
    found = flask_login.current_user._get_current_object()  # noqa: SLF001 - the library's own way
    if isinstance(found, _SignedIn):
        g.entry, g.user = found.entry, found.entry.user


def _comes_from_here() -> bool:
    """Whether nobody but this machine itself can have made the request."""
    address = request.environ.get("REMOTE_ADDR", "")
    return (
        current_app.config["ALONE"]
        and _is_here(address)
        and not any(each in request.headers for each in HANDED_ON)
    )


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _known_codes() -> frozenset[str]:
    try:
        return provinces.codes(store())
    except NotReadyError:  # the page says so
        return frozenset()


def _load(token: str) -> _SignedIn | None:
    found = accounts.present(store(), token, current_app.config["IDLE"])
    return None if found is None else _SignedIn(found)


def _grants(right: Right, province: str) -> bool:
    if isinstance(right, Door):
        return right is Door.OPEN or user().active
    if isinstance(right, Some):
        return may_some(user(), right.action, province)
    if not province:  # of any province: which one is known to the view alone
        return user().alone or any(may_some(user(), right, each) for each in own_provinces())
    return may(user(), right, Thing(province))


def _sign_in_first() -> ResponseReturnValue:
    if request.method in ("GET", "HEAD") and not request.path.endswith(".json"):
        query = request.query_string.decode("latin-1")
        place = f"{request.path}?{query}" if query else request.path
        back = {} if place == "/" else {"next": place}
        return redirect(url_for("sign_in.show", **cast(dict[str, Any], back)), HTTPStatus.SEE_OTHER)
    raise SignInNeededError(SIGN_IN_FIRST)


def _keep_private(response: Response) -> Response:
    """Let nothing that was shown to somebody who signed in be kept by a browser or a proxy."""
    if entry() is not None:
        kept = response.headers.get("Cache-Control")
        private = {None: "private, no-store", "no-cache": "private, no-cache"}.get(kept)
        if private is not None:
            response.headers["Cache-Control"] = private
    return response


def _province() -> str:
    """Return the code of the province that the address names, empty where it names none."""
    return str((request.view_args or {}).get("province", ""))
