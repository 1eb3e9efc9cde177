"""Who asks, and whether they may: the signed-in user of a request, for views and templates."""

from flask import Flask, g, request

from planning.model.people import Action, Thing, User, local_user, may
from planning.services import provinces
from planning.web.asked import store


def install(app: Flask) -> None:
    """Let templates of `app` ask who is signed in and what they may do."""
    app.jinja_env.globals.update(user=user, allowed=allowed)


def user() -> User:
    """Return who makes the present request."""
    if "user" not in g:
        g.user = local_user(provinces.codes(store()) | {_province()} - {""})
    found: User = g.user
    return found


def allowed(action: Action | str, **thing: str) -> bool:
    """Whether the user may do `action`, by its name, to what the fields of a `Thing` say.

    Without a province that of the address is meant.
    """
    return may(user(), Action(action), Thing(**{"province": _province(), **thing}))


def _province() -> str:
    """Return the code of the province that the address names, empty where it names none."""
    return str((request.view_args or {}).get("province", ""))
