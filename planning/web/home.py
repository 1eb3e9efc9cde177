"""The start page: every province with its key figures and the next step; the health check."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from planning.services import provinces
from planning.web.access import user
from planning.web.asked import store

bp = Blueprint("home", __name__)
MOST_CARDS = 3  # more provinces are read in the table


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the provinces that the user has a role in, with their totals."""
    country = provinces.country(store(), user().provinces)
    return render_template("home/page.html", country=country, most_cards=MOST_CARDS)


@bp.get("/health")
def health() -> ResponseReturnValue:
    """Say that the service and its database answer."""
    provinces.count(store())
    return jsonify(status="ok")
