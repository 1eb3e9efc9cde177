"""The map page and the script of its empty map."""

import hashlib

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from geo.drawing.canvas import shell
from planning.services import standards
from planning.web import layers
from planning.web.asked import Asked, about, store
from planning.web.demand import worded

bp = Blueprint("map", __name__)
A_YEAR = "public, max-age=31536000, immutable"


@bp.get("/<province:province>/map")
def show(province: str) -> ResponseReturnValue:
    """Show the map of a province; its data come as layers."""
    asked = about(province)
    return render_template(
        "map/page.html",
        _=worded(asked.request.need),
        asked=asked,
        own_standard=standards.current(store(), province),
        sources={name: _source(asked, name) for name in layers.NAMES},
        shell_version=shell_version(),
    )


def _source(asked: Asked, name: str) -> str:
    """Return where a layer is found: that of the plan meant, where it is the plan's."""
    plan = asked.request.plan
    which = {"plan": plan} if name == "plan" and plan is not None else {}
    return asked.url("layers.send", name=name, **which)


def shell_version() -> str:
    """Return what changes with the script of the empty map."""
    return hashlib.sha256(shell().script.encode()).hexdigest()[:12]


@bp.get("/map-shell.js")
def shell_script() -> ResponseReturnValue:
    """Send the script that folium wrote for the empty map; its address changes with it."""
    answer = Response(shell().script, mimetype="text/javascript")
    answer.headers["Cache-Control"] = A_YEAR
    return answer
