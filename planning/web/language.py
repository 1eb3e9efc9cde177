"""Which language this request speaks, and the words and numbers of its templates."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, g, has_request_context, redirect, request
from flask.typing import ResponseReturnValue

from planning.language import (
    LANGUAGES,
    counting,
    day,
    distance,
    gap_name,
    kilometres,
    number,
    percent,
    radius,
    speaker,
)

COOKIE = "language"
A_YEAR_S = 365 * 24 * 3600

bp = Blueprint("language", __name__)


def current() -> str:
    """Return the language of this request: address, cookie, then the setting."""
    if not has_request_context():
        return str(current_app.config["LANGUAGE"])
    if "language" not in g:  # a page asks for every text and number it writes
        g.language = _asked_language() or str(current_app.config["LANGUAGE"])
    return str(g.language)


def _asked_language() -> str | None:
    asked = (request.args.get("lang"), request.cookies.get(COOKIE))
    return next((each for each in asked if each in LANGUAGES), None)


def say(message: str) -> str:
    """Say a message id in the language of this request."""
    return speaker(current())(message)


def count(value: float) -> str:
    """Write a number of a sentence in the language of this request."""
    return counting(current())(value)


@bp.post("/language")
def choose() -> ResponseReturnValue:
    """Keep the chosen language in a cookie and go back to the page it was chosen on."""
    chosen = request.form.get("language", "")
    answer = redirect(own_path(request.form.get("back", "/")), 303)
    if chosen in LANGUAGES:
        answer.set_cookie(COOKIE, chosen, max_age=A_YEAR_S, samesite="Lax", httponly=True)
    return answer


def own_path(address: str) -> str:
    """Return `address` when it is a path of this site, else the start page."""
    parts = urlsplit(address.replace("\\", "/"))
    if parts.scheme or parts.netloc or not address.startswith("/"):
        return "/"
    return address


def install(app: Flask) -> None:
    """Give templates `_`, the language and the number formats of the request."""

    def translate(message: str, **values: object) -> str:
        text = say(message)
        return text % values if values else text

    app.jinja_env.globals.update(
        _=translate, current_language=current, counting=count, LANGUAGES=LANGUAGES
    )
    app.jinja_env.filters.update(
        number=lambda value, digits=0: number(value, current(), digits),
        percent=lambda value, digits=1: percent(value, current(), digits),
        radius=lambda km: radius(km, current()),
        km=lambda metres: kilometres(metres, current()),
        distance=lambda metres: distance(metres, current()),
        day=lambda iso: day(iso, current()),
        gap_name=lambda gap: gap_name(gap, current()),
    )
