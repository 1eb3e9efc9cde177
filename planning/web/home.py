"""The start page: every province with its key figures and the next step; the health check."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from planning.services import provinces
from planning.web.asked import store

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the provinces."""
    return render_template("home/page.html", provinces=provinces.list_provinces(store()))


@bp.get("/health")
def health() -> ResponseReturnValue:
    """Say that the service and its database answer."""
    return jsonify(status="ok", provinces=len(provinces.list_provinces(store())))
